/**
 * Pages become deltas, as in reference/delta/encode.ts (docs/xbzrle/delta.md, from "Encoding a page" to the end).
 */

import { copyMany } from "./copy";
import { findRunEnds, TOO_MANY } from "./run-ends";
import { RUN_ENDS } from "./scratch";

/** What is written in place of the number of bytes of a delta, if there is none. */
const UNCHANGED: i32 = 0;
const OVERFLOW: i32 = -1;

/** The greatest length, and the lowest that takes two bytes. */
const MAX_RUN_LENGTH: u32 = 16383;
const LONG: u32 = 128;

/** The most literals that are copied without a call. */
const FEW: u32 = 16;

/**
 * Encodes one pair of pages.
 *
 * @param delta - Where it is written: `capacity` bytes, and 32 behind them that may be written and mean nothing.
 * @returns The number of bytes of the delta, `UNCHANGED` or `OVERFLOW`.
 */
export function encodePage(oldPage: usize, newPage: usize, pageSize: u32, delta: usize, capacity: u32): i32 {
  // DELTA-29: a pair of runs takes 3 bytes or more, so some numbers of runs are out of reach before a byte is written.
  const listEnd = findRunEnds(oldPage, newPage, pageSize, (capacity / 3) * 2 + 1);
  if (listEnd === TOO_MANY) return OVERFLOW;
  // DELTA-20, DELTA-21
  if (listEnd === RUN_ENDS) return UNCHANGED;
  // DELTA-31: no zrun of a smaller page is too long.
  const writtenEnd = pageSize <= MAX_RUN_LENGTH ? listEnd : bridgeLongZruns(listEnd);
  const deltaEnd = writePairs(writtenEnd, newPage, delta, delta + capacity);
  return deltaEnd === 0 ? OVERFLOW : <i32>(deltaEnd - delta);
}

/** Writes the pairs of the list. Gives where the delta ends, or 0 for overflow. */
function writePairs(listEnd: usize, newPage: usize, delta: usize, limit: usize): usize {
  let deltaEnd = delta;
  let pageOffset: u32 = 0;
  for (let at = RUN_ENDS; at < listEnd; at += 8) {
    const zrunEnd = load<u32>(at);
    const nzrunEnd = load<u32>(at, 4);
    const zrun = zrunEnd - pageOffset;
    const nzrun = nzrunEnd - zrunEnd;
    pageOffset = nzrunEnd;
    // No branch for the form of the zrun: in a page with a change in each 100 bytes, each fourth is long.
    const isLongZrun = <u32>(LONG <= zrun);
    let lengths = code(zrun, isLongZrun);
    let literals = deltaEnd + 2 + isLongZrun;
    if (nzrun < LONG) lengths |= nzrun << (8 + (isLongZrun << 3));
    else {
      // DELTA-30
      if (MAX_RUN_LENGTH < nzrun) return 0;
      lengths |= code(nzrun, 1) << (8 + (isLongZrun << 3));
      literals++;
    }
    // DELTA-26, DELTA-29
    if (limit < literals + nzrun) return 0;
    store<u32>(deltaEnd, lengths);
    // 16 bytes: the next pair is written over what is too much.
    v128.store(literals, v128.load(newPage + zrunEnd));
    if (FEW < nzrun) copyMany(newPage + zrunEnd, literals, nzrun);
    deltaEnd = literals + nzrun;
  }
  return deltaEnd;
}

/** A length as it is written: the high seven bits are moved up by one, and bit 7 says that they are there. DELTA-4. */
function code(length: u32, isLong: u32): u32 {
  return length + (length & ~(LONG - 1)) + (isLong << 7);
}

/** Puts a bridge, an nzrun of one byte, into the midst of each zrun of more than 16383 bytes. Gives where the list ends. */
function bridgeLongZruns(listEnd: usize): usize {
  let pageOffset: u32 = 0;
  for (let at = RUN_ENDS; at < listEnd; at += 8) {
    const zrunEnd = load<u32>(at);
    if (MAX_RUN_LENGTH < zrunEnd - pageOffset) {
      // The zrun after the bridge must not be empty (DELTA-14): a byte is left for it.
      const bridge = min(pageOffset + MAX_RUN_LENGTH, zrunEnd - 2);
      memory.copy(at + 8, at, listEnd - at);
      listEnd += 8;
      store<u32>(at, bridge);
      store<u32>(at, bridge + 1, 4);
    }
    pageOffset = load<u32>(at, 4);
  }
  return listEnd;
}
