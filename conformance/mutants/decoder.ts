/**
 * A plain decoder whose every rule can be replaced: docs/xbzrle/delta.md from "Lengths" to "Malformed deltas", written anew
 * from the text, so that it shares nothing with `reference/` but the table of faults. A mutant is this decoder with a rule or
 * two of its own.
 *
 * Memory is as a program in C has it: what is left is an unsigned number that wraps, a write past the page has no effect
 * on the answer, and a read past the delta gives what stands behind it. The checks alone keep the plain decoder inside.
 */

import { DELTA_FAULTS, type DeltaFault } from "../../reference/index.ts";
import type { Answer } from "../protocol.ts";

/** What a rule wants: that the decoder goes on, refuses the delta, or takes the delta as ended. */
export type Step = "go on" | "refuse" | "end";

/** How far a decoder has read. */
export interface Reading {
  readonly oldPage: Uint8Array;
  readonly newPage: Uint8Array;
  readonly delta: Uint8Array;
  /** The byte of memory behind the delta, `index` bytes from its end on. */
  readonly behind: (index: number) => number;
  /** The number of pairs before this one. */
  pairIndex: number;
  /** The run at hand. */
  kind: "zrun" | "nzrun";
  /** Where its length begins in the delta, in bytes. */
  lengthOffset: number;
  /** The number of bytes of its length: 1 or 2. */
  lengthByteCount: number;
  /** Its length. */
  length: number;
  /** Where the next byte of the delta stands. */
  deltaOffset: number;
  /** Where the run begins in the page; after it, where it has ended. */
  pageOffset: number;
}

/** What a decoder does, rule by rule. */
export interface DecoderRules {
  /** Before the first byte: DELTA-8, DELTA-10, DELTA-11. */
  begins(reading: Reading): Step;
  /** Whether another pair follows. */
  goesOn(reading: Reading): boolean;
  /** The byte of memory behind the delta, `index` bytes from its end on. */
  behind(index: number): number;
  /** DELTA-1: whether this first byte is a whole length. */
  isShort(first: number): boolean;
  /** DELTA-2: the value of a length of two bytes. */
  longLength(first: number, second: number): number;
  /** DELTA-3: of a length of two bytes below 128. */
  longerForm(reading: Reading): Step;
  /** DELTA-12 to DELTA-19. A rule may change the length before it lets the decoder go on. */
  readonly faults: Readonly<Record<DeltaFault, (reading: Reading) => Step>>;
  /** DELTA-5, DELTA-9: gives the bytes of a zrun. */
  giveZrun(reading: Reading): void;
  /** DELTA-6: gives the bytes of an nzrun. */
  giveNzrun(reading: Reading): void;
  /** DELTA-8: after each pair. */
  afterPair(reading: Reading): Step;
  /** DELTA-7: gives the bytes after the last nzrun. */
  giveTail(reading: Reading): void;
}

/** How many pairs a decoder reads before it counts as one that does not end; no page has room for so many. */
const PAIR_LIMIT = 200_000;

/** Up to this many bytes, a loop is faster than a view. */
const SHORT_RUN = 64;

/** The page bytes that are left at the run, as an unsigned number of 32 bits. */
export function leftInPage({ oldPage, pageOffset }: Reading): number {
  return (oldPage.length - pageOffset) >>> 0;
}

/** The delta bytes that are left, as an unsigned number of 32 bits. */
export function leftInDelta({ delta, deltaOffset }: Reading): number {
  return (delta.length - deltaOffset) >>> 0;
}

/** Gives bytes of the old page from an offset up to another. */
export function giveOld({ oldPage, newPage }: Reading, from: number, to: number): void {
  const end = Math.min(to, newPage.length);
  if (end - from < SHORT_RUN) for (let offset = from; offset < end; offset++) newPage[offset] = oldPage[offset]!;
  else newPage.set(oldPage.subarray(from, end), from);
}

/** Gives an nzrun whose bytes follow from the literal, the old byte and the index in the run. */
export function giveBytes(
  { oldPage, newPage, delta, behind, deltaOffset, pageOffset, length }: Reading,
  byteOf: (literal: number, oldByte: number, index: number) => number,
): void {
  for (let index = 0; index < length && pageOffset + index < newPage.length; index++) {
    const literal = delta[deltaOffset + index] ?? behind(deltaOffset + index - delta.length);
    newPage[pageOffset + index] = byteOf(literal, oldPage[pageOffset + index]!, index);
  }
}

