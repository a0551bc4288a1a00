/**
 * The windows of ROM files: every 16 bytes in a row, at every offset, that are not trivial, and whether bytes hold one.
 *
 * Code that was relocated has patched words, but few of its windows have one; so a window that agrees tells code of a
 * ROM, wherever it was moved to, from other bytes.
 */

/** The bytes of a window. */
export const WINDOW_SIZE_BYTES = 16;
/** A window of fewer distinct values is trivial: padding, a counter, a row of blanks; it tells nothing. */
export const LEAST_DISTINCT_VALUES = 6;

/** The multiplier of the hash of a window, a polynomial modulo 2^32; odd, so that every byte counts. */
const HASH_BASE = 0x01000193;
/** The hash of a window holds its first byte times this: `HASH_BASE` to the power of `WINDOW_SIZE_BYTES - 1`. */
const FIRST_BYTE_FACTOR = new Array<number>(WINDOW_SIZE_BYTES - 1).fill(HASH_BASE).reduce((a, b) => Math.imul(a, b));

/** The windows of some ROM files; QEMU's 4.8 MB take 1 s and 64 MiB. */
export class RomWindows {
  /** The ROM files, one after another. */
  readonly #roms: Uint8Array;
  /** A hash table with open addressing: the offset in `#roms` of a window, plus 1; 0 in a slot that is free. */
  readonly #slots: Uint32Array;

  constructor(roms: readonly Uint8Array[]) {
    this.#roms = Buffer.concat(roms);
    // At most half full, and a power of two.
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * this.#roms.length + 2)));
    let romOffset = 0;
    for (const rom of roms) {
      for (const [offset, hash] of windowsOf(rom)) {
        const slot = this.#slotOf(this.#roms, romOffset + offset, hash);
        if (this.#slots[slot] === 0) this.#slots[slot] = romOffset + offset + 1;
      }
      romOffset += rom.length;
    }
  }

  /** The offset of the first window of the bytes that stands in a ROM file, compared byte by byte. */
  firstIn(bytes: Uint8Array): number | undefined {
    for (const [offset, hash] of windowsOf(bytes)) {
      if (this.#slots[this.#slotOf(bytes, offset, hash)] !== 0) return offset;
    }
    return undefined;
  }

  /** The slot that holds the window of `bytes` at the offset, or the free slot where it would be put. */
  #slotOf(bytes: Uint8Array, offset: number, hash: number): number {
    const mask = this.#slots.length - 1;
    // The low bits of a polynomial depend on few bits of its bytes: fold the high ones in.
    let slot = (hash ^ (hash >>> 15)) & mask;
    while (this.#slots[slot] !== 0 && !this.#isWindow(this.#slots[slot]! - 1, bytes, offset)) slot = (slot + 1) & mask;
    return slot;
  }

  #isWindow(romOffset: number, bytes: Uint8Array, offset: number): boolean {
    for (let index = 0; index < WINDOW_SIZE_BYTES; index += 1) {
      if (this.#roms[romOffset + index] !== bytes[offset + index]) return false;
    }
    return true;
  }
}

/** The offset and the hash of each window that is not trivial. */
function* windowsOf(bytes: Uint8Array): Generator<readonly [offset: number, hash: number]> {
  const countOfValue = new Uint8Array(256);
  let distinctValues = 0;
  let hash = 0;
  for (let endOffset = 0; endOffset < bytes.length; endOffset += 1) {
    if (WINDOW_SIZE_BYTES <= endOffset) {
      const gone = bytes[endOffset - WINDOW_SIZE_BYTES]!;
      countOfValue[gone]! -= 1;
      if (countOfValue[gone] === 0) distinctValues -= 1;
      hash -= Math.imul(gone, FIRST_BYTE_FACTOR);
    }
    const come = bytes[endOffset]!;
    if (countOfValue[come] === 0) distinctValues += 1;
    countOfValue[come]! += 1;
    hash = (Math.imul(hash, HASH_BASE) + come) | 0;
    const offset = endOffset + 1 - WINDOW_SIZE_BYTES;
    if (0 <= offset && LEAST_DISTINCT_VALUES <= distinctValues) yield [offset, hash];
  }
}
