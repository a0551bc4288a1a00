/**
 * A sender in which one rule can be broken, or which has a habit that is allowed: the line that does so stands beside the line
 * that does as most do. It is written from the chapters, and shares nothing with the reference.
 */

import { type Answer, RAM_PAGE_BYTES as PAGE_SIZE, type SendRequest } from "../protocol.ts";
import { ENCODER, encodeBy } from "./encoder.ts";
import { KIND, SenderStream } from "./sender-stream.ts";

const ZEROS = new Uint8Array(PAGE_SIZE);
const XBZRLE_HEAD = 3;
/** So many bytes of a delta are a change of few bytes, and of many. */
const [SHORT_DELTA, LONG_DELTA] = [64, 256];
const USUAL_CACHE = 2 ** 26;
/** For so many rounds a cached page makes no room after its last use. */
const GENERATIONS = 2;

/** The stream of a sender with the mistake or habit of that name, or with none. */
export function sendBy(odd: string | undefined, { ramSize, cacheSize, steps }: SendRequest): Answer {
  const sender = new Sender(odd, ramSize, cacheSize);
  for (const step of steps) {
    if (step.kind === "write") sender.write(step.offset, step.bytes);
    else sender.round("part");
  }
  sender.round("last");
  return { kind: "stream", stream: sender.end() };
}

/** A cached page. */
interface Entry {
  readonly address: number;
  page: Uint8Array;
  /** Its generation. */
  round: number;
}

class Sender {
  readonly #odd: string | undefined;
  readonly #ram: Uint8Array;
  readonly #stream: SenderStream;
  readonly #entryCount: number;
  readonly #cache = new Map<number, Entry>();
  /** The pages that were sent as zero, and not otherwise since. */
  readonly #zeros = new Set<number>();
  #dirty = new Set<number>();
  /** The pages that the round before has sent. */
  #sentBefore: readonly number[] = [];
  /** What is copied into the cache when the guest goes on, where the copy is late. */
  #uncopied: Entry[] = [];
  #round = 0;
  #isLast = false;
  #deltaCount = 0;

  constructor(odd: string | undefined, ramSize: number, cacheSize: number) {
    this.#odd = odd;
    this.#ram = new Uint8Array(ramSize);
    this.#stream = new SenderStream(odd, ramSize);
    const least = this.#does("SESSION-14") ? USUAL_CACHE : this.#does("two-pages-at-least") ? 2 * PAGE_SIZE : 0;
    this.#entryCount = Math.max(cacheSize, least) / PAGE_SIZE;
  }

