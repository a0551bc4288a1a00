/**
 * Any entry for any page; the page whose last use is longest ago makes room. The entries are a list in the order of use.
 */

import { EntryTable } from "./entry-table.ts";
import { type CacheEntries, makesRoom, NO_ENTRY, type Replacement } from "./replacement.ts";

/** Chooses exactly the least recently used. Empty entries count as used before all others. */
export class Lru implements Replacement {
  readonly #entries: CacheEntries;
  /** The entry of each page that has one. */
  readonly #entryOf: EntryTable;
  readonly #isGuarded: boolean;
  /** The neighbours of each entry in the list; one more entry, the last, is its beginning and its end. */
  readonly #older: Int32Array;
  readonly #newer: Int32Array;
  readonly #end: number;

  /** Takes the entries, and whether a page that was used in this generation or in the one before keeps its entry. */
  constructor(entries: CacheEntries, isGuarded: boolean) {
    this.#entries = entries;
    this.#isGuarded = isGuarded;
    this.#entryOf = new EntryTable(entries.pages);
    this.#end = entries.pages.length;
    const ringSize = this.#end + 1;
    this.#older = Int32Array.from({ length: ringSize }, (_, entry) => (entry + ringSize - 1) % ringSize);
    this.#newer = Int32Array.from({ length: ringSize }, (_, entry) => (entry + 1) % ringSize);
  }

  find(page: number): number {
    return this.#entryOf.get(page);
  }

  place(_page: number, generation: number): number {
    const oldest = this.#newer[this.#end]!;
    return this.#isGuarded && !makesRoom(this.#entries, oldest, generation) ? NO_ENTRY : oldest;
  }

  used(entry: number): void {
    this.#entryOf.add(entry);
    this.#move(entry, this.#older[this.#end]!);
  }

  emptied(entry: number): void {
    this.#entryOf.remove(entry);
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
