/**
 * Pages become zlib streams, several at a time (docs/xbzrle/compressed.md, "Threads"). The mirror of `decompress.ts`.
 *
 * A sender gives pages and takes what is done, and writes the records; it waits for nothing here. Whoever runs it waits, with
 * `finished`. As many pages are in flight as there are threads; how many are compressed at once is up to the thread pool of Node, which has
 * four threads unless UV_THREADPOOL_SIZE says otherwise.
 */

import { requireTargetPageSize } from "../record/record.ts";
import type { CompressedPage, PageCompressor } from "../session/page-compressor.ts";
import { Deflater } from "./deflater.ts";
import { compressionParameter } from "./parameters.ts";

/** What an operator chooses. */
export interface CompressionOptions {
  /** `compress-level`: 0 to 9; 1 unless told. */
  readonly level?: number | undefined;
  /** `compress-threads`: 1 to 255; 8 unless told. */
  readonly threadCount?: number | undefined;
}

/** The compression threads of one sender. */
export class CompressionThreads implements PageCompressor {
  /** How many threads there are. */
  readonly threadCount: number;
  readonly #pageSize: number;
  readonly #level: number;
  /** The threads; one is made when it is first needed. */
  readonly #threads: Deflater[] = [];
  /** Those that have no page. */
  readonly #free: Deflater[] = [];
  readonly #done: { readonly thread: Deflater; readonly compressed: CompressedPage }[] = [];
  #inFlightCount = 0;
  #error: Error | undefined;
  /** Whoever waits in `finished`. */
  #waiting: (() => void)[] = [];

  /**
   * Takes the page size in bytes, and what the operator chooses.
   *
   * @throws RangeError for a page size that is none, or a parameter outside of its range, by its name (COMP-16).
   */
  constructor(pageSize: number, { level, threadCount }: CompressionOptions = {}) {
    requireTargetPageSize(pageSize);
    this.#pageSize = pageSize;
    this.#level = compressionParameter("compress-level", level);
    this.threadCount = compressionParameter("compress-threads", threadCount);
  }

  /** How many pages were given and not taken yet: so many threads are not free. */
  get inFlightCount(): number {
    return this.#inFlightCount;
  }

  /**
   * Gives a page to a thread.
   *
   * @param page - A number that says which page it is, to be given back with it.
   * @param bytes - Holds the page from `start` on; it may change as soon as this returns (COMP-11).
   * @param start - In bytes.
   * @returns `false` if no thread is free, and then nothing is done (COMP-18).
   */
  give(page: number, bytes: Uint8Array, start: number): boolean {
    if (this.#inFlightCount === this.threadCount) return false;
    this.#inFlightCount += 1;
    const thread = this.#free.pop() ?? this.#newThread();
    thread.compress(bytes, start, (zlib) => {
      this.#done.push({ thread, compressed: { page, zlib } });
      this.#wake();
    });
    return true;
  }

  /**
   * Takes a page that is done. They are done in any order.
   *
   * @returns `undefined` if none is.
   * @throws Error of zlib, if there was no memory for a thread.
   */
  take(): CompressedPage | undefined {
    if (this.#error !== undefined) throw this.#error;
    const done = this.#done.shift();
    if (done === undefined) return undefined;
    this.#inFlightCount -= 1;
    this.#free.push(done.thread);
    return done.compressed;
  }

  /** Waits until a page is done that was not taken; not at all if none is in flight. */
  async finished(): Promise<void> {
    while (this.#error === undefined && this.#done.length === 0 && 0 < this.#inFlightCount) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Gives the memory of the threads back. Nothing is given or taken after that. */
  close(): void {
    for (const thread of this.#threads) thread.close();
  }

  #newThread(): Deflater {
    const thread = new Deflater(this.#pageSize, this.#level, (error) => {
      this.#error = error;
      this.#wake();
    });
    this.#threads.push(thread);
    return thread;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
