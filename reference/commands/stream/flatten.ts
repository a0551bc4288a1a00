/**
 * `xbzrle stream flatten FILE OUT`: a stream with each page once, and no XBZRLE and no compressed records.
 */

import { Ram, type SentPage } from "../../guest/ram.ts";
import { newRecord, type RamBlock, type RamRecord, type Section, type SectionItem, StreamWriter } from "../../index.ts";
import { RAM_SECTION } from "../../stream/stream.ts";
import { RefusedError } from "../streams.ts";
import { type RewritingWriter, requirePrecopy } from "./rewrite.ts";

/** How many pages are written before the output may catch up. */
const STRIDE_PAGE_COUNT = 256;

/**
 * Writes what it is told, but for the pages: they are kept until the last item of the section `ram`, where each that was sent is
 * written as it is then, as a zero or page record. Parts that held nothing else are left out.
 */
export class FlatteningWriter extends StreamWriter implements RewritingWriter {
  readonly #ram = new Ram();
  readonly #pageSize: () => number;
  readonly #record: RamRecord = newRecord();
  /** The section `ram` once it is known; its item that is read, and whether that was begun in the output. */
  #section: Section | undefined;
  #item: SectionItem | undefined;
  #isBegun = false;
  #isFlat = false;
  #zeros = Buffer.alloc(0);

  /** Whether the pages have to be written before what is held back. */
  #isDue = false;
  readonly #gate: Gate;

  /** Takes what each piece of the output is given to, and what gives the page size in bytes. */
  constructor(give: (piece: Uint8Array) => void, pageSize: () => number) {
    const gate = new Gate(give);
    super(gate.pass);
    this.#gate = gate;
    this.#pageSize = pageSize;
  }

  /** Writes the pages once they are due: as many as there are, so it stops now and then, for the output to keep pace. */
  *writeDue(): Generator<void> {
    if (!this.#isDue) return;
    this.#isDue = false;
    this.flush();
    const held = this.#gate.open();
    let count = 0;
    for (const block of this.#ram.blocks) {
      for (const page of this.#ram.pages(block)) {
        this.#writePage(block, page);
        count += 1;
        if (count % STRIDE_PAGE_COUNT === 0) yield;
      }
    }
    this.flush();
    for (const piece of held) this.#gate.pass(piece);
  }

  override section(section: Section, item: SectionItem): void {
    const isRam = section.name === RAM_SECTION.name;
    this.#item = isRam ? item : undefined;
    if (isRam) this.#section = section;
    this.#isBegun = item !== "part" || !isRam;
    if (this.#isBegun) super.section(section, item);
  }

  /** Throws a RefusedError for a page behind the last item of the section. */
  override record(record: RamRecord): void {
    this.#ram.apply(record, this.#pageSize());
    switch (record.kind) {
      case "block":
      case "memory-sizes":
      case "multifd-flush":
        if (!this.#isBegun) super.section(this.#section as Section, "part");
        this.#isBegun = true;
        return super.record(record);
      case "end-of-section":
        if (this.#item === "last" || this.#item === "full") this.#callPages();
        if (this.#isBegun) super.record(newRecord());
        return;
      default:
        if (!this.#isFlat) return;
        throw new RefusedError(
          `a page at stream byte ${record.streamOffset}, behind the last item of the section ram; such a stream is not rewritten`,
        );
    }
  }

  override footer(section: Section): void {
    if (this.#isBegun) super.footer(section);
  }

  override command(number: number, bytes: Uint8Array, start: number, end: number): void {
    requirePrecopy(number);
    super.command(number, bytes, start, end);
  }

  /** STREAM-18: a stream may do without the last item. */
  override end(): void {
    if (!this.#isFlat && this.#section !== undefined) {
      super.section(this.#section, "last");
      this.#callPages();
      super.record(newRecord());
      super.footer(this.#section);
    }
    super.end();
  }

  /** What is written from now on stands behind the pages. */
  #callPages(): void {
    this.#isFlat = true;
    this.#isDue = true;
    this.flush();
    this.#gate.close();
  }

  #writePage(block: RamBlock, { address, bytes }: SentPage): void {
    const record = this.#record;
    if (this.#zeros.length !== bytes.length) this.#zeros = Buffer.alloc(bytes.length);
    record.kind = this.#zeros.equals(bytes) ? "zero" : "page";
    record.block = block;
    record.address = address;
    record.isContinued = this.continues(block);
    record.bytes = bytes;
    record.end = bytes.length;
    super.record(record);
  }
}

/** Gives pieces on, or holds them back until what stands before them has been written. */
class Gate {
  readonly #give: (piece: Uint8Array) => void;
  #held: Uint8Array[] | undefined;

  constructor(give: (piece: Uint8Array) => void) {
    this.#give = give;
  }

  readonly pass = (piece: Uint8Array): void => {
    if (this.#held === undefined) this.#give(piece);
    else this.#held.push(piece);
  };

  close(): void {
    this.#held ??= [];
  }

  /** Gives what was held back, which is to be passed again. */
  open(): readonly Uint8Array[] {
    const held = this.#held ?? [];
    this.#held = undefined;
    return held;
  }
}
