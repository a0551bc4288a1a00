/**
 * Sets of pages, a bit for each page of a guest: those that are dirty (docs/xbzrle/session.md, "Rounds"), and others.
 */

/** How many pages a word of the set has. */
const WORD_BITS = 32;

/** A set of pages by number. */
export class PageSet {
  /** How many pages the guest has, 0 up. */
  readonly pageCount: number;
  readonly #words: Uint32Array;
  #count = 0;

  /** Takes how many pages the guest has. The set is empty at first. */
  constructor(pageCount: number) {
    this.pageCount = pageCount;
    this.#words = new Uint32Array(Math.ceil(pageCount / WORD_BITS));
  }

  /** How many pages are in the set. */
  get count(): number {
    return this.#count;
  }

  /** Adds a page, 0 up to the page count. Gives whether it was not in the set before. */
  add(page: number): boolean {
    const bit = 1 << (page % WORD_BITS);
    const index = Math.floor(page / WORD_BITS);
    if ((this.#words[index]! & bit) !== 0) return false;
    this.#words[index]! |= bit;
    this.#count += 1;
    return true;
  }

  /** Adds all pages of the guest. */
  addAll(): void {
    this.#words.fill(0xffff_ffff);
    const lastBits = this.pageCount % WORD_BITS;
    if (lastBits !== 0) this.#words[this.#words.length - 1] = 2 ** lastBits - 1;
    this.#count = this.pageCount;
  }

  /**
   * Takes a page out.
   *
   * @param from - The least number that the page may have.
   * @returns The first page of the set from there on, which is not in it any more; -1 if there is none.
   */
  takeNext(from: number): number {
    let index = Math.floor(from / WORD_BITS);
    let word = (this.#words[index] ?? 0) & (0xffff_ffff << (from % WORD_BITS));
    while (word === 0) {
      index += 1;
      if (this.#words.length <= index) return -1;
      word = this.#words[index]!;
    }
    const lowest = word & -word;
    this.#words[index]! &= ~lowest;
    this.#count -= 1;
    return index * WORD_BITS + WORD_BITS - 1 - Math.clz32(lowest);
  }

  /**
   * Moves all pages into another set of the same guest, where some may be already.
   *
   * @param target - The other set.
   * @returns How many pages were moved.
   */
  moveTo(target: PageSet): number {
    for (let index = 0; index < this.#words.length; index++) {
      const word = this.#words[index]!;
      if (word === 0) continue;
      target.#count += bitCount(word & ~target.#words[index]!);
      target.#words[index]! |= word;
      this.#words[index] = 0;
    }
    const movedCount = this.#count;
    this.#count = 0;
    return movedCount;
  }
}

/** How many bits of a word are 1. */
function bitCount(word: number): number {
  let count = 0;
  for (let left = word; left !== 0; left &= left - 1) count += 1;
  return count;
}
