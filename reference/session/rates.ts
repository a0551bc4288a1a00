/**
 * Rates of counters over the last period (docs/xbzrle/session.md, "Counters").
 */

import { type Counters, countersSince, newCounters, sentPageCount } from "./counters.ts";

/** How long a period lasts at least, in milliseconds. */
const PERIOD_MS = 1000;

/** What the counters have risen by in a period, and how long that was. */
export interface Period {
  readonly counted: Counters;
  /** In milliseconds; 0 before the first period has ended. */
  readonly elapsedMs: number;
}

/** Cuts the time of a migration into periods. */
export class Periods {
  /** The last period that has ended. */
  last: Period = { counted: newCounters(), elapsedMs: 0 };
  #beganMs = 0;
  #atBegin: Counters = newCounters();

  /** Takes when the migration begins, in milliseconds. */
  start(nowMs: number): void {
    this.#beganMs = nowMs;
  }

  /** Ends the period, at the begin of a round, if it has lasted long enough. */
  tick(nowMs: number, counters: Counters): void {
    const elapsedMs = nowMs - this.#beganMs;
    if (elapsedMs < PERIOD_MS) return;
    this.last = { counted: countersSince(this.#atBegin, counters), elapsedMs };
    this.#beganMs = nowMs;
    this.#atBegin = { ...counters };
  }
}

/** Gives a number for each second of a period; 0 if there was none. */
export function perSecond(count: number, { elapsedMs }: Period): number {
  return elapsedMs === 0 ? 0 : (count / elapsedMs) * 1000;
}

/** Gives a number for each record of a page of a period; 0 if there was none. */
export function perSentPage(count: number, { counted }: Period): number {
  const pageCount = sentPageCount(counted);
  return pageCount === 0 ? 0 : count / pageCount;
}

/** Gives how many times fewer the written bytes are than those of the pages; 0 if there are none of the one or the other. */
export function reduction(pageCount: number, pageSize: number, byteCount: number): number {
  return byteCount === 0 ? 0 : (pageCount * pageSize) / byteCount;
}
