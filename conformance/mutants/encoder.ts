/**
 * A plain encoder whose every rule can be replaced: docs/xbzrle/delta.md from "Encoding a page" on, written anew from the
 * text, so that it shares nothing with `reference/`. A mutant is this encoder with a rule or two of its own.
 *
 * It finds the nzruns, shapes them (bridges a long zrun), and writes piece by piece: each length and the literals of each
 * nzrun ask for room before they are written.
 */

import type { Answer, EncodeRequest } from "../protocol.ts";

/** The greatest length of a run. */
export const MAX_RUN_LENGTH = 16_383;

/** An nzrun: page offsets, from its first byte up to the byte after its last. */
export interface Run {
  readonly from: number;
  readonly to: number;
}

/** How far an encoder has written. */
export interface Writing {
  readonly request: EncodeRequest;
  /** The runs that are to be written. */
  readonly runs: readonly Run[];
  /** The memory for the delta; there is more of it than the capacity says. */
  readonly delta: Uint8Array;
  /** The number of bytes that are written. */
  used: number;
  /** The number of bytes of the memory that were ever written to. */
  touched: number;
  /** The number of pairs before this one. */
  pairIndex: number;
  /** The number of bytes that were written before this pair. */
  pairOffset: number;
}

/** A piece of a delta that asks for room. */
export type Piece = "zrun" | "nzrun" | "literals";

/** What an encoder does, rule by rule. */
export interface EncoderRules {
  /** Before a byte is compared: an outcome, if there is one already. DELTA-24, DELTA-27. */
  begins(request: EncodeRequest): Answer | undefined;
  /** DELTA-21: the offset of the next changed byte from an offset on, or the page size. */
  nextChanged(oldPage: Uint8Array, newPage: Uint8Array, from: number): number;
  /** DELTA-25: the offset of the next byte that has not changed, or the page size. */
  nextEqual(oldPage: Uint8Array, newPage: Uint8Array, from: number): number;
  /** DELTA-25, DELTA-31: the runs that are written for those that were found. */
  shape(found: readonly Run[], request: EncodeRequest): readonly Run[];
  /** DELTA-20: the outcome for pages without a run. */
  whenEqual(request: EncodeRequest): Answer;
  /** DELTA-30, DELTA-31: whether a length can say it. */
  canSay(length: number, piece: Piece): boolean;
  /** The length of the zrun before a run. */
  zrunLength(run: Run, previousEnd: number, writing: Writing): number;
  /** DELTA-4: a length in bytes. */
  lengthBytes(length: number, piece: Piece, writing: Writing): readonly number[];
  /** DELTA-23: the literals of a run. */
  literals(run: Run, request: EncodeRequest): Uint8Array;
  /** DELTA-26 to DELTA-29: whether there is room for a piece of some bytes. */
  hasRoom(byteCount: number, writing: Writing, piece: Piece): boolean;
  /** DELTA-22: after the last pair, with the offset at which it ends. */
  ends(writing: Writing, pageOffset: number): void;
  /** The outcome where there is no room. */
  whenFull(writing: Writing): Answer;
}

const OVERFLOW: Answer = { kind: "overflow" };

/** The rules as the chapter has them. */
export const ENCODER: EncoderRules = {
  begins: () => undefined,
  nextChanged(oldPage, newPage, from) {
    let offset = from;
    while (offset < newPage.length && oldPage[offset] === newPage[offset]) offset++;
    return offset;
  },
  nextEqual(oldPage, newPage, from) {
    let offset = from;
    while (offset < newPage.length && oldPage[offset] !== newPage[offset]) offset++;
    return offset;
  },
  shape: bridge,
  whenEqual: () => ({ kind: "unchanged" }),
  canSay: (length) => length <= MAX_RUN_LENGTH,
  zrunLength: ({ from }, previousEnd) => from - previousEnd,
  lengthBytes: shortestLength,
  literals: ({ from, to }, { newPage }) => newPage.subarray(from, to),
  hasRoom: (byteCount, { used, request }) => used + byteCount <= request.capacity,
  ends: () => {},
  whenFull: () => OVERFLOW,
};

/** A length in its shortest form. */
export function shortestLength(length: number): readonly number[] {
  return length < 0x80 ? [length] : longLength(length);
}

/** A length in two bytes, the low seven bits first. */
export function longLength(length: number): number[] {
  return [0x80 | (length & 0x7f), (length >> 7) & 0xff];
}

/** The runs with a bridge of one byte in each zrun of more than 16383 bytes. */
export function bridge(found: readonly Run[]): readonly Run[] {
  const hasLongZrun = found.some(({ from }, index) => MAX_RUN_LENGTH < from - (found[index - 1]?.to ?? 0));
  if (!hasLongZrun) return found;
  const runs: Run[] = [];
  let end = 0;
  for (const run of found) {
    while (MAX_RUN_LENGTH < run.from - end) {
      // A byte is left for the zrun after the bridge.
      const from = Math.min(end + MAX_RUN_LENGTH, run.from - 2);
      end = from + 1;
      runs.push({ from, to: end });
    }
    runs.push(run);
    end = run.to;
  }
  return runs;
}

