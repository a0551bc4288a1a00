/**
 * Turns the plans of `fuzz-plans.ts` into requests, and asks the reference which outcomes conform.
 */

import { lengthEnd, readLength } from "../../reference/delta/length.ts";
import {
  applyDelta,
  canonicalDelta,
  deltaRuns,
  encodeDelta,
  MAX_PAGE_SIZE,
  MAX_RUN_LENGTH,
  MalformedDeltaError,
  type Run,
} from "../../reference/index.ts";
import type { DecodeOutcome, EncodeOutcome } from "../../vectors/index.ts";
import type { DecodeRequest, EncodeRequest } from "../protocol.ts";
import { buildPage, writeChanged } from "./fuzz-bytes.ts";
import type { DamagePlan, DecodePlan, EncodePlan, PairPlan } from "./fuzz-plans.ts";

/** A request to an encoder, and the canonical delta of its pages: empty for equal pages, nothing where there is none. */
export interface BuiltEncode {
  readonly request: EncodeRequest;
  readonly canonical: Uint8Array | undefined;
}

/** The request of an encode plan. */
export function buildEncodeRequest({ page, changes, capacity }: EncodePlan): BuiltEncode {
  const oldPage = buildPage(page);
  const newPage = oldPage.slice();
  let pageOffset = 0;
  for (const change of changes) {
    for (let turn = 0; turn < change.count && pageOffset < newPage.length; turn++) {
      pageOffset += change.gap % (newPage.length - pageOffset);
      const end = Math.min(pageOffset + change.length, newPage.length);
      writeChanged(newPage, pageOffset, oldPage, pageOffset, end, change);
      pageOffset = end;
    }
  }
  const canonical = canonicalOf(oldPage, newPage);
  const base = { zero: 0, page: oldPage.length, canonical: canonical?.length ?? oldPage.length }[capacity.from];
  const request = { operation: "encode", capacity: Math.max(0, base + capacity.offset), oldPage, newPage } as const;
  return { request, canonical };
}

/** The outcomes of an encoder that conform, by the rules of the chapter; `canonical` spares the search where it is known. */
export function encodeOutcomes(
  { oldPage, newPage, capacity }: EncodeRequest,
  canonical = canonicalOf(oldPage, newPage),
): EncodeOutcome[] {
  const anyDelta = { kind: "delta" } as const;
  const overflow = { level: "recommended", kind: "overflow" } as const;
  // DELTA-30, DELTA-31
  if (canonical === undefined) return [overflow, { level: "recommended", ...anyDelta }];
  // DELTA-20
  if (canonical.length === 0) {
    const unchanged = { level: "recommended", kind: "unchanged" } as const;
    return capacity < 2 ? [unchanged, overflow] : [unchanged];
  }
  // DELTA-29
  if (capacity < canonical.length) return [overflow, { level: "required", ...anyDelta }];
  const deltas: EncodeOutcome[] = [
    { level: "recommended", ...anyDelta, delta: canonical },
    { level: "required", ...anyDelta },
  ];
  // DELTA-27, DELTA-28
  return capacity < canonical.length + 2 ? [...deltas, overflow] : deltas;
}

/** The canonical delta by the codec that is fast. */
function canonicalOf(oldPage: Uint8Array, newPage: Uint8Array): Uint8Array | undefined {
  const outcome = encodeDelta(oldPage, newPage, Number.MAX_SAFE_INTEGER);
  // DELTA-30
  if (outcome.kind === "overflow") return undefined;
  if (outcome.kind === "unchanged") return new Uint8Array(0);
  // DELTA-31: a zrun that is nearly as long as can be may be the beginning of one that was bridged: then there is no canonical delta.
  const mayBeBridged = someLength(outcome.delta, (length) => MAX_RUN_LENGTH - 1 <= length);
  return mayBeBridged ? canonicalDelta(oldPage, newPage) : outcome.delta;
}

/** Whether a length of a well-formed delta is such a one: its value, and how many bytes say it. */
function someLength(delta: Uint8Array, isSuch: (length: number, byteCount: number) => boolean): boolean {
  let isNzrun = false;
  let deltaOffset = 0;
  while (deltaOffset < delta.length) {
    const length = readLength(delta, deltaOffset);
    const end = lengthEnd(delta, deltaOffset);
    if (isSuch(length, end - deltaOffset)) return true;
    deltaOffset = isNzrun ? end + length : end;
    isNzrun = !isNzrun;
  }
  return false;
}

/** The request of a decode plan. */
export function buildDecodeRequest({ page, pairs, damages }: DecodePlan): DecodeRequest {
  const oldPage = buildPage(page);
  const wellFormed = buildDelta(oldPage, pairs);
  const delta = damages.reduce((damaged, plan) => damage(damaged, plan, oldPage.length), wellFormed);
  return { operation: "decode", oldPage, delta };
}

/** The outcomes of a decoder that conform, and the requirement that the case is about. */
export function decodeOutcomes({ oldPage, delta }: DecodeRequest): { accept: DecodeOutcome[]; requirement: string } {
  try {
    const newPage = withoutStacks(() => applyDelta(oldPage, delta));
    const page = { level: "recommended", kind: "page", newPage } as const;
    const refusal = { level: "recommended", kind: "malformed" } as const;
    // DELTA-10, DELTA-3
    if (delta.length === 0) return { accept: [page, refusal], requirement: "DELTA-10" };
    if (someLength(delta, (length, byteCount) => byteCount === 2 && length < 128))
      return { accept: [page, refusal], requirement: "DELTA-3" };
    return { accept: [page], requirement: "DELTA-8" };
  } catch (error) {
    if (!(error instanceof MalformedDeltaError)) throw error;
    return {
      accept: [{ level: "recommended", kind: "malformed", fault: error.fault }],
      requirement: error.requirement,
    };
  }
}

