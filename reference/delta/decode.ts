/**
 * An old page and a delta become a new page (docs/xbzrle/delta.md, "Applying a delta").
 */

import { requireBytes } from "../bytes.ts";
import { requireOldPage } from "../page.ts";
import { lengthEnd } from "./length.ts";
import { readNzrun, readZrun } from "./runs.ts";

/**
 * Applies a delta to an old page, or refuses it.
 *
 * @param oldPage - 1 to 65536 bytes; it gives the page size. It is not changed.
 * @param delta - Any number of bytes, none included. Longer forms of a length are accepted. It is not changed.
 * @returns The new page, of the size of the old page, in memory of its own.
 * @throws MalformedDeltaError if the delta is malformed, and then there is no page; TypeError if an argument is not a
 * `Uint8Array`; RangeError if the old page has no page's size. Source: DELTA-5 to DELTA-19.
 */
export function applyDelta(oldPage: Uint8Array, delta: Uint8Array): Uint8Array {
  // DELTA-11: nothing is read here but the two arguments, and nothing is kept.
  requireOldPage(oldPage);
  requireBytes(delta, "delta");
  // DELTA-5, DELTA-7: a byte that no literal replaces is the byte of the old page. Writing into a copy is how a
  // delta that is refused half-way leaves the old page as it was. (A Buffer's slice() would be no copy.)
  const newPage = new Uint8Array(oldPage);
  let deltaOffset = 0;
  let pageOffset = 0;
  // DELTA-8, DELTA-10: as many pairs as there are, which for an empty delta is none.
  while (deltaOffset < delta.length) {
    pageOffset += readZrun(delta, deltaOffset, pageOffset, newPage.length);
    deltaOffset = lengthEnd(delta, deltaOffset);

    const nzrunEnd = pageOffset + readNzrun(delta, deltaOffset, pageOffset, newPage.length);
    deltaOffset = lengthEnd(delta, deltaOffset);
    // DELTA-6: the literal itself, not its XOR with the old byte.
    while (pageOffset < nzrunEnd) newPage[pageOffset++] = delta[deltaOffset++]!;
  }
  return newPage;
}
