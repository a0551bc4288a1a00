/**
 * A number for each page of a block, for as many pages as have one: a block may claim any length, and memory is had for
 * what has come only, a few times the bytes of its records.
 */

/** How many pages a row of the table has; 4 KiB of memory a row. */
const ROW_LENGTH = 1024;

/** A row is had once so many of its pages have a number; before that they are kept one by one. */
const MIN_ROW_COUNT = 64;

/** Page numbers, 0 and up, to numbers from 1 to 2^31 - 1; 0 stands for none. */
export class PageTable {
  readonly #rows = new Map<number, Int32Array<ArrayBuffer>>();
  /** The pages that are in no row, and how many of each row there are. */
  readonly #scattered = new Map<number, number>();
  readonly #scatteredCounts = new Map<number, number>();
  #lastIndex = -1;
  #lastRow: Int32Array<ArrayBuffer> | undefined;

  /** The number of a page; 0 if it has none. */
  get(page: number): number {
    const index = Math.floor(page / ROW_LENGTH);
    const row = this.#row(index);
    return row === undefined ? (this.#scattered.get(page) ?? 0) : row[page - index * ROW_LENGTH]!;
  }

  /** Gives a page its number. Throws a RangeError if there is no memory for it. */
  set(page: number, value: number): void {
    const index = Math.floor(page / ROW_LENGTH);
    const row = this.#row(index);
    if (row !== undefined) row[page - index * ROW_LENGTH] = value;
    else this.#scatter(page, value, index);
  }

  /** The pages that have a number, in rising order, with it. */
  *entries(): Generator<readonly [page: number, value: number]> {
    const scattered = Float64Array.from(this.#scattered.keys()).sort();
    let next = 0;
    for (const index of [...this.#rows.keys()].sort((left, right) => left - right)) {
      for (; next < scattered.length && scattered[next]! < index * ROW_LENGTH; next++) {
        yield [scattered[next]!, this.#scattered.get(scattered[next]!)!];
      }
      const row = this.#rows.get(index) as Int32Array<ArrayBuffer>;
      for (let offset = 0; offset < ROW_LENGTH; offset++) {
        if (row[offset] !== 0) yield [index * ROW_LENGTH + offset, row[offset]!];
      }
    }
    for (const page of scattered.subarray(next)) yield [page, this.#scattered.get(page)!];
  }

  #row(index: number): Int32Array<ArrayBuffer> | undefined {
    if (index !== this.#lastIndex) {
      this.#lastIndex = index;
      this.#lastRow = this.#rows.get(index);
    }
    return this.#lastRow;
  }

  #scatter(page: number, value: number, index: number): void {
    const count = (this.#scatteredCounts.get(index) ?? 0) + (this.#scattered.has(page) ? 0 : 1);
    this.#scattered.set(page, value);
    this.#scatteredCounts.set(index, count);
    if (MIN_ROW_COUNT <= count) this.#gather(index);
  }

  /** Makes a row of the pages that are kept one by one. */
  #gather(index: number): void {
    const row = new Int32Array(ROW_LENGTH);
    for (let offset = 0; offset < ROW_LENGTH; offset++) {
      const page = index * ROW_LENGTH + offset;
      row[offset] = this.#scattered.get(page) ?? 0;
      this.#scattered.delete(page);
    }
    this.#scatteredCounts.delete(index);
    this.#rows.set(index, row);
    this.#lastRow = row;
  }
}
