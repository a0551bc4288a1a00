/**
 * One compression thread: a zlib stream of Node that is used again for each page, so that its 256 KiB are had once.
 * The work is done on the thread pool of libuv.
 */

import { constants, createDeflate, type Deflate } from "node:zlib";

/** Compresses one page at a time. */
export class Deflater {
  readonly #deflate: Deflate;
  readonly #page: Uint8Array;
  #pieces: Uint8Array[] = [];

  /** Takes the page size in bytes, the level, 0 to 9, and what is told if zlib fails, which it does for want of memory only. */
  constructor(pageSize: number, level: number, onError: (error: Error) => void) {
    this.#page = new Uint8Array(pageSize);
    // COMP-8: each write is a whole zlib stream.
    this.#deflate = createDeflate({ level, flush: constants.Z_FINISH });
    this.#deflate.on("data", (piece: Uint8Array) => this.#pieces.push(piece));
    this.#deflate.on("error", onError);
  }

  /**
   * Compresses a page, when the one before is done.
   *
   * @param bytes - Holds the page from `start` on; it is copied before this returns.
   * @param start - In bytes.
   * @param done - Is given the zlib stream, later.
   */
  compress(bytes: Uint8Array, start: number, done: (zlibStream: Uint8Array) => void): void {
    // COMP-11: the guest does not write to the copy.
    this.#page.set(bytes.subarray(start, start + this.#page.length));
    this.#deflate.write(this.#page, () => {
      // Closed meanwhile, or failed, which `onError` is told.
      if (this.#deflate.destroyed) return;
      const zlibStream = Buffer.concat(this.#pieces);
      this.#pieces = [];
      this.#deflate.reset();
      done(zlibStream);
    });
  }

  /** Gives the memory back. */
  close(): void {
    this.#deflate.destroy();
  }
}