/** The rules as the chapter has them. */
export const DECODER: DecoderRules = {
  begins: () => "go on",
  goesOn: ({ deltaOffset, delta }) => deltaOffset < delta.length,
  behind: () => 0,
  isShort: (first) => first < 0x80,
  longLength: (first, second) => (first & 0x7f) + 128 * second,
  longerForm: () => "go on",
  faults: {
    "length-truncated": (reading) => refuseIf(leftInDelta(reading) === 0),
    "length-too-long": ({ delta, deltaOffset }) => refuseIf(0x80 <= delta[deltaOffset - 1]!),
    "zrun-empty": ({ length, pairIndex }) => refuseIf(length === 0 && 0 < pairIndex),
    "zrun-past-page": (reading) => refuseIf(leftInPage(reading) < reading.length),
    "zrun-unpaired": (reading) => refuseIf(leftInDelta(reading) === 0),
    "nzrun-empty": ({ length }) => refuseIf(length === 0),
    "nzrun-past-page": (reading) => refuseIf(leftInPage(reading) < reading.length),
    "nzrun-truncated": (reading) => refuseIf(leftInDelta(reading) < reading.length),
  },
  giveZrun: (reading) => giveOld(reading, reading.pageOffset, reading.pageOffset + reading.length),
  giveNzrun: (reading) => giveBytes(reading, (literal) => literal),
  afterPair: () => "go on",
  giveTail: (reading) => giveOld(reading, reading.pageOffset, reading.newPage.length),
};

/** Decodes by the rules. Throws an `Error` where a program would not end. */
export function decodeBy(rules: DecoderRules, oldPage: Uint8Array, delta: Uint8Array): Answer {
  const reading: Reading = {
    oldPage,
    newPage: new Uint8Array(oldPage.length),
    delta,
    behind: rules.behind,
    pairIndex: 0,
    kind: "zrun",
    lengthOffset: 0,
    lengthByteCount: 0,
    length: 0,
    deltaOffset: 0,
    pageOffset: 0,
  };
  if (readPairs(rules, reading) === "refuse") return { kind: "malformed", reason: "" };
  rules.giveTail(reading);
  return { kind: "page", page: reading.newPage };
}

function readPairs(rules: DecoderRules, reading: Reading): Step {
  let step = rules.begins(reading);
  while (step === "go on" && rules.goesOn(reading)) {
    if (reading.pairIndex === PAIR_LIMIT) throw new Error(`it reads on after ${PAIR_LIMIT} pairs`);
    step = readZrun(rules, reading);
    if (step === "go on") step = readNzrun(rules, reading);
    if (step === "go on") step = rules.afterPair(reading);
    reading.pairIndex++;
  }
  return step;
}

function readZrun(rules: DecoderRules, reading: Reading): Step {
  const step = readLength(rules, reading, "zrun", ["zrun-empty", "zrun-past-page", "zrun-unpaired"]);
  if (step !== "go on") return step;
  rules.giveZrun(reading);
  reading.pageOffset += reading.length;
  return "go on";
}

function readNzrun(rules: DecoderRules, reading: Reading): Step {
  const step = readLength(rules, reading, "nzrun", ["nzrun-empty", "nzrun-past-page", "nzrun-truncated"]);
  if (step !== "go on") return step;
  rules.giveNzrun(reading);
  reading.pageOffset += reading.length;
  reading.deltaOffset += reading.length;
  return "go on";
}

/** Reads a length, and asks for the faults of a length and of its run. */
function readLength(rules: DecoderRules, reading: Reading, kind: Reading["kind"], faults: readonly DeltaFault[]): Step {
  reading.kind = kind;
  reading.lengthOffset = reading.deltaOffset;
  const first = takeByte(reading);
  reading.lengthByteCount = rules.isShort(first) ? 1 : 2;
  reading.length = first;
  const step = reading.lengthByteCount === 1 ? "go on" : readLong(rules, reading, first);
  if (step !== "go on") return step;
  for (const fault of faults) {
    const found = rules.faults[fault](reading);
    if (found !== "go on") return found;
  }
  return "go on";
}

function readLong(rules: DecoderRules, reading: Reading, first: number): Step {
  reading.length = first & 0x7f;
  const step = rules.faults["length-truncated"](reading);
  if (step !== "go on") return step;
  reading.length = rules.longLength(first, takeByte(reading));
  const next = rules.faults["length-too-long"](reading);
  return next === "go on" && reading.length < 128 ? rules.longerForm(reading) : next;
}

/** The next byte of the delta, or of what stands behind it. */
export function takeByte(reading: Reading): number {
  const { delta, behind, deltaOffset } = reading;
  reading.deltaOffset++;
  return delta[deltaOffset] ?? behind(deltaOffset - delta.length);
}

/** Every fault that a decoder has to refuse, in the order of the chapter. */
export const FAULTS = Object.keys(DELTA_FAULTS) as readonly DeltaFault[];

/** The number of the requirement that an accepted fault breaks: 12 for DELTA-12. */
export function faultNumber(fault: DeltaFault): number {
  return Number(DELTA_FAULTS[fault].slice("DELTA-".length));
}

/** The step of a check: to refuse if the fault is there. */
export function refuseIf(isFault: boolean): Step {
  return isFault ? "refuse" : "go on";
}
