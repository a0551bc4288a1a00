/**
 * The lines of requests on their way into a pipe, one behind the other. Their bytes stand in buffers that are used again once
 * the pipe has taken them: to allocate one for each line takes longer than to write the line.
 */

import { requestLineSize, writeRequestLine } from "../protocol.ts";
import type { Asked } from "./open-requests.ts";

/** How many bytes a buffer has, unless one line is longer. */
const BUFFER_BYTES = 1 << 17;
/** Lines are written when they have so many bytes. */
const WRITE_BYTES = 1 << 16;

/** Writes bytes, and calls back once they may be changed. */
export type Write = (bytes: Uint8Array, taken: () => void) => void;

/** Collects lines, and writes them. */
export class RequestLines {
  readonly #write: Write;
  readonly #free: Buffer[] = [];
  #buffer: Buffer | undefined;
  #byteCount = 0;

  /** Takes what writes to the pipe. */
  constructor(write: Write) {
    this.#write = write;
  }

  /** Adds the line of a request; enough lines are written at once. */
  add({ id, request }: Asked): void {
    const size = requestLineSize(id, request);
    if (this.#buffer && this.#buffer.length < this.#byteCount + size) this.flush();
    this.#buffer ??= this.#bufferFor(size);
    this.#byteCount = writeRequestLine(this.#buffer, this.#byteCount, id, request);
    if (WRITE_BYTES <= this.#byteCount) this.flush();
  }

  /** Writes what has been added and is not written. */
  flush(): void {
    const buffer = this.#buffer;
    if (buffer === undefined) return;
    // One that was made for a long line is not kept.
    const taken = () => {
      if (buffer.length === BUFFER_BYTES) this.#free.push(buffer);
    };
    this.#write(buffer.subarray(0, this.#byteCount), taken);
    this.#buffer = undefined;
    this.#byteCount = 0;
  }

  #bufferFor(lineSize: number): Buffer {
    if (BUFFER_BYTES < lineSize) return Buffer.allocUnsafeSlow(lineSize);
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);
  }
}
