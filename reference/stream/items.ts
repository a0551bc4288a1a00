/**
 * Header, configuration and the beginnings of items (docs/xbzrle/stream.md, "Header" to "End").
 */

import { MalformedStreamError, type StreamFault } from "../errors.ts";
import { readBe16, readBe32, readName } from "../record/integers.ts";
import type { RecordReader } from "../record/read.ts";
import {
  COMMAND_LENGTHS,
  ITEM_BYTES,
  PACKAGE,
  POSTCOPY_LISTEN,
  RAM_SECTION,
  type Section,
  type SectionItem,
  STREAM_MAGIC,
  STREAM_VERSION,
  type StreamVisitor,
} from "./stream.ts";
import { readSubsection } from "./subsections.ts";

/** STREAM-9: a longer name of a machine type is refused. */
const MAX_MACHINE_NAME_SIZE = 255;
/** STREAM-31: more starts and fulls are refused. */
const MAX_SECTION_COUNT = 65_536;

/** The items of a section by their first byte. */
const SECTION_ITEMS = new Map<number, SectionItem>([
  [ITEM_BYTES.start, "start"],
  [ITEM_BYTES.part, "part"],
  [ITEM_BYTES.last, "last"],
  [ITEM_BYTES.full, "full"],
]);

/** What was read last: header and configuration count as one. */
type Kind = "nothing" | "configuration" | "subsection" | "command" | "end" | SectionItem;

/** Reads what stands between payloads, in order. */
export class ItemReader {
  /** What was read last. */
  kind: Kind = "nothing";
  /** The section whose payload or footer comes next; `undefined` between items. */
  section: Section | undefined;
  /** The sections so far, by id. */
  readonly announced = new Map<number, Section>();
  /** The sections that a start has given, by id. */
  readonly #started = new Map<number, Section>();
  readonly #visitor: StreamVisitor;
  readonly #records: RecordReader;
  #sectionCount = 0;
  /** Where the package ends that the next item is in. */
  #packageEnd: number | undefined;
  #streamOffset = 0;

  /** Takes the visitor, and the reader of records, which is told what configuration and commands say of them. */
  constructor(visitor: StreamVisitor, records: RecordReader) {
    this.#visitor = visitor;
    this.#records = records;
  }

  /** What would have to come next, for a message. */
  get awaited(): string {
    return this.kind === "nothing" ? "header and configuration" : "an item";
  }

  /** The section's item has ended. */
  endSection(): void {
    this.section = undefined;
  }

  /**
   * Reads header and configuration, a subsection of it, a command, the beginning of an item of a section, or the end.
   *
   * @param bytes - Holds the beginning of it, or more.
   * @param start - Where it begins in `bytes`.
   * @param streamOffset - Where it begins in the stream, in bytes.
   * @returns Its number of bytes, or a number less than 0: so many bytes are needed to get further.
   * @throws MalformedStreamError at a fault.
   */
  read(bytes: Uint8Array, start: number, streamOffset: number): number {
    this.#streamOffset = streamOffset;
    if (this.kind === "nothing") return this.#readConfiguration(bytes, start);
    this.#checkPackage();
    if (start === bytes.length) return -1;
    const first = bytes[start]!;
    const item = SECTION_ITEMS.get(first);
    const mayBeSubsection = this.kind === "configuration" || this.kind === "subsection";
    if (item === "start" || item === "full") return this.#readHeader(bytes, start, item);
    if (item !== undefined) return this.#readLater(bytes, start, item);
    if (first === ITEM_BYTES.command) return this.#readCommand(bytes, start);
    if (first === ITEM_BYTES.subsection && mayBeSubsection) return this.#readSubsection(bytes, start);
    // STREAM-10; a package holds items, and not the end.
    if (first !== ITEM_BYTES.end || this.#packageEnd !== undefined) throw this.#refuse("item-unknown", `item ${first}`);
    this.#visitor.end(streamOffset);
    this.kind = "end";
    return 1;
  }

  #readConfiguration(bytes: Uint8Array, start: number): number {
    const left = bytes.length - start;
    if (left < 4) return -4;
    const magic = readBe32(bytes, start);
    // STREAM-1
    if (magic !== STREAM_MAGIC) throw this.#refuse("magic-unknown", magic.toString(16).padStart(8, "0"));
    if (left < 8) return -8;
    const version = readBe32(bytes, start + 4);
    // STREAM-2
    if (version !== STREAM_VERSION) {
      throw this.#refuse("version-unsupported", `version ${version}, and 3 is what can be read`, 4);
    }
    if (left < 9) return -9;
    // STREAM-3
    if (bytes[start + 8] !== ITEM_BYTES.configuration) {
      throw this.#refuse("configuration-missing", `${bytes[start + 8]} where a configuration begins with 7`, 8);
    }
    if (left < 13) return -13;
    const nameSize = readBe32(bytes, start + 9);
    // STREAM-9
    if (MAX_MACHINE_NAME_SIZE < nameSize) {
      throw this.#refuse("machine-name-too-long", `${nameSize} bytes, at most ${MAX_MACHINE_NAME_SIZE}`, 9);
    }
    if (left < 13 + nameSize) return -13 - nameSize;
    this.#visitor.configuration(readName(bytes, start + 13, start + 13 + nameSize), this.#streamOffset);
    this.kind = "configuration";
    return 13 + nameSize;
  }

