/**
 * What the sender's host spends on a page (docs/simulation.md, "The model").
 */

import type { Counters } from "../session/counters.ts";

/** Nanoseconds a page of 4096 bytes, of one processor. */
export interface Costs {
  /** To see whether it is zero. */
  readonly zeroTestNs: number;
  /** To copy it: to a snapshot, to a compression thread, or to the socket. */
  readonly copyNs: number;
  /** To compare it with its cached copy and write a delta. */
  readonly encodeNs: number;
  /** To compress it, on a thread beside the sender. */
  readonly compressNs: number;
}

/**
 * Unless told. Zero test and copy: memcmp at 16.6 GB/s and memcpy at 11 GB/s on a core of an AMD EPYC, gcc -O2. Encoding: 2.25 GB/s, the
 * middle of what the proposal says (qemu-devel, August 2011, patch v4). Compression: Node's zlib at level 1 on a core of the same.
 */
export const DEFAULT_COSTS: Costs = { zeroTestNs: 250, copyNs: 370, encodeNs: 1820, compressNs: 70_000 };

/** The kinds of what becomes of a page; `unchanged` is one that equals its cached copy, and has no record. */
export const PAGE_KINDS = ["zero", "page", "xbzrle", "unchanged", "compressed"] as const;

/** One of them. */
export type PageKind = (typeof PAGE_KINDS)[number];

/** What the pages of one kind have cost. */
export interface KindCost {
  readonly pageCount: number;
  /** Of their records, in the stream; without the few names of blocks. */
  readonly byteCount: number;
  /** Of the sender itself, without its threads, in milliseconds. */
  readonly cpuMs: number;
  /** Of the compression threads, in milliseconds. */
  readonly threadMs: number;
}

/**
 * Says what pages have cost, kind by kind.
 *
 * @param counted - What a sender has counted of them.
 * @param pageSize - In bytes.
 * @param costs - Of each.
 * @returns A cost for each kind. A page that overflowed is one of `page`, with what it cost to find that out.
 */
export function costsByKind(counted: Counters, pageSize: number, costs: Costs): Readonly<Record<PageKind, KindCost>> {
  const { zeroRecords, pageRecords, xbzrleRecords, compressedRecords, cacheHits, cacheMisses, overflows } = counted;
  const { zeroTestNs, copyNs, encodeNs, compressNs } = costs;
  const foundNs = zeroTestNs + copyNs + encodeNs;
  const unchangedCount = cacheHits - xbzrleRecords - overflows;
  const pageNs = pageRecords * (zeroTestNs + copyNs) + (cacheMisses + overflows) * copyNs + overflows * encodeNs;
  const xbzrleBytes = 8 * xbzrleRecords + counted.xbzrleBytes - overflows * pageSize;
  return {
    zero: kindCost(zeroRecords, 9 * zeroRecords, zeroRecords * zeroTestNs),
    page: kindCost(pageRecords, (8 + pageSize) * pageRecords, pageNs),
    xbzrle: kindCost(xbzrleRecords, xbzrleBytes, xbzrleRecords * foundNs),
    unchanged: kindCost(unchangedCount, 0, unchangedCount * foundNs),
    compressed: {
      ...kindCost(
        compressedRecords,
        8 * compressedRecords + counted.compressedBytes,
        compressedRecords * (zeroTestNs + copyNs),
      ),
      threadMs: (compressedRecords * compressNs) / 1e6,
    },
  };
}

/** Adds up what a sender itself has spent, in milliseconds. */
export function cpuMsOf(byKind: Readonly<Record<PageKind, KindCost>>): number {
  return PAGE_KINDS.reduce((sum, kind) => sum + byKind[kind].cpuMs, 0);
}

function kindCost(pageCount: number, byteCount: number, cpuNs: number): KindCost {
  return { pageCount, byteCount, cpuMs: cpuNs / 1e6, threadMs: 0 };
}
