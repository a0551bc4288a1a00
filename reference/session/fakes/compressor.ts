/** Compresses at once, and gives the pages back when and in which order the test says. */

import { deflateSync } from "node:zlib";
import type { CompressedPage, PageCompressor } from "../page-compressor.ts";

export class FakeCompressor implements PageCompressor {
  readonly #workerCount: number;
  readonly #pageSize: number;
  readonly #compressing: CompressedPage[] = [];
  readonly #finished: CompressedPage[] = [];

  constructor(workerCount: number, pageSize = 1024) {
    this.#workerCount = workerCount;
    this.#pageSize = pageSize;
  }

  get inFlightCount(): number {
    return this.#compressing.length + this.#finished.length;
  }

  give(page: number, bytes: Uint8Array, start: number): boolean {
    if (this.inFlightCount === this.#workerCount) return false;
    this.#compressing.push({ page, zlib: deflateSync(bytes.subarray(start, start + this.#pageSize), { level: 1 }) });
    return true;
  }

  take(): CompressedPage | undefined {
    return this.#finished.shift();
  }

  /** A worker finishes; which one, of those that work. */
  finish(worker: number): void {
    this.#finished.push(...this.#compressing.splice(worker % Math.max(1, this.#compressing.length), 1));
  }
}
