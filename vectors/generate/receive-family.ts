/** Collects the vectors of one family for receivers. What is written is expanded again and compared before it is kept. */

import { compactBytes, compactPage } from "../compact.ts";
import { expandBytes, expandPage } from "../expand.ts";
import type { RamPageText, ReceiveFamilyText, ReceiveOutcomeText, ReceiveVectorText } from "../format.ts";
import { NOTES } from "./notes.ts";

/** The used length of the block, unless a vector needs another: sixteen pages. */
export const RAM_SIZE = 65_536;

/** A page that is not all zero at the end. */
export type Expected = readonly [address: number, page: Uint8Array];

/** A stream and what it shows. */
export interface ReceiveRequest {
  /** Ids of requirements, the one that the vector is about first. */
  readonly shows: readonly string[];
  /** One sentence: what an implementation that fails has got wrong. */
  readonly why: string;
  readonly stream: Uint8Array;
  readonly ramSize?: number;
}

/** A stream that a receiver takes, and all pages that are not all zero then, in rising order of address. */
export interface AcceptRequest extends ReceiveRequest {
  readonly pages: readonly Expected[];
}

/** The vectors of one family, in the order in which they are added. */
export class ReceiveFamily {
  readonly #chapter: ReceiveFamilyText["chapter"];
  readonly #name: string;
  readonly #vectors: ReceiveVectorText[] = [];

  constructor(chapter: ReceiveFamilyText["chapter"], name: string) {
    this.#chapter = chapter;
    this.#name = name;
  }

  /** The receiver has to take the stream. */
  accept(name: string, request: AcceptRequest): void {
    this.#add(name, request, [ramOutcome(request)]);
  }

  /** The receiver has to refuse the stream, which has this one fault. */
  refuse(name: string, fault: string, request: ReceiveRequest): void {
    this.#add(name, request, [{ level: "recommended", kind: "malformed", fault }]);
  }

  /** The receiver may take the stream or refuse it; the flag says why, and the fault, if there is one for it, how. */
  eitherWay(name: string, flag: string, request: AcceptRequest, fault?: string): void {
    const refusal: ReceiveOutcomeText = { level: "recommended", kind: "malformed", ...(fault && { fault }) };
    this.#add(name, request, [ramOutcome(request), refusal], flag);
  }

  /** The family as it is written, with the notes of the flags that it uses. */
  text(): ReceiveFamilyText {
    const used = new Set(this.#vectors.flatMap((vector) => vector.flags ?? []));
    const notes = Object.fromEntries(Object.entries(NOTES).filter(([flag]) => used.has(flag)));
    return { formatVersion: 1, chapter: this.#chapter, family: this.#name, notes, vectors: this.#vectors };
  }

  #add(name: string, request: ReceiveRequest, accept: readonly ReceiveOutcomeText[], flag?: string): void {
    const stream = compactBytes(request.stream);
    requireEqual(name, expandBytes(stream), request.stream);
    this.#vectors.push({
      id: `${this.#chapter}/${this.#name}/${name}`,
      operation: "receive",
      requirements: request.shows,
      why: request.why,
      ...(flag !== undefined && { flags: [flag] }),
      ramSize: request.ramSize ?? RAM_SIZE,
      stream,
      accept,
    });
  }
}

function ramOutcome({ pages }: AcceptRequest): ReceiveOutcomeText {
  return { level: "recommended", kind: "ram", pages: pageTexts(pages) };
}

/** Pages in the compact notation. */
export function pageTexts(pages: readonly Expected[]): RamPageText[] {
  return pages.map(([address, bytes]) => {
    const page = compactPage(bytes);
    requireEqual(String(address), expandPage(page), bytes);
    return [address, page] as const;
  });
}

/** Throws an `Error` if the compact notation of something does not stand for what is meant. */
export function requireEqual(name: string, expanded: Uint8Array, meant: Uint8Array): void {
  if (Buffer.compare(expanded, meant) === 0) return;
  throw new Error(`${name}: the compact notation does not stand for the bytes that are meant`);
}
