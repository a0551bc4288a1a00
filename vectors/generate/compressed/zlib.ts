/**
 * Spells zlib streams by hand (RFC 1950, RFC 1951), so that the vectors do not change with the version of a library: blocks
 * that are stored, and blocks with the fixed codes.
 */

import { type Bytes, join } from "../spell.ts";
import { bigEndian } from "../spell-stream.ts";

/** The two bytes that a zlib stream begins with, by the level of compression that they name. */
export const ZLIB_HEADER = { fastest: [0x78, 0x01], default: [0x78, 0x9c], best: [0x78, 0xda] } as const;

/** The zlib stream of the bytes in one stored block; they are at most 65535. */
export function storedZlib(bytes: Bytes, head: Bytes = ZLIB_HEADER.fastest): Uint8Array {
  return join(head, storedBlock(bytes, true), adler32(bytes));
}

/** A block of deflate that is stored. */
export function storedBlock(bytes: Bytes, isLast: boolean): Uint8Array {
  const length = [bytes.length % 256, Math.floor(bytes.length / 256)];
  return join(
    isLast ? 1 : 0,
    length,
    length.map((byte) => 255 - byte),
    bytes,
  );
}

/** The zlib stream of one byte, below 144, many times. */
export function repeatedZlib(byte: number, count: number): Uint8Array {
  return join(ZLIB_HEADER.default, repeatedBlock(byte, count), adler32(new Uint8Array(count).fill(byte)));
}

/** The last block of deflate, with one byte many times: a literal and then copies of what stands one byte before. */
export function repeatedBlock(byte: number, count: number): Uint8Array {
  const bits = new Bits();
  bits.value(1, 1);
  bits.value(1, 2);
  bits.code(0x30 + byte, 8);
  for (let left = count - 1; 0 < left; ) {
    // 258 has a code of its own without further bits; what is left over stands as literals.
    const isCopied = 258 <= left;
    if (isCopied) {
      bits.code(0b1100_0101, 8);
      bits.code(0, 5);
    } else bits.code(0x30 + byte, 8);
    left -= isCopied ? 258 : 1;
  }
  bits.code(0, 7);
  return bits.bytes();
}

/** The checksum at the end of a zlib stream. */
export function adler32(bytes: Bytes): Uint8Array {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return join(bigEndian(high, 2), bigEndian(low, 2));
}

/** Bits in the order of deflate: into each byte from its least bit on. */
class Bits {
  readonly #bits: number[] = [];

  /** A number, its least bit first. */
  value(value: number, bitCount: number): void {
    for (let bit = 0; bit < bitCount; bit++) this.#bits.push((value >> bit) & 1);
  }

  /** A code, its greatest bit first. */
  code(code: number, bitCount: number): void {
    for (let bit = bitCount - 1; 0 <= bit; bit--) this.#bits.push((code >> bit) & 1);
  }

  bytes(): Uint8Array {
    const bytes = new Uint8Array(Math.ceil(this.#bits.length / 8));
    this.#bits.forEach((bit, index) => {
      bytes[index >> 3]! |= bit << (index & 7);
    });
    return bytes;
  }
}
