/**
 * An old page and a new page become a delta (docs/xbzrle/delta.md, from "Encoding a page" to the end).
 *
 * The runs of a pair of pages are held here as *run ends*: the page offsets at which the first zrun ends, the first
 * nzrun, the second zrun, and so on, two for each pair. Each run begins where the one before it ended. The zrun after the
 * last changed byte is not among them.
 */

import { requirePages } from "../page.ts";
import { lengthByteCount, MAX_RUN_LENGTH, writeLength } from "./length.ts";

/** What an encoder answers. */
export type EncodeOutcome =
  /** The two pages are equal and there is nothing to write. */
  | { readonly kind: "unchanged" }
  /** The delta, of 3 bytes up to the capacity, in memory of its own. */
  | { readonly kind: "delta"; readonly delta: Uint8Array }
  /** There is no delta that fits the capacity, or none at all. */
  | { readonly kind: "overflow" };

/**
 * Encodes a pair of pages: the canonical delta if it fits, and where there is none because of a long zrun, the one in
 * which each long zrun is bridged.
 *
 * @param oldPage - 1 to 65536 bytes. It is not changed.
 * @param newPage - As many bytes. It is not changed; it is read more than once, so it has to be a snapshot.
 * @param capacity - The room for the delta in bytes, 0 or more. It is not allocated.
 * @returns `unchanged` for equal pages whatever the capacity is; otherwise the delta, or `overflow` if it has more bytes
 * than the capacity or if more than 16383 changed bytes follow each other.
 * @throws TypeError if a page is not a `Uint8Array`; RangeError if the pages have not one size of 1 to 65536 bytes, or
 * the capacity is not an integer of 0 or more. Source: DELTA-20 to DELTA-31.
 */
export function encodeDelta(oldPage: Uint8Array, newPage: Uint8Array, capacity: number): EncodeOutcome {
  // DELTA-24: nothing is read here but the three arguments, and nothing is kept.
  requirePages(oldPage, newPage);
  requireCapacity(capacity);
  const runEnds = findRunEnds(oldPage, newPage);
  // DELTA-20, DELTA-21: the pages are equal exactly if no byte is changed.
  if (runEnds.length === 0) return { kind: "unchanged" };
  // DELTA-30: no length says so many, and an nzrun cannot be cut in two.
  if (MAX_RUN_LENGTH < longestNzrun(runEnds)) return { kind: "overflow" };
  // DELTA-31: `overflow` would do as well for a zrun that no length says.
  const writtenEnds = bridgeLongZruns(runEnds);
  // DELTA-26, DELTA-29: counted before a byte is written, so that none is written that does not fit.
  // DELTA-27, DELTA-28: a capacity of N is enough here; no room is asked for beyond it.
  if (capacity < countDeltaBytes(writtenEnds)) return { kind: "overflow" };
  return { kind: "delta", delta: writePairs(writtenEnds, newPage) };
}

/**
 * Gives the canonical delta of a pair of pages.
 *
 * @param oldPage - 1 to 65536 bytes. It is not changed.
 * @param newPage - As many bytes. It is not changed.
 * @returns The canonical delta, empty for two equal pages; `undefined` where there is none, because a zrun before the last
 * changed byte, or an nzrun, is longer than 16383.
 * @throws TypeError if a page is not a `Uint8Array`; RangeError if the pages have not one size of 1 to 65536 bytes.
 * Source: delta.md, "Canonical form".
 */
export function canonicalDelta(oldPage: Uint8Array, newPage: Uint8Array): Uint8Array | undefined {
  requirePages(oldPage, newPage);
  const runEnds = findRunEnds(oldPage, newPage);
  if (MAX_RUN_LENGTH < Math.max(longestZrun(runEnds), longestNzrun(runEnds))) return undefined;
  return writePairs(runEnds, newPage);
}

/**
 * Checks a capacity.
 *
 * @param capacity - In bytes.
 * @throws RangeError unless it is an integer of 0 or more.
 * @internal
 */
export function requireCapacity(capacity: number): void {
  const isCapacity = Number.isInteger(capacity) && 0 <= capacity;
  if (!isCapacity) throw new RangeError(`capacity has to be an integer of 0 or more, not ${capacity}`);
}

