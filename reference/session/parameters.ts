/**
 * What an operator can set (docs/xbzrle/session.md, "Negotiation" and "Cache size"), by the names that QMP has for it.
 */

import type { Range } from "../range.ts";

/** The parameter `downtime-limit`, in milliseconds, as QEMU has it; and unless told. */
export const DOWNTIME_LIMITS: Range = { least: 0, most: 2_000_000 };
export const DEFAULT_DOWNTIME_LIMIT_MS = 300;

/** The size of the page cache unless told, in bytes: 64 MiB. */
export const DEFAULT_CACHE_SIZE = 2 ** 26;

/** The greatest size of the page cache, in bytes: 2 GiB, for a codec has 32 bits to address it, and the snapshots. */
export const MAX_CACHE_SIZE = 2 ** 31;

/**
 * Checks a size of the page cache.
 *
 * @param sizeBytes - As `xbzrle-cache-size` has it.
 * @param pageSize - Of the guest, in bytes: a power of two.
 * @throws RangeError, with the name of the parameter and its range, unless it is a power of two, at least the page size and
 * at most 2 GiB. Source: SESSION-14.
 */
export function requireCacheSize(sizeBytes: number, pageSize: number): void {
  const isInRange = pageSize <= sizeBytes && sizeBytes <= MAX_CACHE_SIZE;
  if (isInRange && Number.isInteger(Math.log2(sizeBytes))) return;
  throw new RangeError(
    `xbzrle-cache-size has to be a power of two from ${pageSize} (the page size) to ${MAX_CACHE_SIZE} bytes, not ${sizeBytes} (SESSION-14)`,
  );
}