/** Where deltas are written before they are cut to size; no well-formed delta of a page is longer. */
const ROOM = new Uint8Array(3 * MAX_PAGE_SIZE);

/** A well-formed delta of the pairs that the page has room for. */
function buildDelta(oldPage: Uint8Array, pairs: readonly PairPlan[]): Uint8Array {
  let [deltaEnd, pageOffset] = [0, 0];
  for (const pair of pairs) {
    for (let turn = 0; turn < pair.count; turn++) {
      // Only the first zrun may be empty, and a byte is left for the nzrun.
      const shortest = deltaEnd === 0 ? 0 : 1;
      const left = oldPage.length - pageOffset - shortest;
      if (left < 1) return ROOM.slice(0, deltaEnd);
      const zrun = shortest + (Math.min(pair.gap, MAX_RUN_LENGTH - 1) % left);
      const nzrun = Math.min(pair.length, left + shortest - zrun, MAX_RUN_LENGTH);
      deltaEnd = putLength(ROOM, deltaEnd, zrun, pair.longerZrun);
      deltaEnd = putLength(ROOM, deltaEnd, nzrun, pair.longerNzrun);
      pageOffset += zrun;
      writeLiterals(deltaEnd, oldPage, pageOffset, pageOffset + nzrun, pair);
      deltaEnd += nzrun;
      pageOffset += nzrun;
    }
  }
  return ROOM.slice(0, deltaEnd);
}

/** Writes the literals for the bytes between the page offsets: those that a plan has equal to the old bytes, and changed ones. */
function writeLiterals(
  deltaOffset: number,
  oldPage: Uint8Array,
  pageOffset: number,
  end: number,
  pair: PairPlan,
): void {
  if (pair.equalLiterals === "all") {
    ROOM.set(oldPage.subarray(pageOffset, end), deltaOffset);
    return;
  }
  writeChanged(ROOM, deltaOffset, oldPage, pageOffset, end, pair);
  if (pair.equalLiterals === "none") return;
  for (let at = pageOffset + (pageOffset % 2); at < end; at += 2) ROOM[deltaOffset + at - pageOffset] = oldPage[at]!;
}

/** Writes a length, and gives the offset behind it. */
function putLength(delta: Uint8Array, deltaOffset: number, length: number, isLonger: boolean): number {
  if (length < 128 && !isLonger) {
    delta[deltaOffset] = length;
    return deltaOffset + 1;
  }
  delta[deltaOffset] = length | 0x80;
  delta[deltaOffset + 1] = length >> 7;
  return deltaOffset + 2;
}

function damage(delta: Uint8Array, { kind, at, byte }: DamagePlan, pageSize: number): Uint8Array {
  if (kind === "length") return otherLength(delta, at, byte, pageSize);
  const offset = Math.floor(at * delta.length);
  const [before, after] = [delta.subarray(0, offset), delta.subarray(offset + 1)];
  switch (kind) {
    case "flip":
      return joined(before, [(delta[offset] ?? 0) ^ (1 << (byte & 7))], after);
    case "set":
      return joined(before, [byte], after);
    case "cut":
      return before.slice();
    case "insert":
      return joined(before, [byte], delta.subarray(offset));
    case "remove":
      return joined(before, [], after);
    case "append":
      return joined(delta, [byte], []);
  }
}

/** Says another length for one of the sound runs: none, one more or less, the rest of the page, one past it, the greatest. */
function otherLength(delta: Uint8Array, at: number, choice: number, pageSize: number): Uint8Array {
  const runs = soundRuns(delta, pageSize);
  const run = runs[Math.min(Math.floor(at * runs.length), runs.length - 1)];
  if (run === undefined) return delta;
  const left = pageSize - run.pageOffset;
  const lengths = [0, run.length - 1, run.length + 1, left, left + 1, MAX_RUN_LENGTH];
  const length = Math.min(Math.max(lengths[choice % lengths.length]!, 0), MAX_RUN_LENGTH);
  const bytes = new Uint8Array(2);
  const byteCount = putLength(bytes, 0, length, run.lengthByteCount === 2);
  return joined(
    delta.subarray(0, run.deltaOffset),
    bytes.subarray(0, byteCount),
    delta.subarray(run.deltaOffset + run.lengthByteCount),
  );
}

/** The runs before the first fault. */
function soundRuns(delta: Uint8Array, pageSize: number): Run[] {
  const runs: Run[] = [];
  try {
    withoutStacks(() => {
      for (const run of deltaRuns(delta, pageSize)) runs.push(run);
    });
  } catch (error) {
    if (!(error instanceof MalformedDeltaError)) throw error;
  }
  return runs;
}

/** Runs what throws a fault for each second case: the stack of each would take longer than the search for the fault. */
function withoutStacks<T>(run: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return run();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function joined(before: Uint8Array, middle: ArrayLike<number>, after: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(before.length + middle.length + after.length);
  bytes.set(before);
  bytes.set(middle, before.length);
  bytes.set(after, before.length + middle.length);
  return bytes;
}
