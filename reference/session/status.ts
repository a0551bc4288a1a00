/**
 * What a sender reports, under the names and in the units of QMP's `query-migrate` (docs/xbzrle/session.md, "Counters").
 */

import { type Counters, sentPageCount } from "./counters.ts";
import { type Period, perSecond, perSentPage, reduction } from "./rates.ts";

/** `ram` of `query-migrate`: bytes, pages, and pages a second. */
export interface RamStatus {
  readonly transferred: number;
  readonly remaining: number;
  readonly total: number;
  readonly duplicate: number;
  readonly skipped: number;
  readonly normal: number;
  readonly "normal-bytes": number;
  readonly "dirty-pages-rate": number;
  readonly mbps: number;
  readonly "dirty-sync-count": number;
  readonly "page-size": number;
  readonly "pages-per-second": number;
}

/** `xbzrle-cache` of `query-migrate`. */
export interface XbzrleStatus {
  readonly "cache-size": number;
  readonly bytes: number;
  readonly pages: number;
  readonly "cache-miss": number;
  readonly "cache-miss-rate": number;
  readonly "encoding-rate": number;
  readonly overflow: number;
}

/** `compression` of `query-migrate`. */
export interface CompressionStatus {
  readonly pages: number;
  readonly busy: number;
  readonly "busy-rate": number;
  readonly "compressed-size": number;
  readonly "compression-rate": number;
}

/** What `query-migrate` answers, as far as it is about the RAM; times in milliseconds. */
export interface MigrationStatus {
  readonly status: "setup" | "active" | "completed" | "failed" | "cancelled";
  readonly "total-time": number;
  readonly "setup-time"?: number;
  readonly downtime?: number;
  readonly "expected-downtime"?: number;
  readonly ram: RamStatus;
  /** Left out where the capability is off. */
  readonly "xbzrle-cache"?: XbzrleStatus;
  /** Left out where the capability is off. */
  readonly compression?: CompressionStatus;
}

/** What a sender knows of its memory and its round. */
export interface Standing {
  readonly counters: Counters;
  readonly period: Period;
  /** In bytes. */
  readonly pageSize: number;
  /** All used lengths, in bytes. */
  readonly totalBytes: number;
  readonly remainingPageCount: number;
  readonly round: number;
  readonly cacheSizeBytes: number;
  /** Whether the capability `xbzrle` is on. */
  readonly usesXbzrle: boolean;
  /** Whether the capability `compress` is on. */
  readonly compresses: boolean;
}

/** What only the caller of a sender knows: times in milliseconds, and how it went. */
export interface MigrationTimes {
  readonly status: MigrationStatus["status"];
  /** Since the start. */
  readonly totalMs: number;
  /** From the start to the first round. */
  readonly setupMs?: number;
  /** From when the guest has stopped to when the last byte was delivered. */
  readonly downtimeMs?: number;
}

/**
 * Gives what `query-migrate` answers.
 *
 * @param standing - Of the sender.
 * @param times - Of the caller.
 * @returns The numbers of this moment. Source: SESSION-19.
 */
export function migrationStatus(standing: Standing, times: MigrationTimes): MigrationStatus {
  const { status, totalMs, setupMs, downtimeMs } = times;
  const ram = ramStatus(standing);
  const isActive = status === "active" && 0 < ram.mbps;
  const total = { counted: standing.counters, elapsedMs: totalMs };
  return {
    status,
    "total-time": totalMs,
    ...(setupMs !== undefined && { "setup-time": setupMs }),
    ...(downtimeMs !== undefined && { downtime: downtimeMs }),
    ...(isActive && { "expected-downtime": Math.floor((8 * ram.remaining) / (1000 * ram.mbps)) }),
    ram: status === "completed" ? { ...ram, mbps: megabitsPerSecond(total) } : ram,
    ...(standing.usesXbzrle && { "xbzrle-cache": xbzrleStatus(standing) }),
    ...(standing.compresses && { compression: compressionStatus(standing) }),
  };
}

/** SESSION-19 */
function ramStatus({ counters, period, pageSize, totalBytes, remainingPageCount, round }: Standing): RamStatus {
  return {
    transferred: counters.streamBytes,
    remaining: remainingPageCount * pageSize,
    total: totalBytes,
    duplicate: counters.zeroRecords,
    skipped: 0,
    normal: counters.pageRecords,
    "normal-bytes": counters.pageRecords * pageSize,
    "dirty-pages-rate": perSecond(period.counted.dirtiedPages, period),
    mbps: megabitsPerSecond(period),
    "dirty-sync-count": round,
    "page-size": pageSize,
    "pages-per-second": perSecond(sentPageCount(period.counted), period),
  };
}

/** SESSION-19 */
function xbzrleStatus({ counters, period, pageSize, cacheSizeBytes }: Standing): XbzrleStatus {
  return {
    "cache-size": cacheSizeBytes,
    bytes: counters.xbzrleBytes,
    pages: counters.cacheHits,
    "cache-miss": counters.cacheMisses,
    "cache-miss-rate": perSentPage(period.counted.cacheMisses, period),
    "encoding-rate": reduction(period.counted.cacheHits, pageSize, period.counted.xbzrleBytes),
    overflow: counters.overflows,
  };
}

/** SESSION-19 */
function compressionStatus({ counters, period, pageSize }: Standing): CompressionStatus {
  return {
    pages: counters.compressedRecords,
    busy: counters.busyPages,
    "busy-rate": perSentPage(period.counted.busyPages, period),
    "compressed-size": counters.compressedBytes,
    "compression-rate": reduction(period.counted.compressedRecords, pageSize, period.counted.compressedBytes),
  };
}

function megabitsPerSecond(period: Period): number {
  return (8 * perSecond(period.counted.streamBytes, period)) / 1e6;
}
