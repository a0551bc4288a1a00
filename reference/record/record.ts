/**
 * What a record is: kinds, flags and fields (docs/xbzrle/record.md, "Words" to "End of section").
 */

/** The flags of a word, in the order of the chapter's table. */
export const RECORD_FLAGS = {
  zero: 0x002,
  "memory-sizes": 0x004,
  page: 0x008,
  "end-of-section": 0x010,
  xbzrle: 0x040,
  hook: 0x080,
  compressed: 0x100,
  "multifd-flush": 0x200,
} as const;

/** The flag that goes with the others: the block is that of the record before. */
export const CONTINUE_FLAG = 0x020;

/** The one encoding of an XBZRLE record. */
export const XBZRLE_ENCODING = 0x01;

/** The least page size, in bytes (record.md, "Words"). */
export const MIN_TARGET_PAGE_SIZE = 1024;

/** Words from here on, 2^53, are refused: up to it every address is a number that JavaScript holds exactly (RECORD-7). */
export const WORD_LIMIT = 2 ** 53;

/** The kind of a record; `block` is one entry of a list of memory sizes. */
export type RecordKind =
  | "zero"
  | "page"
  | "xbzrle"
  | "compressed"
  | "memory-sizes"
  | "block"
  | "end-of-section"
  | "multifd-flush";

/** A RAM block, as a list of memory sizes states it. */
export interface RamBlock {
  /** 1 to 255 bytes, a character a byte. */
  readonly name: string;
  /** In bytes, a multiple of the page size. */
  readonly usedLength: number;
  /** The size of the block's own pages in bytes, where it is stated. */
  readonly pageSize: number | undefined;
  /** The address of the block in the guest, where it is stated. */
  readonly address: number | undefined;
}

/**
 * One record. A reader has one such object and fills it anew for each record: who wants to keep something copies it.
 * Fields that a record's kind does not have hold what they held before.
 */
export interface RamRecord {
  /** What it is. */
  kind: RecordKind;
  /** Where its first byte stands in the stream, in bytes. */
  streamOffset: number;
  /** The word without its flags, in bytes: of the page in its block, or the sum of the used lengths; for most others 0. */
  address: number;
  /** Whether the word has CONTINUE. */
  isContinued: boolean;
  /** Of zero, page, xbzrle, compressed: the block of the page. Of block: the block that is listed. */
  block: RamBlock;
  /** Of zero: the byte that fills the page. */
  fill: number;
  /** What holds the page, the delta or the zlib stream. It may be reused after the call that the record is given to. */
  bytes: Uint8Array;
  /** Where in `bytes` the page, the delta or the zlib stream begins. */
  start: number;
  /** Where in `bytes` it ends. */
  end: number;
}

/** What stands in for a block where there is none. */
export const NO_BLOCK: RamBlock = { name: "", usedLength: 0, pageSize: undefined, address: undefined };

/**
 * Makes a record to fill.
 *
 * @returns An end of section, which has nothing but its word (RECORD-30).
 */
export function newRecord(): RamRecord {
  return {
    kind: "end-of-section",
    streamOffset: 0,
    address: 0,
    isContinued: false,
    block: NO_BLOCK,
    fill: 0,
    bytes: new Uint8Array(0),
    start: 0,
    end: 0,
  };
}

/**
 * Checks a page size.
 *
 * @param pageSize - In bytes.
 * @throws RangeError unless it is a power of two from 1024 to 65536. Source: record.md, "Words".
 */
export function requireTargetPageSize(pageSize: number): void {
  const isPowerOfTwo = Number.isInteger(pageSize) && (pageSize & (pageSize - 1)) === 0;
  if (isPowerOfTwo && MIN_TARGET_PAGE_SIZE <= pageSize && pageSize <= 65_536) return;
  throw new RangeError(`page size has to be a power of two from ${MIN_TARGET_PAGE_SIZE} to 65536, not ${pageSize}`);
}

/**
 * Gives the greatest length of the zlib stream of a page.
 *
 * @param pageSize - In bytes, a power of two from 1024 to 65536; the last quotient of the chapter is 0 for all of them.
 * @returns In bytes. Source: COMP-3.
 */
export function maxCompressedLength(pageSize: number): number {
  return pageSize + Math.floor(pageSize / 4096) + Math.floor(pageSize / 16_384) + 13;
}
