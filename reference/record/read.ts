/**
 * Bytes become records (docs/xbzrle/record.md). The mirror of `write.ts`.
 *
 * A reader is given bytes and says how many of them the next record has, or how many it needs to be able to say so. It checks
 * in the order of the bytes, so that the fault of a stream does not depend on how the stream is cut into chunks.
 */

import { MalformedStreamError, type StreamFault } from "../errors.ts";
import { readBe16, readBe32, readBe64, readName } from "./integers.ts";
import {
  CONTINUE_FLAG,
  MIN_TARGET_PAGE_SIZE,
  maxCompressedLength,
  NO_BLOCK,
  newRecord,
  type RamBlock,
  type RamRecord,
  RECORD_FLAGS,
  requireTargetPageSize,
  WORD_LIMIT,
  XBZRLE_ENCODING,
} from "./record.ts";

/** RECORD-32: a list of more blocks is refused. */
const MAX_BLOCK_COUNT = 65_536;

/** The kind that flags without CONTINUE say; a word has ten of them. */
const KIND_OF_FLAGS = new Array<keyof typeof RECORD_FLAGS | undefined>(MIN_TARGET_PAGE_SIZE).fill(undefined);
for (const [kind, flag] of Object.entries(RECORD_FLAGS)) KIND_OF_FLAGS[flag] = kind as keyof typeof RECORD_FLAGS;

/** Reads the records of all payloads of one stream, in order. */
export class RecordReader {
  /** The record that was read last. It is filled anew by each `read`. */
  readonly record: RamRecord = newRecord();
  /** The blocks of the lists so far, by name. */
  readonly blocks: ReadonlyMap<string, RamBlock>;
  /** The section that the payload is of, for errors. */
  section: { readonly name: string; readonly id: number } | undefined;
  /** Whether postcopy has begun: then there is no XBZRLE any more (STREAM-22). */
  isPostcopy = false;
  /** Whether a list of memory sizes states the address of each block: `x-ignore-shared` is on. */
  statesAddresses = false;
  readonly #blocks = new Map<string, RamBlock>();
  #pageSize = 4096;
  #maxCompressedLength = maxCompressedLength(4096);
  /** The block that CONTINUE stands for. */
  #lastBlock: RamBlock | undefined;
  /** How many bytes are left of the sum of a list; 0 outside of lists. */
  #leftOfSum = 0;
  #isFirstList = true;

  constructor() {
    this.blocks = this.#blocks;
  }

  /** The page size in bytes; 4096 until it is set. Setting it throws a RangeError for what is no page size. */
  get pageSize(): number {
    return this.#pageSize;
  }
  set pageSize(pageSize: number) {
    requireTargetPageSize(pageSize);
    this.#pageSize = pageSize;
    this.#maxCompressedLength = maxCompressedLength(pageSize);
  }

