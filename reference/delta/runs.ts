/**
 * The runs of a delta, and the faults of a run (docs/xbzrle/delta.md, "Grammar" and "Malformed deltas").
 * A delta with several faults is refused for the first that these checks meet, in the order in which they stand here.
 */

import { requireBytes } from "../bytes.ts";
import { MalformedDeltaError } from "../errors.ts";
import { requirePageSize } from "../page.ts";
import { lengthEnd, readLength } from "./length.ts";

/** A run that the decoder leaves as it is in the old page. */
export interface Zrun {
  readonly kind: "zrun";
  /** Where its length begins, in bytes from the start of the delta. */
  readonly deltaOffset: number;
  /** The number of bytes of its length: 1 or 2. */
  readonly lengthByteCount: number;
  /** Where it begins, in bytes from the start of the page. */
  readonly pageOffset: number;
  /** The number of its bytes in the page: 0 to 16383, and 0 for the first zrun only. */
  readonly length: number;
}

/** A run whose bytes are in the delta. */
export interface Nzrun {
  readonly kind: "nzrun";
  /** Where its length begins, in bytes from the start of the delta. */
  readonly deltaOffset: number;
  /** The number of bytes of its length: 1 or 2. */
  readonly lengthByteCount: number;
  /** Where it begins, in bytes from the start of the page. */
  readonly pageOffset: number;
  /** The number of its bytes in the page, and of its literals: 1 to 16383. */
  readonly length: number;
  /** Where its literals begin, in bytes from the start of the delta. */
  readonly literalsOffset: number;
  /** Its bytes: a view of the delta, not a copy. */
  readonly literals: Uint8Array;
}

/** A zrun or an nzrun, and where it stands in the delta and in the page. */
export type Run = Zrun | Nzrun;

/**
 * Gives the runs of a delta in order, each checked before it is given: zrun, nzrun, zrun, nzrun, to the end.
 * An empty delta has none.
 *
 * @param delta - The delta, any number of bytes.
 * @param pageSize - In bytes, 1 to 65536.
 * @throws MalformedDeltaError at the first fault, after the runs before it; TypeError or RangeError, when the first run
 * is asked for, if an argument is not as above. Source: delta.md, "Grammar"; DELTA-12 to DELTA-19.
 */
export function* deltaRuns(delta: Uint8Array, pageSize: number): Generator<Run, void, undefined> {
  requireBytes(delta, "delta");
  requirePageSize(pageSize);
  let deltaOffset = 0;
  let pageOffset = 0;
  while (deltaOffset < delta.length) {
    const zrunLength = readZrun(delta, deltaOffset, pageOffset, pageSize);
    const nzrunOffset = lengthEnd(delta, deltaOffset);
    yield { kind: "zrun", deltaOffset, lengthByteCount: nzrunOffset - deltaOffset, pageOffset, length: zrunLength };
    pageOffset += zrunLength;

    const length = readNzrun(delta, nzrunOffset, pageOffset, pageSize);
    const literalsOffset = lengthEnd(delta, nzrunOffset);
    yield {
      kind: "nzrun",
      deltaOffset: nzrunOffset,
      lengthByteCount: literalsOffset - nzrunOffset,
      pageOffset,
      length,
      literalsOffset,
      literals: delta.subarray(literalsOffset, literalsOffset + length),
    };
    pageOffset += length;
    deltaOffset = literalsOffset + length;
  }
}

/**
 * Reads the length of a zrun and checks the zrun.
 *
 * @param delta - The delta, with at least one byte at `deltaOffset`.
 * @param deltaOffset - Where the length begins, in bytes.
 * @param pageOffset - Where the zrun begins in the page, in bytes.
 * @param pageSize - In bytes.
 * @returns The number of bytes of the zrun.
 * @throws MalformedDeltaError as `readLength`, and `zrun-empty`, `zrun-past-page`, `zrun-unpaired`.
 * Source: DELTA-14 to DELTA-16.
 */
export function readZrun(delta: Uint8Array, deltaOffset: number, pageOffset: number, pageSize: number): number {
  const length = readLength(delta, deltaOffset);
  // DELTA-9, DELTA-14: only the first zrun, the one at delta byte 0, may be empty.
  if (length === 0 && 0 < deltaOffset) {
    throw new MalformedDeltaError("zrun-empty", deltaOffset, "zrun 0 that is not the first");
  }
  // DELTA-15: compared with what is left, so that nothing is added that could wrap.
  if (pageSize - pageOffset < length) throw pastPage("zrun", deltaOffset, length, pageSize - pageOffset);
  // DELTA-16: an nzrun has to follow.
  if (lengthEnd(delta, deltaOffset) === delta.length) {
    throw new MalformedDeltaError("zrun-unpaired", deltaOffset, `zrun ${length} and the end of the delta`);
  }
  return length;
}

/**
 * Reads the length of an nzrun and checks the nzrun.
 *
 * @param delta - The delta, with at least one byte at `deltaOffset`.
 * @param deltaOffset - Where the length begins, in bytes.
 * @param pageOffset - Where the nzrun begins in the page, in bytes.
 * @param pageSize - In bytes.
 * @returns The number of bytes of the nzrun, and of its literals, which are all in the delta.
 * @throws MalformedDeltaError as `readLength`, and `nzrun-empty`, `nzrun-past-page`, `nzrun-truncated`.
 * Source: DELTA-17 to DELTA-19.
 */
export function readNzrun(delta: Uint8Array, deltaOffset: number, pageOffset: number, pageSize: number): number {
  const length = readLength(delta, deltaOffset);
  // DELTA-17
  if (length === 0) throw new MalformedDeltaError("nzrun-empty", deltaOffset, "nzrun 0");
  // DELTA-18
  if (pageSize - pageOffset < length) throw pastPage("nzrun", deltaOffset, length, pageSize - pageOffset);
  // DELTA-19
  const literalsOffset = lengthEnd(delta, deltaOffset);
  const leftInDelta = delta.length - literalsOffset;
  if (leftInDelta < length) {
    throw new MalformedDeltaError("nzrun-truncated", literalsOffset, `${leftInDelta} of ${length} bytes`);
  }
  return length;
}

/** The fault of a run that ends past the page: its length and the page bytes that are left for it. */
function pastPage(
  kind: "zrun" | "nzrun",
  deltaOffset: number,
  length: number,
  leftInPage: number,
): MalformedDeltaError {
  return new MalformedDeltaError(`${kind}-past-page`, deltaOffset, `${kind} ${length}, ${leftInPage} left in the page`);
}
