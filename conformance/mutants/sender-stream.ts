/** The stream of a sender in which one rule can be broken: items, names and ends. `sender-mistakes.ts` lists what can be odd. */

import { deflateSync } from "node:zlib";
import { RAM_PAGE_BYTES as PAGE_SIZE } from "../protocol.ts";

/** The flags of the records of pages. */
export const KIND = { zero: 2, page: 8, xbzrle: 64, compressed: 256 } as const;

const [MEMORY_SIZES, END_OF_SECTION, CONTINUE] = [4, 16, 32];
const ITEM = { start: 1, part: 2, last: 3 } as const;
const SECTION_ID = 2;
/** How many records a part has at most. */
const RECORDS_A_PART = 8;

/** Writes the stream. */
export class SenderStream {
  readonly #odd: string | undefined;
  readonly #pieces: Buffer[] = [];
  #item: keyof typeof ITEM | undefined = "start";
  #itemCount = 1;
  #recordCount = 0;
  #isNamed = false;
  #lastKind: number = KIND.page;
  #lastRecord: readonly [kind: number, address: number, content: Uint8Array] | undefined;

  constructor(odd: string | undefined, ramSize: number) {
    this.#odd = odd;
    const machine = this.#does("another-machine") ? "pc" : "none";
    this.#put(Buffer.from("QEVM"), be(3, 4), [7], be(machine.length, 4), Buffer.from(machine));
    this.#put([ITEM.start], be(SECTION_ID, 4), NAME, be(0, 4), be(4, 4));
    const listed = this.#does("list-too-long") ? ramSize + PAGE_SIZE : ramSize;
    if (this.#does("no-list")) this.#put(be(MEMORY_SIZES, 8));
    else this.#put(be(listed + MEMORY_SIZES, 8), NAME, be(listed, 8));
    if (!this.#does("first-round-in-start")) this.endItem();
  }

  /** Begins the part of a round, or the last, unless another item is to hold it. */
  begin(item: "part" | "last"): void {
    if (this.#item === "last" || (this.#item === "start" && item === "part")) return;
    this.endItem();
    this.#item = item;
    if (this.#does("no-last")) this.#item = "part";
    if (this.#does("all-in-last")) this.#item = "last";
    this.#itemCount++;
    this.#recordCount = 0;
    this.#put([ITEM[this.#item]], be(SECTION_ID, 4));
  }

  /** Writes the record of a page. */
  record(kind: number, address: number, content: Uint8Array): void {
    if (this.#item === "part" && this.#recordCount === RECORDS_A_PART) this.#nextPart();
    const isLeftOut = this.#does("continue-always") || (this.#does("RECORD-13") && kind === KIND.zero);
    const isAgain = this.#does("RECORD-14") && this.#recordCount === 0;
    const isContinued = isLeftOut || (this.#isNamed && !isAgain);
    this.#put(be(address + kind + (isContinued ? CONTINUE : 0), 8), isContinued ? [] : NAME, content);
    if (!isContinued) this.#isNamed = true;
    this.#recordCount++;
    this.#lastKind = kind;
    this.#lastRecord = [kind, address, content];
    if (this.#does("part-a-record") && this.#item === "part") {
      this.#nextPart();
      this.#nextPart();
    }
  }

  /** Writes the record of an encoded page. */
  delta(address: number, delta: Uint8Array): void {
    const isCut = this.#does("cut-delta") && 8 < delta.length;
    const written = isCut ? delta.subarray(0, -1) : delta;
    const encoding = this.#does("encoding-0") ? 0 : 1;
    this.record(KIND.xbzrle, address, Buffer.concat([Uint8Array.of(encoding), be(written.length, 2), written]));
  }

  /** True if a record has named the block. */
  get isNamed(): boolean {
    return this.#isNamed;
  }

  /** Writes the record of a page that is compressed. */
  compressed(address: number, page: Uint8Array): void {
    const zlib = deflateSync(page, { level: 1 });
    this.record(KIND.compressed, address, Buffer.concat([be(zlib.length, 4), zlib]));
  }

  /** Ends the item of a round that is not the last. */
  endRound(): void {
    if (this.#item !== "last") this.endItem();
  }

  /** Ends an item, if one is begun. */
  endItem(): void {
    if (this.#item === undefined) return;
    const isPart = this.#item === "part";
    const isFlagged = this.#does("RECORD-30") && this.#lastKind === KIND.zero && 0 < this.#recordCount;
    if (!(isPart && this.#does("no-end-of-section"))) this.#put(be(END_OF_SECTION + (isFlagged ? CONTINUE : 0), 8));
    const id = this.#does("footer-counts") ? this.#itemCount : SECTION_ID;
    if (!(isPart && this.#does("no-footer"))) this.#put([0x7e], be(id, 4));
    this.#item = undefined;
  }

  /** Ends the stream, and gives it. */
  end(): Uint8Array {
    this.endItem();
    if (this.#does("part-after-last")) {
      this.begin("part");
      this.endItem();
    }
    if (!this.#does("no-end")) this.#put([0, 6], be(2, 4), Buffer.from("{}"));
    return Buffer.concat(this.#pieces);
  }

  #nextPart(): void {
    const last = this.#lastRecord;
    this.endItem();
    this.begin("part");
    if (this.#does("SESSION-2") && last) this.record(...last);
  }

  #does(name: string): boolean {
    return this.#odd === name;
  }

  #put(...pieces: readonly Iterable<number>[]): void {
    this.#pieces.push(...pieces.map((piece) => Buffer.from([...piece])));
  }
}

/** The length of the name of the block, and the name; the section has the same. */
const NAME = Buffer.from("\x03ram", "latin1");

function be(value: number, byteCount: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes.subarray(8 - byteCount);
}
