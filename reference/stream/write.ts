/**
 * Items, records and payloads become bytes (docs/xbzrle/stream.md). The mirror of `read.ts`: its methods are those that a
 * reader calls.
 */

import { ByteOutput } from "../record/output.ts";
import type { RamBlock, RamRecord } from "../record/record.ts";
import { RecordWriter } from "../record/write.ts";
import {
  ITEM_BYTES,
  type Section,
  type SectionItem,
  STREAM_MAGIC,
  STREAM_VERSION,
  type StreamVisitor,
  type Subsection,
} from "./stream.ts";

/** Writes a stream; the order of calls is that of the chapter, and is the caller's to keep. */
export class StreamWriter implements StreamVisitor {
  readonly #output: ByteOutput;
  readonly #records: RecordWriter;

  /** Takes what each piece of the stream is given to, which may keep it. */
  constructor(give: (piece: Uint8Array) => void) {
    this.#output = new ByteOutput(give);
    this.#records = new RecordWriter(this.#output);
  }

  /** How many bytes were written, in all. */
  get byteCount(): number {
    return this.#output.byteCount;
  }

  /** Writes header and configuration, with the name of the machine type, a character a byte. */
  configuration(machine: string): void {
    this.#output.be32(STREAM_MAGIC);
    this.#output.be32(STREAM_VERSION);
    this.#output.byte(ITEM_BYTES.configuration);
    this.#output.be32(machine.length);
    this.#output.text(machine);
  }

  /** Writes a subsection of the configuration. */
  subsection({ name, version, content }: Subsection): void {
    this.#output.byte(ITEM_BYTES.subsection);
    this.#output.name(name);
    this.#output.be32(version);
    this.#output.bytes(content, 0, content.length);
  }

  /** Begins an item of a section; its payload comes next. */
  section({ name, id, instance, version }: Section, item: SectionItem): void {
    this.#output.byte(ITEM_BYTES[item]);
    this.#output.be32(id);
    if (item === "part" || item === "last") return;
    this.#output.name(name);
    this.#output.be32(instance);
    this.#output.be32(version);
  }

  /** Writes a record, in an item of the section `ram`; throws a RangeError as `RecordWriter.write`. */
  record(record: RamRecord): void {
    this.#records.write(record);
  }

  /** Whether CONTINUE can be set on the next record, if it is of this block. */
  continues(block: RamBlock): boolean {
    return this.#records.continues(block);
  }

  /** Writes a piece of a payload or of the description: the bytes from `start` to `end`. */
  payload(bytes: Uint8Array, start: number, end: number): void {
    this.#output.bytes(bytes, start, end);
  }

  /** Ends the item of the section. */
  footer({ id }: Section): void {
    this.#output.byte(ITEM_BYTES.footer);
    this.#output.be32(id);
  }

  /** Writes a command, with the bytes from `start` to `end`, at most 65535. */
  command(number: number, bytes: Uint8Array, start: number, end: number): void {
    this.#output.byte(ITEM_BYTES.command);
    this.#output.be16(number);
    this.#output.be16(end - start);
    this.#output.bytes(bytes, start, end);
  }

  /** Ends the items. */
  end(): void {
    this.#output.byte(ITEM_BYTES.end);
  }

  /** Begins the description, of so many bytes; they come as `payload`. */
  description(byteCount: number): void {
    this.#output.byte(ITEM_BYTES.description);
    this.#output.be32(byteCount);
  }

  /** Gives away what was collected: the last piece of the stream. */
  flush(): void {
    this.#output.flush();
  }

  /** Takes a piece back that was given away and that nobody keeps: later pieces are written over it. */
  reuse(piece: Uint8Array): void {
    this.#output.reuse(piece);
  }
}
