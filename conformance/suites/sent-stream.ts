/**
 * The stream of a sender as the suite sees it: which record of a page gave which bytes, in order; and what a sender must not
 * write, though a receiver takes it.
 */

import {
  applyCompressed,
  applyDelta,
  MalformedDeltaError,
  type RamBlock,
  type RamRecord,
  type Section,
  type SectionItem,
  StreamReader,
  type StreamVisitor,
} from "../../reference/index.ts";
import type { Level } from "../harness/case.ts";
import { RAM_PAGE_BYTES, type SendRequest } from "../protocol.ts";
import { faultOf } from "./stream-lines.ts";

/** What is wrong with a stream: the requirement, and a sentence that says where and what to do. */
export interface Finding {
  readonly level: Level;
  readonly requirement: string;
  readonly detail: string;
}

/** A record of a page. */
export interface SentRecord {
  readonly kind: "zero" | "page" | "xbzrle" | "compressed";
  /** Of the page, in bytes from the start of the RAM. */
  readonly address: number;
  /** Of its word, in bytes from the start of the stream. */
  readonly streamOffset: number;
  /** Whether it names a block that the record before it had named. */
  readonly isNamedAgain: boolean;
  /** Of an XBZRLE record; empty for others. */
  readonly delta: Uint8Array;
  /** The page as the records before it have given it; nothing if there are none. */
  readonly before: Uint8Array | undefined;
  /** The page as it gives it. */
  readonly after: Uint8Array;
}

/** What a stream says, as far as it can be read. */
export interface SentStream {
  readonly records: readonly SentRecord[];
  /** What a sender must not write, in the order of the stream. */
  readonly findings: readonly Finding[];
}

/** Reads a stream that a receiver takes. */
export function readSent(stream: Uint8Array, { ramSize }: SendRequest): SentStream {
  const reading = new Reading(ramSize);
  const reader = new StreamReader(reading, { pageSize: RAM_PAGE_BYTES });
  const fault = faultOf(() => {
    reader.push(stream);
    reader.end();
  });
  if (fault) reading.find(fault.requirement, `the stream is malformed: ${fault.message}`);
  return reading;
}

/** A record in words: `the XBZRLE record of page 4096 at stream byte 8330`. */
export function recordText({ kind, address, streamOffset }: SentRecord): string {
  return `the ${kind === "xbzrle" ? "XBZRLE" : kind} record of page ${address} at stream byte ${streamOffset}`;
}

class Reading implements StreamVisitor, SentStream {
  readonly records: SentRecord[] = [];
  readonly findings: Finding[] = [];
  readonly #ramSize: number;
  readonly #pages = new Map<number, Uint8Array>();
  #hasRecord = false;
  #hasPageRecord = false;
  #items: SectionItem[] = [];
  #listedByteCount = 0;

  constructor(ramSize: number) {
    this.#ramSize = ramSize;
  }

  find(requirement: string, detail: string): void {
    this.findings.push({ level: "required", requirement, detail });
  }

  section(_section: Section, item: SectionItem, streamOffset: number): void {
    const before = this.#items.at(-1);
    this.#items.push(item);
    const isInOrder =
      before === undefined ? item === "start" : before !== "last" && item !== "start" && item !== "full";
    if (isInOrder) return;
    const where = `the ${item} of the section ram at stream byte ${streamOffset}`;
    this.find(
      "STREAM-18",
      `${where} comes ${before === undefined ? "first" : `behind its ${before}`}: write one start, parts, and then one last`,
    );
  }

  record(record: RamRecord): void {
    const isFirst = !this.#hasRecord;
    this.#hasRecord = true;
    if (isFirst && record.kind !== "memory-sizes") {
      const found = `the first record of the section, at stream byte ${record.streamOffset}, is no list of the blocks`;
      this.find("RECORD-24", `${found}: list the block ram with its ${this.#ramSize} bytes`);
    }
    switch (record.kind) {
      case "memory-sizes":
      case "multifd-flush":
        return;
      case "block":
        this.#listed(record.block);
        return;
      case "end-of-section":
        this.#endOfSection(record);
        return;
      default:
        this.#page(record, record.kind as SentRecord["kind"]);
    }
  }