/** The runs of changed bytes, as two rules find them. */
export function findRuns(
  { nextChanged, nextEqual }: Pick<EncoderRules, "nextChanged" | "nextEqual">,
  { oldPage, newPage }: EncodeRequest,
): Run[] {
  const runs: Run[] = [];
  let from = nextChanged(oldPage, newPage, 0);
  while (from < newPage.length) {
    const to = nextEqual(oldPage, newPage, from);
    if (to <= from) throw new Error(`it looks for the end of the run at page offset ${from} for ever`);
    runs.push({ from, to });
    from = to < newPage.length ? nextChanged(oldPage, newPage, to) : to;
  }
  return runs;
}

/** The runs that the plain rules found last. Most mutants find the same, and are asked for the same pages in turn. */
let lastFound:
  | { readonly oldPage: Uint8Array; readonly newPage: Uint8Array; readonly runs: readonly Run[] }
  | undefined;

function findOrRemember(rules: EncoderRules, request: EncodeRequest): readonly Run[] {
  if (rules.nextChanged !== ENCODER.nextChanged || rules.nextEqual !== ENCODER.nextEqual)
    return findRuns(rules, request);
  const { oldPage, newPage } = request;
  if (lastFound?.oldPage !== oldPage || lastFound.newPage !== newPage) {
    lastFound = { oldPage, newPage, runs: findRuns(rules, request) };
  }
  return lastFound.runs;
}

/** Room for every delta of 65,536 bytes, whatever a mutant writes. */
const MEMORY_BYTES = 1 << 19;
const memory = new Uint8Array(MEMORY_BYTES);

/**
 * Encodes by the rules. Throws an `Error` where a program would not end, and where it has written past the capacity: the
 * adapter of an implementation in C finds that out by the bytes that it keeps behind the memory, and answers `error`.
 */
export function encodeBy(rules: EncoderRules, request: EncodeRequest): Answer {
  const early = rules.begins(request);
  if (early) return early;
  const runs = rules.shape(findOrRemember(rules, request), request);
  if (runs.length === 0) return rules.whenEqual(request);
  const writing: Writing = { request, runs, delta: memory, used: 0, touched: 0, pairIndex: 0, pairOffset: 0 };
  const outcome = writePairs(rules, writing);
  const { touched } = writing;
  if (touched <= request.capacity) return outcome;
  throw new Error(`it writes ${touched} bytes for a capacity of ${request.capacity}`);
}

function writePairs(rules: EncoderRules, writing: Writing): Answer {
  let previousEnd = 0;
  for (const run of writing.runs) {
    const zrunLength = rules.zrunLength(run, previousEnd, writing);
    const nzrunLength = run.to - run.from;
    if (!rules.canSay(zrunLength, "zrun") || !rules.canSay(nzrunLength, "nzrun")) return OVERFLOW;
    writing.pairOffset = writing.used;
    const isWritten =
      write(rules, writing, "zrun", rules.lengthBytes(zrunLength, "zrun", writing)) &&
      write(rules, writing, "nzrun", rules.lengthBytes(nzrunLength, "nzrun", writing)) &&
      writeLiterals(rules, writing, run);
    if (!isWritten) return rules.whenFull(writing);
    writing.pairIndex++;
    previousEnd = run.to;
  }
  rules.ends(writing, previousEnd);
  return deltaOf(writing);
}

function write(rules: EncoderRules, writing: Writing, piece: Piece, bytes: ArrayLike<number>): boolean {
  if (!rules.hasRoom(bytes.length, writing, piece)) return false;
  put(writing, bytes);
  return true;
}

function writeLiterals(rules: EncoderRules, writing: Writing, run: Run): boolean {
  const { request } = writing;
  if (rules.literals !== ENCODER.literals) return write(rules, writing, "literals", rules.literals(run, request));
  // Without a view for each of up to 32768 runs.
  if (!rules.hasRoom(run.to - run.from, writing, "literals")) return false;
  putPart(writing, request.newPage, run.from, run.to);
  return true;
}

/** Puts bytes behind those that are written, room or not. */
export function put(writing: Writing, bytes: ArrayLike<number>): void {
  putPart(writing, bytes, 0, bytes.length);
}

function putPart(writing: Writing, bytes: ArrayLike<number>, from: number, to: number): void {
  for (let index = from; index < to; index++) writing.delta[writing.used++] = bytes[index]!;
  writing.touched = Math.max(writing.touched, writing.used);
}

/** What is written, as an outcome; or the beginning of it. */
export function deltaOf({ delta, used }: Writing, byteCount: number = used): Answer {
  return { kind: "delta", delta: delta.slice(0, byteCount) };
}

/** The outcome where there is no room. */
export function overflow(): Answer {
  return OVERFLOW;
}
