/** A guest for tests: its memory is an array, and it can write at the worst moment. */

import type { RamBlock } from "../../record/record.ts";
import { type GuestMemory, pageCountOf } from "../guest-memory.ts";
import { PageSet } from "../page-set.ts";

/** Is called before or after a page is copied, with its number; it may write. */
type Ambush = (page: number) => void;

export class FakeGuest implements GuestMemory {
  readonly machine = "none";
  readonly pageSize: number;
  readonly blocks: readonly RamBlock[];
  readonly memories: ReadonlyMap<string, Uint8Array>;
  /** What the guest does at the next copy of a page, once. */
  beforeRead: Ambush | undefined;
  afterRead: Ambush | undefined;
  readonly #dirty: PageSet;

  constructor(pageSize: number, pageCounts: Readonly<Record<string, number>>) {
    this.pageSize = pageSize;
    this.blocks = Object.entries(pageCounts).map(([name, count]) => {
      return { name, usedLength: count * pageSize, pageSize: undefined, address: undefined };
    });
    this.memories = new Map(this.blocks.map(({ name, usedLength }) => [name, new Uint8Array(usedLength)]));
    this.#dirty = new PageSet(pageCountOf(this));
  }

  get pageCount(): number {
    return this.#dirty.pageCount;
  }

  /** The memory of a page, by its number. */
  page(page: number): Uint8Array {
    let address = page * this.pageSize;
    for (const memory of this.memories.values()) {
      if (address < memory.length) return memory.subarray(address, address + this.pageSize);
      address -= memory.length;
    }
    throw new RangeError(`no page ${page}`);
  }

  /** The guest writes to a page. */
  write(page: number, offset: number, bytes: Uint8Array): void {
    this.page(page).set(bytes.subarray(0, this.pageSize - offset), offset);
    this.#dirty.add(page);
  }

  /** From now on the guest does nothing. */
  stop(): void {
    this.beforeRead = undefined;
    this.afterRead = undefined;
  }

  takeDirty(dirty: PageSet): number {
    return this.#dirty.moveTo(dirty);
  }

  readPage(block: RamBlock, address: number, target: Uint8Array, start: number): void {
    const firstBytes = this.blocks.slice(0, this.blocks.indexOf(block)).map(({ usedLength }) => usedLength);
    const page = (firstBytes.reduce((sum, length) => sum + length, 0) + address) / this.pageSize;
    const [before, after] = [this.beforeRead, this.afterRead];
    this.beforeRead = undefined;
    this.afterRead = undefined;
    before?.(page);
    target.set(this.page(page), start);
    after?.(page);
  }
}
