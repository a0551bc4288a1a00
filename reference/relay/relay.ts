/**
 * A relay (docs/xbzrle/relay.md): takes the stream of a sender that comes in pieces, and writes one for the receiver, with the same
 * memory and the same devices, and fewer bytes. What it cannot read or may not change it passes on, and from then on everything.
 */

import { MalformedStreamError } from "../errors.ts";
import type { RamRecord } from "../record/record.ts";
import type { Standing } from "../session/status.ts";
import { KeptBytes } from "../stream/kept-bytes.ts";
import { StreamReader } from "../stream/read.ts";
import { RAM_SECTION, type Section, type SectionItem, type StreamVisitor } from "../stream/stream.ts";
import { StreamWriter } from "../stream/write.ts";
import { type RelayOptions, settled } from "./options.ts";
import { PageRelay } from "./page-relay.ts";

/** RELAY-9: the commands that change nothing about the pages: open return path, ping, switchover start. */
const HARMLESS_COMMANDS: readonly number[] = [1, 2, 11];

/** RELAY-9: with this command the receiver may empty all of its memory, which is empty before the first page. */
const POSTCOPY_ADVISE = 3;

/** From where on everything is passed on, and why. */
export interface PassingOn {
  /** Where in the sender's stream, in bytes. */
  readonly streamOffset: number;
  /** A clause. */
  readonly reason: string;
  /** Whether pages were still to come: nothing is saved of them. */
  readonly isEarly: boolean;
}

/** Takes a piece of the receiver's stream, and may keep it. One that is lent is to be given back, by `reuse`, once it is not kept. */
export type GivePiece = (piece: Uint8Array, isLent: boolean) => void;

/** Relays one stream. */
export class Relay {
  readonly #give: GivePiece;
  readonly #writer: StreamWriter;
  readonly #pages: PageRelay;
  readonly #reader: StreamReader;
  /** What has come of a unit that is not complete. */
  readonly #rest = new KeptBytes();
  #nowMs = 0;
  #takenBytes = 0;
  #passedBytes = 0;
  #passingOn: PassingOn | undefined;
  #isLastTaken = false;
  #isReadable = true;

  /**
   * Takes what each piece of the receiver's stream is given to, and what the operator has chosen.
   *
   * @throws RangeError for a cache size that is none.
   */
  constructor(give: GivePiece, options: RelayOptions = {}) {
    this.#give = give;
    this.#writer = new StreamWriter((piece) => give(piece, true));
    this.#pages = new PageRelay(this.#writer, settled(options));
    this.#reader = new StreamReader(this.#visitor());
  }

  /** How many bytes have come from the sender. */
  get takenBytes(): number {
    return this.#takenBytes;
  }

  /** Whether everything is passed on by now, and since when; `undefined` as long as pages are looked at. */
  get passingOn(): PassingOn | undefined {
    return this.#passingOn;
  }

  /** How many bytes the receiver's stream has so far. */
  get givenBytes(): number {
    return this.#writer.byteCount + this.#passedBytes;
  }

  /** What a report is made of. */
  get standing(): Standing {
    const { standing } = this.#pages;
    return { ...standing, counters: { ...standing.counters, streamBytes: this.givenBytes } };
  }

  /** Begins: the time in milliseconds, on a clock of the caller that does not go back. */
  start(nowMs: number): void {
    this.#pages.start(nowMs);
  }

