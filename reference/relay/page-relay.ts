/**
 * The records of pages that a relay takes become those that it writes (docs/xbzrle/relay.md, "Pages"): what a sender does with the
 * pages of its guest, done with the pages of a stream.
 */

import { quoteName } from "../errors.ts";
import { NO_BLOCK, newRecord, type RamBlock, type RamRecord } from "../record/record.ts";
import { NO_SLOT, PageCache } from "../session/cache/page-cache.ts";
import { type Counters, newCounters } from "../session/counters.ts";
import { Effectiveness } from "../session/effectiveness.ts";
import type { GuestMemory } from "../session/guest-memory.ts";
import { type CacheUse, PageSender, type RecordOutput, SNAPSHOT_COUNT } from "../session/page-sender.ts";
import { Periods } from "../session/rates.ts";
import { RoundMeter } from "../session/round-figures.ts";
import type { Standing } from "../session/status.ts";
import type { StreamWriter } from "../stream/write.ts";
import type { SettledOptions } from "./options.ts";

/** A page has a number of 31 bits: the pages of 8 TiB, if they have 4096 bytes. */
const MAX_PAGE_COUNT = 2 ** 31;

/** A page that was cached in the first round was not looked for, and is as if it was used two rounds before: it is not protected. */
const GENERATION_OF_USE = 2;

/** A block, and the number of its first page. */
interface NumberedBlock {
  readonly block: RamBlock;
  readonly firstPage: number;
}

/** What is done with the pages, and what comes of it. */
interface PageWork {
  readonly pages: PageSender;
  readonly effectiveness: Effectiveness;
  readonly meter: RoundMeter;
}

/** Takes the records of the section `ram`, and writes others in their place. */
export class PageRelay {
  readonly #writer: StreamWriter;
  readonly #options: SettledOptions;
  readonly #counters: Counters = newCounters();
  readonly #periods = new Periods();
  /** The blocks by name, in the order of the first list, each with the number of its first page. */
  readonly #blocks = new Map<string, NumberedBlock>();
  #pageCount = 0;
  #pageSize = 4096;
  /** There is none before the first page. */
  #work: PageWork | undefined;
  #beganMs = 0;
  #round = 1;
  /** The record that is taken. */
  #record: RamRecord = newRecord();
  /** The record that is written where the taken one is passed. */
  readonly #passed: RamRecord = newRecord();
  /** The page that was taken last: its number, which is -1 if there is none, its block and its address. */
  #page = -1;
  #block: NumberedBlock = { block: NO_BLOCK, firstPage: 0 };
  #address = 0;

  /** Takes where the records go, and what the operator has chosen. */
  constructor(writer: StreamWriter, options: SettledOptions) {
    this.#writer = writer;
    this.#options = options;
  }

  /** Whether a record of a page was taken. */
  get hasPages(): boolean {
    return this.#work !== undefined;
  }

