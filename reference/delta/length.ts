/**
 * Lengths: how many bytes a run has, in one byte or two (docs/xbzrle/delta.md, "Lengths").
 */

import { toHex } from "../bytes.ts";
import { MalformedDeltaError } from "../errors.ts";

/** The greatest length, in bytes; it is written `ff 7f` (delta.md, "Lengths"). */
export const MAX_RUN_LENGTH = 16_383;

/** The lowest length that needs two bytes; also the bit that says, in a byte of a length, that another follows. */
const LONG = 0x80;

/**
 * Reads a length.
 *
 * @param delta - The delta, with at least one byte at `deltaOffset`.
 * @param deltaOffset - Where the length begins, in bytes.
 * @returns The number of bytes of the run, 0 to 16383. A longer form is accepted, with its value.
 * @throws MalformedDeltaError `length-truncated`, `length-too-long`. Source: DELTA-1 to DELTA-3, DELTA-12, DELTA-13.
 */
export function readLength(delta: Uint8Array, deltaOffset: number): number {
  const first = delta[deltaOffset]!;
  // DELTA-1: 00 to 7f is one byte, and the value.
  if (first < LONG) return first;
  // DELTA-12: the first byte, 80 to ff, without a second.
  if (deltaOffset + 1 === delta.length) {
    throw new MalformedDeltaError("length-truncated", deltaOffset, `1 of 2 bytes, ${hexOf(delta, deltaOffset)}`);
  }
  const second = delta[deltaOffset + 1]!;
  // DELTA-13: a second byte of 80 to ff says that a third follows.
  if (LONG <= second) {
    throw new MalformedDeltaError("length-too-long", deltaOffset, `more than 2 bytes, ${hexOf(delta, deltaOffset)}`);
  }
  // DELTA-2: the low seven bits of the first, and 128 times the second.
  // DELTA-3: the value may be less than 128; this decoder does not refuse a longer form.
  return (first & 0x7f) + 128 * second;
}

/**
 * Says where a length that has been read ends.
 *
 * @param delta - The delta.
 * @param deltaOffset - Where the length begins, in bytes; `readLength` accepts what stands there.
 * @returns The offset in the delta of the byte after the length. Source: DELTA-1, DELTA-2.
 */
export function lengthEnd(delta: Uint8Array, deltaOffset: number): number {
  return delta[deltaOffset]! < LONG ? deltaOffset + 1 : deltaOffset + 2;
}

/**
 * Writes a length in its shortest form.
 *
 * @param delta - The delta, with room for the length at `deltaOffset`; it is changed.
 * @param deltaOffset - Where the length is to begin, in bytes.
 * @param length - The number of bytes of the run, 0 to 16383.
 * @returns The offset in the delta of the byte after the length.
 * @throws RangeError if the length is more than 16383. Source: DELTA-4.
 */
export function writeLength(delta: Uint8Array, deltaOffset: number, length: number): number {
  if (MAX_RUN_LENGTH < length) throw new RangeError(`length has to be at most ${MAX_RUN_LENGTH}, not ${length}`);
  // DELTA-4: 0 to 127 as one byte.
  if (length < LONG) {
    delta[deltaOffset] = length;
    return deltaOffset + 1;
  }
  // The low seven bits first, then the high seven.
  delta[deltaOffset] = LONG | (length & 0x7f);
  delta[deltaOffset + 1] = length >> 7;
  return deltaOffset + 2;
}

/**
 * Says how many bytes `writeLength` writes.
 *
 * @param length - The number of bytes of the run, 0 to 16383.
 * @returns 1 or 2. Source: DELTA-4.
 */
export function lengthByteCount(length: number): number {
  return length < LONG ? 1 : 2;
}

/** The one or two bytes of the delta at an offset, for a message. */
function hexOf(delta: Uint8Array, deltaOffset: number): string {
  return toHex(delta.subarray(deltaOffset, deltaOffset + 2));
}
