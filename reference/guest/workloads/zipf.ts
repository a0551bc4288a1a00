/**
 * Picks things of which few are hot and many are cold: the probability of the thing of rank r is as 1 to r to the power of an exponent.
 */

import type { Random } from "../random.ts";
import type { WorkloadParameter } from "./workload.ts";

/** The exponent of a workload with hot and cold things. */
export const ZIPF_EXPONENT: WorkloadParameter = {
  least: 0,
  most: 4,
  isContinuous: true,
  usual: 0.99,
  means: "how much hotter the hot are: 0 makes all alike, and 0.99 is what the cloud serving benchmark YCSB has",
};

/** Picks one of so many things. */
export class ZipfPicker {
  readonly #random: Random;
  /** By rank from 0 on: the probability that the rank is this or one before it. */
  readonly #bounds: Float64Array;
  /** By rank: which thing has it, so that hot ones are not neighbours. */
  readonly #things: Uint32Array;

  /** Takes the number of things, 1 or more, and the exponent; ranks are drawn at once. */
  constructor(count: number, exponent: number, random: Random) {
    this.#random = random;
    this.#bounds = new Float64Array(count);
    let sum = 0;
    for (let rank = 0; rank < count; rank++) {
      sum += (rank + 1) ** -exponent;
      this.#bounds[rank] = sum;
    }
    for (let rank = 0; rank < count; rank++) this.#bounds[rank]! /= sum;
    this.#things = Uint32Array.from({ length: count }, (_, index) => index);
    for (let rank = count - 1; 0 < rank; rank--) this.#swap(rank, random.below(rank + 1));
  }

  /** The number of a thing, from 0 on. */
  pick(): number {
    const fraction = this.#random.fraction();
    let [first, last] = [0, this.#bounds.length - 1];
    while (first < last) {
      const middle = (first + last) >> 1;
      if (fraction < this.#bounds[middle]!) last = middle;
      else first = middle + 1;
    }
    return this.#things[first]!;
  }

  #swap(rank: number, other: number): void {
    const thing = this.#things[rank]!;
    this.#things[rank] = this.#things[other]!;
    this.#things[other] = thing;
  }
}
