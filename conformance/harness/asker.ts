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
  readonly #signal: AbortSignal | undefined;
  #conversation: Conversation | undefined;

  /** Takes the adapter's program with its arguments, the time for an answer, and what ends it all early. */
  constructor(command: readonly string[], timeoutMs: number, signal?: AbortSignal) {
    this.#command = command;
    this.#timeoutMs = timeoutMs;
    this.#signal = signal;
  }

  /** Asks one case; after the signal it is not run. Throws `AdapterStartError` if the adapter does not start. */
  async ask(asked: Case): Promise<CaseResult> {
    // An adapter may have broken since it was asked last.
    if (this.#conversation?.isOver) await this.close();
    this.#conversation ??= await Conversation.open(this.#command, this.#timeoutMs, this.#signal);
    const { result } = await askAlone(this.#conversation, asked, this.#signal);
    return result;
  }

  /** Ends the adapter. */
  async close(): Promise<void> {
    await this.#conversation?.kill();
    this.#conversation = undefined;
  }
}
