/**
 * One entry for each page: its number modulo the number of entries. A page that was used in this generation or in the one
 * before keeps its entry: what comes later is not cached, so that two pages of one entry do not drive each other out.
 */

import { type CacheEntries, makesRoom, NO_ENTRY, type Replacement } from "./replacement.ts";

/** Chooses as QEMU does since version 2.3. */
export class DirectMapped implements Replacement {
  readonly #entries: CacheEntries;

  constructor(entries: CacheEntries) {
    this.#entries = entries;
  }

  find(page: number): number {
    const entry = this.#entryOf(page);
    return this.#entries.pages[entry] === page ? entry : NO_ENTRY;
  }

  place(page: number, generation: number): number {
    const entry = this.#entryOf(page);
    return makesRoom(this.#entries, entry, generation) ? entry : NO_ENTRY;
  }

  used(): void {}
  emptied(): void {}

  #entryOf(page: number): number {
    return page & (this.#entries.pages.length - 1);
  }
}
