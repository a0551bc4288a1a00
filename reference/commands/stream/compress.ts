/**
 * `xbzrle stream compress FILE OUT`: a stream with XBZRLE records for pages that come again.
 */

import { Ram } from "../../guest/ram.ts";
import { encodeDelta, newRecord, type RamRecord, StreamWriter } from "../../index.ts";
import { type RewritingWriter, requirePrecopy } from "./rewrite.ts";

/** A record has two bytes for the length of a delta. */
const MAX_DELTA_SIZE = 65_535;

/**
 * Writes what it is told; a page that was sent before becomes a delta where that is shorter than its record, and nothing
 * where it has not changed. The RAM that the receiver holds is the page cache: it has every page.
 */
export class CompressingWriter extends StreamWriter implements RewritingWriter {
  readonly #ram = new Ram();
  readonly #pageSize: () => number;
  readonly #record: RamRecord = newRecord();

  /** Takes what each piece of the output is given to, and what gives the page size in bytes. */
  constructor(give: (piece: Uint8Array) => void, pageSize: () => number) {
    super(give);
    this.#pageSize = pageSize;
  }

  /** Nothing is held back. */
  writeDue(): readonly undefined[] {
    return [];
  }

  override record(record: RamRecord): void {
    switch (record.kind) {
      case "zero":
      case "page":
      case "compressed":
        return this.#shorten(record);
      case "xbzrle":
        this.#ram.apply(record, this.#pageSize());
        return this.#write(record);
      default:
        this.#ram.apply(record, this.#pageSize());
        super.record(record);
    }
  }

  override command(number: number, bytes: Uint8Array, start: number, end: number): void {
    requirePrecopy(number);
    super.command(number, bytes, start, end);
  }

  /** RECORD-23: the old page is what the receiver holds by now. */
  #shorten(record: RamRecord): void {
    const { kind, block, address, start, end } = record;
    const oldPage = this.#ram.page(block, address)?.slice();
    this.#ram.apply(record, this.#pageSize());
    if (oldPage === undefined) return this.#write(record);
    const newPage = this.#ram.page(block, address) as Uint8Array;
    const capacity = Math.min(this.#pageSize(), MAX_DELTA_SIZE);
    const outcome = encodeDelta(oldPage, newPage, capacity);
    if (outcome.kind === "unchanged") return;
    const bodySize = kind === "zero" ? 1 : end - start;
    if (outcome.kind === "overflow" || bodySize <= outcome.delta.length) return this.#write(record);
    const { delta } = outcome;
    this.#write({ ...record, kind: "xbzrle", bytes: delta, start: 0, end: delta.length });
  }

  /** RECORD-13, RECORD-14: which record is the one before is another matter than in the stream that was read. */
  #write(record: RamRecord): void {
    super.record(Object.assign(this.#record, record, { isContinued: this.continues(record.block) }));
  }
}
