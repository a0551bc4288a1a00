/**
 * Finds the entry of a page by its number, with memory for the entries and not for the pages of the guest, which may be many more.
 */

import { NO_ENTRY } from "./replacement.ts";

/** A table has four places for each entry: most pages are at the first place where they are looked for. */
const PLACES_PER_ENTRY = 4;

/** 2^32 divided by the golden ratio: multiplied with it, neighbouring numbers are spread. */
const SPREAD = 0x9e37_79b1;

/** The entries that have a page, by the number of the page: a hash table with the next free place for a page whose own is taken. */
export class EntryTable {
  readonly #pages: Int32Array;
  readonly #places: Int32Array;
  readonly #mask: number;
  readonly #shift: number;

  /** Takes the page of each entry; the entries are a power of two, and none is in the table at first. */
  constructor(pages: Int32Array) {
    this.#pages = pages;
    this.#places = new Int32Array(PLACES_PER_ENTRY * pages.length).fill(NO_ENTRY);
    this.#mask = this.#places.length - 1;
    this.#shift = 32 - Math.log2(this.#places.length);
  }

  /** The entry of a page; `NO_ENTRY` if none was added. */
  get(page: number): number {
    return this.#places[this.#find(page)]!;
  }

  /** Adds an entry, by the page that it has; again is the same as once. */
  add(entry: number): void {
    this.#places[this.#find(this.#pages[entry]!)] = entry;
  }

  /** Takes an entry out, by the page that it still has. */
  remove(entry: number): void {
    let hole = this.#find(this.#pages[entry]!);
    if (this.#places[hole] === NO_ENTRY) return;
    // What comes behind moves up if the hole is on its way, so that every page is found without a gap.
    for (let place = (hole + 1) & this.#mask; this.#places[place] !== NO_ENTRY; place = (place + 1) & this.#mask) {
      const own = this.#ownPlace(this.#pages[this.#places[place]!]!);
      if (((place - own) & this.#mask) < ((place - hole) & this.#mask)) continue;
      this.#places[hole] = this.#places[place]!;
      hole = place;
    }
    this.#places[hole] = NO_ENTRY;
  }

  /** The place of a page, or the empty one where it would be. */
  #find(page: number): number {
    let place = this.#ownPlace(page);
    for (;;) {
      const entry = this.#places[place]!;
      if (entry === NO_ENTRY || this.#pages[entry] === page) return place;
      place = (place + 1) & this.#mask;
    }
  }

  #ownPlace(page: number): number {
    return Math.imul(page, SPREAD) >>> this.#shift;
  }
}
