/** What a guest of a test writes: the same for the same seed. */

import type { FakeGuest } from "./guest.ts";

/** What a guest writes in each round. */
export interface Load {
  readonly seed: number;
  /** How many pages. */
  readonly pageCount: number;
  /** From how many pages these are chosen. */
  readonly workingSet: number;
  /** How many of the pages, of 100, are filled with noise; of the others a few bytes change. */
  readonly noisePercent: number;
  readonly changedBytes: number;
}

/** A number generator, so that the same load can be played several times. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    // mulberry32
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

export function writeLoad(
  guest: FakeGuest,
  { pageCount, workingSet, noisePercent, changedBytes }: Load,
  random: () => number,
): void {
  for (let count = 0; count < pageCount; count++) {
    const page = random() % workingSet;
    if (random() % 100 < noisePercent) {
      guest.write(page, 0, new Uint8Array(Uint32Array.from({ length: guest.pageSize / 4 }, random).buffer));
    } else {
      for (let byte = 0; byte < changedBytes; byte++)
        guest.write(page, random() % guest.pageSize, Uint8Array.of(random()));
    }
  }
}
