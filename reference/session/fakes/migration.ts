/** A migration in one process: a fake guest, a sender, and a receiver that takes each piece at once. */

import { expect } from "vitest";
import { toHex } from "../../bytes.ts";
import { applyCompressed } from "../../compressed/apply.ts";
import type { RamRecord } from "../../record/record.ts";
import { StreamReader } from "../../stream/read.ts";
import { StreamWriter } from "../../stream/write.ts";
import { newGuest, Receiver } from "../receiver.ts";
import { Sender } from "../sender.ts";
import type { Progress, SenderOptions } from "../sender-options.ts";
import type { FakeCompressor } from "./compressor.ts";
import type { FakeGuest } from "./guest.ts";

/** No round of a test has so many pages. */
const MAX_CALL_COUNT = 10_000;

/** A record of a page, as it was written. */
export interface SentRecord {
  readonly round: number;
  readonly kind: RamRecord["kind"];
  readonly name: string;
  readonly address: number;
  readonly isContinued: boolean;
  /** What stands behind the word, and the name if there is one, in bytes. */
  readonly byteCount: number;
  /** Of an XBZRLE record: in hexadecimal. */
  readonly delta: string;
}

export interface FakeMigrationOptions extends SenderOptions {
  readonly compressor?: FakeCompressor;
}

export class FakeMigration {
  readonly guest: FakeGuest;
  readonly sender: Sender;
  readonly receiver: Receiver;
  /** All records of pages, in order. */
  readonly records: SentRecord[] = [];
  readonly pieces: Uint8Array[] = [];
  readonly #compressor: FakeCompressor | undefined;
  readonly #reader: StreamReader;
  #nowMs = 0;

  /** The receiver's memory is full of aa at the start: what is not sent is seen. */
  constructor(guest: FakeGuest, options: FakeMigrationOptions = {}) {
    this.guest = guest;
    this.#compressor = options.compressor;
    this.receiver = new Receiver(newGuest("none", guest.pageSize, guest.blocks), applyCompressed);
    for (const memory of this.receiver.guest.blocks.values()) memory.fill(0xaa);
    const visitor = Object.assign(new StreamWriter(() => {}), { record: (record: RamRecord) => this.#keep(record) });
    this.#reader = new StreamReader(visitor, { pageSize: guest.pageSize });
    this.sender = new Sender(guest, (piece) => this.#take(piece), options);
    this.sender.start(0);
  }

  /** Begins the next round, if the last is complete; so many milliseconds later. */
  beginRound(laterMs = 0): void {
    this.#nowMs += laterMs;
    this.sender.beginRound(this.#nowMs);
  }

  /** Sends to the end of the round; the compressor finishes whatever is waited for. */
  endRound(): void {
    this.#untilComplete(() => this.sender.step());
  }

  round(laterMs = 0): void {
    this.beginRound(laterMs);
    this.endRound();
  }

  /** Stops the guest, sends what is left, and compares the memories. */
  finish(): void {
    this.guest.stop();
    this.#untilComplete(() => this.sender.finish(this.#nowMs));
    this.#reader.end();
    this.receiver.end();
    const pages = Array.from({ length: this.guest.pageCount }, (_, page) => page);
    expect(pages.filter((page) => !isEqual(this.receivedPage(page), this.guest.page(page)))).toEqual([]);
  }

  /** The cached pages that are not what the receiver has. */
  get wrongCachedPages(): number[] {
    const cached = [...this.sender.cachedPages()];
    return cached.filter(([page, bytes]) => !isEqual(bytes, this.receivedPage(page))).map(([page]) => page);
  }

  receivedPage(page: number): Uint8Array {
    const { pageSize } = this.guest;
    let address = page * pageSize;
    for (const memory of this.receiver.guest.blocks.values()) {
      if (address < memory.length) return memory.subarray(address, address + pageSize);
      address -= memory.length;
    }
    throw new RangeError(`no page ${page}`);
  }

  /** Calls again until all is written; each time the compressor has finished a page. */
  #untilComplete(send: () => Progress): void {
    for (let callCount = 1; send() !== "complete"; callCount++) {
      if (callCount === MAX_CALL_COUNT) throw new Error("the sender does not come to an end");
      this.#compressor?.finish(0);
    }
  }

  #take(piece: Uint8Array): void {
    this.pieces.push(piece);
    this.receiver.push(piece);
    this.#reader.push(piece);
  }

  #keep({ kind, block, address, isContinued, bytes, start, end }: RamRecord): void {
    if (!["zero", "page", "xbzrle", "compressed"].includes(kind)) return;
    const byteCount = kind === "zero" ? 1 : end - start + { page: 0, xbzrle: 3, compressed: 4 }[kind as "page"];
    const delta = kind === "xbzrle" ? toHex(bytes.subarray(start, end)) : "";
    this.records.push({ round: this.sender.round, kind, name: block.name, address, isContinued, byteCount, delta });
  }
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
