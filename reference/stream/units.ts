/**
 * Chunks of any size become units: a header, a record, a footer, whatever has to be seen as a whole. A unit that lies in one
 * chunk is read where it lies; only one that is cut by the end of a chunk is copied.
 */

/**
 * Reads what it can of the bytes from `start` on, to their end.
 * Returns where it stopped, and in `needed` how many bytes from there on the next unit needs: more than are there.
 */
export type ReadUnits = (bytes: Uint8Array, start: number) => { readonly stopped: number; readonly needed: number };

/** Puts units together that chunks have cut. */
export class UnitBuffer {
  readonly #read: ReadUnits;
  /** The beginning of a unit that a chunk has cut, and room for the rest. */
  #kept = new Uint8Array(256);
  #keptCount = 0;
  #needed = 1;

  /** Takes what reads units. */
  constructor(read: ReadUnits) {
    this.#read = read;
  }

  /** What has not been read yet. */
  get rest(): Uint8Array {
    return this.#kept.subarray(0, this.#keptCount);
  }

  /** Reads a chunk, after what was kept of those before. The chunk is not kept. */
  push(chunk: Uint8Array): void {
    let start = 0;
    while (0 < this.#keptCount && start < chunk.length) {
      // Only as much as the unit needs: so it ends where the kept bytes end, and the next is read in the chunk.
      const end = Math.min(chunk.length, start + this.#needed - this.#keptCount);
      this.#keep(chunk, start, end);
      start = end;
      if (this.#keptCount < this.#needed) return;
      const { stopped, needed } = this.#read(this.rest, 0);
      this.#kept.copyWithin(0, stopped, this.#keptCount);
      this.#keptCount -= stopped;
      this.#needed = needed;
    }
    if (start === chunk.length) return;
    const { stopped, needed } = this.#read(chunk, start);
    this.#needed = needed;
    this.#keep(chunk, stopped, chunk.length);
  }

  /** Appends to what is kept. The memory grows with what has come, and not with what is announced. */
  #keep(chunk: Uint8Array, start: number, end: number): void {
    const count = this.#keptCount + end - start;
    if (this.#kept.length < count) {
      const roomier = new Uint8Array(2 * count);
      roomier.set(this.rest);
      this.#kept = roomier;
    }
    this.#kept.set(chunk.subarray(start, end), this.#keptCount);
    this.#keptCount = count;
  }
}
