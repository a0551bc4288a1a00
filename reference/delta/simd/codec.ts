/**
 * `encodeDelta` and `applyDelta` by a kernel: the same outcomes and the same errors as the plain codec's, for one page a
 * call. A caller who has many pages is better off with an arena, which copies nothing.
 */

import { requireBytes } from "../../bytes.ts";
import { MAX_PAGE_SIZE, requireOldPage, requirePages } from "../../page.ts";
import { type CreateKernel, type KernelLayout, NO_DELTA } from "../arena/kernel.ts";
import { applyDelta as applyDeltaPlainly } from "../decode.ts";
import { type EncodeOutcome, type encodeDelta, requireCapacity } from "../encode.ts";
import { checkDelta } from "../patch.ts";

/** The two functions of a codec. */
export interface Codec {
  readonly encodeDelta: typeof encodeDelta;
  readonly applyDelta: typeof applyDeltaPlainly;
}

/**
 * More bytes than any delta of a page has that is well-formed: (5 n + 5) / 2 for n bytes, see delta.md, "Security
 * considerations".
 */
const DELTA_ROOM = 3 * MAX_PAGE_SIZE;

/** How many bytes are read or written behind a page or a delta, at most. */
const MARGIN = 64;

/**
 * Makes a codec of a kernel.
 *
 * @param createKernel - Makes the kernel, whose memory the codec keeps: 400 KiB.
 * @returns The codec; see `encodeDelta` and `applyDelta` in the files beside for what the functions do.
 */
export function createCodec(createKernel: CreateKernel): Codec {
  const kernel = createKernel(2 * MAX_PAGE_SIZE + DELTA_ROOM + 3 * MARGIN);
  const { memory, freeOffset } = kernel;
  const bytes = new Uint8Array(memory);
  // The three tables have a row each, and the two pages stand behind them: the old page is slot 0, the new one slot 1.
  const [oldSlotsOffset, newSlotsOffset, deltaSizesOffset] = [freeOffset, freeOffset + 4, freeOffset + 8];
  const pagesOffset = freeOffset + MARGIN;
  const deltasOffset = pagesOffset + 2 * MAX_PAGE_SIZE + MARGIN;
  const deltaSize = new Int32Array(memory, deltaSizesOffset, 1);
  new Uint32Array(memory, newSlotsOffset, 1).fill(1);
  let layout = { pageSize: 0, pagesOffset, oldSlotsOffset, newSlotsOffset, deltasOffset, deltaSizesOffset };
  // Made anew only where the page size is another: it takes longer than a page.
  const layoutOf = (pageSize: number): KernelLayout => {
    if (layout.pageSize !== pageSize) layout = { ...layout, pageSize };
    return layout;
  };

  return {
    encodeDelta(oldPage, newPage, capacity): EncodeOutcome {
      requirePages(oldPage, newPage);
      requireCapacity(capacity);
      bytes.set(oldPage, pagesOffset);
      bytes.set(newPage, pagesOffset + oldPage.length);
      kernel.encodePages(layoutOf(oldPage.length), 1, Math.min(capacity, DELTA_ROOM));
      const size = deltaSize[0]!;
      if (size === NO_DELTA.unchanged) return { kind: "unchanged" };
      if (size === NO_DELTA.overflow) return { kind: "overflow" };
      return { kind: "delta", delta: bytes.slice(deltasOffset, deltasOffset + size) };
    },

    applyDelta(oldPage, delta) {
      requireOldPage(oldPage);
      requireBytes(delta, "delta");
      // A delta with more bytes is malformed.
      if (DELTA_ROOM < delta.length) return applyDeltaPlainly(oldPage, delta);
      bytes.set(oldPage, pagesOffset);
      bytes.set(delta, deltasOffset);
      deltaSize[0] = delta.length;
      if (kernel.applyDeltas(layoutOf(oldPage.length), 1) === 1) {
        return bytes.slice(pagesOffset, pagesOffset + oldPage.length);
      }
      // The plain codec finds the fault again, and says it.
      checkDelta(delta, oldPage.length);
      throw new Error("a delta is refused with SIMD that the plain codec accepts; please report it");
    },
  };
}
