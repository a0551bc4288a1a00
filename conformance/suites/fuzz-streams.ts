/**
 * Drawn streams for receivers: asks the reference which outcomes conform. What the chapters leave open may go either way.
 */

import {
  applyCompressed,
  deltaRuns,
  MalformedDeltaError,
  MalformedStreamError,
  type RamRecord,
  receiveStream,
  type Section,
  type SectionItem,
  StreamReader,
  type StreamVisitor,
  type Subsection,
} from "../../reference/index.ts";
import { loadRequirements } from "../../spec/requirements.ts";
import type { RamPage, ReceiveOutcome } from "../../vectors/index.ts";
import type { Difference } from "../harness/case.ts";
import { RAM_PAGE_BYTES } from "../protocol.ts";
import { bytesText } from "./annotate.ts";
import { type BuiltStream, buildStream } from "./fuzz-stream-build.ts";
import type { StreamPlan } from "./fuzz-stream-plans.ts";
import { pagesOf } from "./guest-play.ts";
import type { ReceiveSource } from "./receive-cases.ts";
import { faultOf, GUEST } from "./stream-lines.ts";

/** What a receiver is to make of a stream. */
export interface ExpectedOfReceiver {
  readonly accept: readonly ReceiveOutcome[];
  /** The requirements that the stream is about, the first one first. */
  readonly requirements: readonly string[];
  /** The requirement that a receiver breaks whose RAM has this difference, or that refuses what is sound. */
  readonly about: (difference?: Difference) => string;
}

/** The stream of a plan, drawn and built when it is asked for. */
export function drawnStream(drawPlan: () => StreamPlan, drawnWith: string): ReceiveSource {
  let made: (BuiltStream & ExpectedOfReceiver) | undefined;
  const make = () => {
    made ??= expectedOf(drawPlan());
    return made;
  };
  return {
    get ramSize() {
      return make().ramSize;
    },
    get stream() {
      return make().stream;
    },
    get accept() {
      return make().accept;
    },
    get requirements() {
      return make().requirements;
    },
    get why() {
      const { stream, what } = make();
      return `${drawnWith}: a stream of ${bytesText(stream.length)} ${what}`.trimEnd();
    },
    about: (difference) => make().about(difference),
  };
}

/** A mutation by which the outcome is no longer the chapters' to say is left out. */
function expectedOf(plan: StreamPlan): BuiltStream & ExpectedOfReceiver {
  for (const mutation of [plan.mutation, undefined]) {
    const built = buildStream(plan, mutation);
    const expected = expectationOf(built, plan.kind === "compressed");
    if (expected) return { ...built, ...expected };
  }
  throw new Error("a stream as a sender writes it has an outcome");
}

/**
 * What a decompressing receiver is to make of a stream, by the chapters and the reference. Nothing where the chapters do not say what
 * becomes of the RAM, or where compressed records stand that may not be there.
 */
export function expectationOf(
  { ramSize, stream }: Pick<BuiltStream, "ramSize" | "stream">,
  mayBeCompressed: boolean,
): ExpectedOfReceiver | undefined {
  const reading = new Reading();
  const reader = new StreamReader(reading, { pageSize: RAM_PAGE_BYTES });
  const unread = faultOf(() => {
    reader.push(stream);
    reader.end();
  });
  // A receiver that does not decompress may say so before it looks at what is wrong with the record.
  const isCompressed =
    reading.isCompressed || (unread !== undefined && reading.isAtWord && isCompressedWord(stream, reader));
  if (reading.isUnclear || (isCompressed && !mayBeCompressed)) return undefined;
  const ram = new Uint8Array(ramSize);
  let { isOpen } = reading;
  const guest = { machine: GUEST.machine, pageSize: RAM_PAGE_BYTES, blocks: new Map([[GUEST.block, ram]]) };
  const refusal = faultOf(() =>
    receiveStream([stream], guest, (record, memory, pageSize) => {
      const { pageByteCount, unusedByteCount } = applyCompressed(record, memory, pageSize);
      // COMP-6, COMP-7
      if (pageByteCount < pageSize || unusedByteCount !== 0) isOpen = true;
    }),
  );
  // STREAM-24 to STREAM-27: what stands behind the end is no reason that a receiver has to have.
  const isReceived = refusal === undefined || reading.endOffset < refusal.place.streamOffset;
  if (isReceived) return received(pagesOf(ram), isOpen || refusal !== undefined, reading);
  const fault = bindingFault(refusal, stream, reading);
  if (fault === undefined) return undefined;
  const { requirement } = new MalformedStreamError(fault, refusal.place, "");
  return {
    accept: [{ level: "recommended", kind: "malformed", fault }],
    requirements: [requirement],
    about: () => requirement,
  };
}

function received(pages: readonly RamPage[], mayBeRefused: boolean, { setBy }: Reading): ExpectedOfReceiver {
  const ram = { level: "recommended", kind: "ram", pages } as const;
  const kinds = [...setBy.values()].map((kind) => PAGE_KINDS[kind]);
  return {
    accept: mayBeRefused ? [ram, { level: "recommended", kind: "malformed" }] : [ram],
    // STREAM-15: payloads with any number of records, none included.
    requirements: kinds.length === 0 ? ["STREAM-15"] : [...new Set(kinds.reverse())],
    about: (difference) => {
      const address = difference && difference.offset - (difference.offset % RAM_PAGE_BYTES);
      const kind = address === undefined ? [...setBy.values()].at(-1) : setBy.get(address);
      return kind ? PAGE_KINDS[kind] : "STREAM-15";
    },
  };
}

