/**
 * The codec with WebAssembly SIMD: what the module exports. It works on whole batches of pages in its memory, where its
 * caller puts them; offsets are in bytes from the start of the memory.
 */

import { applyDelta } from "./decode";
import { encodePage } from "./encode";
import { END } from "./scratch";

/** Where the caller's memory begins. */
export const freeOffset: u32 = <u32>END;

/**
 * Encodes pairs of pages. The deltas are written one behind the other.
 *
 * @param oldSlots - One u32 for each pair: which of the pages, counted from 0, is the old one.
 * @param newSlots - The same for the new one.
 * @param pages - Where the pages begin, one behind the other.
 * @param deltas - Where the first delta begins: `pairCount` times `capacity` bytes, and 32 behind them.
 * @param sizes - One i32 for each pair is written there: the number of bytes of its delta, 0 unchanged, -1 overflow.
 */
export function encodePages(
  pairCount: u32,
  oldSlots: usize,
  newSlots: usize,
  pages: usize,
  pageSize: u32,
  capacity: u32,
  deltas: usize,
  sizes: usize,
): void {
  let deltaEnd = deltas;
  for (let pair: u32 = 0; pair < pairCount; pair++) {
    const oldPage = pages + load<u32>(oldSlots + pair * 4) * pageSize;
    const newPage = pages + load<u32>(newSlots + pair * 4) * pageSize;
    const size = encodePage(oldPage, newPage, pageSize, deltaEnd, capacity);
    store<i32>(sizes + pair * 4, size);
    deltaEnd += <usize>max(size, 0);
  }
}

/**
 * Applies deltas to pages in place, in order, up to the first that is malformed.
 *
 * @param slots - One u32 for each delta: which of the pages, counted from 0, it is applied to.
 * @param deltas - Where the first delta begins; the others stand behind it.
 * @param sizes - One i32 for each delta: the number of its bytes; with 0 or less there is none.
 * @returns The number of deltas before the malformed one, or all.
 */
export function applyDeltas(
  deltaCount: u32,
  slots: usize,
  pages: usize,
  pageSize: u32,
  deltas: usize,
  sizes: usize,
): u32 {
  let delta = deltas;
  for (let index: u32 = 0; index < deltaCount; index++) {
    const size = load<i32>(sizes + index * 4);
    if (size <= 0) continue;
    const page = pages + load<u32>(slots + index * 4) * pageSize;
    const deltaEnd = delta + <usize>size;
    if (!applyDelta(delta, deltaEnd, page, page + pageSize)) return index;
    delta = deltaEnd;
  }
  return deltaCount;
}
