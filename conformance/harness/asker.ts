/**
 * Asks single cases of an adapter that is kept running as long as it does not break: for shrinking and for a second look.
 */

import { Conversation } from "../adapter/conversation.ts";
import { askAlone } from "./ask.ts";
import type { Case, CaseResult } from "./case.ts";

/** One adapter at a time, started when it is needed. */
export class Asker {
  readonly #command: readonly string[];
  readonly #timeoutMs: number;
  #conversation: Conversation | undefined;

  /** Takes the adapter's program with its arguments, and the time for an answer. */
  constructor(command: readonly string[], timeoutMs: number) {
    this.#command = command;
    this.#timeoutMs = timeoutMs;
  }

  /** Asks one case. Throws `AdapterStartError` if the adapter does not start. */
  async ask(asked: Case): Promise<CaseResult> {
    this.#conversation ??= await Conversation.open(this.#command, this.#timeoutMs);
    const result = await askAlone(this.#conversation, asked);
    if (this.#conversation.isOver) this.#conversation = undefined;
    return result;
  }

  /** Ends the adapter. */
  async close(): Promise<void> {
    await this.#conversation?.kill();
    this.#conversation = undefined;
  }
}
