/**
 * The rules that a reader has no need of: what records hold (docs/xbzrle/record.md, compressed.md), and what binds senders.
 * What senders know of receivers' pages (RECORD-23) stands in no stream, and is not looked for.
 */

import { applyCompressed, applyRecord, MalformedStreamError, quoteName, type RamRecord } from "../../index.ts";
import { placeInBody } from "../../record/apply.ts";
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

/** Looks at each record by itself: no RAM is held. */
export class Checker extends RecordVisitor {
  /** How many records there are, entries of lists included. */
  recordCount = 0;
  /** How many faults have been found. */
  faultCount = 0;
  readonly #pageSize: () => number;
  readonly #goesOn: boolean;
  #lines: string[] = [];
  /** A page to try deltas and zlib streams on: whether they are refused does not depend on it. */
  #page = new Uint8Array(0);
  readonly #named = new Set<string>();
  #lastBlock: string | undefined;
  #unnamed: { count: number; first: string } | undefined;

  /** Takes what gives the page size in bytes; the checker throws the first fault, unless it goes on. */
  constructor(pageSize: () => number, goesOn: boolean) {
    super();
    this.#pageSize = pageSize;
    this.#goesOn = goesOn;
  }

  /** What stands in the stream in spite of a SHOULD. */
  get departures(): readonly Departure[] {
    return this.#unnamed === undefined ? [] : [{ requirement: "RECORD-14", ...this.#unnamed }];
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
        break;
      case "xbzrle":
        this.#try(() => applyRecord(record, this.#scratch(), this.#pageSize(), 0));
        break;
      case "compressed":
        this.#checkCompressed(record);
        break;
      case "page":
        break;
      default:
        return;
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

  #checkCompressed(record: RamRecord): void {
    const { block, address } = record;
    const { streamOffset } = placeInBody(record, 0);
    const place = `stream byte ${streamOffset} (block ${quoteName(block.name)}, page ${address})`;
    // COMP-9
    if (!this.#named.has(block.name)) this.#say(`${place}: no record before it has named the block (COMP-9)`);
    this.#try(() => {
      const { pageByteCount, unusedByteCount } = applyCompressed(record, this.#scratch(), this.#pageSize(), 0);
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
      this.#unnamed ??= { count: 0, first: `stream byte ${streamOffset}` };
      this.#unnamed.count += 1;
    }
    if (this.#lastBlock !== block.name) this.#named.add(block.name);
    this.#lastBlock = block.name;
  }

  #scratch(): Uint8Array {
    if (this.#page.length !== this.#pageSize()) this.#page = new Uint8Array(this.#pageSize());
    return this.#page;
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
