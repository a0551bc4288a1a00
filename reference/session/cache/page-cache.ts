/**
 * The page cache of a sender (docs/xbzrle/session.md, "The page cache"): pages as the receiver has them.
 *
 * Its pages are slots of a codec's arena, where the snapshots are too: a snapshot that is copied into a free slot becomes the cached
 * page, and the slot of the page that it takes the place of becomes free. So no page is copied twice, and none is allocated.
 */

import { createArena } from "../../codec.ts";
import type { CodecArena } from "../../delta/arena/arena.ts";
import { requireCacheSize } from "../parameters.ts";
import { DirectMapped } from "./direct-mapped.ts";
import { Lru } from "./lru.ts";
import { type CacheEntries, type CreateReplacement, NO_ENTRY, NO_PAGE, type Replacement } from "./replacement.ts";
import { TwoWay } from "./two-way.ts";

/** The ways to choose which page makes room (session.md, "Replacement"). */
export const REPLACEMENT_NAMES = ["direct-mapped", "lru", "two-way"] as const;

/** The name of a way to choose which page makes room. */
export type ReplacementName = (typeof REPLACEMENT_NAMES)[number];

const REPLACEMENTS: Readonly<Record<ReplacementName, CreateReplacement>> = {
  "direct-mapped": (entries) => new DirectMapped(entries),
  lru: (entries, pageCount) => new Lru(entries, pageCount),
  "two-way": (entries) => new TwoWay(entries),
};

/** What a page cache is made of. */
export interface PageCacheShape {
  /** As `xbzrle-cache-size` has it, in bytes. */
  readonly sizeBytes: number;
  /** In bytes. */
  readonly pageSize: number;
  /** How many pages the guest has. */
  readonly pageCount: number;
  /** Which page makes room. */
  readonly replacement: ReplacementName;
  /** How many snapshots there are beside the cached pages, at most. */
  readonly snapshotCount: number;
}

/** What stands for no slot. */
export const NO_SLOT = -1;

/** SESSION-10: a delta has room for so many bytes less than a page has, so that an XBZRLE record is always the shorter one. */
const CAPACITY_MARGIN = 4;

/** Pages by number, and free slots for snapshots. */
export class PageCache {
  /** What it was made of. */
  readonly shape: PageCacheShape;
  /** Has the slots, and encodes them. */
  readonly arena: CodecArena;
  /** How many pages there is room for. */
  readonly entryCount: number;
  readonly #entries: CacheEntries;
  /** The slot of each entry that has a page. */
  readonly #slots: Int32Array;
  readonly #replacement: Replacement;
  readonly #freeSlots: Int32Array;
  #freeCount: number;
  #useCount = 0;

