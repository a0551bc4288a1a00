/**
 * The rules that a reader has no need of: what records hold (docs/xbzrle/record.md, compressed.md), and what binds senders.
 * What senders know of receivers' pages (RECORD-23) stands in no stream, and is not looked for.
 */

import { Ram } from "../../guest/ram.ts";
import { applyCompressed, applyRecord, MalformedStreamError, quoteName, type RamRecord } from "../../index.ts";
import { placeInBody } from "../../record/apply.ts";
import { departuresOfDelta } from "./delta-departures.ts";
import { RecordVisitor } from "./visitor.ts";

/** A fault that the chapters have no name for, a sender's; the message is where, what and the requirement. */
export class SenderFaultError extends Error {
  override readonly name = "SenderFaultError";
}

/** What a stream departs from that is a SHOULD. */
export interface Departure {
  readonly requirement: string;
  readonly count: number;
  /** Where the first is, in words. */
  readonly first: string;
}

/** Looks at each record; the RAM is held for the old pages of deltas. */
export class Checker extends RecordVisitor {
  /** How many records there are, entries of lists included. */
  recordCount = 0;
  /** How many faults have been found. */
  faultCount = 0;
  readonly #pageSize: () => number;
  readonly #goesOn: boolean;
  #lines: string[] = [];
  readonly #ram = new Ram();
  /** A page to try deltas and zlib streams on: whether they are refused does not depend on it. */
  #page = new Uint8Array(0);
  readonly #named = new Set<string>();
  #lastBlock: string | undefined;
  readonly #departures = new Map<string, { count: number; readonly first: string }>();

  /** Takes what gives the page size in bytes; the checker throws the first fault, unless it goes on. */
  constructor(pageSize: () => number, goesOn: boolean) {
    super();
    this.#pageSize = pageSize;
    this.#goesOn = goesOn;
  }

  /** What stands in the stream in spite of a SHOULD. */
  get departures(): readonly Departure[] {
    return [...this.#departures].map(([requirement, departure]) => ({ requirement, ...departure }));
  }

  /** The faults since the last call, a line each. */
  takeLines(): readonly string[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  record(record: RamRecord): void {
    this.recordCount += 1;
    switch (record.kind) {
      case "end-of-section":
        return this.#checkEnd(record);
      case "zero":
        this.#checkFill(record);
        this.#ram.apply(record, this.#pageSize());
        break;
      case "xbzrle":
        this.#checkDelta(record);
        break;
      case "compressed":
        this.#checkCompressed(record);
        break;
      case "page":
        this.#ram.apply(record, this.#pageSize());
        break;
      default:
        return this.#ram.apply(record, this.#pageSize());
    }
    this.#checkBlock(record);
  }

  #checkEnd({ address, isContinued, streamOffset }: RamRecord): void {
    // RECORD-30
    if (address === 0 && !isContinued) return;
    const found = isContinued ? "CONTINUE" : `address ${address}`;
    this.#say(`stream byte ${streamOffset}: an end of section with ${found} (RECORD-30)`);
  }

  #checkFill(record: RamRecord): void {
    // RECORD-16, RECORD-17
    if (record.fill === 0) return;
    const { streamOffset, block, address } = record;
    const place = { streamOffset, block: block.name, pageAddress: address };
    this.#try(() => {
      throw new MalformedStreamError("fill-not-zero", place, `fill ${record.fill}, and senders write 0 (RECORD-17)`);
    });
  }

  #checkDelta(record: RamRecord): void {
    const { block, address, bytes, start, end } = record;
    const place = (deltaOffset: number) => {
      const { streamOffset } = placeInBody(record, deltaOffset);
      return `stream byte ${streamOffset} (block ${quoteName(block.name)}, page ${address})`;
    };
    // DELTA-22
    if (start === end) this.#say(`${place(0)}: a delta of no pair (DELTA-22)`);
    // Of a page that was never sent nobody here knows what it holds.
    const oldPage = this.#copied(this.#ram.page(block, address));
    this.#try(() => {
      if (oldPage === undefined) applyRecord(record, this.#scratch(), this.#pageSize(), 0);
      else this.#ram.apply(record, this.#pageSize());
      for (const { requirement, deltaOffset } of departuresOfDelta(bytes.subarray(start, end), oldPage)) {
        this.#depart(requirement, place(deltaOffset));
      }
    });
  }

  #checkCompressed(record: RamRecord): void {
    const { block, address } = record;
    const { streamOffset } = placeInBody(record, 0);
    const place = `stream byte ${streamOffset} (block ${quoteName(block.name)}, page ${address})`;
    // COMP-9
    if (!this.#named.has(block.name)) this.#say(`${place}: no record before it has named the block (COMP-9)`);
    this.#try(() => {
      const { pageByteCount, unusedByteCount } = applyCompressed(record, this.#scratch(), this.#pageSize(), 0);
      this.#ram.apply(record, this.#pageSize());
      // COMP-8
      if (pageByteCount < this.#pageSize()) {
        this.#say(`${place}: the zlib stream of ${pageByteCount} bytes, the page has ${this.#pageSize()} (COMP-8)`);
      }
      if (0 < unusedByteCount) this.#say(`${place}: ${unusedByteCount} bytes behind the zlib stream (COMP-8)`);
    });
  }

  #checkBlock({ block, isContinued, streamOffset }: RamRecord): void {
    // RECORD-14
    if (this.#lastBlock === block.name && !isContinued) {
      this.#depart("RECORD-14", `stream byte ${streamOffset}`);
    }
    if (this.#lastBlock !== block.name) this.#named.add(block.name);
    this.#lastBlock = block.name;
  }

  #scratch(): Uint8Array {
    if (this.#page.length !== this.#pageSize()) this.#page = new Uint8Array(this.#pageSize());
    return this.#page;
  }

  /** A page as it is now, which will not change with the RAM. */
  #copied(page: Uint8Array | undefined): Uint8Array | undefined {
    if (page === undefined) return undefined;
    this.#scratch().set(page);
    return this.#page;
  }

  #depart(requirement: string, place: string): void {
    const departure = this.#departures.get(requirement) ?? { count: 0, first: place };
    departure.count += 1;
    this.#departures.set(requirement, departure);
  }

  /** Notes the fault of a sender, which no receiver has to refuse, or ends the reading. */
  #say(line: string): void {
    if (!this.#goesOn) throw new SenderFaultError(line);
    this.#note(line);
  }

  /** Notes the fault that a receiver refuses, or hands it on. */
  #try(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof MalformedStreamError && this.#goesOn)) throw error;
      this.#note(error.message);
    }
  }

  #note(line: string): void {
    this.faultCount += 1;
    this.#lines.push(line);
  }
}
