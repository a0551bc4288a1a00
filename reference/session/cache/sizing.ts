/**
 * What caches of all sizes make of the same pages (docs/xbzrle/session.md, "Cache size"). A cached page is what was sent last, whatever
 * the size: so the bytes of a hit are the same for all, and the sizes differ in who hits.
 */

import { percentText, sizeText } from "../../amounts.ts";
import { CacheDirectory, type ReplacementName } from "./directory.ts";
import { NO_ENTRY } from "./replacement.ts";

/** A cache that saves no more than this part of the bytes is not worth more memory, and XBZRLE that saves no more is not worth any. */
const WORTHWHILE_PART = 0.02;

/** What a cache of one size comes to. */
export interface SizedCache {
  /** As `xbzrle-cache-size` has it, in bytes. */
  readonly sizeBytes: number;
  /** How many of the pages that were looked up were there. */
  readonly hits: number;
  /** The bytes of the records of the pages that were looked up. */
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
  }[] = [];
  #lookups = 0;
  #plainBytes = 0;

  /** Takes which page makes room, and the page size in bytes and number of pages of the guest. */
  constructor(replacement: ReplacementName, pageSize: number, pageCount: number) {
    for (let sizeBytes = pageSize; ; sizeBytes *= 2) {
      const directory = new CacheDirectory(replacement, sizeBytes, pageSize, pageCount);
      this.#caches.push({ sizeBytes, directory, hits: 0, sentBytes: 0 });
      if (pageCount * pageSize <= sizeBytes) return;
    }
  }

  /** How many pages were looked up. */
  get lookups(): number {
    return this.#lookups;
  }

  /** The bytes of the records of these pages without XBZRLE. */
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
   * @param round - That of the round.
   * @param hitBytes - What is sent where it is cached, in bytes.
   * @param missBytes - What is sent where it is not.
   */
  send(page: number, round: number, hitBytes: number, missBytes: number): void {
    this.#lookups += 1;
    this.#plainBytes += missBytes;
    for (const cache of this.#caches) {
      const isHit = cache.directory.find(page) !== NO_ENTRY;
      if (isHit) cache.hits += 1;
      cache.sentBytes += isHit ? hitBytes : missBytes;
    }
    this.keep(page, round);
  }

  /** A page is kept that was not looked up, because it is all zero. Source: SESSION-8. */
  keep(page: number, round: number): void {
    for (const { directory } of this.#caches) directory.claim(page, round);
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
