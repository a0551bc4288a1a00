/**
 * The memory of a simulated guest: RAM blocks, and a log of which pages were written, as a hypervisor keeps one for live migration.
 */

import { NO_BLOCK, type RamBlock, requireTargetPageSize } from "../record/record.ts";
import type { Random } from "./random.ts";

/** Where dirty pages are added, by number: the dirty bitmap of a sender is one. */
export interface DirtyPages {
  /** Adds a page, which may be in it already. */
  add(page: number): void;
}

/** Is told of each write, after it: the bytes of the block from `address` on may have changed, so many of them. */
export type WriteListener = (block: GuestBlock, address: number, byteCount: number) => void;

/** One RAM block of a simulated guest. All addresses count from its start, in bytes. */
export class GuestBlock {
  /** A character a byte. */
  readonly name: string;
  /** What it holds: to be read, and changed by the methods only, which keep the log. */
  readonly bytes: Uint8Array;
  /** In bytes. */
  readonly pageSize: number;
  /** Is told of each write. */
  listener: WriteListener | undefined;
  /** A bit a page, the least first: written since the log was fetched. */
  readonly #dirty: Uint32Array;
  /** Views of those pages that were asked for. */
  readonly #pages: (Uint8Array | undefined)[];

  /**
   * Makes a block; its log is empty.
   *
   * @param name - 1 to 255 bytes, a character a byte.
   * @param bytes - What it holds; it is kept, not copied. Its length is a multiple of the page size, and not 0.
   * @param pageSize - In bytes, a power of two from 1024 to 65536.
   * @throws RangeError for another length or page size.
   */
  constructor(name: string, bytes: Uint8Array, pageSize: number) {
    requireTargetPageSize(pageSize);
    if (bytes.length === 0 || bytes.length % pageSize !== 0) {
      throw new RangeError(`block ${name} has to have a multiple of ${pageSize} bytes, and not 0, not ${bytes.length}`);
    }
    this.name = name;
    this.bytes = bytes;
    this.pageSize = pageSize;
    this.#dirty = new Uint32Array(Math.ceil(this.pageCount / 32));
    this.#pages = new Array(this.pageCount);
  }

  /** How many pages it has. */
  get pageCount(): number {
    return this.bytes.length / this.pageSize;
  }

  /** The page at an address: the same view each time, because to make one takes longer than to copy the page. */
  page(address: number): Uint8Array {
    const index = address / this.pageSize;
    this.#pages[index] ??= this.bytes.subarray(address, address + this.pageSize);
    return this.#pages[index];
  }

  /** Writes bytes from `address` on. Throws a RangeError if they do not lie in the block. */
  write(address: number, bytes: Uint8Array): void {
    this.#require(address, bytes.length);
    this.bytes.set(bytes, address);
    this.#note(address, bytes.length);
  }

  /** Writes random bytes from `address` on. Throws a RangeError if they do not lie in the block. */
  writeRandom(address: number, byteCount: number, random: Random): void {
    this.#require(address, byteCount);
    random.fill(this.bytes, address, address + byteCount);
    this.#note(address, byteCount);
  }

  /** Adds 1 to a little-endian counter of so many bytes, which begins anew after its last value. Throws as `write`. */
  increment(address: number, byteCount: number): void {
    this.#require(address, byteCount);
    for (let offset = address; offset < address + byteCount; offset++) {
      this.bytes[offset]!++;
      if (this.bytes[offset] !== 0) break;
    }
    this.#note(address, byteCount);
  }

  /**
   * Fetches the log of pages that were written since it was fetched last, and clears it.
   *
   * @param dirty - Where the pages are added.
   * @param firstPage - The number of the first page of the block there.
   * @returns How many pages there were.
   */
  takeDirty(dirty: DirtyPages, firstPage: number): number {
    let count = 0;
    for (let index = 0; index < this.#dirty.length; index++) {
      for (let word = this.#dirty[index]!; word !== 0; word &= word - 1) {
        dirty.add(firstPage + 32 * index + 31 - Math.clz32(word & -word));
        count += 1;
      }
      this.#dirty[index] = 0;
    }
    return count;
  }

  /** What was written counts as written even where the bytes are the same: that is what the log of a hypervisor sees. */
  #note(address: number, byteCount: number): void {
    const firstPage = Math.floor(address / this.pageSize);
    const lastPage = Math.floor((address + byteCount - 1) / this.pageSize);
    for (let page = firstPage; page <= lastPage; page++) this.#dirty[page >> 5]! |= 1 << (page & 31);
    this.listener?.(this, address, byteCount);
  }

  #require(address: number, byteCount: number): void {
    const isInside = Number.isInteger(address) && 0 <= address && 0 < byteCount;
    if (isInside && address + byteCount <= this.bytes.length) return;
    const block = `the ${this.bytes.length} bytes of block ${this.name}`;
    throw new RangeError(`a write of ${byteCount} bytes at ${address} does not lie in ${block}`);
  }
}

/** The memory of a simulated guest, as a sender sees it. Pages are numbered from 0 through all blocks, in the order of the blocks. */
export class SimulatedMemory {
  /** The name of the machine type, a character a byte. */
  readonly machine: string;
  /** In bytes. */
  readonly pageSize: number;
  /** The blocks, as a list of memory sizes states them. */
  readonly blocks: readonly RamBlock[];
  readonly #blocks: ReadonlyMap<string, GuestBlock>;
  /** The block of the page that was read last: many pages in a row are of one. */
  #lastBlock: GuestBlock;

  /** Takes the name of the machine type and the blocks; throws a RangeError unless they have names of their own and one page size. */
  constructor(machine: string, blocks: readonly [GuestBlock, ...GuestBlock[]]) {
    this.machine = machine;
    this.pageSize = blocks[0].pageSize;
    this.blocks = blocks.map(({ name, bytes }) => ({ ...NO_BLOCK, name, usedLength: bytes.length }));
    this.#blocks = new Map(blocks.map((block) => [block.name, block]));
    this.#lastBlock = blocks[0];
    const stranger = blocks.find(({ pageSize }) => pageSize !== this.pageSize);
    if (stranger)
      throw new RangeError(`block ${stranger.name} has pages of ${stranger.pageSize} bytes, not ${this.pageSize}`);
    if (this.#blocks.size < blocks.length) throw new RangeError("two blocks have the same name");
  }

  /** Gives the block of a name. Throws a RangeError if there is none. */
  block(name: string): GuestBlock {
    const block = this.#blocks.get(name);
    if (block !== undefined) return block;
    throw new RangeError(`the guest has no block ${JSON.stringify(name)}`);
  }

  /**
   * Fetches the pages that were written since the last call, or ever, and forgets them, as a dirty bitmap sync does.
   *
   * @param dirty - Where they are added.
   * @returns How many there were.
   */
  takeDirty(dirty: DirtyPages): number {
    let [firstPage, count] = [0, 0];
    for (const block of this.#blocks.values()) {
      count += block.takeDirty(dirty, firstPage);
      firstPage += block.pageCount;
    }
    return count;
  }

  /** Copies the page at an address of a block to `target`, from `start` on. */
  readPage({ name }: RamBlock, address: number, target: Uint8Array, start: number): void {
    if (this.#lastBlock.name !== name) this.#lastBlock = this.block(name);
    target.set(this.#lastBlock.page(address), start);
  }
}
