/**
 * Small worlds: every delta and every pair of pages of a small kind, in order. What is expected of them is too much to list, so
 * `vectors/json/worlds.json` has one digest for each block of 10,000 cases.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../spec/package.ts";

/** How many cases share a digest. */
export const BLOCK_CASES = 10_000;

/** A delta and an old page for a decoder. */
export interface DecodeInput {
  readonly operation: "decode";
  readonly oldPage: Uint8Array;
  readonly delta: Uint8Array;
}

/** Two pages of one size for an encoder, and the capacity in bytes. */
export interface EncodeInput {
  readonly operation: "encode";
  readonly oldPage: Uint8Array;
  readonly newPage: Uint8Array;
  readonly capacity: number;
}

/** A small world: its cases are numbered from 0. */
export interface World {
  readonly id: "decode-8" | "encode-8" | "encode-16";
  readonly operation: "encode" | "decode";
  readonly caseCount: number;
  /** The case of a number below `caseCount`. */
  input(index: number): DecodeInput | EncodeInput;
}

/** The bytes that deltas are made of: edges of lengths, of an 8-byte page, and of bytes. */
const ALPHABET = [0x00, 0x01, 0x02, 0x07, 0x08, 0x09, 0x7f, 0x80, 0x81, 0xff];
const MOST_DELTA_BYTES = 6;

/** All worlds: every delta of up to six bytes of the alphabet, and every change mask of small pages at every capacity. */
export const WORLDS: readonly World[] = [
  {
    id: "decode-8",
    operation: "decode",
    caseCount: (ALPHABET.length ** (MOST_DELTA_BYTES + 1) - 1) / (ALPHABET.length - 1),
    input: (index) => ({ operation: "decode", oldPage: oldPageOf(8), delta: deltaOf(index) }),
  },
  encodeWorld("encode-8", 8),
  encodeWorld("encode-16", 16),
];

/** The digests of `worlds.json`: for each world, those of its blocks in order. */
export function loadWorldDigests(): Readonly<Record<World["id"], readonly string[]>> {
  return JSON.parse(readFileSync(join(packageFolder, "vectors/json/worlds.json"), "utf8")).digests;
}

function encodeWorld(id: World["id"], pageSize: number): World {
  // The longest canonical delta has (3 n + 3) / 2 bytes; from two bytes more on, capacity changes nothing.
  const capacityCount = Math.floor((3 * pageSize + 3) / 2) + 3;
  return {
    id,
    operation: "encode",
    caseCount: 2 ** pageSize * capacityCount,
    input: (index) => {
      const oldPage = oldPageOf(pageSize);
      const newPage = changed(oldPage, Math.floor(index / capacityCount));
      return { operation: "encode", oldPage, newPage, capacity: index % capacityCount };
    },
  };
}

/** 01 02 03 ... */
function oldPageOf(pageSize: number): Uint8Array {
  return Uint8Array.from({ length: pageSize }, (_, offset) => offset + 1);
}

/** The page with the bytes changed whose bits are set in the mask: by an XOR of 80 at even offsets, of 01 at odd ones. */
function changed(oldPage: Uint8Array, mask: number): Uint8Array {
  return oldPage.map((byte, offset) => ((mask >> offset) & 1 ? byte ^ (offset % 2 === 0 ? 0x80 : 0x01) : byte));
}

/** All deltas by length, and those of one length in the order of the alphabet. */
function deltaOf(index: number): Uint8Array {
  let number = index;
  let length = 0;
  for (let count = 1; count <= number; count *= ALPHABET.length) {
    number -= count;
    length++;
  }
  const delta = new Uint8Array(length);
  for (let at = length - 1; 0 <= at; at--) {
    delta[at] = ALPHABET[number % ALPHABET.length]!;
    number = Math.floor(number / ALPHABET.length);
  }
  return delta;
}
