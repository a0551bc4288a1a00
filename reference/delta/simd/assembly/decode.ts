/**
 * Deltas are applied to old pages in place, as in reference/delta/decode.ts (docs/xbzrle/delta.md, "Applying a delta").
 * What is refused is not named here: the plain codec finds the fault again, and says it in its words.
 */

import { copyFew, copyMany, copySome } from "./copy";

/** The greatest length, and the lowest that takes two bytes. */
const MAX_RUN_LENGTH: u32 = 16383;
const LONG: u32 = 128;

/** The most literals that are copied as two words. */
const FEW: u32 = 16;

/** What `applyPair` gives for a pair that is refused. */
const REFUSED: u64 = 0;

/**
 * Applies one delta to the old page.
 *
 * @param delta - Where it begins; up to 3 bytes behind it are read, and mean nothing.
 * @returns True if it is well-formed; if not, the pairs before the fault are applied.
 */
export function applyDelta(delta: usize, deltaEnd: usize, page: usize, pageEnd: usize): bool {
  // Where the next pair is in the delta in the high 32 bits, and where it goes in the page in the low ones.
  let place = ((<u64>delta) << 32) | page;
  // DELTA-10
  while (<usize>(place >> 32) !== deltaEnd) {
    place = applyShortPairs(place, deltaEnd, pageEnd, delta);
    if (<usize>(place >> 32) === deltaEnd) return true;
    place = applyPair(place, deltaEnd, pageEnd, delta);
    if (place === REFUSED) return false;
  }
  return true;
}

/** Applies the next pair, whatever its lengths are. Gives the place behind it, or `REFUSED`. */
function applyPair(place: u64, deltaEnd: usize, pageEnd: usize, delta: usize): u64 {
  let at = <usize>(place >> 32);
  let to = <usize>place;
  // DELTA-9, DELTA-14: only the first zrun may be empty.
  const leastZrun = <u32>(at !== delta);
  // DELTA-1, DELTA-2, DELTA-3. A second byte of 80 or more gives more than 16383. What is read past the end of the
  // delta is not believed: an nzrun has a byte or more, and it would end past the end too.
  let zrun: u32 = load<u8>(at++);
  if (LONG <= zrun) zrun = (zrun - LONG) | ((<u32>load<u8>(at++)) << 7);
  let nzrun: u32 = load<u8>(at++);
  if (LONG <= nzrun) nzrun = (nzrun - LONG) | ((<u32>load<u8>(at++)) << 7);
  to += zrun;
  // DELTA-13
  if (MAX_RUN_LENGTH < (zrun | nzrun)) return REFUSED;
  // DELTA-14, DELTA-17
  if (zrun < leastZrun || nzrun === 0) return REFUSED;
  // DELTA-15, DELTA-18
  if (<i32>(pageEnd - to) < <i32>nzrun) return REFUSED;
  // DELTA-12, DELTA-16, DELTA-19
  if (<i32>(deltaEnd - at) < <i32>nzrun) return REFUSED;
  // DELTA-6
  // Few literals are here only if a length is longer than it needs to be.
  if (nzrun <= FEW) memory.copy(to, at, nzrun);
  else copyMany(at, to, nzrun);
  return ((<u64>(at + nzrun)) << 32) | (to + nzrun);
}

/**
 * Applies pairs as long as the lengths of their nzruns take one byte and nothing is wrong with them. It calls nothing, so that
 * all of its variables stay in registers.
 *
 * @returns The place of the first pair that is not so, or of the end of the delta.
 */
function applyShortPairs(place: u64, deltaEnd: usize, pageEnd: usize, delta: usize): u64 {
  let at = <usize>(place >> 32);
  let to = <usize>place;
  let leastZrun = <u32>(at !== delta);
  while (at < deltaEnd) {
    // Two lengths of one byte, or one of two and one of one.
    const head = load<u32>(at);
    let zrun: u32 = head & 0xff;
    let nzrun: u32 = (head >> 8) & 0xff;
    let literals = at + 2;
    if (head & 0x8080) {
      if ((head & 0x808080) !== 0x80) break;
      zrun = (head & 0x7f) | ((head >> 1) & 0x3f80);
      nzrun = (head >> 16) & 0xff;
      literals++;
    }
    const nzrunStart = to + zrun;
    // Each is negative if a requirement is not met, and all are asked by one branch: DELTA-14, DELTA-17, DELTA-15 and
    // DELTA-18, DELTA-12, DELTA-16 and DELTA-19.
    const leftInPage = <u32>(pageEnd - nzrunStart - nzrun);
    const leftInDelta = <u32>(deltaEnd - literals - nzrun);
    if (<i32>((zrun - leastZrun) | (nzrun - 1) | leftInPage | leftInDelta) < 0) break;
    leastZrun = 1;
    if (nzrun <= FEW) copyFew(literals, nzrunStart, nzrun);
    else copySome(literals, nzrunStart, nzrun);
    at = literals + nzrun;
    to = nzrunStart + nzrun;
  }
  return ((<u64>at) << 32) | to;
}
