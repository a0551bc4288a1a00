/**
 * A receiver in which one rule can be broken: the line that breaks a rule stands beside the line that keeps it. It is written
 * from the chapters, and shares nothing with the reference.
 */

import { inflateSync } from "node:zlib";
import { type Answer, RAM_PAGE_BYTES as PAGE_SIZE, type ReceiveRequest } from "../protocol.ts";
import { DECODER, decodeBy } from "./decoder.ts";

const FLAG = {
  zero: 2,
  memorySizes: 4,
  page: 8,
  end: 16,
  continue: 32,
  xbzrle: 64,
  hook: 128,
  compressed: 256,
  flush: 512,
};
const COMMAND_SIZES: readonly (readonly number[])[] = [[], [0], [4], [0, 16], [0], [0], [], [4], [0], [0], [], [0]];
const FIRST_COMMAND = 1;
const POSTCOPY_LISTEN = 4;
const PACKAGE = 7;
const MAX_COMPRESSED = 4110;

/** Answers as a receiver does that breaks the rule, or none. */
export function receiveBy(broken: string | undefined, { ramSize, stream }: ReceiveRequest): Answer {
  const receiver = new Receiver(broken, ramSize, stream);
  try {
    receiver.receive();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // Broken: what there is of a stream is taken.
    if (error.rule !== broken) return { kind: "malformed", reason: error.rule };
  }
  const addresses = Array.from({ length: ramSize / PAGE_SIZE }, (_, index) => index * PAGE_SIZE);
  const pages = addresses.map((address) => ({ address, page: receiver.ram.subarray(address, address + PAGE_SIZE) }));
  return { kind: "ram", pages: pages.filter(({ page }) => page.some((byte) => byte !== 0)) };
}

/** A stream is refused, for this rule. */
class Refusal extends Error {
  readonly rule: string;

  constructor(rule: string) {
    super(rule);
    this.rule = rule;
  }
}

class Receiver {
  readonly ram: Uint8Array;
  readonly #broken: string | undefined;
  readonly #stream: Buffer;
  readonly #ids = new Set<number>();
  /** What is put off to the end of the stream, where the order is not kept. */
  readonly #late: (() => void)[] = [];
  /** The pages that deltas were first applied to, by where they stand in the RAM. */
  readonly #firstPages = new Map<number, Uint8Array>();
  #offset = 0;
  #partCount = 0;
  #isNamed = false;
  #isPostcopy = false;

  constructor(broken: string | undefined, ramSize: number, stream: Uint8Array) {
    this.#broken = broken;
    this.ram = new Uint8Array(ramSize);
    this.#stream = Buffer.from(stream);
  }

  receive(): void {
    this.#require(this.#text(4) === "QEVM", "STREAM-1");
    this.#require(this.#number(4) === 3, "STREAM-2");
    this.#configuration();
    while (this.#item());
    for (const apply of this.#late) apply();
    const isDescribed = this.#stream[this.#offset] === 6;
    if (this.#breaks("STREAM-24") && !isDescribed) throw new Refusal("no description");
    if (this.#breaks("STREAM-25") && isDescribed && !isJson(this.#stream.subarray(this.#offset + 5))) {
      throw new Refusal("a description that is no JSON");
    }
  }

  #configuration(): void {
    const hasConfiguration = this.#stream[this.#offset] === 7;
    this.#require(hasConfiguration, "STREAM-3");
    if (!hasConfiguration) return;
    this.#offset++;
    this.#require(this.#text(this.#number(4)) === "none", "STREAM-4");
    while (this.#stream[this.#offset] === 5) {
      this.#offset++;
      const name = this.#text(this.#number(1));
      this.#require(this.#number(4) === 1, "STREAM-5");
      if (name === "configuration/target-page-bits") this.#require(this.#number(4) === 12, "STREAM-6");
      else if (name === "configuration/capabilities") this.#capabilities();
      else if (name === "configuration/uuid") this.#take(16);
      else this.#require(false, "STREAM-5");
    }
  }

  #capabilities(): void {
    const count = this.#number(4);
    this.#require(count === 0, "STREAM-7");
    for (let index = 0; index < count; index++) this.#text(this.#number(1));
  }

  #item(): boolean {
    const kind = this.#number(1);
    switch (kind) {
      case 0:
        return false;
      case 1:
      case 4:
        this.#start(kind);
        return true;
      case 2:
      case 3:
        this.#part();
        return true;
      case 8:
        this.#command();
        return true;
      default:
        this.#require(false, "STREAM-10");
        return true;
    }
  }

  #start(kind: number): void {
    const given = this.#number(4);
    const id = this.#breaks("STREAM-13") ? 2 : given;
    const [name, instance, version] = [this.#text(this.#number(1)), this.#number(4), this.#number(4)];
    this.#require(name === "ram" && instance === 0, "STREAM-11");
    this.#require(version === 4, "STREAM-12");
    if (kind === 1) this.#ids.add(id);
    this.#payload(id);
  }

  #part(): void {
    const id = this.#number(4);
    this.#require(this.#ids.has(id), "STREAM-14");
    this.#partCount++;
    if (this.#breaks("STREAM-15") && 2 < this.#partCount) throw new Refusal("a third part");
    this.#payload(id);
  }

