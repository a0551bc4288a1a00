/**
 * What the parts of a sender cost for the pages of a round: to find them in the cache, to copy them to snapshots, and to encode them. The
 * parts are those that a sender has; times are those of the processor.
 */

import type { SimulatedMemory } from "../../guest/memory.ts";
import type { RamBlock } from "../../record/record.ts";
import { NO_SLOT, type PageCache } from "../../session/cache/page-cache.ts";
import { SNAPSHOT_COUNT } from "../../session/page-sender.ts";
import { cpuMs } from "../cpu.ts";

/** One round over pages of the first block. */
export class PageRound {
  readonly #cache: PageCache;
  readonly #memory: SimulatedMemory;
  readonly #ram: RamBlock;
  readonly #pages: readonly number[];
  readonly #round: number;

  /** Takes the cache, which has room for `SNAPSHOT_COUNT` snapshots; the guest, its dirty pages, and the number of the round. */
  constructor(cache: PageCache, memory: SimulatedMemory, pages: readonly number[], round: number) {
    this.#cache = cache;
    this.#memory = memory;
    this.#ram = memory.blocks[0] as RamBlock;
    this.#pages = pages;
    this.#round = round;
  }

  /** Nanoseconds a page: each is looked for, and what is found is kept as the copy of this round. */
  lookupNs(): number {
    return this.#eachNs(() => {
      for (const page of this.#pages) {
        const slot = this.#cache.find(page);
        if (slot !== NO_SLOT) this.#cache.put(page, slot, this.#round);
      }
    });
  }

  /** Nanoseconds a page: each is copied to a slot, of as many as a batch has. */
  snapshotNs(): number {
    const slots = Array.from({ length: SNAPSHOT_COUNT }, () => this.#cache.takeSlot());
    const ns = this.#eachNs(() => {
      for (const [index, page] of this.#pages.entries()) this.#snapshot(page, slots[index % SNAPSHOT_COUNT]!);
    });
    for (const slot of slots) this.#cache.freeSlot(slot);
    return ns;
  }

  /** Nanoseconds a page that is cached: they are compared with their copies, batch by batch, and become the copies. */
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
