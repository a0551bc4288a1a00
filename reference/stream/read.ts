/**
 * Bytes become items, records and payloads (docs/xbzrle/stream.md). The mirror of `write.ts`.
 */

import { MalformedStreamError, type StreamFault } from "../errors.ts";
import { readBe32 } from "../record/integers.ts";
import { RecordReader } from "../record/read.ts";
import type { RamBlock } from "../record/record.ts";
import { DeviceList } from "./devices.ts";
import { isFooter } from "./footer.ts";
import { ItemReader } from "./items.ts";
import { ITEM_BYTES, RAM_SECTION, type Section, type StreamVisitor } from "./stream.ts";
import { UnitBuffer } from "./units.ts";

/** What a reader may be told of the stream. */
export interface StreamReaderOptions {
  /** The page size of the guest in bytes, where the stream does not state it; 4096 unless told. */
  readonly pageSize?: number;
}

/** What comes next. */
type State = "items" | "records" | "payload" | "footer" | "description" | "done";

/**
 * Reads a stream that comes in chunks of any size, and tells a visitor what is in it.
 *
 * Nothing is kept of the stream but what a unit needs that a chunk has cut, names, and what the description lists.
 */
export class StreamReader {
  readonly #visitor: StreamVisitor;
  readonly #records = new RecordReader();
  readonly #items: ItemReader;
  readonly #devices = new DeviceList();
  readonly #units = new UnitBuffer((bytes, start) => this.#read(bytes, start));
  #state: State = "items";
  #streamOffset = 0;
  #descriptionOffset = 0;
  #isWhole = false;
  #error: MalformedStreamError | undefined;

  /**
   * Takes the visitor, which may be a writer. Throws a RangeError if the page size is none.
   */
  constructor(visitor: StreamVisitor, options: StreamReaderOptions = {}) {
    this.#visitor = visitor;
    this.#records.pageSize = options.pageSize ?? this.#records.pageSize;
    this.#items = new ItemReader(visitor, this.#records);
  }

  /** The page size in bytes: as the stream states it, or as the reader was told. */
  get pageSize(): number {
    return this.#records.pageSize;
  }

  /** The blocks that the lists of memory sizes have named so far, by name. */
  get blocks(): ReadonlyMap<string, RamBlock> {
    return this.#records.blocks;
  }

  /** How much of the stream has been told, in bytes; not more than has come. After a fault it is where the unit begins that has it. */
  get streamOffset(): number {
    return this.#streamOffset;
  }

  /**
   * Whether the ends of payloads of unknown form are known to be right: `true` once the description has been compared with
   * them, `false` before that and where there is none.
   */
  get isVerified(): boolean {
    return this.#devices.isVerified;
  }

  /**
   * Reads a chunk. The visitor is told what can be told by then, with views of the chunk; the chunk is not kept.
   *
   * @param chunk - The next bytes of the stream, any number of them.
   * @throws MalformedStreamError at the first fault, and the same at each call after it; the errors of the visitor.
   * Source: RECORD-1 to RECORD-32, STREAM-1 to STREAM-31, as far as they bind a reader.
   */
  push(chunk: Uint8Array): void {
    if (this.#error) throw this.#error;
    try {
      this.#units.push(chunk);
    } catch (error) {
      if (error instanceof MalformedStreamError) this.#error = error;
      throw error;
    }
  }

  /**
   * Says that the stream has ended.
   *
   * @throws MalformedStreamError `stream-truncated` if it ends too early, and what `push` throws.
   */
  end(): void {
    if (this.#error) throw this.#error;
    this.#isWhole = true;
    const rest = this.#units.rest;
    const { stopped } = this.#read(rest, 0);
    // STREAM-24: a description need not follow the end. STREAM-18: nor need a last for the section `ram` come before it.
    const isComplete = this.#state === "done" || this.#state === "description";
    if (isComplete && stopped === rest.length && !this.#devices.isOpen) return;
    // STREAM-23
    const place = { streamOffset: this.#streamOffset + rest.length - stopped, section: this.#items.section };
    throw new MalformedStreamError("stream-truncated", place, `the stream ends, ${this.#awaited()} is to follow`);
  }

  /** Reads units for as long as they are whole. */
  #read(bytes: Uint8Array, start: number): { stopped: number; needed: number } {
    const beginOffset = this.#streamOffset - start;
    let stopped = start;
    for (;;) {
      const byteCount = this.#step(bytes, stopped);
      if (byteCount < 0) return { stopped, needed: -byteCount };
      stopped += byteCount;
      this.#streamOffset = beginOffset + stopped;
    }
  }

  /** Reads one unit, or several of a kind; gives their size, or a number less than 0: so many bytes are needed. */
  #step(bytes: Uint8Array, start: number): number {
    switch (this.#state) {
      case "items":
        return this.#readItem(bytes, start);
      case "records":
        return this.#readRecords(bytes, start);
      case "payload":
        return this.#readPayload(bytes, start);
      case "footer":
        return this.#readFooter(bytes, start);
      case "description":
        return this.#readDescription(bytes, start);
      case "done":
        // STREAM-26
        if (start < bytes.length) throw this.#refuse("bytes-after-end", "bytes behind the end of the stream");
        return -1;
    }
  }

  #readItem(bytes: Uint8Array, start: number): number {
    const byteCount = this.#items.read(bytes, start, this.#streamOffset);
    if (byteCount < 0) return byteCount;
    const { section, kind } = this.#items;
    if (kind === "end") this.#state = "description";
    if (section === undefined) return byteCount;
    this.#records.section = section;
    this.#state = section.name === RAM_SECTION.name ? "records" : "payload";
    this.#devices.begin(section, kind);
    return byteCount;
  }

  /** Reads all records that are there, to the end of the payload (RECORD-29). */
  #readRecords(bytes: Uint8Array, start: number): number {
    const records = this.#records;
    const visitor = this.#visitor;
    let offset = start;
    for (;;) {
      const byteCount = records.read(bytes, offset, bytes.length, this.#streamOffset);
      // What was told of records before one that is cut is not told again.
      if (byteCount < 0) return start < offset ? offset - start : byteCount;
      visitor.record(records.record);
      offset += byteCount;
      this.#streamOffset += byteCount;
      if (records.record.kind === "end-of-section") {
        this.#state = "footer";
        return offset - start;
      }
    }
  }

  /** STREAM-28, STREAM-29: gives what is surely payload, to the footer or to the bytes that may be one. */
  #readPayload(bytes: Uint8Array, start: number): number {
    const section = this.#items.section as Section;
    let at = bytes.indexOf(ITEM_BYTES.footer, start);
    while (0 <= at) {
      const verdict = isFooter(bytes, at, section, this.#items.announced, this.#isWhole);
      if (verdict === true) this.#state = "footer";
      if (typeof verdict === "number" && at === start) return -verdict;
      if (verdict !== false) return this.#give(bytes, start, at);
      at = bytes.indexOf(ITEM_BYTES.footer, at + 1);
    }
    return start === bytes.length ? -1 : this.#give(bytes, start, bytes.length);
  }

  #give(bytes: Uint8Array, start: number, end: number): number {
    if (start < end) this.#visitor.payload(bytes, start, end, this.#streamOffset);
    this.#devices.count(end - start);
    return end - start;
  }

