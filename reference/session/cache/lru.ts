/**
 * Any entry for any page; the page whose last use is longest ago makes room. The entries are a list in the order of use.
 */

import { type CacheEntries, NO_ENTRY, type Replacement } from "./replacement.ts";

/** Chooses exactly the least recently used. Empty entries count as used before all others. */
export class Lru implements Replacement {
  readonly #entries: CacheEntries;
  /** The entry of each page of the guest. */
  readonly #entryOf: Int32Array;
  /** The neighbours of each entry in the list; one more entry, the last, is its beginning and its end. */
  readonly #older: Int32Array;
  readonly #newer: Int32Array;
  readonly #end: number;

  constructor(entries: CacheEntries, pageCount: number) {
    this.#entries = entries;
    this.#entryOf = new Int32Array(pageCount).fill(NO_ENTRY);
    this.#end = entries.pages.length;
    const ringSize = this.#end + 1;
    this.#older = Int32Array.from({ length: ringSize }, (_, entry) => (entry + ringSize - 1) % ringSize);
    this.#newer = Int32Array.from({ length: ringSize }, (_, entry) => (entry + 1) % ringSize);
  }

  find(page: number): number {
    return this.#entryOf[page]!;
  }

  place(): number {
    return this.#newer[this.#end]!;
  }

  used(entry: number): void {
    this.#entryOf[this.#entries.pages[entry]!] = entry;
    this.#move(entry, this.#older[this.#end]!);
  }

  emptied(entry: number): void {
    this.#entryOf[this.#entries.pages[entry]!] = NO_ENTRY;
    this.#move(entry, this.#end);
  }

  /** Takes an entry out of the list, and puts it in again behind another one. */
  #move(entry: number, behind: number): void {
    if (entry === behind) return;
    this.#join(this.#older[entry]!, this.#newer[entry]!);
    const next = this.#newer[behind]!;
    this.#join(behind, entry);
    this.#join(entry, next);
  }

  #join(older: number, newer: number): void {
    this.#newer[older] = newer;
    this.#older[newer] = older;
  }
}
