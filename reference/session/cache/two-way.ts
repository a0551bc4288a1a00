/**
 * Two entries for each page, next to each other; the one whose last use is longer ago makes room, as in the prototype of 2011.
 */

import { type CacheEntries, NO_ENTRY, NO_PAGE, type Replacement } from "./replacement.ts";

/** Chooses the older of two. A cache of one entry has one way. */
export class TwoWay implements Replacement {
  readonly #entries: CacheEntries;
  readonly #wayCount: number;
  readonly #setMask: number;

  constructor(entries: CacheEntries) {
    this.#entries = entries;
    this.#wayCount = Math.min(2, entries.pages.length);
    this.#setMask = entries.pages.length / this.#wayCount - 1;
  }

  find(page: number): number {
    const first = this.#firstOf(page);
    if (this.#entries.pages[first] === page) return first;
    const last = first + this.#wayCount - 1;
    return this.#entries.pages[last] === page ? last : NO_ENTRY;
  }

  place(page: number): number {
    const { pages, uses } = this.#entries;
    const first = this.#firstOf(page);
    const last = first + this.#wayCount - 1;
    if (pages[first] === NO_PAGE) return first;
    if (pages[last] === NO_PAGE) return last;
    return uses[first]! <= uses[last]! ? first : last;
  }

  used(): void {}
  emptied(): void {}

  #firstOf(page: number): number {
    return (page & this.#setMask) * this.#wayCount;
  }
}
