/**
 * The smallest delta of an old page and a new page (docs/xbzrle/delta.md, "Compact form").
 *
 * It is found in one pass over the page. For each page offset it is known what the smallest delta of the bytes before it
 * costs, if an nzrun ends there, and if one begins there. Each follows from the other at the offsets before it, which
 * differ in what they cost and in whether the run between has one byte of length or two; the least of all that are within
 * reach of a length comes from a queue, so that no offset is looked at more than a few times.
 */

import { requirePages } from "../page.ts";
import { type EncodeOutcome, requireCapacity, writePairs } from "./encode.ts";
import { MAX_RUN_LENGTH } from "./length.ts";

/** The greatest length that has one byte. */
const MAX_SHORT_LENGTH = 127;

/**
 * The cost of a byte of a delta. A literal that equals the old byte costs 1 more, of which a page has less: of two deltas
 * of the same size, the one with fewer such literals is chosen, and so the canonical one where none is smaller.
 */
const BYTE_COST = 2 ** 17;

/**
 * Encodes a pair of pages: the smallest well-formed delta, if it fits.
 *
 * @param oldPage - 1 to 65536 bytes. It is not changed.
 * @param newPage - As many bytes. It is not changed; it is read more than once, so it has to be a snapshot.
 * @param capacity - The room for the delta in bytes, 0 or more. It is not allocated.
 * @returns `unchanged` for equal pages whatever the capacity is; otherwise the delta, which is the canonical one where none
 * is smaller, or `overflow` if it has more bytes than the capacity or if more than 16383 changed bytes follow each other.
 * @throws TypeError if a page is not a `Uint8Array`; RangeError if the pages have not one size of 1 to 65536 bytes, or
 * the capacity is not an integer of 0 or more. Source: DELTA-20 to DELTA-24, DELTA-26, DELTA-30, DELTA-31.
 */
export function encodeCompactDelta(oldPage: Uint8Array, newPage: Uint8Array, capacity: number): EncodeOutcome {
  requirePages(oldPage, newPage);
  requireCapacity(capacity);
  const lastChanged = newPage.findLastIndex((byte, pageOffset) => byte !== oldPage[pageOffset]);
  // DELTA-20, DELTA-21
  if (lastChanged === -1) return { kind: "unchanged" };
  const runEnds = cheapestRunEnds(oldPage, newPage, lastChanged + 1);
  // DELTA-30
  if (runEnds === undefined) return { kind: "overflow" };
  const delta = writePairs(runEnds, newPage);
  // DELTA-26
  return delta.length <= capacity ? { kind: "delta", delta } : { kind: "overflow" };
}

/** Gives the run ends of the smallest delta whose last nzrun ends at an offset; nothing where there is none. */
function cheapestRunEnds(oldPage: Uint8Array, newPage: Uint8Array, end: number): number[] | undefined {
  // For each page offset: what it costs that an nzrun ends there, and where it begins; the same for a zrun.
  const nzrunCosts = new Float64Array(end + 1);
  const nzrunStarts = new Int32Array(end + 1);
  const zrunStarts = new Int32Array(end + 1);
  const [beforeNzrun, beforeZrun] = [new RunStarts(), new RunStarts()];
  // What the bytes before an offset cost as literals.
  let literalsCost = 0;
  for (let pageOffset = 0; pageOffset <= end; pageOffset++) {
    if (0 < pageOffset) {
      const isChanged = newPage[pageOffset - 1] !== oldPage[pageOffset - 1];
      literalsCost += isChanged ? BYTE_COST : BYTE_COST + 1;
      const nzrun = beforeNzrun.cheapest(pageOffset);
      nzrunCosts[pageOffset] = nzrun.cost + literalsCost;
      nzrunStarts[pageOffset] = nzrun.start;
      // DELTA-23: no zrun goes over a changed byte.
      if (isChanged) beforeZrun.clear();
    }
    // DELTA-9: before the first nzrun, and only there, the zrun may be empty.
    const zrun = pageOffset === 0 ? { start: 0, cost: BYTE_COST } : beforeZrun.cheapest(pageOffset);
    zrunStarts[pageOffset] = zrun.start;
    beforeNzrun.add(pageOffset, zrun.cost - literalsCost);
    beforeZrun.add(pageOffset, nzrunCosts[pageOffset]!);
  }
  if (nzrunCosts[end] === Number.POSITIVE_INFINITY) return undefined;
  const runEnds: number[] = [];
  for (let nzrunEnd = end; 0 < nzrunEnd; nzrunEnd = zrunStarts[nzrunStarts[nzrunEnd]!]!) {
    runEnds.push(nzrunEnd, nzrunStarts[nzrunEnd]!);
  }
  return runEnds.reverse();
}

/** The offsets at which a run may begin, each with the cost of all before it, from which the cheapest is asked for. */
class RunStarts {
  readonly #short = new Reach(MAX_SHORT_LENGTH);
  readonly #long = new Reach(MAX_RUN_LENGTH);

  /** Adds an offset, behind all others. */
  add(start: number, cost: number): void {
    this.#short.add(start, cost);
    this.#long.add(start, cost);
  }

  /** The start of the cheapest run that ends at an offset, and the cost of all before the end of its length. */
  cheapest(end: number): { readonly start: number; readonly cost: number } {
    const short = this.#short.cheapest(end);
    const long = this.#long.cheapest(end);
    const [shortCost, longCost] = [short.cost + BYTE_COST, long.cost + 2 * BYTE_COST];
    return longCost < shortCost ? { start: long.start, cost: longCost } : { start: short.start, cost: shortCost };
  }

  clear(): void {
    this.#short.clear();
    this.#long.clear();
  }
}

/** A queue of offsets that are within reach of a length, and may still become the cheapest: each costs more than the one before. */
class Reach {
  readonly #maxLength: number;
  readonly #starts: number[] = [];
  readonly #costs: number[] = [];
  #first = 0;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  add(start: number, cost: number): void {
    while (this.#first < this.#costs.length && cost <= this.#costs.at(-1)!) {
      this.#starts.pop();
      this.#costs.pop();
    }
    this.#starts.push(start);
    this.#costs.push(cost);
  }

  cheapest(end: number): { readonly start: number; readonly cost: number } {
    if (this.#first === this.#starts.length) return { start: 0, cost: Number.POSITIVE_INFINITY };
    // The last was added for the offset before, and is within reach.
    while (this.#starts[this.#first]! + this.#maxLength < end) this.#first++;
    return { start: this.#starts[this.#first]!, cost: this.#costs[this.#first]! };
  }

  clear(): void {
    this.#first = this.#starts.length;
  }
}