  /**
   * Reads one record into `record`.
   *
   * @param bytes - Holds the beginning of the record, or all of it and more.
   * @param start - Where the record begins in `bytes`.
   * @param end - Where what is there of the stream ends in `bytes`.
   * @param streamOffset - Where the record begins in the stream, in bytes.
   * @returns The number of bytes of the record if all are there. Otherwise a number less than 0: so many bytes, counted
   * from `start`, are needed to get further; `record` then holds nothing of use.
   * @throws MalformedStreamError at the first fault. Source: RECORD-1 to RECORD-32, STREAM-22, COMP-2, COMP-3.
   */
  read(bytes: Uint8Array, start: number, end: number, streamOffset: number): number {
    const record = this.record;
    record.streamOffset = streamOffset;
    // RECORD-24: the list goes on for as long as something is left of the sum.
    if (0 < this.#leftOfSum) return this.#readListed(bytes, start, end);
    if (end - start < 8) return -8;
    // RECORD-1
    const word = readBe64(bytes, start);
    const flags = readBe32(bytes, start + 4) & (this.#pageSize - 1);
    const kind = KIND_OF_FLAGS[flags & ~CONTINUE_FLAG];
    // RECORD-2: also a bit that no kind has, and no bit at all.
    if (kind === undefined) throw this.#refuse("flags-unknown", 0, `flags ${flags.toString(16).padStart(3, "0")}`);
    // RECORD-3: no transport of ours moves pages on its own.
    if (kind === "hook") throw this.#refuse("hook-unexpected", 0, "a hook, and pages travel in the stream only");
    // RECORD-7
    if (WORD_LIMIT <= word) throw this.#refuse("word-too-large", 0, `${word}, and less than 2^53 is what can be read`);
    record.kind = kind;
    record.address = word - flags;
    record.isContinued = (flags & CONTINUE_FLAG) !== 0;
    switch (kind) {
      case "end-of-section":
      case "multifd-flush":
        // RECORD-4, RECORD-31: an address or CONTINUE says nothing here.
        return 8;
      case "memory-sizes":
        this.#leftOfSum = record.address;
        return 8;
      default:
        return this.#readPage(bytes, start, end);
    }
  }

  /** Reads what follows the word of a record of a page. */
  #readPage(bytes: Uint8Array, start: number, end: number): number {
    const record = this.record;
    let bodyStart = start + 8;
    if (record.isContinued) {
      // RECORD-9, RECORD-10
      if (this.#lastBlock === undefined) throw this.#refuse("block-missing", 0, "CONTINUE, and no block before it");
      record.block = this.#lastBlock;
    } else {
      if (end === bodyStart) return -9;
      const nameStart = bodyStart + 1;
      bodyStart = nameStart + bytes[bodyStart]!;
      if (end < bodyStart) return start - bodyStart;
      record.block = this.#named(readName(bytes, nameStart, bodyStart));
    }
    // RECORD-12: both are multiples of the page size, so the whole page is inside.
    const { usedLength } = record.block;
    if (usedLength <= record.address) {
      throw this.#refuse("page-outside-block", 0, `address ${record.address}, the block has ${usedLength} bytes`, true);
    }
    const recordEnd = this.#readBody(bytes, bodyStart, end, start);
    if (end < recordEnd) return start - recordEnd;
    this.#lastBlock = record.block;
    return recordEnd - start;
  }

  /** Gives where the record ends, or, if not enough is there to know, where what is needed next ends. */
  #readBody(bytes: Uint8Array, bodyStart: number, end: number, start: number): number {
    const record = this.record;
    record.bytes = bytes;
    switch (record.kind) {
      case "zero":
        // RECORD-16: any fill is read; whether it is taken is the receiver's choice.
        if (bodyStart < end) record.fill = bytes[bodyStart]!;
        return bodyStart + 1;
      case "page":
        record.start = bodyStart;
        record.end = bodyStart + this.#pageSize;
        return record.end;
      case "xbzrle":
        if (this.isPostcopy) throw this.#refuse("xbzrle-in-postcopy", 0, "a delta after postcopy listen", true);
        if (end < bodyStart + 3) return bodyStart + 3;
        this.#checkDelta(bytes[bodyStart]!, readBe16(bytes, bodyStart + 1), bodyStart - start);
        record.start = bodyStart + 3;
        record.end = record.start + readBe16(bytes, bodyStart + 1);
        return record.end;
      default:
        if (end < bodyStart + 4) return bodyStart + 4;
        record.start = bodyStart + 4;
        record.end = record.start + this.#checkedCompressedLength(readBe32(bytes, bodyStart), bodyStart - start);
        return record.end;
    }
  }

  #checkDelta(encoding: number, length: number, offset: number): void {
    // RECORD-20
    if (encoding !== XBZRLE_ENCODING) {
      throw this.#refuse("encoding-unknown", offset, `${encoding}, and 1 is what there is`, true);
    }
    // RECORD-21
    if (this.#pageSize < length) {
      throw this.#refuse("delta-too-long", offset + 1, `${length} bytes, the page has ${this.#pageSize}`, true);
    }
  }

