/**
 * The RAM that a stream gives to a guest whose blocks only the stream names (docs/xbzrle/record.md). It holds the pages
 * that have come: a page that has not, or that is all zero, takes no memory, whatever length its block claims.
 */

import { applyCompressed } from "../compressed/apply.ts";
import { applyRecord } from "../record/apply.ts";
import type { RamBlock, RamRecord } from "../record/record.ts";
import { PageTable } from "./page-table.ts";

/** How much memory is had at a time, in bytes: of smaller pieces the system's allocator loses more than a hundredth. */
const SLAB_SIZE = 2 * 1024 * 1024;

/** The numbers of a page table: not sent; sent as zero and without memory; in the store; from 3 on, the place in the slabs. */
const NOT_SENT = 0;
const ZERO = 1;
const STORED = 2;
const FIRST_PLACE = 3;

/** Applies a compressed record to a page that begins at `pageStart` of the memory. Throws MalformedStreamError. */
export type DecompressInto = (record: RamRecord, memory: Uint8Array, pageSize: number, pageStart: number) => void;

/** A page that was sent. */
export interface SentPage {
  /** Its address in the block, in bytes. */
  readonly address: number;
  /** What it holds now: a view, not to be changed. */
  readonly bytes: Uint8Array;
}

/** Where the pages of one block are kept instead of memory, for as long as they are only sent in full. */
export interface PageStore {
  /** The name of the block. */
  readonly block: string;
  /** Keeps what a page at an address in the block holds now: all the bytes, which may change after the call. */
  write(address: number, bytes: Uint8Array): void;
  /** Gives what was kept last of a page: fills all the bytes. */
  read(address: number, bytes: Uint8Array): void;
}

/** A block and its pages. */
interface HeldBlock {
  block: RamBlock;
  readonly table: PageTable;
}

/** The RAM of one guest; it takes the records of one stream in order. */
export class Ram {
  readonly #held = new Map<string, HeldBlock>();
  readonly #slabs: Uint8Array[] = [];
  #placeCount = 0;
  #zeroPage = new Uint8Array(0);
  #last: HeldBlock | undefined;
  readonly #store: PageStore | undefined;

  /** Takes where pages of one block go instead of memory: those that the methods give are then the others. */
  constructor(store?: PageStore) {
    this.#store = store;
  }

  /** The blocks that lists have named, in their order. */
  get blocks(): readonly RamBlock[] {
    return [...this.#held.values()].map(({ block }) => block);
  }

  /** How many bytes of pages are held. */
  get byteCount(): number {
    return this.#placeCount * this.#zeroPage.length;
  }

  /**
   * Applies a record: an entry of a list, or a record of a page. Others say nothing to a RAM.
   *
   * @param record - As a reader gives it.
   * @param pageSize - In bytes; the same for all pages.
   * @param decompress - Applies a compressed record: `applyCompressed`, or `applyDecompressed` after threads.
   * @throws MalformedStreamError as `applyRecord` and `applyCompressed`, and then the page holds what it held; RangeError
   * if there is no memory for the page.
   */
  apply(record: RamRecord, pageSize: number, decompress: DecompressInto = applyCompressed): void {
    switch (record.kind) {
      case "block":
        return this.#list(record.block);
      case "memory-sizes":
      case "end-of-section":
      case "multifd-flush":
        return;
    }
    if (this.#zeroPage.length !== pageSize) this.#zeroPage = new Uint8Array(pageSize);
    const { table } = this.#blockOf(record.block);
    const page = record.address / pageSize;
    const value = table.get(page);
    if (record.kind === "zero" && record.fill === 0 && value < STORED) return table.set(page, ZERO);
    if (record.kind === "page" && value < FIRST_PLACE && this.#store?.block === record.block.name) {
      this.#store.write(record.address, record.bytes.subarray(record.start, record.end));
      return table.set(page, STORED);
    }
    const place = value < FIRST_PLACE ? this.#newPlace() : value - FIRST_PLACE;
    const slab = this.#slabs[Math.floor((place * pageSize) / SLAB_SIZE)]!;
    const pageStart = (place * pageSize) % SLAB_SIZE;
    if (value === STORED) this.#store!.read(record.address, slab.subarray(pageStart, pageStart + pageSize));
    if (value < FIRST_PLACE) table.set(page, place + FIRST_PLACE);
    if (record.kind === "compressed") decompress(record, slab, pageSize, pageStart);
    else applyRecord(record, slab, pageSize, pageStart);
  }

  /**
   * Gives a page as it is now.
   *
   * @param block - A block of the lists.
   * @param address - Of the page in the block, in bytes.
   * @returns A view, not to be changed, that the next `apply` to the page may change; `undefined` if it was never sent, or is stored.
   */
  page(block: RamBlock, address: number): Uint8Array | undefined {
    const value = this.#blockOf(block).table.get(address / this.#zeroPage.length);
    return value === NOT_SENT || value === STORED ? undefined : this.#bytesOf(value);
  }

  /** The pages of a block that were sent and are not stored, in rising order of address. */
  *pages(block: RamBlock): Generator<SentPage> {
    for (const [page, value] of this.#blockOf(block).table.entries()) {
      if (value !== STORED) yield { address: page * this.#zeroPage.length, bytes: this.#bytesOf(value) };
    }
  }

  /** Whether the page at an address takes memory: it was not sent as zeros only. */
  isHeld(block: RamBlock, address: number): boolean {
    return FIRST_PLACE <= this.#blockOf(block).table.get(address / this.#zeroPage.length);
  }

  #list(block: RamBlock): void {
    const held = this.#held.get(block.name);
    if (held === undefined) this.#held.set(block.name, { block, table: new PageTable() });
    else held.block = block;
  }

  /** One block has many records in a row. */
  #blockOf({ name }: RamBlock): HeldBlock {
    if (this.#last?.block.name !== name) this.#last = this.#held.get(name);
    if (this.#last === undefined) throw new RangeError(`no list names the block ${JSON.stringify(name)}`);
    return this.#last;
  }

  #newPlace(): number {
    if (this.byteCount === this.#slabs.length * SLAB_SIZE) this.#slabs.push(new Uint8Array(SLAB_SIZE));
    return this.#placeCount++;
  }

  #bytesOf(value: number): Uint8Array {
    if (value === ZERO) return this.#zeroPage;
    const position = (value - FIRST_PLACE) * this.#zeroPage.length;
    const start = position % SLAB_SIZE;
    return this.#slabs[Math.floor(position / SLAB_SIZE)]!.subarray(start, start + this.#zeroPage.length);
  }
}
