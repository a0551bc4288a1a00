/**
 * An arena: the memory in which a codec works, with room for the page cache and the snapshots of a sender, or the pages of
 * a receiver. A page that is copied into it once is encoded where it is, in batches, and nothing is allocated for it.
 */

import type { MalformedDeltaError } from "../../errors.ts";
import { requirePageSize } from "../../page.ts";
import { applyDelta } from "../decode.ts";
import type { CreateKernel, Kernel, KernelLayout } from "./kernel.ts";

/** The size of an arena. */
export interface ArenaShape {
  /** The number of bytes of each page, 1 to 65536. */
  readonly pageSize: number;
  /** How many pages there is room for. */
  readonly slotCount: number;
  /** How many pairs or deltas a batch has, at most. */
  readonly batchSize: number;
  /** The room for each delta in bytes; the page size unless told. */
  readonly capacity?: number;
}

/** The most memory of an arena in bytes: what 32 bits can address, less the codec's own part. */
const MAX_ARENA_SIZE = 2 ** 32 - 2 ** 20;

/** How many bytes a codec reads or writes behind a page or a delta, at most. */
const MARGIN = 64;

/**
 * Pages in slots, numbered from 0, and batches of pairs and deltas.
 *
 * A sender copies a page of the guest into a free slot of `pages`, which is the snapshot that it needs anyway; puts the
 * slots of the cached page and of the snapshot into `oldSlots` and `newSlots`; calls `encode` for the batch; sends what is
 * in `deltas`; and keeps the snapshot as the cached page. A receiver's pages are the slots; it puts what it has received
 * into `deltas`, `deltaSizes` and `oldSlots`, and calls `apply`.
 */
export class CodecArena {
  /** The number of bytes of each page. */
  readonly pageSize: number;
  /** How many pages there is room for. */
  readonly slotCount: number;
  /** How many pairs or deltas a batch has, at most. */
  readonly batchSize: number;
  /** The room for each delta in bytes. */
  readonly capacity: number;
  /** All pages: that of a slot begins at the slot times `pageSize`. They are zero at first. */
  readonly pages: Uint8Array;
  /** For each pair of a batch the slot of the old page; for each delta, that of the page it is applied to. */
  readonly oldSlots: Uint32Array;
  /** For each pair of a batch the slot of the new page. */
  readonly newSlots: Uint32Array;
  /** The deltas of a batch, one behind the other. */
  readonly deltas: Uint8Array;
  /** For each delta the number of its bytes, or one of `NO_DELTA`, which is no byte. */
  readonly deltaSizes: Int32Array;

  readonly #kernel: Kernel;
  readonly #layout: KernelLayout;

