/**
 * What caches of all sizes make of the same pages (docs/xbzrle/session.md, "Cache size"). A cached page is what was sent last, whatever
 * the size: so the bytes of a hit are the same for all, and the sizes differ in who hits.
 */

import { percentText, sizeText } from "../../amounts.ts";
import { encodeDelta } from "../../codec.ts";
import { CacheDirectory, type ReplacementName } from "./directory.ts";
import { NO_ENTRY } from "./replacement.ts";

/** A cache that saves no more than this part of the bytes is not worth more memory, and XBZRLE that saves no more is not worth any. */
const WORTHWHILE_PART = 0.02;

/** The bytes of a record before its page or delta, its block named by the record before. Source: RECORD-1, RECORD-19. */
const HEAD_SIZE = 8;
const XBZRLE_HEAD_SIZE = HEAD_SIZE + 3;

/** The bytes of the record of a zero page. */
export const ZERO_RECORD_SIZE = HEAD_SIZE + 1;

/** The bytes of the record of a page in full, its block named by the record before. */
export function pageRecordSize(pageSize: number): number {
  return HEAD_SIZE + pageSize;
}

/** What a cache of one size comes to. */
export interface SizedCache {
  /** As `xbzrle-cache-size` has it, in bytes. */
  readonly sizeBytes: number;
  /** How many of the pages that were looked up were there. */
  readonly hits: number;
  /** The bytes of the records of the pages that were looked up, with the names of blocks in them. */
  readonly sentBytes: number;
}

/** A size, or none, and why. */
export interface SizeChoice {
  /** `undefined` where XBZRLE does not pay with any size. */
  readonly sizeBytes: number | undefined;
  /** A sentence without its dot. */
  readonly reason: string;
}

/** Caches of all sizes from one page to the whole guest, by powers of two, that are played the same pages. */
export class CacheSizing {
  readonly #caches: {
    readonly sizeBytes: number;
    readonly directory: CacheDirectory;
    hits: number;
    sentBytes: number;
    /** The block of the last record: one of the same need not name it. */
    lastBlock: string;
  }[] = [];
  /** Of the guest, in bytes. */
  readonly pageSize: number;
  /** How many pages the guest has. */
  readonly pageCount: number;
  #lookups = 0;
  #plainBytes = 0;

  /** Takes which page makes room, and the page size in bytes and number of pages of the guest. */
  constructor(replacement: ReplacementName, pageSize: number, pageCount: number) {
    this.pageSize = pageSize;
    this.pageCount = pageCount;
    for (let sizeBytes = pageSize; ; sizeBytes *= 2) {
      const directory = new CacheDirectory(replacement, sizeBytes, pageSize, pageCount);
      this.#caches.push({ sizeBytes, directory, hits: 0, sentBytes: 0, lastBlock: "" });
      if (pageCount * pageSize <= sizeBytes) return;
    }
  }

  /** How many pages were looked up. */
  get lookups(): number {
    return this.#lookups;
  }

  /** The bytes of the records of these pages without XBZRLE, and without the names of blocks. */
  get plainBytes(): number {
    return this.#plainBytes;
  }

  /** Each size, the smallest first. */
  get sizes(): readonly SizedCache[] {
    return this.#caches.map(({ sizeBytes, hits, sentBytes }) => ({ sizeBytes, hits, sentBytes }));
  }

  /**
   * A page is looked up, sent, and kept.
   *
   * @param page - Its number.
   * @param block - The name of its block.
   * @param round - The number of the round.
   * @param oldPage - What was sent of it last; `undefined` if it was not, and is in no cache.
   * @param newPage - What is sent.
   */
  send(page: number, block: string, round: number, oldPage: Uint8Array | undefined, newPage: Uint8Array): void {
    const missBytes = pageRecordSize(newPage.length);
    const hitBytes = oldPage === undefined ? Number.NaN : hitSize(oldPage, newPage);
    this.#lookups += 1;
    this.#plainBytes += missBytes;
    for (const cache of this.#caches) {
      const isHit = cache.directory.find(page) !== NO_ENTRY;
      if (isHit) cache.hits += 1;
      cache.directory.claim(page, round);
      // SESSION-9, RECORD-13: an unchanged page has no record, and names nothing.
      if (isHit && hitBytes === 0) continue;
      cache.sentBytes += (isHit ? hitBytes : missBytes) + (cache.lastBlock === block ? 0 : 1 + block.length);
      cache.lastBlock = block;
    }
  }

  /** A page is kept that was not looked up, because it is all zero. Source: SESSION-8. */
  keep(page: number, block: string, round: number): void {
    for (const { directory } of this.#caches) directory.claim(page, round);
    this.pass(block);
  }

  /** A page of a block is sent that has nothing to do with the cache. */
  pass(block: string): void {
    for (const cache of this.#caches) cache.lastBlock = block;
  }

  /** The smallest size that sends hardly more than the best one does. */
  choose(): SizeChoice {
    if (this.#lookups === 0) return { sizeBytes: undefined, reason: "no page was sent again after the first round" };
    const best = this.#caches.reduce((left, right) => (right.sentBytes < left.sentBytes ? right : left));
    const saved = this.#plainBytes - best.sentBytes;
    if (saved <= WORTHWHILE_PART * this.#plainBytes) {
      return {
        sizeBytes: undefined,
        reason: `no size saves more than ${percentText(saved, this.#plainBytes)} of the bytes`,
      };
    }
    const enough = best.sentBytes + WORTHWHILE_PART * this.#plainBytes;
    const chosen = this.#caches.find(({ sentBytes }) => sentBytes <= enough) ?? best;
    const [hits, part] = [percentText(chosen.hits, this.#lookups), percentText(chosen.sentBytes, this.#plainBytes)];
    const more = percentText(chosen.sentBytes - best.sentBytes, this.#plainBytes);
    const others =
      chosen === best
        ? "no other size sends less"
        : `the best size, ${sizeText(best.sizeBytes)}, would send ${more} less`;
    return {
      sizeBytes: chosen.sizeBytes,
      reason: `${hits} of the pages hit, and ${part} of the bytes are sent; ${others}`,
    };
  }
}

/** What a page takes in a stream whose copy of before is cached, in bytes. Source: SESSION-9, SESSION-10. */
function hitSize(oldPage: Uint8Array, newPage: Uint8Array): number {
  const outcome = encodeDelta(oldPage, newPage, newPage.length - (XBZRLE_HEAD_SIZE - HEAD_SIZE));
  if (outcome.kind === "unchanged") return 0;
  return outcome.kind === "delta" ? XBZRLE_HEAD_SIZE + outcome.delta.length : pageRecordSize(newPage.length);
}
