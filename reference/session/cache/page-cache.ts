/**
 * The page cache of a sender (docs/xbzrle/session.md, "The page cache"): pages as the receiver has them.
 *
 * Its pages are slots of a codec's arena, where the snapshots are too: a snapshot that is copied into a free slot becomes the cached
 * page, and the slot of the page that it takes the place of becomes free. So no page is copied twice, and none is allocated.
 */

import { createArena } from "../../codec.ts";
import type { CodecArena } from "../../delta/arena/arena.ts";
import { requireCacheSize } from "../parameters.ts";
import { CacheDirectory, type ReplacementName } from "./directory.ts";
import { NO_ENTRY } from "./replacement.ts";

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
  /** In how many parts it is divided: see `CacheDirectory`. */
  readonly partCount: number;
  readonly #directory: CacheDirectory;
  /** The slot of each entry that has a page. */
  readonly #slots: Int32Array;
  readonly #freeSlots: Int32Array;
  #freeCount: number;
  /** Views of the pages of those slots that were asked for. */
  readonly #pages: (Uint8Array | undefined)[];
  /** The pages of all slots in words of four bytes: that is how zero pages are found. */
  readonly #words: Uint32Array;

  /** Throws a RangeError if the size is none, or there is not so much memory; both with the name of the parameter. */
  constructor(shape: PageCacheShape) {
    const { sizeBytes, pageSize, pageCount, replacement, snapshotCount } = shape;
    requireCacheSize(sizeBytes, pageSize);
    this.shape = shape;
    this.#directory = new CacheDirectory(replacement, sizeBytes, pageSize, pageCount);
    this.entryCount = this.#directory.entryCount;
    this.partCount = this.#directory.partCount;
    const slotCount = this.entryCount + snapshotCount;
    this.arena = arenaOf(shape, slotCount);
    this.#slots = new Int32Array(this.entryCount).fill(NO_SLOT);
    this.#freeSlots = Int32Array.from({ length: slotCount }, (_, slot) => slot);
    this.#freeCount = slotCount;
    this.#pages = new Array(slotCount);
    const { pages } = this.arena;
    this.#words = new Uint32Array(pages.buffer, pages.byteOffset, pages.length / 4);
  }

  /** Whether there is room for no page more, unless another makes it. */
  get isFull(): boolean {
    return this.#directory.isFull;
  }

  /** The pages that are cached, with their slots; in no order. */
  *cached(): Generator<readonly [page: number, slot: number]> {
    for (const { page, entry } of this.#directory.cached()) yield [page, this.#slots[entry]!];
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

  /** What a slot holds: the same view each time. */
  page(slot: number): Uint8Array {
    const { pageSize } = this.shape;
    this.#pages[slot] ??= this.arena.pages.subarray(slot * pageSize, (slot + 1) * pageSize);
    return this.#pages[slot];
  }

  /** Whether all bytes of a slot are zero. */
  isZero(slot: number): boolean {
    const start = (slot * this.shape.pageSize) / 4;
    const end = start + this.shape.pageSize / 4;
    const words = this.#words;
    // Most pages that are not zero begin so; and eight words at a time take a third of the time of one by one.
    if (words[start] !== 0) return false;
    for (let at = start; at < end; at += 8) {
      const first = words[at]! | words[at + 1]! | words[at + 2]! | words[at + 3]!;
      if ((first | words[at + 4]! | words[at + 5]! | words[at + 6]! | words[at + 7]!) !== 0) return false;
    }
    return true;
  }

  /** The slot of a page; `NO_SLOT` if it is not cached. */
  find(page: number): number {
    const entry = this.#directory.find(page);
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
    const entry = this.#directory.claim(page, generation);
    return entry === NO_ENTRY ? slot : this.#exchange(entry, slot);
  }

  /** Drops the pages that are not to be kept, and frees their slots. */
  keepOnly(isKept: (page: number) => boolean): void {
    for (const { page, entry } of this.#directory.cached()) {
      if (!isKept(page)) this.#drop(entry);
    }
  }

  /** Drops a page, if it is cached, and frees its slot. */
  drop(page: number): void {
    const entry = this.#directory.find(page);
    if (entry !== NO_ENTRY) this.#drop(entry);
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
    for (const { page, entry, generation } of this.#directory.inOrderOfUse()) {
      other.#adopt(page, generation, this.#bytesOf(this.#slots[entry]!));
    }
    return other;
  }

  /** Takes a page of another cache in. No page is protected from one that was used later. */
  #adopt(page: number, generation: number, bytes: Uint8Array): void {
    const slot = this.takeSlot();
    this.arena.pages.set(bytes, slot * this.arena.pageSize);
    const leaving = this.#exchange(this.#directory.claim(page, generation, true), slot);
    if (leaving !== NO_SLOT) this.freeSlot(leaving);
  }

  #drop(entry: number): void {
    this.#directory.drop(entry);
    this.freeSlot(this.#exchange(entry, NO_SLOT));
  }

  /** Gives an entry another slot. Gives the one that it had. */
  #exchange(entry: number, slot: number): number {
    const leaving = this.#slots[entry]!;
    this.#slots[entry] = slot;
    return leaving;
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
