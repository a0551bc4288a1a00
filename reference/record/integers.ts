/**
 * Big-endian integers (docs/xbzrle/record.md, "Grammar").
 */

/** 2^32: what the first half of a be64 is worth. */
const HALF = 2 ** 32;

/**
 * Reads a be16.
 *
 * @param bytes - Holds two bytes from `offset` on.
 * @param offset - In bytes.
 */
export function readBe16(bytes: Uint8Array, offset: number): number {
  return bytes[offset]! * 256 + bytes[offset + 1]!;
}

/**
 * Reads a be32.
 *
 * @param bytes - Holds four bytes from `offset` on.
 * @param offset - In bytes.
 */
export function readBe32(bytes: Uint8Array, offset: number): number {
  const high = (bytes[offset]! << 24) | (bytes[offset + 1]! << 16);
  return (high | (bytes[offset + 2]! << 8) | bytes[offset + 3]!) >>> 0;
}

/**
 * Reads a be64.
 *
 * @param bytes - Holds eight bytes from `offset` on.
 * @param offset - In bytes.
 * @returns The number, exact if it is less than 2^53, and at least 2^53 if it is not.
 */
export function readBe64(bytes: Uint8Array, offset: number): number {
  return readBe32(bytes, offset) * HALF + readBe32(bytes, offset + 4);
}

/**
 * Writes a be64.
 *
 * @param bytes - Has room for eight bytes from `offset` on; it is changed.
 * @param offset - In bytes.
 * @param value - 0 to 2^53 - 1.
 */
export function writeBe64(bytes: Uint8Array, offset: number, value: number): void {
  writeBe32(bytes, offset, Math.floor(value / HALF));
  writeBe32(bytes, offset + 4, value % HALF);
}

/**
 * Writes a be32.
 *
 * @param bytes - Has room for four bytes from `offset` on; it is changed.
 * @param offset - In bytes.
 * @param value - 0 to 2^32 - 1.
 */
export function writeBe32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 24;
  bytes[offset + 1] = value >>> 16;
  bytes[offset + 2] = value >>> 8;
  bytes[offset + 3] = value;
}

/**
 * Reads a name: bytes as characters of the same numbers.
 *
 * @param bytes - Holds the name.
 * @param start - Where it begins, in bytes.
 * @param end - Where it ends, in bytes; names are short.
 */
export function readName(bytes: Uint8Array, start: number, end: number): string {
  let name = "";
  for (let offset = start; offset < end; offset++) name += String.fromCharCode(bytes[offset]!);
  return name;
}
