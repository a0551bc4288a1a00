/**
 * Hexadecimal digits with WebAssembly SIMD: sixteen bytes at a time. The module works in its memory, where its caller puts the bytes.
 */

/** Bytes are read, and digits written, up to the end of the sixteen bytes of which the last one is. */
export function writeDigits(bytes: usize, digits: usize, byteCount: u32): void {
  const alphabet = i8x16(48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 97, 98, 99, 100, 101, 102);
  const lowBits = i8x16.splat(0x0f);
  const end = bytes + byteCount;
  for (; bytes < end; bytes += 16) {
    const sixteen = v128.load(bytes);
    const high = i8x16.swizzle(alphabet, i8x16.shr_u(sixteen, 4));
    const low = i8x16.swizzle(alphabet, v128.and(sixteen, lowBits));
    v128.store(digits, i8x16.shuffle(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
    v128.store(digits, i8x16.shuffle(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), 16);
    digits += 32;
  }
}
