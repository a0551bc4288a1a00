/**
 * Records become bytes (docs/xbzrle/record.md). The mirror of `read.ts`.
 */

import type { ByteOutput } from "./output.ts";
import { CONTINUE_FLAG, type RamBlock, type RamRecord, RECORD_FLAGS, XBZRLE_ENCODING } from "./record.ts";

/** Writes the records of all payloads of one stream, in order. */
export class RecordWriter {
  readonly #output: ByteOutput;
  /** The block of the record of a page that was written last. */
  #lastBlock: string | undefined;

  /** Takes where the bytes go. */
  constructor(output: ByteOutput) {
    this.#output = output;
  }

  /**
   * Says whether CONTINUE can be set on a record of a block (RECORD-13, RECORD-14).
   *
   * @param block - The block of the next record.
   */
  continues(block: RamBlock): boolean {
    return this.#lastBlock === block.name;
  }

  /**
   * Writes a record as a reader has given it.
   *
   * @param record - Its fields as `RamRecord` says; it is not changed, and nothing of it is kept.
   * @throws RangeError if it continues another block than that of the record before, or has a name that is none.
   */
  write(record: RamRecord): void {
    const { kind, block } = record;
    if (kind === "block") return this.#writeListed(block);
    this.#output.be64(record.address + RECORD_FLAGS[kind] + (record.isContinued ? CONTINUE_FLAG : 0));
    switch (kind) {
      case "end-of-section":
      case "multifd-flush":
      case "memory-sizes":
        return;
      default:
        this.#writeName(record);
        this.#writeBody(record);
    }
  }

  #writeName({ block, isContinued }: RamRecord): void {
    // RECORD-13
    if (isContinued && !this.continues(block)) {
      throw new RangeError(`a record of ${block.name} continues ${this.#lastBlock ?? "no block"}`);
    }
    if (!isContinued) this.#output.name(block.name);
    this.#lastBlock = block.name;
  }

  #writeBody({ kind, fill, bytes, start, end }: RamRecord): void {
    switch (kind) {
      case "zero":
        // RECORD-17: a sender's fill is 0; one that was read is passed on.
        this.#output.byte(fill);
        return;
      case "xbzrle":
        this.#output.byte(XBZRLE_ENCODING);
        this.#output.be16(end - start);
        break;
      case "compressed":
        this.#output.be32(end - start);
        break;
    }
    this.#output.bytes(bytes, start, end);
  }

  #writeListed({ name, usedLength, pageSize, address }: RamBlock): void {
    this.#output.name(name);
    this.#output.be64(usedLength);
    if (pageSize !== undefined) this.#output.be64(pageSize);
    if (address !== undefined) this.#output.be64(address);
  }
}
