/**
 * Bytes that are kept of chunks: the memory for them grows with what has come, and not with what is announced.
 */

/** Bytes in one piece of memory, at whose end others are put. */
export class KeptBytes {
  /** How many are kept. */
  length = 0;
  #room = new Uint8Array(256);

  /** A view of them, until the next change. */
  get bytes(): Uint8Array {
    return this.#room.subarray(0, this.length);
  }

  /** Puts bytes at the end. */
  append(bytes: Uint8Array): void {
    const length = this.length + bytes.length;
    if (this.#room.length < length) {
      const roomier = new Uint8Array(2 * length);
      roomier.set(this.bytes);
      this.#room = roomier;
    }
    this.#room.set(bytes, this.length);
    this.length = length;
  }

  /** Takes so many away from the beginning. */
  drop(byteCount: number): void {
    this.#room.copyWithin(0, byteCount, this.length);
    this.length -= byteCount;
  }
}
