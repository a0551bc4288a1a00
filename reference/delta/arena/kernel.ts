/**
 * What a codec does for an arena: batches of pages and deltas in one memory, without anything allocated for a page.
 * This module has the plain codec as a kernel; the folder `reference/delta/simd` has the other.
 */

import { MalformedDeltaError } from "../../errors.ts";
import { applyDelta } from "../decode.ts";
import { encodeDelta } from "../encode.ts";

/** What stands in the place of the number of bytes of a delta, if there is none. */
export const NO_DELTA = {
  /** The two pages are equal. */
  unchanged: 0,
  /** There is no delta that fits the capacity, or none at all. */
  overflow: -1,
} as const;

/** Where things are in the memory of a kernel: offsets in bytes, those of tables divisible by 4. */
export interface KernelLayout {
  /** The pages, one behind the other; a slot is the number of a page, from 0. 64 bytes behind the last can be read. */
  readonly pagesOffset: number;
  /** The number of bytes of a page, 1 to 65536. */
  readonly pageSize: number;
  /** One u32 for each pair or delta: the slot of the old page. */
  readonly oldSlotsOffset: number;
  /** One u32 for each pair: the slot of the new page. */
  readonly newSlotsOffset: number;
  /** The deltas, one behind the other; 64 bytes behind the last can be written. */
  readonly deltasOffset: number;
  /** One i32 for each delta: the number of its bytes, or one of `NO_DELTA`. */
  readonly deltaSizesOffset: number;
}

/** A codec with a memory. */
export interface Kernel {
  /** All of its memory. */
  readonly memory: ArrayBuffer;
  /** Where the caller's part of the memory begins, in bytes; divisible by 16. */
  readonly freeOffset: number;
  /** Encodes the first pairs of the tables, each into at most `capacity` bytes, and writes the sizes of the deltas. */
  encodePages(layout: KernelLayout, pairCount: number, capacity: number): void;
  /**
   * Applies the first deltas of the tables in order, each to its old page, up to the first that is malformed.
   * Gives the number of deltas before that one, or all.
   */
  applyDeltas(layout: KernelLayout, deltaCount: number): number;
}

/** Makes a kernel with room for a number of bytes, all zero, from `freeOffset` on. */
export type CreateKernel = (byteCount: number) => Kernel;

/** A kernel of the plain codec. */
export const createPlainKernel: CreateKernel = (byteCount) => {
  const memory = new ArrayBuffer(byteCount);
  const pageOf = ({ pagesOffset, pageSize }: KernelLayout, slot: number) =>
    new Uint8Array(memory, pagesOffset + slot * pageSize, pageSize);
  return {
    memory,
    freeOffset: 0,
    encodePages(layout, pairCount, capacity) {
      const oldSlots = new Uint32Array(memory, layout.oldSlotsOffset, pairCount);
      const newSlots = new Uint32Array(memory, layout.newSlotsOffset, pairCount);
      const deltaSizes = new Int32Array(memory, layout.deltaSizesOffset, pairCount);
      let deltaEnd = layout.deltasOffset;
      for (let pair = 0; pair < pairCount; pair++) {
        const outcome = encodeDelta(pageOf(layout, oldSlots[pair]!), pageOf(layout, newSlots[pair]!), capacity);
        if (outcome.kind !== "delta") {
          deltaSizes[pair] = NO_DELTA[outcome.kind];
          continue;
        }
        new Uint8Array(memory).set(outcome.delta, deltaEnd);
        deltaSizes[pair] = outcome.delta.length;
        deltaEnd += outcome.delta.length;
      }
    },
    applyDeltas(layout, deltaCount) {
      const oldSlots = new Uint32Array(memory, layout.oldSlotsOffset, deltaCount);
      const deltaSizes = new Int32Array(memory, layout.deltaSizesOffset, deltaCount);
      let delta = layout.deltasOffset;
      for (let index = 0; index < deltaCount; index++) {
        const size = Math.max(deltaSizes[index]!, 0);
        const page = pageOf(layout, oldSlots[index]!);
        try {
          page.set(applyDelta(page, new Uint8Array(memory, delta, size)));
        } catch (error) {
          if (error instanceof MalformedDeltaError) return index;
          throw error;
        }
        delta += size;
      }
      return deltaCount;
    },
  };
};
