/**
 * The sender of a migration (docs/xbzrle/session.md): rounds over the pages that are dirty, and the last stage, when the guest has
 * stopped. It has no clock and does not wait: the time is told to it, and it says when it has to be called again.
 *
 * The order of calls: `start`; for each round `beginRound`, and `step` until the round is complete; `finish` until it is complete.
 */

import { requireTargetPageSize } from "../record/record.ts";
import { PageCache } from "./cache/page-cache.ts";
import { type Counters, newCounters } from "./counters.ts";
import { Effectiveness } from "./effectiveness.ts";
import { type GuestMemory, pageCountOf } from "./guest-memory.ts";
import { type CacheUse, PageSender, SNAPSHOT_COUNT } from "./page-sender.ts";
import { DEFAULT_CACHE_SIZE, requireCacheSize } from "./parameters.ts";
import { RamItems } from "./ram-items.ts";
import { Periods } from "./rates.ts";
import { type RoundFigures, RoundMeter } from "./round-figures.ts";
import { RoundPages } from "./round-pages.ts";
import type { Progress, SenderOptions, SenderStage } from "./sender-options.ts";
import type { Standing } from "./status.ts";

/** Sends the memory of one guest, once. */
export class Sender {
  readonly #memory: GuestMemory;
  readonly #options: SenderOptions;
  readonly #items: RamItems;
  readonly #counters: Counters = newCounters();
  readonly #round: RoundPages;
  readonly #pages: PageSender;
  #effectiveness: Effectiveness | undefined;
  #cacheSizeBytes: number;
  #stage: SenderStage = "not-started";
  #isRoundComplete = true;
  #isBulkStage = true;
  readonly #meter: RoundMeter;
  readonly #periods = new Periods();

