/**
 * Which page makes room in a page cache (docs/xbzrle/session.md, "Replacement"). No receiver sees it.
 */

/** What an entry without a page has in the place of its number. */
export const NO_PAGE = -1;

/** What stands for no entry. */
export const NO_ENTRY = -1;

/** For how many generations an entry is kept where entries are protected, that of its last use included. */
const PROTECTED_GENERATION_COUNT = 2;

/** The entries of a cache, numbered from 0; each table has as many values as there are entries, a power of two. */
export interface CacheEntries {
  /** The page of each entry, or `NO_PAGE`. */
  readonly pages: Int32Array;
  /** The generation in which each entry was last used. */
  readonly generations: Uint32Array;
  /** When each entry was last used: a number that rises with each use of the cache. */
  readonly uses: Float64Array;
}

/** A way to choose the entry of a page. It reads the entries; the cache fills and empties them, and says so. */
export interface Replacement {
  /** The entry that has the page, or `NO_ENTRY`. */
  find(page: number): number;
  /** The entry for a page that has none, in the present generation: an empty one, one that makes room, or `NO_ENTRY`. */
  place(page: number, generation: number): number;
  /** Is told that an entry has a page from now on, or that it is used again. */
  used(entry: number): void;
  /** Is told that an entry is about to lose its page. */
  emptied(entry: number): void;
}

/** Whether the page of an entry may make room, where pages are protected: its last use is two generations back or more, or it has none. */
export function makesRoom({ pages, generations }: CacheEntries, entry: number, generation: number): boolean {
  return pages[entry] === NO_PAGE || generations[entry]! + PROTECTED_GENERATION_COUNT <= generation;
}

/** Makes a way to choose for empty entries. */
export type CreateReplacement = (entries: CacheEntries) => Replacement;
