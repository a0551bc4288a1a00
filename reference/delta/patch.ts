/**
 * A delta is applied to a page where the page lies in memory (docs/xbzrle/delta.md, "Applying a delta").
 */

import { lengthEnd, readLength } from "./length.ts";
import { readNzrun, readZrun } from "./runs.ts";

/**
 * Turns the old page into the new page, in place, or refuses the delta and leaves the page as it is.
 *
 * @param memory - Holds the old page; it is changed.
 * @param pageStart - Where the page begins in `memory`, in bytes.
 * @param pageSize - In bytes, 1 to 65536; the whole page is in `memory`.
 * @param delta - Any number of bytes, none included. Longer forms of a length are accepted. It is not changed.
 * @throws MalformedDeltaError if the delta is malformed. Source: DELTA-5 to DELTA-19.
 */
export function patchPage(memory: Uint8Array, pageStart: number, pageSize: number, delta: Uint8Array): void {
  checkDelta(delta, pageSize);
  let deltaOffset = 0;
  let memoryOffset = pageStart;
  while (deltaOffset < delta.length) {
    // DELTA-5: the bytes of a zrun stay.
    memoryOffset += readLength(delta, deltaOffset);
    deltaOffset = lengthEnd(delta, deltaOffset);
    const nzrunEnd = memoryOffset + readLength(delta, deltaOffset);
    deltaOffset = lengthEnd(delta, deltaOffset);
    // DELTA-6
    while (memoryOffset < nzrunEnd) memory[memoryOffset++] = delta[deltaOffset++]!;
  }
}

/**
 * Checks a delta.
 *
 * @param delta - Any number of bytes.
 * @param pageSize - In bytes, 1 to 65536.
 * @throws MalformedDeltaError if the delta is malformed. Source: DELTA-12 to DELTA-19.
 */
export function checkDelta(delta: Uint8Array, pageSize: number): void {
  let deltaOffset = 0;
  let pageOffset = 0;
  while (deltaOffset < delta.length) {
    pageOffset += readZrun(delta, deltaOffset, pageOffset, pageSize);
    deltaOffset = lengthEnd(delta, deltaOffset);
    const nzrunLength = readNzrun(delta, deltaOffset, pageOffset, pageSize);
    pageOffset += nzrunLength;
    deltaOffset = lengthEnd(delta, deltaOffset) + nzrunLength;
  }
}