/** The fault that every receiver has to refuse the stream for; nothing if the reference is free to refuse it. */
function bindingFault(
  { fault, place, requirement }: MalformedStreamError,
  stream: Uint8Array,
  { hasPackage }: Reading,
): MalformedStreamError["fault"] | undefined {
  // RECORD-7 is for readers. An address of so much is in no block (RECORD-12); elsewhere it may say nothing.
  if (fault === "word-too-large") return isPageWord(stream, place.streamOffset) ? "page-outside-block" : undefined;
  // STREAM-9 is for readers too, and no machine type of the guest is so long (STREAM-4).
  if (fault === "machine-name-too-long") return "machine-mismatch";
  // STREAM-21 is for readers; whether a package may hold an end, its grammar says to them.
  if (fault === "item-unknown" && hasPackage) return undefined;
  // A reader has not seen the list; whether a receiver needs it, which knows its block, the chapters do not say.
  if (fault === "block-unknown" && place.block === GUEST.block) return undefined;
  const { class: bound, level } = REQUIREMENTS.get(requirement)!;
  return bound?.endsWith("receiver") && level?.startsWith("MUST") ? fault : undefined;
}

const REQUIREMENTS = loadRequirements();

/** The records that set a page, and the requirement that says to what. */
const PAGE_KINDS = { zero: "RECORD-15", page: "RECORD-18", xbzrle: "RECORD-19", compressed: "COMP-1" } as const;
const PAGE_FLAGS = 0x002 | 0x008 | 0x040 | 0x100;

function isPageWord(stream: Uint8Array, wordOffset: number): boolean {
  return (((stream[wordOffset + 6]! << 8) | stream[wordOffset + 7]!) & PAGE_FLAGS) !== 0;
}

const COMPRESSED_FLAG = 0x100;
const CONTINUE_FLAG = 0x020;

/** True if the flags of a compressed record stand where the reader has stopped. */
function isCompressedWord(stream: Uint8Array, { streamOffset, pageSize }: StreamReader): boolean {
  if (stream.length < streamOffset + 8) return false;
  const low = new DataView(stream.buffer, stream.byteOffset + streamOffset + 4, 4).getUint32(0);
  return (low & (pageSize - 1) & ~CONTINUE_FLAG) === COMPRESSED_FLAG;
}

/** The command that has items behind it. */
const PACKAGE = 7;

/** Notes what a stream holds that receivers may see in different ways. */
class Reading implements StreamVisitor {
  /** Receivers may refuse it. */
  isOpen = false;
  /** What the RAM is to be is not said. */
  isUnclear = false;
  isCompressed = false;
  hasPackage = false;
  endOffset = Number.POSITIVE_INFINITY;
  /** What kind of record has set each page last, by its address, the page that was set last behind all others. */
  readonly setBy = new Map<number, keyof typeof PAGE_KINDS>();
  #startCount = 0;
  #hasLast = false;
  #isInRecords = false;
  /** How many bytes are left of the sum of a list. */
  #leftOfSum = 0;

  /** True if a word comes next: the reader is among records, and not in a list. */
  get isAtWord(): boolean {
    return this.#isInRecords && this.#leftOfSum === 0;
  }

  configuration(): void {}

  subsection({ name }: Subsection): void {
    // STREAM-8
    if (name === "configuration/uuid") this.isOpen = true;
  }

  section({ name }: Section, item: SectionItem): void {
    this.#isInRecords = name === "ram";
    if (item === "last") this.#hasLast = true;
    if (item === "start" || item === "full") this.#startCount++;
    // What a second start is to the first, the chapters do not say.
    if (1 < this.#startCount) this.isOpen = true;
  }

  record(record: RamRecord): void {
    switch (record.kind) {
      case "end-of-section":
        this.#isInRecords = false;
        // RECORD-31
        if (record.address !== 0 || record.isContinued) this.isOpen = true;
        return;
      case "multifd-flush":
        // RECORD-4
        this.isOpen = true;
        return;
      case "block":
        this.#leftOfSum -= record.block.usedLength;
        // The page size of the block's own pages is there in postcopy alone.
        if (record.block.pageSize !== undefined) this.isUnclear = true;
        return;
      case "memory-sizes":
        this.#leftOfSum = record.address;
        return;
      default:
        this.#page(record, record.kind);
    }
  }

  #page(record: RamRecord, kind: keyof typeof PAGE_KINDS): void {
    // RECORD-16
    if (kind === "zero" && record.fill !== 0) this.isOpen = true;
    if (kind === "compressed") this.isCompressed = true;
    if (kind === "xbzrle" && isDeltaOpen(record.bytes.subarray(record.start, record.end))) this.isOpen = true;
    this.setBy.delete(record.address);
    this.setBy.set(record.address, kind);
  }

  command(number: number): void {
    // What a receiver makes of a command depends on more than the stream.
    this.isOpen = true;
    if (number === PACKAGE) this.hasPackage = true;
  }

  end(streamOffset: number): void {
    this.endOffset = streamOffset;
    // STREAM-18
    if (!this.#hasLast) this.isOpen = true;
  }

  payload(): void {}
  footer(): void {}
  description(): void {}
}

/** DELTA-3, DELTA-10: a longer form, or no bytes at all. */
function isDeltaOpen(delta: Uint8Array): boolean {
  if (delta.length === 0) return true;
  try {
    return [...deltaRuns(delta, RAM_PAGE_BYTES)].some((run) => run.lengthByteCount === 2 && run.length < 128);
  } catch (error) {
    if (error instanceof MalformedDeltaError) return false;
    throw error;
  }
}
