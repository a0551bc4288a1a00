/**
 * Pages become records: a snapshot each, looked for in the cache, encoded in batches, written in order
 * (docs/xbzrle/session.md, "One snapshot").
 */

import { NO_DELTA } from "../delta/arena/kernel.ts";
import { newRecord, type RamBlock, type RamRecord, type RecordKind } from "../record/record.ts";
import { NO_SLOT, type PageCache } from "./cache/page-cache.ts";
import type { Counters } from "./counters.ts";
import { type GuestMemory, pageCountOf } from "./guest-memory.ts";
import type { PageCompressor } from "./page-compressor.ts";
import { PageSet } from "./page-set.ts";

/** How many snapshots wait to be encoded and written, at most. */
export const SNAPSHOT_COUNT = 64;

/**
 * What is done with the cache for a page: nothing; the page is looked for and its copy compared; or it is also kept, as what
 * the receiver has from now on; or it is kept and not looked for, because it cannot be there.
 */
export type CacheUse = "none" | "compare" | "keep" | "fill";

/** What a snapshot becomes: a record, or what comes of comparing it with its cached copy. */
type SnapshotKind = "zero" | "page" | "missed-page" | "pair";

/** Takes the records of an item of the section `ram`. */
export interface RecordOutput {
  /** How many bytes of the stream were written, in all. */
  readonly byteCount: number;
  /** Whether CONTINUE can be set on the next record, if it is of this block. */
  continues(block: RamBlock): boolean;
  /** Begins an item, unless one is begun. */
  begin(): void;
  /** Writes a record in the item. */
  record(record: RamRecord): void;
}

/** Where records come from, and where they go. */
export interface PageSenderParts {
  readonly memory: GuestMemory;
  readonly items: RecordOutput;
  readonly counters: Counters;
  /** Compresses the pages for which the cache is not used; left out, they are sent as they are. */
  readonly compressor?: PageCompressor | undefined;
  /** Whether a page waits for a worker to be free, rather than be sent as it is. */
  readonly waitsForCompressor: boolean;
  /** Gives the zlib stream of a page that would be sent as it is; left out, such pages are. */
  readonly deflate?: ((page: Uint8Array) => Uint8Array) | undefined;
}

/** Sends the pages that it is given. */
export class PageSender {
  readonly #parts: PageSenderParts;
  readonly #pageSize: number;
  /** It is changed for another one between batches, when nothing waits to be written. */
  cache: PageCache;
  /** The pages that were looked for in the cache. */
  #seen: PageSet;
  readonly #record: RamRecord = newRecord();
  /** The snapshots, in the order in which they are written; all are of the block. */
  readonly #kinds = new Array<SnapshotKind>(SNAPSHOT_COUNT).fill("zero");
  readonly #addresses = new Float64Array(SNAPSHOT_COUNT);
  readonly #slots = new Int32Array(SNAPSHOT_COUNT);
  #count = 0;
  #pairCount = 0;
  /** The slots that no cached page has any more: free as soon as the batch is written. */
  readonly #leaving = new Int32Array(SNAPSHOT_COUNT);
  #leavingCount = 0;
  /** The addresses of the pages that are being compressed; all are of the block too. */
  readonly #compressing = new Map<number, number>();
  #block: RamBlock;

  /** Takes its parts and the cache, whose snapshots are those of a batch. */
  constructor(parts: PageSenderParts, cache: PageCache) {
    this.#parts = parts;
    this.#pageSize = parts.memory.pageSize;
    this.cache = cache;
    this.#seen = new PageSet(pageCountOf(parts.memory));
    this.#block = parts.memory.blocks[0] as RamBlock;
  }

  /** From now on each page counts as new when it is first looked for in the cache. */
  forgetSeen(): void {
    this.#seen = new PageSet(this.#seen.pageCount);
  }

  /** Whether the batch has room for a page, if each page of it becomes a page record and the stream is to have so many bytes. */
  hasRoom(byteLimit: number): boolean {
    const byteBound = this.#parts.items.byteCount + this.#count * (8 + this.#pageSize);
    return this.#count < SNAPSHOT_COUNT && byteBound < byteLimit;
  }

  /** Whether pages are being compressed. */
  get isCompressing(): boolean {
    return 0 < this.#compressing.size;
  }

  /**
   * Takes a snapshot of a page into the batch, or has it compressed.
   *
   * @param page - Its number.
   * @param block - Its block.
   * @param address - Its address in the block, in bytes.
   * @param use - What is done with the cache.
   * @param round - The number of the round.
   * @returns Whether that was done; if not, the compressor has to finish something first.
   */
  add(page: number, block: RamBlock, address: number, use: CacheUse, round: number): boolean {
    if (block !== this.#block) {
      // COMP-13
      if (this.isCompressing) return false;
      this.flush();
      this.#block = block;
    }
    // SESSION-5: this copy is what is compared, written and cached; the guest's page is not read again.
    const slot = this.cache.takeSlot();
    this.#parts.memory.readPage(block, address, this.cache.arena.pages, slot * this.#pageSize);
    const isZero = this.cache.isZero(slot);
    if (use === "none" && !isZero && this.#parts.compressor !== undefined) {
      const outcome = this.#compress(this.#parts.compressor, page, address, slot);
      if (outcome !== "plain") {
        this.cache.freeSlot(slot);
        return outcome === "compressed";
      }
    }
    this.#addresses[this.#count] = address;
    this.#slots[this.#count] = slot;
    this.#kinds[this.#count] = isZero ? "zero" : this.#look(page, slot, use);
    this.#count += 1;
    // SESSION-7, SESSION-8: whatever record it becomes, the cached page is what the record gives; SESSION-12: "compare" keeps nothing.
    const leaving = use === "keep" || use === "fill" ? this.cache.put(page, slot, round) : slot;
    if (leaving !== NO_SLOT) this.#leaving[this.#leavingCount++] = leaving;
    return true;
  }

