/** Family `many-runs`: up to as many pairs as a page has room for. */

import type { FamilyText } from "../../format.ts";
import { Family } from "../family.ts";
import { coveredBytes, evenPairs, layPairs, newBytes, page } from "../pages.ts";
import { type Pair, spellDelta } from "../spell.ts";

const COUNTS: readonly (readonly [size: number, counts: readonly number[]])[] = [
  [2, [1]],
  [4, [2]],
  [8, [1, 2, 3, 4]],
  [16, [7, 8]],
  [64, [16, 31, 32]],
  [255, [127]],
  [257, [127, 128]],
  [1024, [128, 255, 256, 257, 511, 512]],
  [4096, [127, 128, 129, 255, 256, 257, 1023, 1024, 1025, 1364, 1365, 1366, 2047, 2048]],
  [16384, [4096, 8191, 8192]],
  [65536, [4096, 16383, 16384, 21845, 21846, 32767, 32768]],
];

/** Lengths of a zrun and an nzrun that fill the page by turns. */
const SHAPES = [
  [1, 2],
  [2, 1],
  [2, 2],
  [1, 3],
  [3, 1],
  [1, 7],
  [7, 1],
  [8, 8],
  [31, 33],
] as const;

/** The vectors of the family. */
export function manyRuns(): FamilyText {
  const family = new Family("many-runs");
  for (const [size, counts] of COUNTS) {
    for (const count of counts) {
      single(family, size, count, 0);
      single(family, size, count, 1);
    }
  }
  for (const [zrun, nzrun] of SHAPES) {
    even(family, 64, zrun, nzrun);
    even(family, 4096, zrun, nzrun);
    if (zrun + nzrun < 5) {
      even(family, 65536, zrun, nzrun);
    }
  }
  twoByteLengths(family);
  return family.text();
}

/** Asks an encoder with room, an encoder with as much room as the page has bytes, and a decoder. */
function ask(family: Family, name: string, size: number, pairs: readonly Pair[]): void {
  const oldPage = page(size, [0xa1]);
  const newPage = layPairs(oldPage, pairs);
  const delta = spellDelta(pairs);
  const what = `${pairs.length} pairs in ${size} bytes, a delta of ${delta.length}`;
  family.encode(`encode-${name}`, {
    shows: [27, 23, 25],
    why: `An encoder that fails does not write ${what}, though there is room.`,
    oldPage,
    newPage,
  });
  if (size < delta.length + 2) {
    family.encode(`encode-${name}-tight`, {
      shows: size < delta.length ? [29, 26, 22, 23] : [28, 26, 23],
      why: `An encoder that fails writes past a capacity of ${size}, or cuts the delta: ${what}.`,
      oldPage,
      newPage,
      capacity: size,
    });
  }
  family.decode(`decode-${name}`, {
    shows: [8, 6, 5],
    why: `A decoder that fails has a limit of pairs or of delta bytes that the format has not: ${what}.`,
    oldPage,
    newPage,
    delta,
  });
}

function single(family: Family, size: number, count: number, from: 0 | 1): void {
  const first: Pair = [from, newBytes(from, 1)];
  ask(family, `${size}-single-${count}-from-${from}`, size, [first, ...evenPairs(from + 1, count - 1, 1, 1)]);
}

function even(family: Family, size: number, zrun: number, nzrun: number): void {
  const count = Math.floor(size / (zrun + nzrun));
  ask(family, `${size}-zruns-${zrun}-nzruns-${nzrun}`, size, evenPairs(0, count, zrun, nzrun));
}

/** Pairs that all have two lengths of two bytes. */
function twoByteLengths(family: Family): void {
  for (const size of [4096, 65536]) {
    for (const run of [128, 129, 200]) {
      const pairs = evenPairs(0, Math.floor(size / (2 * run)), run, run);
      ask(family, `${size}-both-${run}`, size, pairs);
      const growing = growingPairs(size, run);
      ask(family, `${size}-grow-from-${run}`, size, growing);
    }
  }
}

function growingPairs(size: number, from: number): Pair[] {
  const pairs: Pair[] = [];
  let zrun = from;
  while (coveredBytes(pairs) + zrun + from <= size) {
    pairs.push([zrun, newBytes(coveredBytes(pairs) + zrun, from)]);
    zrun += 13;
  }
  return pairs;
}
