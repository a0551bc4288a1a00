/**
 * The stream of a guest that has RAM and no devices: header, start, parts, last, end (docs/xbzrle/stream.md, "Sections").
 * Records are the caller's; the items around them are written here.
 */

import { newRecord, type RamBlock, type RamRecord } from "../record/record.ts";
import { RAM_SECTION, type Section } from "../stream/stream.ts";
import { StreamWriter } from "../stream/write.ts";

/** The section of the RAM. Its id is any number (STREAM-13); QEMU's is often this one. */
const SECTION: Section = { ...RAM_SECTION, id: 2, instance: 0 };

/** The description of a machine without devices. */
const DESCRIPTION = Uint8Array.from("{}", (character) => character.charCodeAt(0));

/** Writes the items of the section `ram`. */
export class RamItems {
  readonly #writer: StreamWriter;
  #isOpen = false;

  /** Takes what each piece of the stream is given to, which may keep it. */
  constructor(give: (piece: Uint8Array) => void) {
    this.#writer = new StreamWriter(give);
  }

  /** How many bytes were written, in all. */
  get byteCount(): number {
    return this.#writer.byteCount;
  }

  /** Writes header, configuration, and the start of the section with the list of the blocks. */
  start(machine: string, blocks: readonly RamBlock[]): void {
    this.#writer.configuration(machine);
    this.#writer.section(SECTION, "start");
    this.#isOpen = true;
    const address = blocks.reduce((sum, { usedLength }) => sum + usedLength, 0);
    this.record({ ...newRecord(), kind: "memory-sizes", address });
    for (const block of blocks) this.record({ ...newRecord(), kind: "block", block });
    this.endItem();
  }

  /** Whether CONTINUE can be set on the next record, if it is of this block. */
  continues(block: RamBlock): boolean {
    return this.#writer.continues(block);
  }

  /** Begins a part, unless an item is begun. */
  begin(): void {
    if (this.#isOpen) return;
    this.#writer.section(SECTION, "part");
    this.#isOpen = true;
  }

  /** Begins the last item: the guest has stopped. */
  beginLast(): void {
    this.#writer.section(SECTION, "last");
    this.#isOpen = true;
  }

  /** Writes a record in the item that is begun; throws a RangeError as `StreamWriter.record`. */
  record(record: RamRecord): void {
    this.#writer.record(record);
  }

  /** Ends the item, if one is begun. */
  endItem(): void {
    if (!this.#isOpen) return;
    // RECORD-30
    this.#writer.record(newRecord());
    this.#writer.footer(SECTION);
    this.#isOpen = false;
  }

  /** Ends the stream, with a description that lists no device. */
  end(): void {
    this.#writer.end();
    this.#writer.description(DESCRIPTION.length);
    this.#writer.payload(DESCRIPTION, 0, DESCRIPTION.length);
  }

  /** Gives away what was written. */
  flush(): void {
    this.#writer.flush();
  }

  /** Takes a piece back that was given away and that nobody keeps. */
  reuse(piece: Uint8Array): void {
    this.#writer.reuse(piece);
  }
}
