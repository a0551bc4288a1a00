/**
 * A load: what writes to the memory of a guest while virtual time passes.
 */

import { type Range, requireInRange } from "../range.ts";
import type { Workload } from "./workloads/workload.ts";

/** How many bytes a workload may write in a virtual second: to 1 TiB. */
export const WRITE_RATES: Range = { least: 0, most: 2 ** 40 };

/** How much virtual time may pass at once: to an hour, in microseconds. */
export const DURATIONS: Range = { least: 0, most: 3_600_000_000 };

/** Something that writes as time passes. */
export interface Load {
  /**
   * Lets time pass.
   *
   * @param durationUs - In microseconds, an integer from 0 to that of an hour.
   * @returns How many bytes were written.
   */
  run(durationUs: number): number;
}

/** A workload that writes so many bytes a virtual second. What it has written depends on how much time has passed, and not on in how many turns. */
export class PacedLoad implements Load {
  readonly #workload: Workload;
  readonly #rate: number;
  #elapsedUs = 0;
  #writtenCount = 0;

  /** Takes the rate in bytes a second; throws a RangeError unless it is an integer from 0 to 2^40. */
  constructor(workload: Workload, bytesPerSecond: number) {
    this.#workload = workload;
    this.#rate = requireInRange("bytesPerSecond", bytesPerSecond, WRITE_RATES);
  }

  /** Lets time pass; the last step may write past what the time allows, and is made up for later. */
  run(durationUs: number): number {
    this.#elapsedUs += requireInRange("durationUs", durationUs, DURATIONS);
    const allowedCount = Math.floor((this.#elapsedUs * this.#rate) / 1e6);
    const before = this.#writtenCount;
    while (this.#writtenCount < allowedCount) {
      const byteCount = this.#workload.step();
      if (byteCount === 0) break;
      this.#writtenCount += byteCount;
    }
    return this.#writtenCount - before;
  }
}
