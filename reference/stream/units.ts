/**
 * Chunks of any size become units: a header, a record, a footer, whatever has to be seen as a whole. A unit that lies in one
 * chunk is read where it lies; only one that is cut by the end of a chunk is copied.
 */

import { KeptBytes } from "./kept-bytes.ts";

/**
 * Reads what it can of the bytes from `start` on, to their end.
 * Returns where it stopped, and in `needed` how many bytes from there on the next unit needs: more than are there.
 */
export type ReadUnits = (bytes: Uint8Array, start: number) => { readonly stopped: number; readonly needed: number };

/** Puts units together that chunks have cut. */
export class UnitBuffer {
  readonly #read: ReadUnits;
  /** The beginning of a unit that a chunk has cut. */
  readonly #kept = new KeptBytes();
  #needed = 1;

  /** Takes what reads units. */
  constructor(read: ReadUnits) {
    this.#read = read;
  }

  /** What has not been read yet. */
  get rest(): Uint8Array {
    return this.#kept.bytes;
  }

  /** Reads a chunk, after what was kept of those before. The chunk is not kept. */
  push(chunk: Uint8Array): void {
    let start = 0;
    while (0 < this.#kept.length && start < chunk.length) {
      // Only as much as the unit needs: so it ends where the kept bytes end, and the next is read in the chunk.
      const end = Math.min(chunk.length, start + this.#needed - this.#kept.length);
      this.#kept.append(chunk.subarray(start, end));
      start = end;
      if (this.#kept.length < this.#needed) return;
      const { stopped, needed } = this.#read(this.rest, 0);
      this.#kept.drop(stopped);
      this.#needed = needed;
    }
    if (start === chunk.length) return;
    const { stopped, needed } = this.#read(chunk, start);
    this.#needed = needed;
    this.#kept.append(chunk.subarray(stopped));
  }
}
