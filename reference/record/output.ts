/**
 * Where a writer puts its bytes: collected in pieces of one size, so that a stream of small records is not a stream of small
 * writes.
 */

import { writeBe32, writeBe64 } from "./integers.ts";

/** The size of a piece, in bytes. */
const PIECE_SIZE = 256 * 1024;

/** So few bytes are copied one by one, because a view of them takes longer to make. */
const SHORT_LENGTH = 256;

/** Collects bytes, and gives them away in pieces. */
export class ByteOutput {
  readonly #give: (piece: Uint8Array) => void;
  #piece = new Uint8Array(PIECE_SIZE);
  readonly #spares: Uint8Array<ArrayBuffer>[] = [];
  #used = 0;
  #given = 0;

  /** Takes what each piece is given to, which may keep it. */
  constructor(give: (piece: Uint8Array) => void) {
    this.#give = give;
  }

  /** How many bytes were written, in all. */
  get byteCount(): number {
    return this.#given + this.#used;
  }

  /** Writes one byte. */
  byte(value: number): void {
    this.#makeRoom(1);
    this.#piece[this.#used++] = value;
  }

  /** Writes a be16, 0 to 65535. */
  be16(value: number): void {
    this.byte(value >> 8);
    this.byte(value & 0xff);
  }

  /** Writes a be32, 0 to 2^32 - 1. */
  be32(value: number): void {
    this.#makeRoom(4);
    writeBe32(this.#piece, this.#used, value);
    this.#used += 4;
  }

  /** Writes a be64, 0 to 2^53 - 1. */
  be64(value: number): void {
    this.#makeRoom(8);
    writeBe64(this.#piece, this.#used, value);
    this.#used += 8;
  }

  /** Writes a name: how many bytes it has, and a byte a character. Throws a RangeError unless it has 1 to 255, each to ff. */
  name(name: string): void {
    if (name.length < 1 || 255 < name.length) throw new RangeError(`a name has 1 to 255 bytes, not ${name.length}`);
    this.byte(name.length);
    this.text(name);
  }

  /** Writes a byte a character. Throws a RangeError for a character above ff. */
  text(text: string): void {
    for (const character of text) {
      if (0xff < character.codePointAt(0)!) throw new RangeError(`no byte: ${JSON.stringify(character)}`);
      this.byte(character.charCodeAt(0));
    }
  }

  /** Writes the bytes from `start` to `end`. If these are few, or all, nothing is allocated for them. */
  bytes(bytes: Uint8Array, start: number, end: number): void {
    if (end - start <= SHORT_LENGTH) return this.#short(bytes, start, end);
    let from = start;
    while (from < end) {
      this.#makeRoom(1);
      const to = Math.min(end, from + PIECE_SIZE - this.#used);
      const isWhole = from === 0 && to === bytes.length;
      this.#piece.set(isWhole ? bytes : bytes.subarray(from, to), this.#used);
      this.#used += to - from;
      from = to;
    }
  }

  #short(bytes: Uint8Array, start: number, end: number): void {
    this.#makeRoom(end - start);
    for (let offset = start; offset < end; offset++) this.#piece[this.#used++] = bytes[offset]!;
  }

  /** Gives away what was collected. */
  flush(): void {
    if (this.#used === 0) return;
    this.#give(this.#piece.subarray(0, this.#used));
    this.#given += this.#used;
    this.#piece = this.#spares.pop() ?? new Uint8Array(PIECE_SIZE);
    this.#used = 0;
  }

  /** Takes a piece back that was given away, to write over it. */
  reuse(piece: Uint8Array): void {
    this.#spares.push(new Uint8Array(piece.buffer as ArrayBuffer));
  }

  #makeRoom(byteCount: number): void {
    if (PIECE_SIZE < this.#used + byteCount) this.flush();
  }
}