  /**
   * Takes what makes the kernel, and the size of the arena; `createArena` does it with the codec that was chosen.
   *
   * @throws RangeError if a number is no integer of 1 or more, or the page size more than 65536, or all of it is more than
   * 32 bits can address.
   */
  constructor(createKernel: CreateKernel, { pageSize, slotCount, batchSize, capacity = pageSize }: ArenaShape) {
    requirePageSize(pageSize);
    requireCount(slotCount, "slot count");
    requireCount(batchSize, "batch size");
    requireCount(capacity, "capacity");
    this.pageSize = pageSize;
    this.slotCount = slotCount;
    this.batchSize = batchSize;
    this.capacity = capacity;

    const [pagesSize, deltasSize, tableSize] = [slotCount * pageSize, batchSize * capacity, batchSize * 4];
    const byteCount = 3 * tableSize + pagesSize + deltasSize + 3 * MARGIN;
    if (MAX_ARENA_SIZE < byteCount) {
      throw new RangeError(`arena has to have at most ${MAX_ARENA_SIZE} bytes, not ${byteCount}`);
    }
    this.#kernel = createKernel(byteCount);
    const { memory, freeOffset } = this.#kernel;
    // The tables come first, because their offsets have to be divisible by 4.
    const deltaSizesOffset = freeOffset + 2 * tableSize;
    const pagesOffset = deltaSizesOffset + tableSize;
    const deltasOffset = pagesOffset + pagesSize + MARGIN;
    const newSlotsOffset = freeOffset + tableSize;
    this.#layout = {
      pagesOffset,
      pageSize,
      oldSlotsOffset: freeOffset,
      newSlotsOffset,
      deltasOffset,
      deltaSizesOffset,
    };
    this.oldSlots = new Uint32Array(memory, freeOffset, batchSize);
    this.newSlots = new Uint32Array(memory, newSlotsOffset, batchSize);
    this.deltaSizes = new Int32Array(memory, deltaSizesOffset, batchSize);
    this.pages = new Uint8Array(memory, pagesOffset, pagesSize);
    this.deltas = new Uint8Array(memory, deltasOffset, deltasSize);
  }

  /**
   * Encodes a batch: for each pair from the first, the outcome of `encodeDelta` with the arena's capacity. The deltas are
   * in `deltas` afterwards, one behind the other, and their sizes in `deltaSizes`; the bytes behind the last delta
   * mean nothing, and must not leave the machine.
   *
   * @param pairCount - How many pairs, 0 up to the batch size; their slots are in `oldSlots` and `newSlots`.
   * @throws RangeError if the count is no such number, or a slot is none of the arena. Source: DELTA-20 to DELTA-31.
   */
  encode(pairCount: number): void {
    this.#requireBatch(pairCount);
    this.#requireSlots(this.oldSlots, pairCount);
    this.#requireSlots(this.newSlots, pairCount);
    this.#kernel.encodePages(this.#layout, pairCount, this.capacity);
  }

  /**
   * Applies a batch of deltas in place and in order, up to the first that is malformed.
   *
   * @param deltaCount - How many deltas, 0 up to the batch size. Their slots are in `oldSlots`, their bytes in `deltas`, one
   * behind the other, and the numbers of these in `deltaSizes`; 0 or less is no byte, and the page stays.
   * @returns How many deltas were applied: all, or those before the first that is malformed. Its page then holds what the
   * pairs before the fault have made of it, as the chapter allows; `refusal` says what is wrong.
   * @throws RangeError if the count is no such number, a slot is none of the arena, or the deltas have more bytes than
   * `deltas`. Source: DELTA-5 to DELTA-19.
   */
  apply(deltaCount: number): number {
    this.#requireBatch(deltaCount);
    this.#requireSlots(this.oldSlots, deltaCount);
    const byteCount = this.#deltaOffset(deltaCount);
    if (this.deltas.length < byteCount) {
      throw new RangeError(`the deltas have to have at most ${this.deltas.length} bytes, not ${byteCount}`);
    }
    return this.#kernel.applyDeltas(this.#layout, deltaCount);
  }

  /**
   * Says why a delta of the last batch was refused.
   *
   * @param index - What `apply` has given.
   * @returns The error with which `applyDelta` refuses the delta; `undefined` if it is well-formed.
   */
  refusal(index: number): MalformedDeltaError | undefined {
    const begin = this.#deltaOffset(index);
    const delta = this.deltas.subarray(begin, begin + Math.max(this.deltaSizes[index] ?? 0, 0));
    try {
      applyDelta(new Uint8Array(this.pageSize), delta);
      return undefined;
    } catch (error) {
      return error as MalformedDeltaError;
    }
  }

  /** Where a delta of the batch begins in `deltas`, in bytes. */
  #deltaOffset(index: number): number {
    let offset = 0;
    for (let before = 0; before < index; before++) offset += Math.max(this.deltaSizes[before]!, 0);
    return offset;
  }

  #requireBatch(count: number): void {
    if (Number.isInteger(count) && 0 <= count && count <= this.batchSize) return;
    throw new RangeError(`batch has to be an integer from 0 to ${this.batchSize}, not ${count}`);
  }

  #requireSlots(slots: Uint32Array, count: number): void {
    for (let index = 0; index < count; index++) {
      if (slots[index]! < this.slotCount) continue;
      throw new RangeError(`slot ${index} of the batch has to be less than ${this.slotCount}, not ${slots[index]}`);
    }
  }
}

/** Checks a number of which there has to be at least one. */
function requireCount(count: number, name: string): void {
  if (Number.isInteger(count) && 1 <= count) return;
  throw new RangeError(`${name} has to be an integer of 1 or more, not ${count}`);
}