  /** Encodes the batch and writes its records. */
  flush(): void {
    if (this.#count === 0) return;
    const { arena } = this.cache;
    arena.encode(this.#pairCount);
    let pair = 0;
    let deltaStart = 0;
    for (let index = 0; index < this.#count; index++) {
      const kind = this.#kinds[index]!;
      if (kind !== "pair") {
        this.#writePage(kind, index);
        continue;
      }
      const deltaSize = arena.deltaSizes[pair]!;
      this.#writePair(index, deltaStart, deltaSize);
      deltaStart += Math.max(deltaSize, 0);
      pair += 1;
    }
    while (0 < this.#leavingCount) this.cache.freeSlot(this.#leaving[--this.#leavingCount]!);
    this.#count = 0;
    this.#pairCount = 0;
  }

  /** Writes the pages that were compressed. */
  writeCompressed(): void {
    const { compressor, counters } = this.#parts;
    if (!this.isCompressing) return;
    for (let done = compressor?.take(); done !== undefined; done = compressor?.take()) {
      const address = this.#compressing.get(done.page) as number;
      this.#compressing.delete(done.page);
      this.#write("compressed", address, done.zlib, 0, done.zlib.length);
      counters.compressedRecords += 1;
      counters.compressedBytes += 4 + done.zlib.length;
    }
  }

  /** Looks for the page in the cache, and pairs it with what is found. */
  #look(page: number, slot: number, use: CacheUse): SnapshotKind {
    if (use === "none" || use === "fill") return "page";
    const { arena } = this.cache;
    const cached = this.cache.find(page);
    const isNew = this.#seen.add(page);
    if (cached === NO_SLOT) {
      this.#parts.counters.cacheMisses += 1;
      if (isNew) this.#parts.counters.newPages += 1;
      return "missed-page";
    }
    arena.oldSlots[this.#pairCount] = cached;
    arena.newSlots[this.#pairCount] = slot;
    this.#pairCount += 1;
    return "pair";
  }

  #compress(compressor: PageCompressor, page: number, address: number, slot: number): "compressed" | "wait" | "plain" {
    const { items, waitsForCompressor, counters } = this.#parts;
    if (!items.continues(this.#block)) {
      this.flush();
      // COMP-9: the first page of a block goes out as it is, and names it.
      if (!items.continues(this.#block)) return "plain";
    }
    if (compressor.give(page, this.cache.arena.pages, slot * this.#pageSize)) {
      this.#compressing.set(page, address);
      return "compressed";
    }
    if (waitsForCompressor) return "wait";
    // COMP-18
    counters.busyPages += 1;
    return "plain";
  }

  #writePage(kind: SnapshotKind, index: number): void {
    const { counters } = this.#parts;
    const bytes = this.cache.page(this.#slots[index]!);
    const byteCount = (kind !== "zero" && this.#writeDeflated(index, bytes)) || this.#writePlain(kind, index, bytes);
    if (kind === "missed-page") counters.lookedUpBytes += byteCount;
  }

  #writePlain(kind: SnapshotKind, index: number, bytes: Uint8Array): number {
    const { counters } = this.#parts;
    if (kind === "zero") counters.zeroRecords += 1;
    else counters.pageRecords += 1;
    const recordKind = kind === "zero" ? "zero" : "page";
    return this.#write(recordKind, this.#addresses[index]!, bytes, 0, this.#pageSize);
  }

  /** Writes a page compressed, if that is wanted and it becomes shorter; gives how many bytes the record has, or 0. */
  #writeDeflated(index: number, page: Uint8Array): number {
    const { deflate, items, counters } = this.#parts;
    // COMP-9: the first page of a block goes out as it is, and names it.
    if (deflate === undefined || !items.continues(this.#block)) return 0;
    const zlib = deflate(page);
    if (this.#pageSize <= 4 + zlib.length) return 0;
    counters.compressedRecords += 1;
    counters.compressedBytes += 4 + zlib.length;
    return this.#write("compressed", this.#addresses[index]!, zlib, 0, zlib.length);
  }

  #writePair(index: number, deltaStart: number, deltaSize: number): void {
    const { counters } = this.#parts;
    counters.cacheHits += 1;
    // SESSION-9: the receiver has this page already. RECORD-13: nothing is written, so no block is named.
    if (deltaSize === NO_DELTA.unchanged) return;
    if (deltaSize === NO_DELTA.overflow) {
      counters.overflows += 1;
      counters.xbzrleBytes += this.#pageSize;
      return this.#writePage("missed-page", index);
    }
    const end = deltaStart + deltaSize;
    const byteCount = this.#write("xbzrle", this.#addresses[index]!, this.cache.arena.deltas, deltaStart, end);
    counters.xbzrleRecords += 1;
    counters.xbzrleBytes += byteCount - 8;
    counters.lookedUpBytes += byteCount;
  }

  /** Writes a record of a page, and gives how many bytes it has. */
  #write(kind: RecordKind, address: number, bytes: Uint8Array, start: number, end: number): number {
    const { items } = this.#parts;
    const record = this.#record;
    record.kind = kind;
    record.block = this.#block;
    record.address = address;
    // RECORD-14
    record.isContinued = items.continues(this.#block);
    record.bytes = bytes;
    record.start = start;
    record.end = end;
    items.begin();
    const before = items.byteCount;
    items.record(record);
    return items.byteCount - before;
  }
}