/** Gives the run ends of two pages, with every run as long as it can be. */
function findRunEnds(oldPage: Uint8Array, newPage: Uint8Array): number[] {
  const runEnds: number[] = [];
  let inNzrun = false;
  for (let pageOffset = 0; pageOffset < newPage.length; pageOffset++) {
    // DELTA-25: an nzrun has changed bytes and no others.
    const isChanged = newPage[pageOffset] !== oldPage[pageOffset];
    if (isChanged !== inNzrun) {
      runEnds.push(pageOffset);
      inNzrun = isChanged;
    }
  }
  // An nzrun may end with the page; a zrun that does is not written (DELTA-16).
  if (inNzrun) runEnds.push(newPage.length);
  return runEnds;
}

/** The number of bytes of the delta that `writePairs` writes: N, if no zrun was bridged. */
function countDeltaBytes(runEnds: readonly number[]): number {
  let byteCount = 0;
  let pageOffset = 0;
  for (let index = 0; index < runEnds.length; index += 2) {
    const zrunEnd = runEnds[index]!;
    const nzrunEnd = runEnds[index + 1]!;
    const literalCount = nzrunEnd - zrunEnd;
    byteCount += lengthByteCount(zrunEnd - pageOffset) + lengthByteCount(literalCount) + literalCount;
    pageOffset = nzrunEnd;
  }
  return byteCount;
}

/**
 * DELTA-22, DELTA-23: writes each pair, with the bytes of the new page as the literals.
 *
 * @param runEnds - The run ends, two for each pair, of runs that lengths can say.
 * @param newPage - The new page.
 * @returns The delta.
 * @internal
 */
export function writePairs(runEnds: readonly number[], newPage: Uint8Array): Uint8Array {
  const delta = new Uint8Array(countDeltaBytes(runEnds));
  let deltaOffset = 0;
  let pageOffset = 0;
  for (let index = 0; index < runEnds.length; index += 2) {
    const zrunEnd = runEnds[index]!;
    const nzrunEnd = runEnds[index + 1]!;
    deltaOffset = writeLength(delta, deltaOffset, zrunEnd - pageOffset);
    deltaOffset = writeLength(delta, deltaOffset, nzrunEnd - zrunEnd);
    for (pageOffset = zrunEnd; pageOffset < nzrunEnd; pageOffset++) delta[deltaOffset++] = newPage[pageOffset]!;
  }
  return delta;
}

/** The number of bytes of the longest zrun before the last changed byte. */
function longestZrun(runEnds: readonly number[]): number {
  let longest = 0;
  let pageOffset = 0;
  for (let index = 0; index < runEnds.length; index += 2) {
    longest = Math.max(longest, runEnds[index]! - pageOffset);
    pageOffset = runEnds[index + 1]!;
  }
  return longest;
}

/** The number of bytes of the longest nzrun. */
function longestNzrun(runEnds: readonly number[]): number {
  let longest = 0;
  for (let index = 0; index < runEnds.length; index += 2) {
    longest = Math.max(longest, runEnds[index + 1]! - runEnds[index]!);
  }
  return longest;
}

/** Gives the run ends with a bridge, an nzrun of one byte, in the midst of each zrun of more than 16383 bytes, if any. */
function bridgeLongZruns(runEnds: readonly number[]): number[] {
  const bridgedEnds: number[] = [];
  let pageOffset = 0;
  for (let index = 0; index < runEnds.length; index += 2) {
    const zrunEnd = runEnds[index]!;
    const nzrunEnd = runEnds[index + 1]!;
    while (MAX_RUN_LENGTH < zrunEnd - pageOffset) {
      // The zrun after the bridge must not be empty (DELTA-14): a byte is left for it.
      const bridge = Math.min(pageOffset + MAX_RUN_LENGTH, zrunEnd - 2);
      bridgedEnds.push(bridge, bridge + 1);
      pageOffset = bridge + 1;
    }
    bridgedEnds.push(zrunEnd, nzrunEnd);
    pageOffset = nzrunEnd;
  }
  return bridgedEnds;
}
