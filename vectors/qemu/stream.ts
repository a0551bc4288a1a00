/**
 * A migration stream for QEMU to apply deltas in: the RAM of the machine comes first, the old pages, and then the deltas, as in
 * a migration of two rounds; there are no devices.
 */

import { PAGE_SIZE, pageRecord, stream, xbzrleRecord } from "../generate/spell-stream.ts";
import type { DecodeVector } from "../load.ts";

/** The size of the one RAM block, in bytes. */
export const RAM_SIZE = 16 * 1024 * 1024;

/** What is asked of QEMU: the page that the RAM holds first, of `PAGE_SIZE` bytes, and the delta for it. */
export type Request = Pick<DecodeVector, "oldPage" | "delta">;

/**
 * The stream that lays the old page of request n at page n of the RAM, and then applies the deltas in the same order.
 * A delta is written whatever it holds, malformed or longer than a page; its length has 16 bits.
 * Throws a `RangeError` if the RAM has not room for the pages, or if an old page has another size.
 */
export function spellStream(requests: readonly Request[]): Uint8Array {
  if (RAM_SIZE < requests.length * PAGE_SIZE) {
    throw new RangeError(`${requests.length} pages do not fit a RAM of ${RAM_SIZE} bytes`);
  }
  const other = requests.find(({ oldPage }) => oldPage.length !== PAGE_SIZE);
  if (other) throw new RangeError(`a page of ${other.oldPage.length} bytes, and not ${PAGE_SIZE}`);
  const pages = requests.map(({ oldPage }, index) => pageRecord(index * PAGE_SIZE, oldPage));
  const deltas = requests.map(({ delta }, index) => xbzrleRecord(index * PAGE_SIZE, delta));
  return stream(RAM_SIZE, pages, deltas);
}
