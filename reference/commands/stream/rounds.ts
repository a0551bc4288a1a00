/**
 * Where the rounds of a stream begin, which it does not say.
 */

import type { RamRecord } from "../../index.ts";

/** Counts the rounds of a stream. */
export class Rounds {
  /** How many have begun. */
  count = 0;
  /** The blocks in the order of the lists. */
  readonly #order = new Map<string, number>();
  #lastName: string | undefined;
  #lastIndex = -1;
  #lastAddress = 0;

  /** Takes a block that a list names. */
  list(name: string): void {
    if (!this.#order.has(name)) this.#order.set(name, this.#order.size);
  }

  /**
   * Takes a record of a page.
   * A sender goes through the blocks in order, and through each from its beginning: a round begins where a page stands before
   * the one that was sent before it. Compressed pages come from threads, and in any order.
   */
  add({ kind, block, address }: RamRecord): void {
    if (kind === "compressed" && 0 < this.count) return;
    // Many records in a row are of one block.
    const index = block.name === this.#lastName ? this.#lastIndex : (this.#order.get(block.name) as number);
    const isBehind = this.#lastIndex < index || (this.#lastIndex === index && this.#lastAddress < address);
    if (!isBehind || this.count === 0) this.count += 1;
    this.#lastName = block.name;
    this.#lastIndex = index;
    this.#lastAddress = address;
  }
}
