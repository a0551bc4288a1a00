/**
 * The requests that wait for an answer, and which of them a line answers.
 */

import { type Answer, answersOperation, parseAnswer, type Request } from "../protocol.ts";
import * as fault from "./fault.ts";

/** One request on its way, under the id that it has on the wire. */
export interface Asked {
  readonly id: string;
  readonly request: Request;
}

/** What a line is: the answer to an open request, or a protocol fault. */
export type Reading =
  | { readonly kind: "answer"; readonly asked: Asked; readonly answer: Answer }
  | {
      readonly kind: "fault";
      readonly detail: string;
      /** The id of the request that the line is about, where it is known. */
      readonly culpritId: string | undefined;
    };

/** How many ids of answered requests are kept to recognise second answers. */
const REMEMBERED_IDS = 256;

/** The open requests of one adapter, in the order in which they were sent. */
export class OpenRequests {
  readonly #open = new Map<string, Asked>();
  readonly #answeredIds = new Set<string>();

  /** How many there are. */
  get size(): number {
    return this.#open.size;
  }

  /** The id of the one that was sent first. */
  get oldestId(): string | undefined {
    return this.#open.keys().next().value;
  }

  /** All of them. */
  all(): Asked[] {
    return [...this.#open.values()];
  }

  /** Opens a request; its id is unique among those that are open. */
  add(asked: Asked): void {
    this.#open.set(asked.id, asked);
  }

  /** Reads a line, and closes the request that it answers. */
  read(line: string): Reading {
    const parsed = parseAnswer(line);
    const [id = ""] = line.split(" ", 1);
    const asked = this.#open.get(id);
    const culpritId = asked || this.#answeredIds.has(id) ? id : undefined;
    if (parsed.kind === "invalid") {
      return { kind: "fault", detail: fault.invalidLineDetail(line, parsed.what), culpritId };
    }
    if (asked === undefined) {
      const detail = culpritId === undefined ? fault.unknownIdDetail(line) : fault.secondAnswerDetail(line);
      return { kind: "fault", detail, culpritId };
    }
    const { operation } = asked.request;
    if (!answersOperation(parsed.answer.kind, operation)) {
      return { kind: "fault", detail: fault.wrongKindDetail(line, operation), culpritId };
    }
    this.#open.delete(id);
    // The id as it was cut from the line would keep the whole line in memory.
    this.#remember(asked.id);
    return { kind: "answer", asked, answer: parsed.answer };
  }

  #remember(id: string): void {
    this.#answeredIds.add(id);
    if (this.#answeredIds.size <= REMEMBERED_IDS) return;
    const [oldest] = this.#answeredIds;
    this.#answeredIds.delete(oldest!);
  }
}