  write(offset: number, bytes: Uint8Array): void {
    this.#ram.set(bytes, offset);
    const first = offset - (offset % PAGE_SIZE);
    const end = this.#does("write-in-one-page") ? first + 1 : offset + bytes.length;
    for (let address = first; address < end; address += PAGE_SIZE) this.#dirty.add(address);
    for (const entry of this.#uncopied) entry.page = this.#snapshot(entry.address);
    this.#uncopied = [];
  }

  round(item: "part" | "last"): void {
    this.#round++;
    this.#isLast = item === "last";
    const addresses = this.#taken();
    this.#stream.begin(item);
    for (const address of addresses) this.#send(address);
    if (this.#does("last-stage-twice") && this.#isLast) for (const address of addresses) this.#send(address);
    if (!this.#isLast) this.#stream.endRound();
    this.#sentBefore = addresses;
  }

  end(): Uint8Array {
    return this.#stream.end();
  }

  /** The pages of the round, in the order in which they are sent. */
  #taken(): number[] {
    const isFirst = this.#round === 1;
    const areAll = (isFirst && !this.#does("no-first-round")) || this.#does("all-dirty");
    const dirty = areAll ? this.#all() : [...this.#dirty].sort((one, other) => one - other);
    this.#dirty = new Set();
    let hasZero = false;
    const taken: number[] = [];
    for (const address of dirty) {
      const isZero = isEqual(this.#snapshot(address), ZEROS);
      if (isFirst && this.#does("SESSION-1") && isZero && hasZero) continue;
      hasZero ||= isZero;
      if (!isFirst && this.#isLeftOut(address, taken)) continue;
      taken.push(address);
    }
    return this.#does("reverse") ? taken.reverse() : taken;
  }

  /** Whether a mistake keeps a page from being sent in a round that is not the first. */
  #isLeftOut(address: number, taken: readonly number[]): boolean {
    if (this.#does("SESSION-3") && !this.#isLast) return taken.at(-1) === address - PAGE_SIZE;
    if (this.#does("once-in-two-rounds")) return this.#sentBefore.includes(address);
    if (!this.#isLast) return false;
    return this.#does("no-last-stage") || (this.#does("SESSION-4") && this.#cached(address) === undefined);
  }

  #send(address: number): void {
    const page = this.#snapshot(address);
    if (this.#isZero(page)) {
      this.#sendZero(address, page);
      return;
    }
    const wasZero = this.#zeros.delete(address);
    if (this.#round === 1) this.#sendFirst(address, page);
    else this.#sendAgain(address, page, wasZero);
  }

  #sendZero(address: number, page: Uint8Array): void {
    this.#zeros.add(address);
    if (this.#does("zero-in-full")) this.#record(KIND.page, address, page);
    else this.#record(KIND.zero, address, Uint8Array.of(0));
    const entry = this.#cached(address);
    if (entry === undefined || this.#does("SESSION-7")) return;
    if (this.#does("drops-zero")) this.#cache.delete(this.#slot(address));
    else if (this.#does("half-zero")) entry.page = Buffer.concat([ZEROS.subarray(2048), entry.page.subarray(2048)]);
    else this.#update(entry, page);
  }

  #sendFirst(address: number, page: Uint8Array): void {
    const delta = this.#does("RECORD-23") ? this.#encode(ZEROS, page) : undefined;
    if (delta && delta.length <= SHORT_DELTA) this.#stream.delta(address, delta);
    else if (this.#does("compressed") && this.#stream.isNamed) this.#stream.compressed(address, page);
    else this.#sendInFull(address, page);
    if (this.#does("SESSION-11")) this.#put(address, page);
  }

  #sendInFull(address: number, page: Uint8Array): void {
    const isRepeated = page.every((byte) => byte === page[0]);
    if (this.#does("RECORD-17") && isRepeated) this.#record(KIND.zero, address, page.subarray(0, 1));
    else this.#record(KIND.page, address, page);
  }

  /** Sends a page after the first round, and makes the cached page new. */
  #sendAgain(address: number, page: Uint8Array, wasZero: boolean): void {
    const entry = this.#cached(address);
    const known = this.#does("knows-zero") && wasZero ? ZEROS : entry?.page;
    if (known === undefined || this.#does("no-xbzrle")) {
      this.#sendInFull(address, page);
      this.#put(address, page);
      return;
    }
    if (this.#seemsEqual(known, page)) {
      if (this.#does("SESSION-9")) this.#sendInFull(address, page);
      if (this.#does("empty-delta")) this.#stream.delta(address, new Uint8Array(0));
      return;
    }
    const delta = this.#encode(known, page);
    const isPutOff = this.#does("cached-unsent") && !this.#isLast && LONG_DELTA < (delta?.length ?? PAGE_SIZE);
    if (isPutOff) this.#dirty.add(address);
    else if (delta === undefined) this.#overflowed(address, page);
    else this.#stream.delta(address, delta);
    if (entry) this.#updateAfter(delta, entry, page);
    else this.#put(address, page);
  }

  #overflowed(address: number, page: Uint8Array): void {
    this.#sendInFull(address, page);
    if (this.#does("overflow-twice")) this.#sendInFull(address, page);
  }

  /** SESSION-6, SESSION-8 */
  #updateAfter(delta: Uint8Array | undefined, entry: Entry, page: Uint8Array): void {
    if (delta === undefined) {
      if (this.#does("SESSION-8")) return;
      if (this.#does("drops-overflowed")) this.#cache.delete(this.#slot(entry.address));
      else if (this.#does("half-copied"))
        entry.page = Buffer.concat([page.subarray(0, 2048), entry.page.subarray(2048)]);
      else this.#update(entry, page);
      return;
    }
    this.#deltaCount++;
    if (this.#does("SESSION-6") || (this.#does("two-deltas-late") && this.#deltaCount % 2 === 1)) return;
    if (this.#does("drops-after-delta")) this.#cache.delete(this.#slot(entry.address));
    else this.#update(entry, page);
  }

  #update(entry: Entry, page: Uint8Array): void {
    entry.page = page;
    if (this.#does("SESSION-5")) this.#uncopied.push(entry);
  }

  /** Puts a page into the cache that is not in it, if it may be there and has room. */
  #put(address: number, page: Uint8Array): void {
    const slot = this.#slot(address);
    const there = this.#cache.get(slot);
    if (this.#isLast && !this.#does("caches-last-stage")) return;
    if (there && this.#round - there.round < GENERATIONS && !this.#does("always-makes-room")) return;
    const entry = { address, page, round: this.#round };
    this.#cache.set(slot, entry);
    if (this.#does("SESSION-5")) this.#uncopied.push(entry);
  }

  #cached(address: number): Entry | undefined {
    const entry = this.#cache.get(this.#slot(address));
    const isFound = entry?.address === address || this.#does("entry-alone");
    if (!entry || !isFound) return undefined;
    entry.round = this.#round;
    return entry;
  }

  #slot(address: number): number {
    return (address / PAGE_SIZE) % this.#entryCount;
  }

  #encode(oldPage: Uint8Array, newPage: Uint8Array): Uint8Array | undefined {
    const capacity = this.#does("SESSION-10") ? PAGE_SIZE : PAGE_SIZE - XBZRLE_HEAD;
    const answer = encodeBy(ENCODER, { operation: "encode", capacity, oldPage, newPage });
    return answer.kind === "delta" ? answer.delta : undefined;
  }

  #seemsEqual(known: Uint8Array, page: Uint8Array): boolean {
    if (this.#does("compares-begin")) return isEqual(known.subarray(0, 64), page.subarray(0, 64));
    if (this.#does("compares-sums")) return sum(known) === sum(page);
    return isEqual(known, page);
  }

  #isZero(page: Uint8Array): boolean {
    const byteCount = this.#does("zero-by-half") ? PAGE_SIZE / 2 : PAGE_SIZE;
    return isEqual(page.subarray(0, byteCount), ZEROS.subarray(0, byteCount));
  }

  #record(kind: number, address: number, content: Uint8Array): void {
    this.#stream.record(kind, address, content);
  }

  #snapshot(address: number): Uint8Array {
    return this.#ram.slice(address, address + PAGE_SIZE);
  }

  #all(): number[] {
    return Array.from({ length: this.#ram.length / PAGE_SIZE }, (_, index) => index * PAGE_SIZE);
  }

  #does(name: string): boolean {
    return this.#odd === name;
  }
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

function sum(page: Uint8Array): number {
  return page.reduce((total, byte) => total + byte, 0);
}