  /**
   * Takes the next bytes of the sender's stream, and gives all of the receiver's that can be given.
   *
   * @param chunk - Any number of bytes; it is not kept.
   * @param nowMs - The time.
   * @throws RangeError if there is no memory for the page cache, or its size is none for the guest's page size.
   */
  push(chunk: Uint8Array, nowMs: number): void {
    this.#nowMs = nowMs;
    this.#takenBytes += chunk.length;
    const begin = this.#reader.streamOffset;
    const wasPassing = this.#passingOn !== undefined;
    this.#read(() => this.#reader.push(chunk));
    // RELAY-10
    if (wasPassing) return this.#pass(new Uint8Array(chunk));
    this.#pages.flush();
    this.#writer.flush();
    this.#keepRest(chunk, (this.#passingOn?.streamOffset ?? this.#reader.streamOffset) - begin);
    if (this.#passingOn !== undefined) this.#passRest();
  }

  /**
   * Passes everything on from here, whatever it is: pages travel on other channels too.
   *
   * @param reason - A clause.
   */
  passOn(reason: string): void {
    if (this.#passingOn !== undefined) return;
    this.#beginPassing(this.#reader.streamOffset, reason);
    this.#passRest();
  }

  /**
   * Takes the end of the sender's stream. What had come of a unit that is not complete is passed on, so that the receiver has all
   * that there is. Where the end of a stream is that cannot be read, is not known.
   *
   * @throws MalformedStreamError `stream-truncated` if it has ended too early. Source: RELAY-14.
   */
  end(): void {
    this.#passRest();
    if (this.#isReadable) this.#reader.end();
  }

  /** Takes a piece back that was lent: a later one is written over it. */
  reuse(piece: Uint8Array): void {
    this.#writer.reuse(piece);
  }

  /** RELAY-9: from the first byte on that it cannot read, a relay passes everything on; what comes then, it does not look at. */
  #read(read: () => void): void {
    if (!this.#isReadable) return;
    try {
      read();
    } catch (error) {
      if (!(error instanceof MalformedStreamError)) throw error;
      this.#isReadable = false;
      this.#beginPassing(this.#reader.streamOffset, `it cannot be read: ${error.message}`);
    }
  }

  #beginPassing(streamOffset: number, reason: string): void {
    if (this.#passingOn !== undefined) return;
    this.#pages.flush();
    this.#pages.announce();
    this.#writer.flush();
    this.#passingOn = { streamOffset, reason, isEarly: !this.#isLastTaken };
  }

  /** Keeps what has come and is not told, after so many bytes were. */
  #keepRest(chunk: Uint8Array, byteCount: number): void {
    const keptCount = Math.min(byteCount, this.#rest.length);
    this.#rest.drop(keptCount);
    this.#rest.append(chunk.subarray(byteCount - keptCount));
  }

  #passRest(): void {
    if (this.#rest.length === 0) return;
    this.#pass(new Uint8Array(this.#rest.bytes));
    this.#rest.drop(this.#rest.length);
  }

  #pass(bytes: Uint8Array): void {
    this.#passedBytes += bytes.length;
    this.#give(bytes, false);
  }

  /** What the reader tells: to the writer as it is (RELAY-1), but for the pages; and to nobody once everything is passed on. */
  #visitor(): StreamVisitor {
    const writer = this.#writer;
    /** Tells the writer unless everything is passed on. */
    const unlessPassing = (tell: () => void) => {
      if (this.#passingOn === undefined) tell();
    };
    return {
      configuration: (machine) => unlessPassing(() => writer.configuration(machine)),
      subsection: (subsection) => unlessPassing(() => writer.subsection(subsection)),
      section: (section, item, at) => unlessPassing(() => this.#takeSection(section, item, at)),
      record: (record) => {
        if (this.#passingOn === undefined) this.#takeRecord(record);
      },
      payload: (bytes, start, end) => unlessPassing(() => writer.payload(bytes, start, end)),
      footer: (section) => unlessPassing(() => writer.footer(section)),
      command: (number, bytes, start, end, at) => unlessPassing(() => this.#takeCommand(number, bytes, start, end, at)),
      end: () => unlessPassing(() => writer.end()),
      description: (byteCount) => unlessPassing(() => writer.description(byteCount)),
    };
  }

  #takeSection(section: Section, item: SectionItem, streamOffset: number): void {
    // RELAY-9: where the payload of another section ends, only its device knows.
    if (section.name !== RAM_SECTION.name) {
      return this.#beginPassing(streamOffset, `section ${section.name} has a payload of unknown form`);
    }
    if (item === "last") this.#isLastTaken = true;
    this.#writer.section(section, item);
  }

  #takeRecord(record: RamRecord): void {
    const reason = this.#pages.take(record, this.#reader.pageSize, this.#nowMs);
    if (reason !== undefined) this.#beginPassing(record.streamOffset, reason);
  }

  #takeCommand(number: number, bytes: Uint8Array, start: number, end: number, streamOffset: number): void {
    const isHarmless = HARMLESS_COMMANDS.includes(number) || (number === POSTCOPY_ADVISE && !this.#pages.hasPages);
    if (isHarmless) return this.#writer.command(number, bytes, start, end);
    // RELAY-9: postcopy, COLO
    this.#beginPassing(streamOffset, `command ${number} says that pages travel otherwise from here`);
  }
}
