/**
 * Numbers that look random and come from a seed: sfc32, Chris Doty-Humphrey's small fast counting generator (PractRand), with its
 * seeding from 64 bits. The same seed gives the same numbers everywhere: all of it is integers of 32 bits.
 */

import { type Range, requireInRange } from "../range.ts";

/** What a seed may be: every integer that JavaScript holds exactly. */
export const SEEDS: Range = { least: 0, most: Number.MAX_SAFE_INTEGER };

/** How many numbers are thrown away, until those of neighbouring seeds have nothing in common. */
const WARM_UP_COUNT = 12;

/** A generator; each has a sequence of its own. */
export class Random {
  #a = 0;
  #b: number;
  #c: number;
  #counter = 1;

  /** Takes the seed; throws a RangeError unless it is an integer from 0 to 2^53 - 1. */
  constructor(seed: number) {
    requireInRange("seed", seed, SEEDS);
    this.#b = seed | 0;
    this.#c = Math.floor(seed / 2 ** 32);
    for (let count = 0; count < WARM_UP_COUNT; count++) this.next();
  }

  /** An integer from 0 to 2^32 - 1. */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** An integer from 0 to before `limit`, which is an integer from 1 to 2^32. */
  below(limit: number): number {
    return Math.floor((this.next() * limit) / 2 ** 32);
  }

  /** A number from 0 to before 1, of 32 bits. */
  fraction(): number {
    return this.next() / 2 ** 32;
  }

  /** Fills the bytes from `start` to `end`. */
  fill(bytes: Uint8Array, start: number, end: number): void {
    let value = 0;
    for (let offset = start; offset < end; offset++) {
      value = ((offset - start) & 3) === 0 ? this.next() : value >>> 8;
      bytes[offset] = value;
    }
  }
}
