/**
 * What the parts of a sender cost for a page that is in the cache: to find it, to copy it to a snapshot, and to encode it. Each is
 * measured over the pages of a round, with the parts that the sender has.
 */

import type { SimulatedMemory } from "../../reference/guest/memory.ts";
import type { Workload } from "../../reference/guest/workloads/workload.ts";
import type { RamBlock } from "../../reference/record/record.ts";
import { NO_SLOT, PageCache } from "../../reference/session/cache/page-cache.ts";
import { SNAPSHOT_COUNT } from "../../reference/session/page-sender.ts";
import { PageSet } from "../../reference/session/page-set.ts";
import { cpuMs } from "./cpu.ts";
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
    const turn = new CostTurn(cache, memory, ram, pages, round);
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

/** One round. */
class CostTurn {
  readonly #cache: PageCache;
  readonly #memory: SimulatedMemory;
  readonly #ram: RamBlock;
  readonly #pages: readonly number[];
  readonly #round: number;

  constructor(cache: PageCache, memory: SimulatedMemory, ram: RamBlock, pages: readonly number[], round: number) {
    this.#cache = cache;
    this.#memory = memory;
    this.#ram = ram;
    this.#pages = pages;
    this.#round = round;
  }

  /** Each page is looked for, and what is found is kept as the copy of this round. */
  lookupNs(): number {
    return this.#eachNs(() => {
      for (const page of this.#pages) {
        const slot = this.#cache.find(page);
        if (slot !== NO_SLOT) this.#cache.put(page, slot, this.#round);
      }
    });
  }

  /** Each page is copied to a slot, of as many as a batch has. */
  snapshotNs(): number {
    const slots = Array.from({ length: SNAPSHOT_COUNT }, () => this.#cache.takeSlot());
    const ns = this.#eachNs(() => {
      for (const [index, page] of this.#pages.entries()) this.#snapshot(page, slots[index % SNAPSHOT_COUNT]!);
    });
    for (const slot of slots) this.#cache.freeSlot(slot);
    return ns;
  }

  /** The pages are compared with their copies, batch by batch, and become the copies. */
  encodingNs(): number {
    const { arena } = this.#cache;
    let encodedCount = 0;
    let encodedMs = 0;
    for (let begin = 0; begin < this.#pages.length; begin += SNAPSHOT_COUNT) {
      const leaving: number[] = [];
      let pairCount = 0;
      for (const page of this.#pages.slice(begin, begin + SNAPSHOT_COUNT)) {
        const slot = this.#cache.takeSlot();
        this.#snapshot(page, slot);
        const cached = this.#cache.find(page);
        if (cached !== NO_SLOT) {
          arena.oldSlots[pairCount] = cached;
          arena.newSlots[pairCount] = slot;
          pairCount += 1;
        }
        const left = this.#cache.put(page, slot, this.#round);
        if (left !== NO_SLOT) leaving.push(left);
      }
      encodedMs += cpuMs(() => arena.encode(pairCount));
      encodedCount += pairCount;
      for (const slot of leaving) this.#cache.freeSlot(slot);
    }
    return (encodedMs * 1e6) / encodedCount;
  }

  #snapshot(page: number, slot: number): void {
    const { pageSize } = this.#memory;
    this.#memory.readPage(this.#ram, page * pageSize, this.#cache.arena.pages, slot * pageSize);
  }

  #eachNs(run: () => void): number {
    return (cpuMs(run) * 1e6) / this.#pages.length;
  }
}
