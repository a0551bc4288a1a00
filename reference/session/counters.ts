/**
 * What a sender counts (docs/xbzrle/session.md, "Counters"). Each number only rises, from the start of a migration to its end.
 */

/** The counts of one migration. */
export interface Counters {
  /** Bytes of the stream so far. */
  streamBytes: number;
  /** Pages that a round has found dirty; in the first round all pages. */
  dirtiedPages: number;
  /** Zero records. */
  zeroRecords: number;
  /** Page records. */
  pageRecords: number;
  /** XBZRLE records. */
  xbzrleRecords: number;
  /** Compressed records. */
  compressedRecords: number;
  /** Pages that were found in the cache: those sent as XBZRLE records, those that had not changed, and those that overflowed. */
  cacheHits: number;
  /** Pages that were looked for in the cache and not found. */
  cacheMisses: number;
  /** Of the cache misses those of a page that was not looked for before, since XBZRLE was last turned on. */
  newPages: number;
  /** Pages that were found in the cache, and have no delta that fits. */
  overflows: number;
  /** Bytes of XBZRLE records behind the word, and a page size for each overflow. */
  xbzrleBytes: number;
  /** Bytes of the records of all pages that were looked for in the cache, found or not. */
  lookedUpBytes: number;
  /** Bytes of compressed records behind the word, and the name if there is one: the length and the zlib stream. */
  compressedBytes: number;
  /** Pages that were not compressed, because no worker was free. */
  busyPages: number;
}

/** Gives counts of nothing. */
export function newCounters(): Counters {
  return {
    streamBytes: 0,
    dirtiedPages: 0,
    zeroRecords: 0,
    pageRecords: 0,
    xbzrleRecords: 0,
    compressedRecords: 0,
    cacheHits: 0,
    cacheMisses: 0,
    newPages: 0,
    overflows: 0,
    xbzrleBytes: 0,
    lookedUpBytes: 0,
    compressedBytes: 0,
    busyPages: 0,
  };
}

/** Gives what was counted between two moments. */
export function countersSince(earlier: Counters, now: Counters): Counters {
  const since = { ...now };
  for (const name of Object.keys(since) as (keyof Counters)[]) since[name] -= earlier[name];
  return since;
}

/** Gives how many records of pages were written. */
export function sentPageCount({ zeroRecords, pageRecords, xbzrleRecords, compressedRecords }: Counters): number {
  return zeroRecords + pageRecords + xbzrleRecords + compressedRecords;
}