  #checkedCompressedLength(length: number, offset: number): number {
    // COMP-2
    if (length === 0) throw this.#refuse("compressed-empty", offset, "0 bytes", true);
    // COMP-3
    if (length <= this.#maxCompressedLength) return length;
    throw this.#refuse("compressed-too-long", offset, `${length} bytes, at most ${this.#maxCompressedLength}`, true);
  }

  /** RECORD-8, RECORD-11: the block of a name. */
  #named(name: string): RamBlock {
    const block = this.#blocks.get(name);
    if (block !== undefined) return block;
    this.record.block = { ...NO_BLOCK, name };
    throw this.#refuse("block-unknown", 8, "no list before it has such a block", true);
  }

  /** Reads one entry of a list of memory sizes. */
  #readListed(bytes: Uint8Array, start: number, end: number): number {
    if (end === start) return -1;
    const nameEnd = start + 1 + bytes[start]!;
    let entryEnd = nameEnd + 8;
    if (end < entryEnd) return start - entryEnd;
    const name = readName(bytes, start + 1, nameEnd);
    const usedLength = readBe64(bytes, nameEnd);
    this.record.block = { ...NO_BLOCK, name, usedLength };
    this.#checkListed(name, usedLength, nameEnd - start);
    // Without the capability the next eight bytes are a page size if they look like one: nothing else there can.
    if (end < entryEnd + 8) return start - entryEnd - 8;
    const extra = readBe64(bytes, entryEnd);
    const hasExtra = this.statesAddresses || isPageSize(extra);
    if (hasExtra) entryEnd += 8;
    const pageSize = hasExtra && !this.statesAddresses ? extra : undefined;
    const address = this.statesAddresses ? extra : undefined;
    if (WORD_LIMIT <= (address ?? 0)) throw this.#refuse("word-too-large", nameEnd + 8 - start, `address ${address}`);
    this.#list({ name, usedLength, pageSize, address });
    return entryEnd - start;
  }

  #checkListed(name: string, usedLength: number, offset: number): void {
    // RECORD-26: the first list says which blocks there are; a name without bytes is no block's.
    const isKnown = this.#isFirstList ? name !== "" : this.#blocks.has(name);
    if (!isKnown)
      throw this.#refuse("listed-block-unknown", 0, "no name, or not in the first list of the stream", true);
    // RECORD-25
    if (this.#leftOfSum < usedLength) {
      throw this.#refuse("memory-sizes-exceeded", offset, `${usedLength} bytes, ${this.#leftOfSum} left of the sum`);
    }
    // RECORD-28
    if (usedLength === 0 || usedLength % this.#pageSize !== 0) {
      const found = `${usedLength} bytes, and pages have ${this.#pageSize}`;
      throw this.#refuse("used-length-unaligned", offset, found);
    }
    // RECORD-32
    if (this.#blocks.size < MAX_BLOCK_COUNT) return;
    if (this.#isFirstList) throw this.#refuse("blocks-too-many", 0, `more than ${MAX_BLOCK_COUNT}`);
  }

  #list(block: RamBlock): void {
    const record = this.record;
    record.kind = "block";
    record.block = block;
    this.#blocks.set(block.name, block);
    if (this.#lastBlock?.name === block.name) this.#lastBlock = block;
    this.#leftOfSum -= block.usedLength;
    if (this.#leftOfSum === 0) this.#isFirstList = false;
  }

  /** The error for a fault so many bytes behind the beginning of the record; with the page, if the record is of one. */
  #refuse(fault: StreamFault, offset: number, found: string, ofBlock = false): MalformedStreamError {
    const { streamOffset, address, block } = this.record;
    const isListed = 0 < this.#leftOfSum;
    const place = {
      streamOffset: streamOffset + offset,
      section: this.section,
      ...(ofBlock && { block: block.name }),
      ...(ofBlock && !isListed && { pageAddress: address }),
    };
    return new MalformedStreamError(fault, place, found);
  }
}

/** Whether a be64 is a power of two of 1024 or more (record.md, "Memory sizes"). */
function isPageSize(value: number): boolean {
  return MIN_TARGET_PAGE_SIZE <= value && value < WORD_LIMIT && 2 ** Math.round(Math.log2(value)) === value;
}
