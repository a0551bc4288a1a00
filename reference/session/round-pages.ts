/**
 * The pages of a round (docs/xbzrle/session.md, "Rounds"): those that were dirty when it began, in rising order, each once.
 */

import type { RamBlock } from "../record/record.ts";
import { type GuestMemory, pageCountOf } from "./guest-memory.ts";
import { PageSet } from "./page-set.ts";

/** Goes through the dirty pages of a guest, round after round. */
export class RoundPages {
  readonly #memory: GuestMemory;
  readonly #dirty: PageSet;
  #round = 0;
  #page = 0;
  /** The block of the page, and the number of the first page of that block. */
  #blockIndex = 0;
  #firstPage = 0;

  /** Takes the guest. */
  constructor(memory: GuestMemory) {
    this.#memory = memory;
    this.#dirty = new PageSet(pageCountOf(memory));
  }

  /** The number of the round; 0 before the first. */
  get round(): number {
    return this.#round;
  }

  /** How many pages are left of it. */
  get count(): number {
    return this.#dirty.count;
  }

  /** The page that `next` has come to: its number. */
  get page(): number {
    return this.#page;
  }

  /** Its block. The pages come in rising order, so it is that of the page before or a later one. */
  get block(): RamBlock {
    return this.#memory.blocks[this.#blockIndex] as RamBlock;
  }

  /** Its address in the block, in bytes. */
  get address(): number {
    return (this.#page - this.#firstPage) * this.#memory.pageSize;
  }

  /**
   * Begins a round with what is left of the last one and what was written to since then; the first, with all pages.
   *
   * @returns How many pages were written to.
   */
  begin(): number {
    // SESSION-3: a page is taken as dirty before it is read: what is written to it from now on makes it dirty again.
    let dirtiedCount = this.#memory.takeDirty(this.#dirty);
    if (this.#round === 0) {
      // SESSION-1
      this.#dirty.addAll();
      dirtiedCount = this.#dirty.count;
    }
    this.#round += 1;
    this.#page = 0;
    this.#blockIndex = 0;
    this.#firstPage = 0;
    return dirtiedCount;
  }

  /** Comes to the next page and takes it out of the round. Gives `false` if there is none. */
  next(): boolean {
    // SESSION-2: what is taken out is not dirty any more, and the way through the round does not go back.
    const page = this.#dirty.takeNext(this.#page);
    if (page < 0) return false;
    this.#page = page;
    while (this.block.usedLength <= this.address) {
      this.#firstPage += this.block.usedLength / this.#memory.pageSize;
      this.#blockIndex += 1;
    }
    return true;
  }

  /** Puts the page back, to come to it again. */
  putBack(): void {
    this.#dirty.add(this.#page);
  }
}
