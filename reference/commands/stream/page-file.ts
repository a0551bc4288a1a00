/**
 * The image of one block, written while the stream is read: pages that are sent in full go to the file, and not to memory. That
 * saves what new memory costs, a fault for each page of it, which is more than the write.
 */

import type { PageStore } from "../../guest/ram.ts";
import type { FileSink } from "./sink.ts";

/** How much is written at a time, in bytes. */
const BATCH_SIZE = 512 * 1024;

/** Pages that lie behind each other are written as one. */
export class PageFile implements PageStore {
  readonly block: string;
  readonly #sink: FileSink;
  readonly #batch = new Uint8Array(BATCH_SIZE);
  #batchAddress = 0;
  #batchSize = 0;

  /** Takes the name of the block, and a file that is seekable. */
  constructor(block: string, sink: FileSink) {
    this.block = block;
    this.#sink = sink;
  }

  write(address: number, bytes: Uint8Array): void {
    const isNext = address === this.#batchAddress + this.#batchSize;
    if (!isNext || BATCH_SIZE < this.#batchSize + bytes.length) {
      this.#flush();
      this.#batchAddress = address;
    }
    this.#batch.set(bytes, this.#batchSize);
    this.#batchSize += bytes.length;
  }

  read(address: number, bytes: Uint8Array): void {
    this.#flush();
    this.#sink.read(address, bytes);
  }

  /** Writes what has not been written yet, and goes back to the beginning of the image. */
  end(): void {
    this.#flush();
    this.#sink.seek(0);
  }

  #flush(): void {
    if (this.#batchSize === 0) return;
    this.#sink.seek(this.#batchAddress);
    this.#sink.write(this.#batch.subarray(0, this.#batchSize));
    this.#batchAddress += this.#batchSize;
    this.#batchSize = 0;
  }
}