  #readFooter(bytes: Uint8Array, start: number): number {
    const section = this.#items.section as Section;
    if (start === bytes.length) return -1;
    // STREAM-16
    if (bytes[start] !== ITEM_BYTES.footer) {
      throw this.#refuse("footer-missing", `${bytes[start]} where a footer begins with ${ITEM_BYTES.footer}`);
    }
    if (bytes.length < start + 5) return -5;
    // STREAM-17
    const id = readBe32(bytes, start + 1);
    if (id !== section.id) throw this.#refuse("footer-mismatch", `${id}, and the section has ${section.id}`, 1);
    this.#visitor.footer(section, this.#streamOffset);
    this.#items.endSection();
    this.#state = "items";
    return 5;
  }

  #readDescription(bytes: Uint8Array, start: number): number {
    if (start === bytes.length) return -1;
    if (this.#devices.isOpen) {
      const end = Math.min(bytes.length, start + this.#devices.leftOfDescription);
      this.#visitor.payload(bytes, start, end, this.#streamOffset);
      const fault = this.#devices.addText(bytes.subarray(start, end));
      // STREAM-27
      if (fault !== undefined) {
        throw this.#refuse("description-too-long", fault, this.#descriptionOffset - this.#streamOffset);
      }
      if (!this.#devices.isOpen) this.#compare(end - start);
      return end - start;
    }
    if (bytes[start] !== ITEM_BYTES.description) {
      throw this.#refuse(
        "bytes-after-end",
        `${bytes[start]} where a description begins with ${ITEM_BYTES.description}`,
      );
    }
    if (bytes.length < start + 5) return -5;
    const byteCount = readBe32(bytes, start + 1);
    const fault = this.#devices.openDescription(byteCount);
    if (fault !== undefined) throw this.#refuse("description-too-long", fault, 1);
    this.#descriptionOffset = this.#streamOffset;
    this.#visitor.description(byteCount, this.#streamOffset);
    if (!this.#devices.isOpen) this.#state = "done";
    return 5;
  }

  /** STREAM-30 */
  #compare(byteCount: number): void {
    this.#state = "done";
    const difference = this.#devices.compare();
    if (difference !== undefined) throw this.#refuse("description-mismatch", difference, byteCount);
  }

  /** What would have to come next, for a message. */
  #awaited(): string {
    if (this.#state === "items") return this.#items.awaited;
    if (this.#state === "records") return "a record";
    return this.#state === "description" ? "the rest of the description" : "a footer";
  }

  #refuse(fault: StreamFault, found: string, offset = 0): MalformedStreamError {
    const place = { streamOffset: this.#streamOffset + offset, section: this.#items.section };
    return new MalformedStreamError(fault, place, found);
  }
}
