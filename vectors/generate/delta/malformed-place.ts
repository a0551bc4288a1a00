/** Where in a delta the fault of a vector of the family `malformed` stands. */

import type { Family } from "../family.ts";
import { coveredBytes, evenPairs, newBytes, page } from "../pages.ts";
import { type Bytes, join, type Pair, spellDelta } from "../spell.ts";

/** Where in a delta the fault stands: after these pairs, in a page of this size. */
export interface Place {
  readonly name: string;
  /** For a sentence: `first`, or after what. */
  readonly where: string;
  readonly oldPage: Uint8Array;
  readonly before: Uint8Array;
  /** The page bytes after the pairs before. */
  readonly room: number;
  /** The least zrun that is not empty where it may not be: 0 at the first pair, else 1. */
  readonly leastZrun: number;
}

/** Adds a vector: the pairs before the place, then the pieces, which hold the fault. */
export function refuse(
  family: Family,
  { name, where, oldPage, before }: Place,
  fault: keyof typeof FAULTS,
  kind: string,
  why: string,
  ...pieces: readonly (number | Bytes)[]
): void {
  family.refuse(`${fault}-${kind}-${oldPage.length}-${name}`, {
    shows: [FAULTS[fault]],
    why: `${why} (${where}, page of ${oldPage.length}).`,
    oldPage,
    delta: join(before, ...pieces),
    fault,
  });
}

const FAULTS = {
  "length-truncated": 12,
  "length-too-long": 13,
  "zrun-empty": 14,
  "zrun-past-page": 15,
  "zrun-unpaired": 16,
  "nzrun-empty": 17,
  "nzrun-past-page": 18,
  "nzrun-truncated": 19,
};

/** Every place: the first pair, later ones, and near the end of the page, in pages of many sizes. */
export function places(): Place[] {
  return [1, 8, 64, 256, 4096, 65536].flatMap((size) => {
    const many = Math.min(Math.floor((3 * size) / 8), 1000);
    return [
      place(size, "first", "in the first pair", []),
      ...(2 < size ? [place(size, "next", "after one pair", [[1, newBytes(1, 1)]])] : []),
      ...(4 < size ? [place(size, "later", `after ${many} pairs`, evenPairs(0, many, 1, 1))] : []),
      ...(4 < size ? [place(size, "end", "near the page's end", nearEnd(size))] : []),
    ];
  });
}

/** The place after the pairs. */
export function place(size: number, name: string, where: string, pairs: readonly Pair[]): Place {
  const room = size - coveredBytes(pairs);
  const leastZrun = pairs.length === 0 ? 0 : 1;
  return { name, where, oldPage: page(size), before: spellDelta(pairs), room, leastZrun };
}

/** Pairs after which two bytes of the page are left. */
function nearEnd(size: number): Pair[] {
  const pairs: Pair[] = [];
  let left = size - 2;
  while (16000 < left) {
    pairs.push([15999, [0x66]]);
    left -= 16000;
  }
  return [...pairs, [left - 1, [0x77]]];
}
