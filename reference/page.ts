/**
 * Pages and their size (docs/xbzrle/README.md, "Glossary"): 1 to 65,536 bytes, and two pages of a pair have one size.
 * What does not hold here is the caller's fault, and never a delta's.
 */

import { requireBytes } from "./bytes.ts";
import { requireInRange } from "./range.ts";

/** The number of bytes of the largest page (glossary: page). */
export const MAX_PAGE_SIZE = 65_536;

/**
 * Checks a page size.
 *
 * @param pageSize - In bytes.
 * @throws RangeError unless it is an integer from 1 to 65536.
 */
export function requirePageSize(pageSize: number): void {
  requireInRange("page size", pageSize, { least: 1, most: MAX_PAGE_SIZE });
}

/**
 * Checks an old page.
 *
 * @param oldPage - The page.
 * @throws TypeError if it is not a `Uint8Array`; RangeError unless it has 1 to 65536 bytes.
 */
export function requireOldPage(oldPage: Uint8Array): void {
  requireBytes(oldPage, "old page");
  requirePageSize(oldPage.length);
}

/**
 * Checks an old page and a new page.
 *
 * @param oldPage - The page that the decoder already holds.
 * @param newPage - The page that it is to hold.
 * @throws TypeError if one is not a `Uint8Array`; RangeError unless both have the same number of bytes, 1 to 65536.
 */
export function requirePages(oldPage: Uint8Array, newPage: Uint8Array): void {
  requireOldPage(oldPage);
  requireBytes(newPage, "new page");
  if (newPage.length === oldPage.length) return;
  throw new RangeError(`new page has to have the ${oldPage.length} bytes of the old page, not ${newPage.length}`);
}
