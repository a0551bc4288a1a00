/**
 * `xbzrle stream flatten FILE OUT`: a stream with each page once, and no XBZRLE and no compressed records.
 */

import { Ram } from "../../guest/ram.ts";
import { newRecord, type RamRecord, type Section, type SectionItem, StreamWriter } from "../../index.ts";
import { RAM_SECTION } from "../../stream/stream.ts";
import { RefusedError } from "../streams.ts";
import { requirePrecopy } from "./rewrite.ts";

/**
 * Writes what it is told, but for the pages: they are kept until the last item of the section `ram`, where each that was sent is
 * written as it is then, as a zero or page record. Parts that held nothing else are left out.
 */
export class FlatteningWriter extends StreamWriter {
  readonly #ram = new Ram();
  readonly #pageSize: () => number;
  readonly #record: RamRecord = newRecord();
  /** The section `ram` once it is known; its item that is read, and whether that was begun in the output. */
  #section: Section | undefined;
  #item: SectionItem | undefined;
  #isBegun = false;
  #isFlat = false;

  /** Takes what each piece of the output is given to, and what gives the page size in bytes. */
  constructor(give: (piece: Uint8Array) => void, pageSize: () => number) {
    super(give);
    this.#pageSize = pageSize;
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
        if (this.#item === "last" || this.#item === "full") this.#writePages();
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
      this.#writePages();
      super.record(newRecord());
      super.footer(this.#section);
    }
    super.end();
  }

  #writePages(): void {
    this.#isFlat = true;
    const record = this.#record;
    const zeros = Buffer.alloc(this.#pageSize());
    for (const block of this.#ram.blocks) {
      record.block = block;
      for (const { address, bytes } of this.#ram.pages(block)) {
        record.kind = zeros.equals(bytes) ? "zero" : "page";
        record.address = address;
        record.isContinued = this.continues(block);
        record.bytes = bytes;
        record.end = bytes.length;
        super.record(record);
      }
    }
  }
}
