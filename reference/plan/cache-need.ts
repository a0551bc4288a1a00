/**
 * How large a page cache a migration wants, and how much of the host's memory that takes (docs/planning.md, "Cache sizes").
 */

import type { Guest } from "./request.ts";

/** The least cache: one page of 4096 bytes. */
export const LEAST_CACHE_BYTES = 4096;

/** What a cache takes of memory beside the pages: 24 bytes for each, as QEMU's does. */
const ENTRY_BYTES = 24;

/** What a migration wants. */
export interface CacheNeed {
  /** The size of the cache in bytes, a power of two; 0 if XBZRLE is of no use to it. */
  readonly wantedBytes: number;
  /** Whether it does not come to an end with less: the guest writes faster than the link sends. */
  readonly isNeeded: boolean;
}

/**
 * Gives what a guest's migration wants.
 *
 * @param guest - The guest.
 * @param bandwidth - What the migration sends in a second, in bytes.
 * @returns A cache for every page that the guest can have written to while its RAM is sent once, but no more than for its working set.
 */
export function cacheNeed({ ramBytes, dirtyBytesPerSecond, workingSetBytes }: Guest, bandwidth: number): CacheNeed {
  const dirtied = dirtyBytesPerSecond * (ramBytes / bandwidth);
  const held = Math.min(ramBytes, dirtied, workingSetBytes ?? ramBytes);
  return { wantedBytes: held === 0 ? 0 : cacheFor(held), isNeeded: bandwidth <= dirtyBytesPerSecond };
}

/**
 * Gives what a cache takes of its host's memory.
 *
 * @param cacheBytes - `xbzrle-cache-size`: a power of two, or 0 for none.
 * @returns In bytes.
 */
export function cacheFootprint(cacheBytes: number): number {
  return cacheBytes + (cacheBytes / LEAST_CACHE_BYTES) * ENTRY_BYTES;
}

/**
 * Gives the largest cache that memory has room for.
 *
 * @param freeBytes - In bytes.
 * @param wantedBytes - The size that is wanted; not more than that is given.
 * @returns A power of two; 0 if there is room for none.
 */
export function largestCache(freeBytes: number, wantedBytes: number): number {
  let cacheBytes = wantedBytes;
  while (LEAST_CACHE_BYTES <= cacheBytes && freeBytes < cacheFootprint(cacheBytes)) cacheBytes /= 2;
  return LEAST_CACHE_BYTES <= cacheBytes ? cacheBytes : 0;
}

/** The least power of two that holds so many bytes. */
function cacheFor(byteCount: number): number {
  let cacheBytes = LEAST_CACHE_BYTES;
  while (cacheBytes < byteCount) cacheBytes *= 2;
  return cacheBytes;
}