  /**
   * Takes the guest, what each piece of the stream is given to (which may keep it), and what the operator chooses.
   *
   * @throws RangeError for a cache size that is none, with the name of the parameter and its range, for a cache that there is no
   * memory for, and for a page size that is none.
   */
  constructor(memory: GuestMemory, give: (piece: Uint8Array) => void, options: SenderOptions = {}) {
    requireTargetPageSize(memory.pageSize);
    this.#memory = memory;
    this.#options = options;
    this.#items = new RamItems(give);
    this.#cacheSizeBytes = options.cacheSizeBytes ?? DEFAULT_CACHE_SIZE;
    // SESSION-14
    requireCacheSize(this.#cacheSizeBytes, memory.pageSize);
    this.#round = new RoundPages(memory);
    const { compressor, waitsForCompressor = true } = options;
    const parts = { memory, items: this.#items, counters: this.#counters, compressor, waitsForCompressor };
    const shape = {
      sizeBytes: memory.pageSize,
      pageSize: memory.pageSize,
      pageCount: pageCountOf(memory),
      replacement: options.replacement ?? "direct-mapped",
      snapshotCount: SNAPSHOT_COUNT,
    };
    this.#pages = new PageSender(parts, new PageCache(shape));
    this.#meter = new RoundMeter(memory.pageSize, options.encodeMsPerPage ?? 0);
    // SESSION-16: off unless it is turned on.
    if (options.usesXbzrle) this.setXbzrle(true);
  }

  /** The counts so far. */
  get counters(): Readonly<Counters> {
    this.#counters.streamBytes = this.#items.byteCount;
    return this.#counters;
  }

  /** What a report is made of. */
  get standing(): Standing {
    return {
      counters: { ...this.counters },
      period: this.#periods.last,
      pageSize: this.#memory.pageSize,
      totalBytes: pageCountOf(this.#memory) * this.#memory.pageSize,
      remainingPageCount: this.#round.count,
      round: this.round,
      cacheSizeBytes: this.#cacheSizeBytes,
      usesXbzrle: this.usesXbzrle,
      compresses: this.#options.compressor !== undefined,
    };
  }

  /** How many pages are left of this round. */
  get remainingPageCount(): number {
    return this.#round.count;
  }

  /** The number of the round; 0 before the first, and the last stage is one too. */
  get round(): number {
    return this.#round.round;
  }

  /** Whether the round is at its end, and the next one can begin. */
  get isRoundComplete(): boolean {
    return this.#isRoundComplete;
  }

  /** Where the migration stands. */
  get stage(): SenderStage {
    return this.#stage;
  }

  /** The size of the page cache in bytes, as it was set. */
  get cacheSizeBytes(): number {
    return this.#cacheSizeBytes;
  }

  /** Whether the capability `xbzrle` is on. */
  get usesXbzrle(): boolean {
    return this.#effectiveness !== undefined;
  }

  /** Whether XBZRLE is used for all pages, and has not turned itself off. */
  get isXbzrleOn(): boolean {
    return this.#effectiveness?.isOn ?? false;
  }

  /** The pages of the cache: number, and what it takes the receiver's page to be, as a view. For tests and tools. */
  *cachedPages(): Generator<readonly [page: number, bytes: Uint8Array]> {
    const { cache } = this.#pages;
    for (const [page, slot] of cache.cached()) yield [page, cache.page(slot)];
  }

  /**
   * Turns the capability `xbzrle` on or off, between two other calls. Off, the cache is given up; on again, it begins empty.
   *
   * @throws RangeError if there is no memory for the cache; then it stays off.
   */
  setXbzrle(isOn: boolean): void {
    if (isOn === this.usesXbzrle) return;
    // SESSION-6: pages that are sent without the cache are not what it has; so nothing stays in it.
    const { cache } = this.#pages;
    cache.keepOnly(() => false);
    this.#pages.cache = cache.resized(isOn ? this.#cacheSizeBytes : this.#memory.pageSize);
    this.#pages.forgetSeen();
    this.#effectiveness = isOn ? new Effectiveness(this.#pages.cache.partCount) : undefined;
  }

  /**
   * Sets the size of the page cache, between two other calls. What fits stays in it.
   *
   * @param sizeBytes - As `xbzrle-cache-size` has it.
   * @throws RangeError, with the name of the parameter and its range, for a size that is none or that there is no memory
   * for; then the cache is as it was. Source: SESSION-14, SESSION-15.
   */
  setCacheSize(sizeBytes: number): void {
    requireCacheSize(sizeBytes, this.#memory.pageSize);
    if (this.usesXbzrle) {
      // SESSION-15
      this.#pages.cache = this.#pages.cache.resized(sizeBytes);
      this.#effectiveness?.setPartCount(this.#pages.cache.partCount);
      this.#dropUnused();
    }
    this.#cacheSizeBytes = sizeBytes;
  }

  /**
   * Writes the beginning of the stream.
   *
   * @param nowMs - The time in milliseconds, on a clock of the caller that does not go back; also in the other calls.
   * @throws TypeError if that is done.
   */
  start(nowMs: number): void {
    this.#require("not-started");
    this.#meter.start(nowMs);
    this.#periods.start(nowMs);
    this.#items.start(this.#memory.machine, this.#memory.blocks);
    this.#items.flush();
    this.#stage = "running";
  }

  /**
   * Begins a round: the pages that the guest has written to since the last one are to be sent, in the first round all pages.
   *
   * @param nowMs - The time.
   * @throws TypeError if the last round is not complete, or the sender is not started or has stopped the guest.
   */
  beginRound(nowMs: number): void {
    this.#require("running");
    if (!this.#isRoundComplete) throw new TypeError(`round ${this.round} is not complete`);
    this.#judge(this.#meter.endRound(this.round, nowMs, this.counters));
    this.#periods.tick(nowMs, this.counters);
    this.#counters.dirtiedPages += this.#round.begin();
    this.#isRoundComplete = false;
  }

  /**
   * Sends pages of the round.
   *
   * @param maxBytes - How many bytes to write, at most but for the last record and what ends the item; 1 or more.
   * @returns How far it has got; after `complete` the next round can begin.
   * @throws TypeError if no round was begun.
   */
  step(maxBytes: number = Number.POSITIVE_INFINITY): Progress {
    this.#require("running");
    if (this.#isRoundComplete) return "complete";
    const progress = this.#sendUntil(this.#items.byteCount + maxBytes);
    this.#items.endItem();
    this.#items.flush();
    if (progress !== "complete") return progress;
    this.#isRoundComplete = true;
    this.#isBulkStage = false;
    return progress;
  }

  /**
   * Sends what is left, and ends the stream. The guest has to have stopped before the first call. It need not be called at the end
   * of a round.
   *
   * @param nowMs - The time.
   * @param maxBytes - As for `step`.
   * @returns `complete`, or `paused` or `waiting`: then it is to be called again.
   * @throws TypeError if the sender is not started, or is complete.
   */
  finish(nowMs: number, maxBytes: number = Number.POSITIVE_INFINITY): Progress {
    if (this.#stage !== "last-stage") {
      this.#require("running");
      if (!this.#endRound()) return "waiting";
      this.#periods.tick(nowMs, this.counters);
      this.#counters.dirtiedPages += this.#round.begin();
      this.#items.beginLast();
      this.#stage = "last-stage";
    }
    // SESSION-4: the guest stands still, so what is sent now is what it has.
    const progress = this.#sendUntil(this.#items.byteCount + maxBytes);
    if (progress === "complete") {
      this.#items.endItem();
      this.#items.end();
      this.#stage = "complete";
    }
    this.#items.flush();
    return progress;
  }

  /** Takes a piece back that was given away and that nobody keeps: later ones are written over it, and not allocated. */
  reuse(piece: Uint8Array): void {
    this.#items.reuse(piece);
  }

  /** COMP-10, COMP-12: writes what is being compressed: it is older than what the next round sends of the same pages. */
  #endRound(): boolean {
    this.#pages.writeCompressed();
    this.#items.endItem();
    this.#items.flush();
    return !this.#pages.isCompressing;
  }

  #sendUntil(byteLimit: number): Progress {
    for (;;) {
      this.#pages.writeCompressed();
      while (this.#pages.hasRoom(byteLimit)) {
        if (!this.#round.next()) break;
        const { page, block, address } = this.#round;
        if (this.#pages.add(page, block, address, this.#cacheUse(page), this.round)) continue;
        this.#round.putBack();
        this.#pages.flush();
        return "waiting";
      }
      this.#pages.flush();
      if (this.#round.count === 0) return this.#pages.isCompressing ? "waiting" : "complete";
      if (byteLimit <= this.#items.byteCount) return "paused";
    }
  }

  #cacheUse(page: number): CacheUse {
    // SESSION-11: the first round, wherever it ends, is the bulk stage. RECORD-23: what the receiver holds is not known in it.
    if (this.#isBulkStage && !this.#options.cachesInBulkStage) return "none";
    if (this.#effectiveness === undefined || !this.#effectiveness.uses(page)) return "none";
    // SESSION-12
    return this.#stage === "last-stage" ? "compare" : "keep";
  }

  /** SESSION-17, SESSION-18: weighs what the round has saved, and turns XBZRLE off or on. */
  #judge(figures: RoundFigures): void {
    if (this.#options.turnsItselfOff === false) return;
    const event = this.#effectiveness?.judge(figures);
    if (event === undefined) return;
    this.#dropUnused();
    this.#pages.forgetSeen();
    this.#options.onEvent?.(event);
  }

  /** SESSION-6: the pages for which XBZRLE is not used are sent without the cache, so they do not stay in it. */
  #dropUnused(): void {
    if (this.#effectiveness !== undefined) this.#pages.cache.keepOnly(this.#effectiveness.uses);
  }

  #require(stage: SenderStage): void {
    if (this.#stage === stage) return;
    throw new TypeError(`the sender is ${this.#stage.replace("-", " ")}, and has to be ${stage.replace("-", " ")}`);
  }
}
