/**
 * Bytes to hexadecimal digits that are bytes themselves: what goes into a pipe is never a text of the language, which is
 * allocated, joined and copied once more for each page.
 */

/** The digits of each byte, and of each two bytes as they lie in memory. */
const DIGITS_OF_BYTE = new Uint16Array(Uint8Array.from(allBytesInHex(), (digit) => digit.charCodeAt(0)).buffer);
const ALL_PAIRS = new Uint8Array(Uint16Array.from({ length: 1 << 16 }, (_, pair) => pair).buffer);
const DIGITS_OF_PAIR = new Uint32Array(Uint16Array.from(ALL_PAIRS, (byte) => DIGITS_OF_BYTE[byte]!).buffer);

/** Where digits are put together before they go to any offset, for so many bytes at a time. */
const SCRATCH_BYTES = 8192;
const SCRATCH = new Uint32Array(SCRATCH_BYTES / 2);
const SCRATCH_DIGITS = new Uint8Array(SCRATCH.buffer);

/** Writes two lower-case digits for each byte, as character codes, from an offset on. */
export function writeHex(target: Uint8Array, offset: number, bytes: Uint8Array): void {
  // Words have to begin at an even offset.
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : new Uint8Array(bytes);
  const pairs = new Uint16Array(aligned.buffer, aligned.byteOffset, bytes.length >> 1);
  for (let begin = 0; begin < pairs.length; begin += SCRATCH.length) {
    const end = Math.min(begin + SCRATCH.length, pairs.length);
    for (let index = begin; index < end; index++) SCRATCH[index - begin] = DIGITS_OF_PAIR[pairs[index]!]!;
    target.set(SCRATCH_DIGITS.subarray(0, 4 * (end - begin)), offset + 4 * begin);
  }
  if (bytes.length % 2 === 1) {
    SCRATCH[0] = DIGITS_OF_PAIR[bytes[bytes.length - 1]! * 0x101]!;
    target.set(SCRATCH_DIGITS.subarray(0, 2), offset + 2 * bytes.length - 2);
  }
}

/** All bytes in order, in hexadecimal. */
function allBytesInHex(): string {
  return Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0")).join("");
}
