/**
 * Which pages are in a page cache, and which entry each has (docs/xbzrle/session.md, "Replacement"). It knows nothing of their bytes, so
 * that a cache of any size can also be tried out without its memory.
 */

import { DirectMapped } from "./direct-mapped.ts";
import { Lru } from "./lru.ts";
import { type CacheEntries, type CreateReplacement, NO_ENTRY, NO_PAGE, type Replacement } from "./replacement.ts";
import { TwoWay } from "./two-way.ts";

/** The ways to choose which page makes room (session.md, "Replacement"). */
export const REPLACEMENT_NAMES = ["direct-mapped", "lru", "guarded-lru", "two-way"] as const;

/** The name of a way to choose which page makes room. */
export type ReplacementName = (typeof REPLACEMENT_NAMES)[number];

const REPLACEMENTS: Readonly<Record<ReplacementName, CreateReplacement>> = {
  "direct-mapped": (entries) => new DirectMapped(entries),
  lru: (entries) => new Lru(entries, false),
  "guarded-lru": (entries) => new Lru(entries, true),
  "two-way": (entries) => new TwoWay(entries),
};

/** A page that has an entry, and the generation of its last use. */
export interface CachedPage {
  readonly page: number;
  readonly entry: number;
  readonly generation: number;
}

/** The pages of a cache, by number. */
export class CacheDirectory {
  /** How many pages there is room for. */
  readonly entryCount: number;
  /** In how many parts the cache is divided, by the lowest bits of the numbers of pages, of which each may be tried out alone. */
  readonly partCount: number;
  readonly #entries: CacheEntries;
  readonly #replacement: Replacement;
  #useCount = 0;
  #pageCount = 0;

  /**
   * Takes the way to choose, and the size of the cache, of a page, and of the guest. A cache with an entry for each page of the guest
   * has no use for more.
   */
  constructor(replacement: ReplacementName, sizeBytes: number, pageSize: number, pageCount: number) {
    this.entryCount = Math.min(sizeBytes / pageSize, 2 ** Math.ceil(Math.log2(pageCount)));
    this.partCount = replacement === "two-way" ? Math.max(1, this.entryCount / 2) : this.entryCount;
    this.#entries = {
      pages: new Int32Array(this.entryCount).fill(NO_PAGE),
      generations: new Uint32Array(this.entryCount),
      uses: new Float64Array(this.entryCount),
    };
    this.#replacement = REPLACEMENTS[replacement](this.#entries);
  }

  /** Whether each entry has a page. */
  get isFull(): boolean {
    return this.#pageCount === this.entryCount;
  }

  /** The entry of a page; `NO_ENTRY` if it is not cached. */
  find(page: number): number {
    return this.#replacement.find(page);
  }

  /**
   * Gives a page an entry, and counts that as its use: its own entry, or an empty one, or that of a page that makes room.
   *
   * @param page - The number of the page.
   * @param generation - The number of the round.
   * @param isForced - Whether a page that is protected makes room too.
   * @returns The entry; `NO_ENTRY` if no page makes room.
   */
  claim(page: number, generation: number, isForced = false): number {
    let entry = this.find(page);
    if (entry === NO_ENTRY) {
      entry = this.#replacement.place(page, isForced ? Number.POSITIVE_INFINITY : generation);
      if (entry === NO_ENTRY) return NO_ENTRY;
      if (this.#entries.pages[entry] === NO_PAGE) this.#pageCount += 1;
      else this.#replacement.emptied(entry);
      this.#entries.pages[entry] = page;
    }
    this.#entries.generations[entry] = generation;
    this.#useCount += 1;
    this.#entries.uses[entry] = this.#useCount;
    this.#replacement.used(entry);
    return entry;
  }

  /** Takes the entry from its page. */
  drop(entry: number): void {
    this.#replacement.emptied(entry);
    this.#entries.pages[entry] = NO_PAGE;
    this.#pageCount -= 1;
  }

  /** The pages that are cached; in no order. */
  *cached(): Generator<CachedPage> {
    const { pages, generations } = this.#entries;
    for (const [entry, page] of pages.entries()) {
      if (page !== NO_PAGE) yield { page, entry, generation: generations[entry]! };
    }
  }

  /** The pages that are cached, the one whose last use is longest ago first. */
  inOrderOfUse(): readonly CachedPage[] {
    const { uses } = this.#entries;
    return [...this.cached()].sort((left, right) => uses[left.entry]! - uses[right.entry]!);
  }
}
