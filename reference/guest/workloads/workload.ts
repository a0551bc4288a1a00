/**
 * What a workload is: it writes to a part of a guest's memory, a step at a time, and always the same for the same seed.
 */

import { requireInRange, type UsualRange } from "../../range.ts";
import type { GuestBlock } from "../memory.ts";
import type { Random } from "../random.ts";

/** The part of a block that a workload writes to. */
export interface Region {
  readonly block: GuestBlock;
  /** Where it begins in the block, in bytes. */
  readonly start: number;
  /** In bytes, 1 or more. */
  readonly byteCount: number;
}

/** A workload at work. */
export interface Workload {
  /**
   * Writes once; nothing is allocated.
   *
   * @returns How many bytes were written; 0 from a workload that never writes.
   */
  step(): number;
}

/** A parameter of a workload, with what it is to a reader. */
export interface WorkloadParameter extends UsualRange {
  readonly means: string;
}

/** A kind of workload, with parameters of these names. */
export interface WorkloadKind<Name extends string = string> {
  /** What it writes, in words. */
  readonly means: string;
  readonly parameters: Readonly<Record<Name, WorkloadParameter>>;
  /**
   * Makes one.
   *
   * @param region - Where it writes.
   * @param random - Where its random numbers come from.
   * @param values - Of all parameters, each in its range.
   * @throws RangeError if the region is too small.
   */
  make(region: Region, random: Random, values: Readonly<Record<Name, number>>): Workload;
}

/**
 * Says how many things of a size a region has room for.
 *
 * @param region - The region.
 * @param what - What the things are, for the message.
 * @param byteCount - Of each, in bytes.
 * @returns 1 or more.
 * @throws RangeError if it has room for none.
 */
export function countIn(region: Region, what: string, byteCount: number): number {
  const count = Math.floor(region.byteCount / byteCount);
  if (1 <= count) return count;
  throw new RangeError(`a region of ${region.byteCount} bytes has no room for ${what} of ${byteCount}`);
}

/**
 * Checks that a region lies in its block.
 *
 * @param region - The region.
 * @throws RangeError if it does not, or has no bytes.
 */
export function requireRegion({ block, start, byteCount }: Region): void {
  requireInRange("start", start, { least: 0, most: block.bytes.length - 1 });
  requireInRange("byteCount", byteCount, { least: 1, most: block.bytes.length - start });
}