  /** Throws a RangeError if the size is none, or there is not so much memory; both with the name of the parameter. */
  constructor(shape: PageCacheShape) {
    const { sizeBytes, pageSize, pageCount, replacement, snapshotCount } = shape;
    requireCacheSize(sizeBytes, pageSize);
    this.shape = shape;
    // A cache with an entry for each page of the guest has no use for more.
    this.entryCount = Math.min(sizeBytes / pageSize, 2 ** Math.ceil(Math.log2(pageCount)));
    const slotCount = this.entryCount + snapshotCount;
    this.arena = arenaOf(shape, slotCount);
    this.#entries = {
      pages: new Int32Array(this.entryCount).fill(NO_PAGE),
      generations: new Uint32Array(this.entryCount),
      uses: new Float64Array(this.entryCount),
    };
    this.#slots = new Int32Array(this.entryCount).fill(NO_SLOT);
    this.#replacement = REPLACEMENTS[replacement](this.#entries, pageCount);
    this.#freeSlots = Int32Array.from({ length: slotCount }, (_, slot) => slot);
    this.#freeCount = slotCount;
  }

  /** The pages that are cached, with their slots; in no order. */
  *cached(): Generator<readonly [page: number, slot: number]> {
    for (const [entry, page] of this.#entries.pages.entries()) {
      if (page !== NO_PAGE) yield [page, this.#slots[entry]!];
    }
  }

  /** Takes a free slot, for a snapshot. There is one as long as no more than `snapshotCount` are taken and not cached. */
  takeSlot(): number {
    this.#freeCount -= 1;
    return this.#freeSlots[this.#freeCount]!;
  }

  /** Gives back a slot that is not cached. */
  freeSlot(slot: number): void {
    this.#freeSlots[this.#freeCount] = slot;
    this.#freeCount += 1;
  }

  /** The slot of a page; `NO_SLOT` if it is not cached. */
  find(page: number): number {
    const entry = this.#replacement.find(page);
    return entry === NO_ENTRY ? NO_SLOT : this.#slots[entry]!;
  }

  /**
   * Makes a snapshot the cached page, if the page is cached or another one makes room for it.
   *
   * @param page - The number of the page.
   * @param slot - That of the snapshot.
   * @param generation - The number of the round.
   * @returns The slot that is not cached any more, or not at all: that of the old copy, that of the page that has made room, or
   * the snapshot's own; `NO_SLOT` if there is none. It is not free until it is given back.
   */
  put(page: number, slot: number, generation: number): number {
    let entry = this.#replacement.find(page);
    if (entry === NO_ENTRY) {
      entry = this.#replacement.place(page, generation);
      if (entry === NO_ENTRY) return slot;
      if (this.#entries.pages[entry] !== NO_PAGE) this.#replacement.emptied(entry);
      this.#entries.pages[entry] = page;
    }
    const leaving = this.#slots[entry]!;
    this.#slots[entry] = slot;
    this.#entries.generations[entry] = generation;
    this.#useCount += 1;
    this.#entries.uses[entry] = this.#useCount;
    this.#replacement.used(entry);
    return leaving;
  }

  /** Drops the pages that are not to be kept, and frees their slots. */
  keepOnly(isKept: (page: number) => boolean): void {
    for (const [entry, page] of this.#entries.pages.entries()) {
      if (page !== NO_PAGE && !isKept(page)) this.#evict(entry);
    }
  }

  /**
   * Makes a cache of another size with the pages of this one, each with its generation and in the order of use: where two do not
   * fit, the one that was used later stays.
   *
   * @param sizeBytes - As `xbzrle-cache-size` has it.
   * @returns The other cache; this one is not changed.
   * @throws RangeError as the constructor.
   */
  resized(sizeBytes: number): PageCache {
    const other = new PageCache({ ...this.shape, sizeBytes });
    const { pages, generations, uses } = this.#entries;
    const cached = [...pages.keys()].filter((entry) => pages[entry] !== NO_PAGE);
    for (const entry of cached.sort((left, right) => uses[left]! - uses[right]!)) {
      other.#adopt(pages[entry]!, generations[entry]!, this.#bytesOf(this.#slots[entry]!));
    }
    return other;
  }

  #adopt(page: number, generation: number, bytes: Uint8Array): void {
    // No page is protected from one that was used later.
    const entry = this.#replacement.place(page, Number.POSITIVE_INFINITY);
    if (this.#entries.pages[entry] !== NO_PAGE) this.#evict(entry);
    const slot = this.takeSlot();
    this.arena.pages.set(bytes, slot * this.arena.pageSize);
    this.put(page, slot, generation);
  }

  #evict(entry: number): void {
    this.#replacement.emptied(entry);
    this.#entries.pages[entry] = NO_PAGE;
    this.freeSlot(this.#slots[entry]!);
    this.#slots[entry] = NO_SLOT;
  }

  #bytesOf(slot: number): Uint8Array {
    return this.arena.pages.subarray(slot * this.arena.pageSize, (slot + 1) * this.arena.pageSize);
  }
}

/** The arena of a cache; a RangeError that names the parameter if there is not so much memory. */
function arenaOf({ sizeBytes, pageSize, snapshotCount }: PageCacheShape, slotCount: number): CodecArena {
  try {
    return createArena({ pageSize, slotCount, batchSize: snapshotCount, capacity: pageSize - CAPACITY_MARGIN });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const found = `no memory for xbzrle-cache-size ${sizeBytes}: ${slotCount * pageSize} bytes are needed`;
    throw new RangeError(`${found}; set a smaller one, a power of two from ${pageSize}`, { cause });
  }
}