  #payload(id: number): void {
    if (this.#breaks("RECORD-9")) this.#isNamed = false;
    while (this.#record());
    this.#require(this.#number(1) === 0x7e, "STREAM-16");
    this.#require(this.#number(4) === id, "STREAM-17");
  }

  #command(): void {
    const [command, size] = [this.#number(2), this.#number(2)];
    const sizes = COMMAND_SIZES[command];
    this.#require(FIRST_COMMAND <= command && sizes !== undefined, "STREAM-19");
    this.#require(!sizes?.length || sizes.includes(size), "STREAM-20");
    const octets = this.#take(size);
    if (command === POSTCOPY_LISTEN) this.#isPostcopy = true;
    const isCut = command === PACKAGE && size === 4 && this.#stream.length < this.#offset + octets.readUInt32BE();
    this.#require(!isCut, "STREAM-23");
  }

  /** False for an end of section. */
  #record(): boolean {
    const word = this.#number(8);
    const flags = word % PAGE_SIZE;
    const kind = flags & ~FLAG.continue;
    const address = this.#breaks("RECORD-1") ? (word - flags) % 2 ** 16 : word - flags;
    if (kind === FLAG.end) {
      if (this.#breaks("RECORD-29") && this.#stream[this.#offset] !== 0x7e) this.#record();
      return false;
    }
    if (kind === FLAG.memorySizes) this.#memorySizes(word - flags);
    else if (kind === FLAG.hook) this.#require(false, "RECORD-3");
    else if ([FLAG.zero, FLAG.page, FLAG.xbzrle, FLAG.compressed].includes(kind)) {
      this.#pageRecord(kind, address, flags !== kind);
    } else if (kind !== FLAG.flush) this.#require(false, "RECORD-2");
    return true;
  }

  #memorySizes(sum: number): void {
    let left = sum;
    let isFirst = true;
    while (0 < left || (this.#breaks("RECORD-24") && isFirst)) {
      isFirst = false;
      this.#require(this.#text(this.#number(1)) === "ram", "RECORD-26");
      const usedLength = this.#number(8);
      this.#require(0 < usedLength && usedLength % PAGE_SIZE === 0, "RECORD-28");
      this.#require(usedLength <= left, "RECORD-25");
      this.#require(usedLength === this.ram.length || usedLength === 0 || usedLength % PAGE_SIZE !== 0, "RECORD-27");
      if (usedLength === 0) return;
      left -= usedLength;
    }
  }

  #pageRecord(kind: number, address: number, isContinued: boolean): void {
    this.#require(this.#isNamed || !isContinued, "RECORD-10");
    const isNameRead = !isContinued && !(this.#breaks("RECORD-8") && this.#isNamed);
    if (isNameRead) this.#require(this.#text(this.#number(1)) === "ram", "RECORD-11");
    this.#isNamed = true;
    const isInside = address < this.ram.length;
    this.#require(isInside, "RECORD-12");
    const page = isInside ? this.ram.subarray(address, address + PAGE_SIZE) : new Uint8Array(PAGE_SIZE);
    const apply = this.#change(kind, page);
    if (this.#breaks("RECORD-6") && kind === FLAG.xbzrle) this.#late.push(apply);
    else apply();
  }

  /** Reads what is to become of a page. */
  #change(kind: number, page: Uint8Array): () => void {
    if (kind === FLAG.zero) {
      const fill = this.#number(1);
      return () => page.fill(this.#breaks("RECORD-15") && fill === 0 ? 1 : fill);
    }
    if (kind === FLAG.page) {
      const bytes = this.#take(PAGE_SIZE);
      if (this.#breaks("RECORD-18") && bytes.every((byte) => byte === 0xff)) return () => {};
      return () => page.set(bytes);
    }
    return kind === FLAG.xbzrle ? this.#delta(page) : this.#decompressed(page);
  }

  #delta(page: Uint8Array): () => void {
    this.#require(this.#number(1) === 1, "RECORD-20");
    this.#require(!this.#isPostcopy, "STREAM-22");
    const size = this.#number(2);
    this.#require(size <= PAGE_SIZE, "RECORD-21");
    const delta = this.#take(size);
    return () => {
      const oldPage = (this.#breaks("RECORD-19") && this.#firstPages.get(page.byteOffset)) || page.slice();
      this.#firstPages.set(page.byteOffset, oldPage);
      const answer = decodeBy(DECODER, oldPage, delta);
      this.#require(answer.kind === "page" || PAGE_SIZE < size, "RECORD-22");
      if (answer.kind === "page") page.set(answer.page.subarray(0, page.length));
    };
  }

  #decompressed(page: Uint8Array): () => void {
    const size = this.#number(4);
    this.#require(size !== 0, "COMP-2");
    this.#require(size <= MAX_COMPRESSED, "COMP-3");
    const content = this.#take(size);
    if (size === 0) return () => {};
    try {
      // A stream that is too long already is not asked for more.
      const output = inflateSync(content, { maxOutputLength: this.#breaks("COMP-5") ? 2 ** 24 : PAGE_SIZE });
      if (this.#breaks("COMP-1")) return () => {};
      return () => page.set(output.subarray(0, page.length));
    } catch (error) {
      const isTooMuch = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
      this.#require(false, isTooMuch ? "COMP-5" : "COMP-4");
      return () => {};
    }
  }

  #breaks(rule: string): boolean {
    return this.#broken === rule;
  }

  #require(holds: boolean, rule: string): void {
    if (!holds && !this.#breaks(rule)) throw new Refusal(rule);
  }

  #text(size: number): string {
    return this.#take(size).toString("latin1");
  }

  #number(size: number): number {
    const bytes = this.#take(size);
    return size === 8 ? Number(bytes.readBigUInt64BE()) : bytes.readUIntBE(0, size);
  }

  #take(size: number): Buffer {
    const taken = this.#stream.subarray(this.#offset, this.#offset + size);
    // Always: without the bytes there is nothing to go on with. Who breaks the rule takes what there was.
    if (taken.length < size) throw new Refusal("STREAM-23");
    this.#offset += size;
    return taken;
  }
}

function isJson(text: Buffer): boolean {
  try {
    JSON.parse(text.toString("utf8"));
    return true;
  } catch {
    return false;
  }
}
