/**
 * What the parts of a sender cost for a page that is in the cache: to find it, to copy it to a snapshot, and to encode it. Each is
 * measured over the pages of a round, with the parts that the sender has.
 */

import { PageRound } from "../../reference/commands/simulate/page-round.ts";
import type { SimulatedMemory } from "../../reference/guest/memory.ts";
import type { Workload } from "../../reference/guest/workloads/workload.ts";
import type { RamBlock } from "../../reference/record/record.ts";
import { PageCache } from "../../reference/session/cache/page-cache.ts";
import { SNAPSHOT_COUNT } from "../../reference/session/page-sender.ts";
import { PageSet } from "../../reference/session/page-set.ts";
import { median } from "./median.ts";

/** What the columns of `measureCosts` are. */
export const COST_HEADING = ["lookup", "snapshot", "encoding", "(lookup + snapshot) / encoding"];

/** Caches fill in the first. */
const FIRST_ROUND = 30;
const ROUND_COUNT = 31;

/** A guest with one block, and how much is written to it between two rounds, in bytes. */
export interface MeasuredGuest {
  readonly memory: SimulatedMemory;
  readonly workload: Workload;
  readonly writtenBytes: number;
}

/** Nanoseconds a page: medians of rounds, and the median of their ratios; as cells of a table. */
export function measureCosts({ memory, workload, writtenBytes }: MeasuredGuest): string[] {
  const { pageSize } = memory;
  const ram = memory.blocks[0] as RamBlock;
  const pageCount = ram.usedLength / pageSize;
  const shape = { sizeBytes: ram.usedLength, pageSize, pageCount, snapshotCount: SNAPSHOT_COUNT };
  const cache = new PageCache({ ...shape, replacement: "direct-mapped" });
  const turns: (readonly [lookup: number, snapshot: number, encoding: number])[] = [];
  for (let round = 1; round < FIRST_ROUND + ROUND_COUNT; round++) {
    for (let written = 0; written < writtenBytes; ) written += workload.step();
    const pages = dirtyPages(memory, pageCount);
    const turn = new PageRound(cache, memory, pages, round);
    const costs = [turn.lookupNs(), turn.snapshotNs(), turn.encodingNs()] as const;
    if (FIRST_ROUND <= round) turns.push(costs);
  }
  const ratios = turns.map(([lookup, snapshot, encoding]) => (lookup + snapshot) / encoding);
  const columns = [0, 1, 2].map((column) => median(turns.map((turn) => turn[column]!)).toFixed(0));
  return [...columns, median(ratios).toFixed(2)];
}

function dirtyPages(memory: SimulatedMemory, pageCount: number): readonly number[] {
  const dirty = new PageSet(pageCount);
  memory.takeDirty(dirty);
  const pages: number[] = [];
  for (let page = dirty.takeNext(0); 0 <= page; page = dirty.takeNext(page)) pages.push(page);
  return pages;
}
