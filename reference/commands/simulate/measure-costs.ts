/**
 * What pages cost on this machine (docs/simulation.md, "The model"): measured, before scenarios are simulated with it.
 */

import { deflateSync } from "node:zlib";
import { compressionParameter } from "../../compressed/parameters.ts";
import { layContents } from "../../guest/contents.ts";
import { GuestBlock, SimulatedMemory } from "../../guest/memory.ts";
import { PageCache } from "../../session/cache/page-cache.ts";
import { SNAPSHOT_COUNT } from "../../session/page-sender.ts";
import type { Costs } from "../../simulation/costs.ts";
import { cpuMs } from "../cpu.ts";
import { PageRound } from "./page-round.ts";

/** More than the caches of most processors hold, in bytes. */
const MEMORY_SIZE = 2 ** 25;

/** How often each is measured; the least time counts, for nothing makes a page cheaper than it is. */
const ROUND_COUNT = 9;

/** The first rounds fill the cache, and have the engine compile. */
const FIRST_ROUND = 3;

/** How many pages are compressed each time: it takes long. */
const COMPRESSED_COUNT = 200;

/** The guest changes so many bytes of each page between two rounds, as the synthetic load does. */
const CHANGED_COUNT = 4;

/**
 * Measures what pages cost; that takes less than a second or two.
 *
 * @param pageSize - In bytes.
 * @returns Nanoseconds a page: of zero pages to be tested; of pages that zlib makes less than a third of, to be copied, to be encoded
 * with four bytes changed, and to be compressed at the usual level.
 */
export function measureCosts(pageSize: number): Costs {
  const block = new GuestBlock("ram", new Uint8Array(MEMORY_SIZE), pageSize);
  layContents(block, { zero: 0, words: 1 }, 1);
  const memory = new SimulatedMemory("none", [block]);
  const pages = Array.from({ length: block.pageCount }, (_, page) => page);
  const cache = new PageCache({
    sizeBytes: MEMORY_SIZE,
    pageSize,
    pageCount: pages.length,
    replacement: "direct-mapped",
    snapshotCount: SNAPSHOT_COUNT,
  });
  const rounds = Array.from({ length: FIRST_ROUND + ROUND_COUNT }, (_, index) => {
    for (const page of pages) change(block, page, index);
    const round = new PageRound(cache, memory, pages, index + 1);
    return { copyNs: round.snapshotNs(), encodeNs: round.encodingNs() };
  }).slice(FIRST_ROUND);
  return {
    zeroTestNs: leastOf(() => zeroTestNs(cache)),
    copyNs: Math.min(...rounds.map(({ copyNs }) => copyNs)),
    encodeNs: Math.min(...rounds.map(({ encodeNs }) => encodeNs)),
    compressNs: leastOf(() => compressNs(block)),
  };
}

function change(block: GuestBlock, page: number, index: number): void {
  const stride = block.pageSize / CHANGED_COUNT;
  for (let at = 0; at < block.pageSize; at += stride) {
    block.write(page * block.pageSize + at, Uint8Array.of(index + 1));
  }
}

function zeroTestNs(cache: PageCache): number {
  const slot = cache.takeSlot();
  cache.page(slot).fill(0);
  const testCount = MEMORY_SIZE / cache.shape.pageSize;
  let zeroCount = 0;
  const ms = cpuMs(() => {
    for (let count = 0; count < testCount; count++) if (cache.isZero(slot)) zeroCount += 1;
  });
  cache.freeSlot(slot);
  return (ms * 1e6) / zeroCount;
}

function compressNs(block: GuestBlock): number {
  const level = compressionParameter("compress-level", undefined);
  const count = Math.min(COMPRESSED_COUNT, block.pageCount);
  const ms = cpuMs(() => {
    for (let page = 0; page < count; page++) {
      deflateSync(block.page(page * block.pageSize), { level, chunkSize: 2 * block.pageSize });
    }
  });
  return (ms * 1e6) / count;
}

function leastOf(measure: () => number): number {
  return Math.min(...Array.from({ length: ROUND_COUNT }, measure));
}
