/**
 * A number for each page of a block, for as many pages as have one: a block may claim any length, and memory is had for
 * what has come only.
 */

/** How many pages a row of the table has; 4 KiB of memory a row. */
const ROW_LENGTH = 1024;

/** Page numbers, 0 and up, to numbers from 1 to 2^31 - 1; 0 stands for none. */
export class PageTable {
  readonly #rows = new Map<number, Int32Array<ArrayBuffer>>();
  #lastIndex = -1;
  #lastRow = new Int32Array(0);

  /** The number of a page; 0 if it has none. */
  get(page: number): number {
    const index = Math.floor(page / ROW_LENGTH);
    if (index !== this.#lastIndex) {
      const row = this.#rows.get(index);
      if (row === undefined) return 0;
      this.#remember(index, row);
    }
    return this.#lastRow[page - index * ROW_LENGTH]!;
  }

  /** Gives a page its number. */
  set(page: number, value: number): void {
    const index = Math.floor(page / ROW_LENGTH);
    if (index !== this.#lastIndex) this.#remember(index, this.#rows.get(index) ?? this.#newRow(index));
    this.#lastRow[page - index * ROW_LENGTH] = value;
  }

  /** The pages that have a number, in rising order, with it. */
  *entries(): Generator<readonly [page: number, value: number]> {
    for (const index of [...this.#rows.keys()].sort((left, right) => left - right)) {
      const row = this.#rows.get(index) as Int32Array<ArrayBuffer>;
      for (let offset = 0; offset < ROW_LENGTH; offset++) {
        if (row[offset] !== 0) yield [index * ROW_LENGTH + offset, row[offset]!];
      }
    }
  }

  #remember(index: number, row: Int32Array<ArrayBuffer>): void {
    this.#lastIndex = index;
    this.#lastRow = row;
  }

  #newRow(index: number): Int32Array<ArrayBuffer> {
    const row = new Int32Array(ROW_LENGTH);
    this.#rows.set(index, row);
    return row;
  }
}
