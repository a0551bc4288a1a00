/**
 * Pages for vectors. Old bytes repeat after seven and new bytes after five, and the two have no value in common: a byte that is
 * taken from the wrong page or the wrong offset is seen, and the pages stay compact.
 */

import type { Bytes, Pair } from "./spell.ts";

const OLD = [0xa1, 0xb2, 0xc3, 0xd4, 0xe5, 0xf6, 0x07];
const NEW = [0x10, 0x21, 0x32, 0x43, 0x54];

/** Changed bytes: where they begin in the page and how many there are. */
export type Change = readonly [pageOffset: number, count: number];

/** A page of `size` bytes that repeats `fill`; without it, the old bytes. */
export function page(size: number, fill: readonly number[] = OLD): Uint8Array {
  const filled = new Uint8Array(size);
  for (let offset = 0; offset < size; offset++) {
    filled[offset] = fill[offset % fill.length] ?? 0;
  }
  return filled;
}

/** The new byte at an offset of the page; no old byte equals it. */
export function newByte(pageOffset: number): number {
  return NEW[pageOffset % NEW.length] ?? 0;
}

/** The new bytes from an offset of the page on. */
export function newBytes(pageOffset: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => newByte(pageOffset + index));
}

/** A copy of the page in which the bytes of the changes are new. */
export function change(oldPage: Uint8Array, ...changes: readonly Change[]): Uint8Array {
  const newPage = Uint8Array.from(oldPage);
  for (const [offset, count] of changes) {
    newPage.set(newBytes(offset, count), offset);
  }
  return newPage;
}

/** A copy of the page with bytes laid over it. Throws a `RangeError` if they end past the page. */
export function lay(oldPage: Uint8Array, pageOffset: number, bytes: Bytes): Uint8Array {
  const newPage = Uint8Array.from(oldPage);
  newPage.set(bytes, pageOffset);
  return newPage;
}

/** A copy of the page with the literals of the pairs laid over it. Throws a `RangeError` if they end past the page. */
export function layPairs(oldPage: Uint8Array, pairs: readonly Pair[]): Uint8Array {
  const newPage = Uint8Array.from(oldPage);
  let offset = 0;
  for (const [zrun, literals] of pairs) {
    newPage.set(literals, offset + zrun);
    offset += zrun + literals.length;
  }
  return newPage;
}

/** `count` pairs of one zrun length and one nzrun length, from a page offset on, with the new bytes as literals. */
export function evenPairs(pageOffset: number, count: number, zrun: number, nzrun: number): Pair[] {
  return Array.from({ length: count }, (_, index) => [
    zrun,
    newBytes(pageOffset + index * (zrun + nzrun) + zrun, nzrun),
  ]);
}

/** How many bytes of the page the pairs cover. */
export function coveredBytes(pairs: readonly Pair[]): number {
  return pairs.reduce((sum, [zrun, literals]) => sum + zrun + literals.length, 0);
}