  /** What a report is made of. What is left of a round, only the sender knows. */
  get standing(): Standing {
    return {
      counters: { ...this.#counters, streamBytes: this.#writer.byteCount },
      period: this.#periods.last,
      pageSize: this.#pageSize,
      totalBytes: this.#pageCount * this.#pageSize,
      remainingPageCount: 0,
      round: this.#round,
      cacheSizeBytes: this.#options.cacheSizeBytes,
      usesXbzrle: true,
      compresses: this.#options.deflate !== undefined,
    };
  }

  /** Begins: the time in milliseconds, on a clock of the caller that does not go back. */
  start(nowMs: number): void {
    this.#beganMs = nowMs;
    this.#periods.start(nowMs);
  }

  /**
   * Takes a record and writes what it becomes, now or at the next `flush`.
   *
   * @param record - As the reader gives it.
   * @param pageSize - In bytes.
   * @param nowMs - The time.
   * @returns Why the record cannot be taken, and nothing has become of it; `undefined` if it was.
   * @throws RangeError if there is no memory for the page cache, or its size is none for the page size.
   */
  take(record: RamRecord, pageSize: number, nowMs: number): string | undefined {
    switch (record.kind) {
      case "multifd-flush":
        return "pages travel on other channels (multifd)";
      case "block":
        return this.#takeBlock(record, pageSize);
      case "memory-sizes":
      case "end-of-section":
        this.flush();
        // RELAY-7: so that whoever goes on, behind this item or in the midst of the list, may continue the block that the sender continues.
        this.announce();
        break;
      default:
        return this.#takePage(record, nowMs);
    }
    this.flush();
    this.#writer.record(record);
    return undefined;
  }

  /** Writes what waits to be written. */
  flush(): void {
    this.#work?.pages.flush();
  }

  /**
   * RELAY-7: if the page that was taken last was not written, and no record of its block since, names the block: by a delta of that page
   * with one literal, which is the byte that the page has.
   */
  announce(): void {
    const { block } = this.#block;
    if (this.#page < 0 || this.#work === undefined || this.#writer.continues(block)) return;
    const { cache } = this.#work.pages;
    // It was left out because it is what the cache has, and nothing was cached since.
    const first = cache.arena.pages[cache.find(this.#page) * this.#pageSize] as number;
    const bytes = Uint8Array.of(0, 1, first);
    this.#writer.record({
      ...newRecord(),
      kind: "xbzrle",
      block,
      address: this.#address,
      bytes,
      end: bytes.length,
    });
  }

  /** A block has the length that it had in the list before, if there was one. */
  #takeBlock(record: RamRecord, pageSize: number): string | undefined {
    const { block } = record;
    const known = this.#blocks.get(block.name);
    if (known === undefined) {
      if (this.#work !== undefined) return `block ${quoteName(block.name)} is new`;
      this.#pageSize = pageSize;
      this.#blocks.set(block.name, { block, firstPage: this.#pageCount });
      this.#pageCount += block.usedLength / pageSize;
    } else if (known.block.usedLength !== block.usedLength) return `block ${quoteName(block.name)} was resized`;
    this.flush();
    this.#writer.record(record);
    return undefined;
  }

  #takePage(record: RamRecord, nowMs: number): string | undefined {
    if (MAX_PAGE_COUNT < this.#pageCount) return `the guest has more than ${MAX_PAGE_COUNT} pages`;
    this.#work ??= this.#begin();
    // RELAY-5: of others it does not know what the receiver has then.
    const isWhole = record.kind === "page" || (record.kind === "zero" && record.fill === 0);
    if (!isWhole) this.flush();
    // A compressed record, and a delta, continue the block that the sender has named.
    if (!isWhole && record.isContinued) this.announce();
    if (record.block.name !== this.#block.block.name)
      this.#block = this.#blocks.get(record.block.name) as NumberedBlock;
    const page = this.#block.firstPage + record.address / this.#pageSize;
    // Compressed records come in any order.
    if (record.kind !== "compressed" && page <= this.#page) this.#beginRound(this.#work, nowMs);
    this.#page = page;
    this.#address = record.address;
    if (isWhole) this.#takeWhole(this.#work, record);
    else {
      this.#work.pages.cache.drop(page);
      this.#writer.record(record);
    }
    return undefined;
  }

  #takeWhole({ pages, effectiveness }: PageWork, record: RamRecord): void {
    const isUsed = effectiveness.uses(this.#page);
    // RELAY-4: also in the first round, where a page can come again behind compressed records.
    if (isUsed && pages.cache.find(this.#page) !== NO_SLOT) return this.#add(pages, record, "keep");
    const kind = record.kind === "zero" || isZero(record) ? "zero" : "page";
    const use = isUsed ? this.#cacheUse(kind, pages.cache) : "none";
    const isPassed = kind === "zero" || this.#options.deflate === undefined;
    if (isPassed && (use === "none" || use === "fill")) {
      this.#passPage(record, kind);
      if (use === "fill") this.#fill(pages.cache, record);
      return;
    }
    this.#add(pages, record, use);
  }

  #add(pages: PageSender, record: RamRecord, use: CacheUse): void {
    if (!pages.hasRoom(Number.POSITIVE_INFINITY)) pages.flush();
    this.#record = record;
    // RELAY-3: what is cached from now on is what the record that is written gives the page.
    const generation = use === "fill" ? this.#round : this.#round + GENERATION_OF_USE;
    pages.add(this.#page, this.#block.block, record.address, use, generation);
  }

  /** Caches a page that is not looked for. */
  #fill(cache: PageCache, record: RamRecord): void {
    const slot = cache.takeSlot();
    this.#record = record;
    this.#copyPage(cache.arena.pages, slot * this.#pageSize);
    const leaving = cache.put(this.#page, slot, this.#round);
    if (leaving !== NO_SLOT) cache.freeSlot(leaving);
  }

  /** A page that is not compared is written from where it is. */
  #passPage({ block, address, bytes, start, end }: RamRecord, kind: "zero" | "page"): void {
    this.flush();
    if (kind === "zero") this.#counters.zeroRecords += 1;
    else this.#counters.pageRecords += 1;
    const passed = this.#passed;
    passed.kind = kind;
    passed.block = block;
    passed.address = address;
    // RELAY-6
    passed.isContinued = this.#writer.continues(block);
    passed.bytes = bytes;
    passed.start = start;
    passed.end = end;
    this.#writer.record(passed);
  }

  /** What is done with the cache for a page that is not in it. */
  #cacheUse(kind: "zero" | "page", cache: PageCache): CacheUse {
    const { keepsZeroPages, fillsInFirstRound } = this.#options;
    if (kind === "zero" && !keepsZeroPages) return "none";
    // RELAY-13
    if (this.#round === 1) return fillsInFirstRound && !cache.isFull ? "fill" : "none";
    return "keep";
  }

  /** A page that is not behind the one before begins a round. SESSION-17, SESSION-18: what the last one has saved is weighed. */
  #beginRound({ pages, effectiveness, meter }: PageWork, nowMs: number): void {
    pages.flush();
    const counters = this.standing.counters;
    const event = effectiveness.judge(meter.endRound(this.#round, nowMs, counters));
    this.#periods.tick(nowMs, counters);
    this.#round += 1;
    if (event === undefined) return;
    // SESSION-6: the pages for which XBZRLE is not used do not stay in the cache.
    pages.cache.keepOnly(effectiveness.uses);
    pages.forgetSeen();
    this.#options.onEvent(event);
  }

  #begin(): PageWork {
    const { cacheSizeBytes, replacement, deflate } = this.#options;
    const pageSize = this.#pageSize;
    const memory: GuestMemory = {
      machine: "",
      pageSize,
      blocks: Array.from(this.#blocks.values(), ({ block }) => block),
      takeDirty: () => 0,
      readPage: (_block, _address, target, start) => this.#copyPage(target, start),
    };
    const shape = { sizeBytes: cacheSizeBytes, pageSize, pageCount: this.#pageCount, replacement };
    const cache = new PageCache({ ...shape, snapshotCount: SNAPSHOT_COUNT });
    const meter = new RoundMeter(pageSize, 0);
    meter.start(this.#beganMs);
    // The item is begun: it is the one that the records are taken in (RELAY-2).
    const writer = this.#writer;
    const items: RecordOutput = {
      get byteCount() {
        return writer.byteCount;
      },
      continues: (block) => writer.continues(block),
      begin: () => {},
      record: (record) => writer.record(record),
    };
    const parts = { memory, items, counters: this.#counters, waitsForCompressor: false, deflate };
    return { pages: new PageSender(parts, cache), effectiveness: new Effectiveness(cache.partCount), meter };
  }

  /** Copies the page of the record that is taken. */
  #copyPage(target: Uint8Array, start: number): void {
    const { kind, bytes, start: from, end } = this.#record;
    if (kind === "zero") target.fill(0, start, start + this.#pageSize);
    else target.set(bytes.subarray(from, end), start);
  }
}

/** Whether the bytes of a page record are all zero: most pages that are not, begin so. */
function isZero({ bytes, start, end }: RamRecord): boolean {
  for (let offset = start; offset < end; offset++) {
    if (bytes[offset] !== 0) return false;
  }
  return true;
}