  #readSubsection(bytes: Uint8Array, start: number): number {
    const read = readSubsection(bytes, start, this.#streamOffset);
    if (typeof read === "number") return read;
    const { subsection, pageSize, capabilities, byteCount } = read;
    if (pageSize !== undefined) this.#records.pageSize = pageSize;
    if (capabilities?.includes("x-ignore-shared")) this.#records.statesAddresses = true;
    this.#visitor.subsection(subsection, this.#streamOffset);
    this.kind = "subsection";
    return byteCount;
  }

  /** A start or a full. */
  #readHeader(bytes: Uint8Array, start: number, item: SectionItem): number {
    const left = bytes.length - start;
    if (left < 6) return -6;
    const nameEnd = start + 6 + bytes[start + 5]!;
    const byteCount = nameEnd + 8 - start;
    if (left < byteCount) return -byteCount;
    const id = readBe32(bytes, start + 1);
    const name = readName(bytes, start + 6, nameEnd);
    const section = { name, id, instance: readBe32(bytes, nameEnd), version: readBe32(bytes, nameEnd + 4) };
    this.section = section;
    // STREAM-11: a name without bytes is no section's; whether others are, a reader cannot know.
    if (name === "") throw this.#refuse("section-unknown", "a name of no bytes");
    // STREAM-12
    if (name === RAM_SECTION.name && section.version !== RAM_SECTION.version) {
      const found = `version ${section.version}, and ${RAM_SECTION.version} is what can be read`;
      throw this.#refuse("section-version-unsupported", found, byteCount - 4);
    }
    // STREAM-31
    this.#sectionCount += 1;
    if (MAX_SECTION_COUNT < this.#sectionCount) {
      throw this.#refuse("sections-too-many", `more than ${MAX_SECTION_COUNT}`);
    }
    // STREAM-13
    this.announced.set(id, section);
    if (item === "start") this.#started.set(id, section);
    return this.#begin(section, item, byteCount);
  }

  /** A part or a last. STREAM-15: there may be any number of parts. */
  #readLater(bytes: Uint8Array, start: number, item: SectionItem): number {
    if (bytes.length < start + 5) return -5;
    const id = readBe32(bytes, start + 1);
    const section = this.#started.get(id);
    // STREAM-14
    if (section === undefined) throw this.#refuse("section-id-unknown", `id ${id}, and no start has given it`, 1);
    return this.#begin(section, item, 5);
  }

  #begin(section: Section, item: SectionItem, byteCount: number): number {
    this.section = section;
    this.kind = item;
    this.#visitor.section(section, item, this.#streamOffset);
    return byteCount;
  }

  #readCommand(bytes: Uint8Array, start: number): number {
    if (bytes.length < start + 3) return -3;
    const number = readBe16(bytes, start + 1);
    const lengths = COMMAND_LENGTHS.get(number);
    // STREAM-19
    if (lengths === undefined) throw this.#refuse("command-unknown", `command ${number}`, 1);
    if (bytes.length < start + 5) return -5;
    const octetCount = readBe16(bytes, start + 3);
    // STREAM-20
    if (0 < lengths.length && !lengths.includes(octetCount)) {
      throw this.#refuse("command-length-mismatch", `${octetCount} bytes for command ${number}, it has ${lengths}`, 3);
    }
    const end = start + 5 + octetCount;
    if (bytes.length < end) return start - end;
    if (number === POSTCOPY_LISTEN) this.#records.isPostcopy = true;
    if (number === PACKAGE) this.#openPackage(readBe32(bytes, start + 5));
    this.#visitor.command(number, bytes, start + 5, end, this.#streamOffset);
    this.kind = "command";
    return end - start;
  }

  #openPackage(byteCount: number): void {
    if (this.#packageEnd !== undefined) throw this.#refuse("package-overrun", "a package in a package");
    this.#packageEnd = this.#streamOffset + 9 + byteCount;
  }

  /** STREAM-21: at the beginning of an item. */
  #checkPackage(): void {
    if (this.#packageEnd === undefined || this.#streamOffset < this.#packageEnd) return;
    if (this.#packageEnd < this.#streamOffset) {
      throw this.#refuse("package-overrun", `the package ends at stream byte ${this.#packageEnd}`);
    }
    this.#packageEnd = undefined;
  }

  #refuse(fault: StreamFault, found: string, offset = 0): MalformedStreamError {
    const place = { streamOffset: this.#streamOffset + offset, section: this.section };
    return new MalformedStreamError(fault, place, found);
  }
}
