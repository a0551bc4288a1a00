/**
 * Compression threads on a virtual clock: the bytes are those of zlib, and the time is told (docs/xbzrle/compressed.md, "Threads").
 */

import { deflateSync } from "node:zlib";
import { compressionParameter } from "../compressed/parameters.ts";
import type { CompressedPage, PageCompressor } from "../session/page-compressor.ts";

/** A page on a thread. */
interface Work extends CompressedPage {
  readonly doneMs: number;
}

/** Compresses pages, each thread one at a time. */
export class VirtualCompressor implements PageCompressor {
  /** How many threads there are. */
  readonly threadCount: number;
  readonly #pageSize: number;
  readonly #level: number;
  readonly #pageMs: number;
  readonly #nowMs: () => number;
  /** In the order in which they were given, which is that in which they are done. */
  readonly #works: Work[] = [];

  /**
   * Takes the page size in bytes, the level, the number of threads, how long a thread has for a page, in milliseconds, and the clock.
   *
   * @throws RangeError for a parameter outside of its range, by its name (COMP-16).
   */
  constructor(
    pageSize: number,
    level: number | undefined,
    threadCount: number | undefined,
    pageMs: number,
    nowMs: () => number,
  ) {
    this.#pageSize = pageSize;
    this.#level = compressionParameter("compress-level", level);
    this.threadCount = compressionParameter("compress-threads", threadCount);
    this.#pageMs = pageMs;
    this.#nowMs = nowMs;
  }

  /** How many pages were given and not taken back. */
  get inFlightCount(): number {
    return this.#works.length;
  }

  /** When all pages are done that were given, in milliseconds; 0 if there are none. */
  get allDoneMs(): number {
    return this.#works.at(-1)?.doneMs ?? 0;
  }

  /** Gives a page to a thread; `false` if none is free. */
  give(page: number, bytes: Uint8Array, start: number): boolean {
    if (this.#works.length === this.threadCount) return false;
    const snapshot = bytes.subarray(start, start + this.#pageSize);
    const zlib = deflateSync(snapshot, { level: this.#level, chunkSize: 2 * this.#pageSize });
    this.#works.push({ page, zlib, doneMs: this.#nowMs() + this.#pageMs });
    return true;
  }

  /** Takes back a page that is done by now. */
  take(): CompressedPage | undefined {
    const [work] = this.#works;
    if (work === undefined || this.#nowMs() < work.doneMs) return undefined;
    return this.#works.shift();
  }
}