  end(streamOffset: number): void {
    if (this.#items.at(-1) !== "last")
      this.find("STREAM-18", `the stream ends at byte ${streamOffset} without a last of the section ram: write one`);
    if (this.#listedByteCount === 0)
      this.find("RECORD-24", `no list names the block ram: list it with its ${this.#ramSize} bytes`);
  }

  #listed({ usedLength }: RamBlock): void {
    this.#listedByteCount += usedLength;
  }

  #endOfSection({ address, isContinued, streamOffset }: RamRecord): void {
    // RECORD-30
    if (address === 0 && !isContinued) return;
    const what = isContinued ? "CONTINUE" : `the address ${address}`;
    this.find("RECORD-30", `the end of section at stream byte ${streamOffset} has ${what}: write 0000000000000010`);
  }

  #page(record: RamRecord, kind: SentRecord["kind"]): void {
    const { address, streamOffset, fill, isContinued, bytes, start, end } = record;
    const before = this.#pages.get(address);
    const delta = kind === "xbzrle" ? bytes.slice(start, end) : new Uint8Array(0);
    const after = before === undefined ? new Uint8Array(RAM_PAGE_BYTES) : before.slice();
    const isNamedAgain = !isContinued && this.#hasPageRecord;
    const isFirst = !this.#hasPageRecord;
    this.#hasPageRecord = true;
    const sent: SentRecord = { kind, address, streamOffset, isNamedAgain, delta, before, after };
    this.#judge(sent, record, isFirst);
    if (kind === "zero") after.fill(fill);
    else if (kind === "page") after.set(bytes.subarray(start, end));
    else if (kind === "xbzrle") after.set(deltaPage(after, delta));
    else this.#decompress(sent, record);
    this.#pages.set(address, after);
    this.records.push(sent);
  }

  /** What no record may be, whatever the guest has done. */
  #judge(sent: SentRecord, { fill }: RamRecord, isFirst: boolean): void {
    const where = recordText(sent);
    // COMP-9
    if (isFirst && sent.kind === "compressed") {
      const why = "is the first of its block, and no other record has named the block";
      this.find("COMP-9", `${where} ${why}: write the first page in full, or a zero record`);
    }
    // RECORD-17
    if (fill !== 0 && sent.kind === "zero")
      this.find("RECORD-17", `${where} has the fill ${fill}: write the page in full`);
    if (sent.kind !== "xbzrle") return;
    // RECORD-23
    if (sent.before === undefined) {
      const why = "is the first of that page: what the receiver holds is not known";
      this.find("RECORD-23", `${where} ${why}; write the page in full, or a zero record`);
    }
    // DELTA-22
    if (sent.delta.length === 0) this.find("DELTA-22", `${where} has an empty delta: write no record of an equal page`);
  }

  /** COMP-8 */
  #decompress(sent: SentRecord, record: RamRecord): void {
    const { pageByteCount, unusedByteCount } = applyCompressed(record, sent.after, RAM_PAGE_BYTES, 0);
    if (pageByteCount === RAM_PAGE_BYTES && unusedByteCount === 0) return;
    const found = `has ${pageByteCount} bytes of the page and ${unusedByteCount} more`;
    this.find("COMP-8", `${recordText(sent)} ${found}: compress the whole page and nothing else`);
  }

  configuration(): void {}
  subsection(): void {}
  payload(): void {}
  footer(): void {}
  command(): void {}
  description(): void {}
}

/** The page that a delta gives; the old page where it is malformed, which the receiver has found before. */
function deltaPage(oldPage: Uint8Array, delta: Uint8Array): Uint8Array {
  return applied(oldPage, delta) ?? oldPage;
}

/** The page that a delta makes of another; nothing where it is malformed. */
export function applied(oldPage: Uint8Array, delta: Uint8Array): Uint8Array | undefined {
  try {
    return applyDelta(oldPage, delta);
  } catch (error) {
    if (error instanceof MalformedDeltaError) return undefined;
    throw error;
  }
}
