/**
 * What came of looking for pages in the cache, round by round (docs/xbzrle/session.md, "Effectiveness").
 */

import { type Counters, countersSince, newCounters } from "./counters.ts";

/**
 * What is weighed of one round. A new page, one that was not looked for before, is not among its pages: it cannot be found, and says
 * nothing.
 */
export interface RoundFigures {
  /** The number of the round. */
  readonly round: number;
  /** How many pages were looked for. */
  readonly pageCount: number;
  /** How many of them were not found. */
  readonly missCount: number;
  /** How many of them have no delta that fits. */
  readonly overflowCount: number;
  /** How many bytes their page records have, or would have. */
  readonly plainBytes: number;
  /** How many bytes fewer were written. */
  readonly savedBytes: number;
  /** The time that was spent on encoding, in milliseconds. */
  readonly spentMs: number;
  /** How many bytes the link carries in a millisecond; 0 if that is not known. */
  readonly linkBytesPerMs: number;
}

/** Takes the figures of rounds from counters and times. */
export class RoundMeter {
  readonly #recordSize: number;
  readonly #encodeMsPerPage: number;
  #beganMs = 0;
  #atBegin: Counters = newCounters();
  #linkBytesPerMs = 0;

  /** Takes the page size in bytes, and what it costs to encode a page, in milliseconds. */
  constructor(pageSize: number, encodeMsPerPage: number) {
    this.#recordSize = 8 + pageSize;
    this.#encodeMsPerPage = encodeMsPerPage;
  }

  /** Takes when the migration begins, in milliseconds. */
  start(nowMs: number): void {
    this.#beganMs = nowMs;
  }

  /** Ends a round, of which the number is told; the next one begins now. */
  endRound(round: number, nowMs: number, counters: Counters): RoundFigures {
    const counted = countersSince(this.#atBegin, counters);
    const elapsedMs = nowMs - this.#beganMs;
    // The highest rate of any round: in the others something else than the link was slow.
    if (0 < elapsedMs) this.#linkBytesPerMs = Math.max(this.#linkBytesPerMs, counted.streamBytes / elapsedMs);
    this.#beganMs = nowMs;
    this.#atBegin = { ...counters };
    const missCount = counted.cacheMisses - counted.newPages;
    const pageCount = counted.cacheHits + missCount;
    return {
      round,
      pageCount,
      missCount,
      overflowCount: counted.overflows,
      plainBytes: pageCount * this.#recordSize,
      savedBytes: (pageCount + counted.newPages) * this.#recordSize - counted.lookedUpBytes,
      spentMs: counted.cacheHits * this.#encodeMsPerPage,
      linkBytesPerMs: this.#linkBytesPerMs,
    };
  }
}
