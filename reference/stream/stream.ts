/**
 * What a stream is made of: items, commands, subsections, and what a reader tells of them (docs/xbzrle/stream.md).
 */

import type { RamRecord } from "../record/record.ts";

/** The header: `QEVM` and the version, 3. */
export const STREAM_MAGIC = 0x5145_564d;
/** The version of the stream that the chapter is about. */
export const STREAM_VERSION = 3;

/** The first byte of each thing that is not inside a section. */
export const ITEM_BYTES = {
  end: 0x00,
  start: 0x01,
  part: 0x02,
  last: 0x03,
  full: 0x04,
  subsection: 0x05,
  description: 0x06,
  configuration: 0x07,
  command: 0x08,
  footer: 0x7e,
} as const;

/** The name and the one version of the section whose payload is records (STREAM-12). */
export const RAM_SECTION = { name: "ram", version: 4 } as const;

/** The commands: number to the numbers of octets that it may have, any number for an empty list (stream.md, "Commands"). */
export const COMMAND_LENGTHS: ReadonlyMap<number, readonly number[]> = new Map([
  [1, [0]],
  [2, [4]],
  [3, [0, 16]],
  [4, [0]],
  [5, [0]],
  [6, []],
  [7, [4]],
  [8, [0]],
  [9, [0]],
  [10, []],
  [11, [0]],
]);

/** The command that begins postcopy on the receiver's side. */
export const POSTCOPY_LISTEN = 4;
/** The command that has a run of items behind it. */
export const PACKAGE = 7;

/** The item of a section: one `start`, any number of `part`, one `last`; or one `full`. */
export type SectionItem = "start" | "part" | "last" | "full";

/** A section, from its start or its full item on. */
export interface Section {
  /** 1 to 255 bytes, a character a byte. */
  readonly name: string;
  /** The number that its later items and its footers have. */
  readonly id: number;
  /** Tells sections of one name apart. */
  readonly instance: number;
  readonly version: number;
}

/** A subsection of the configuration. */
export interface Subsection {
  readonly name: string;
  readonly version: number;
  /** Its bytes, in memory of their own. */
  readonly content: Uint8Array;
}

/**
 * What a reader tells of a stream, in the order of the stream; a writer has the same methods, so that a reader that is
 * given a writer copies the stream. Offsets are in bytes from the start of the stream, of the first byte of what is told.
 * A method that throws ends the reading.
 */
export interface StreamVisitor {
  /** Header and configuration have been read: the name of the machine type, a character a byte. */
  configuration(machine: string, streamOffset: number): void;
  /** A subsection of the configuration. */
  subsection(subsection: Subsection, streamOffset: number): void;
  /** An item of a section begins: its payload comes next. */
  section(section: Section, item: SectionItem, streamOffset: number): void;
  /** A record of the section `ram`; the object is the same for each, and holds only for the call. */
  record(record: RamRecord): void;
  /** A piece of a payload of unknown form, or of the description: the bytes from `start` to `end`, for the call. */
  payload(bytes: Uint8Array, start: number, end: number, streamOffset: number): void;
  /** The item of the section ends. */
  footer(section: Section, streamOffset: number): void;
  /** A command: its number and, from `start` to `end`, its octets, for the call. */
  command(number: number, bytes: Uint8Array, start: number, end: number, streamOffset: number): void;
  /** The end of the items. */
  end(streamOffset: number): void;
  /** The description begins, with so many bytes; they come as `payload`. */
  description(byteCount: number, streamOffset: number): void;
}
