/**
 * Turns the plans of `fuzz-plans.ts` into requests, and asks the reference which outcomes conform.
 */

import {
  applyDelta,
  canonicalDelta,
  deltaRuns,
  MAX_RUN_LENGTH,
  MalformedDeltaError,
  type Run,
} from "../../reference/index.ts";
import type { DecodeOutcome, EncodeOutcome } from "../../vectors/index.ts";
import type { DecodeRequest, EncodeRequest } from "../protocol.ts";
import type { ChangePlan, DamagePlan, DecodePlan, EncodePlan, PagePlan, PairPlan } from "./fuzz-plans.ts";

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
      for (; pageOffset < end; pageOffset++)
        newPage[pageOffset] = changedByte(change, oldPage[pageOffset]!, pageOffset);
    }
  }
  const canonical = canonicalDelta(oldPage, newPage);
  const base = { zero: 0, page: oldPage.length, canonical: canonical?.length ?? oldPage.length }[capacity.from];
  const request = { operation: "encode", capacity: Math.max(0, base + capacity.offset), oldPage, newPage } as const;
  return { request, canonical };
}

/** The outcomes of an encoder that conform, by the rules of the chapter; `canonical` spares the search where it is known. */
export function encodeOutcomes(
  { oldPage, newPage, capacity }: EncodeRequest,
  canonical = canonicalDelta(oldPage, newPage),
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
    const newPage = applyDelta(oldPage, delta);
    const page = { level: "recommended", kind: "page", newPage } as const;
    const refusal = { level: "recommended", kind: "malformed" } as const;
    // DELTA-10, DELTA-3
    if (delta.length === 0) return { accept: [page, refusal], requirement: "DELTA-10" };
    const hasLongerForm = [...deltaRuns(delta, oldPage.length)].some(
      (run) => run.lengthByteCount === 2 && run.length < 128,
    );
    if (hasLongerForm) return { accept: [page, refusal], requirement: "DELTA-3" };
    return { accept: [page], requirement: "DELTA-8" };
  } catch (error) {
    if (!(error instanceof MalformedDeltaError)) throw error;
    return {
      accept: [{ level: "recommended", kind: "malformed", fault: error.fault }],
      requirement: error.requirement,
    };
  }
}

function buildPage({ pageSize, texture, textureByte }: PagePlan): Uint8Array {
  const page = new Uint8Array(pageSize);
  if (texture === "fill") page.fill(textureByte);
  if (texture === "counter") for (let offset = 0; offset < pageSize; offset++) page[offset] = textureByte + offset;
  if (texture === "noise") for (let offset = 0; offset < pageSize; offset++) page[offset] = noise(textureByte, offset);
  return page;
}

/** A byte that differs from `oldByte`. */
function changedByte({ change, changeByte }: ChangePlan, oldByte: number, pageOffset: number): number {
  switch (change) {
    case "increment":
      return (oldByte + 1) & 0xff;
    case "invert":
      return oldByte ^ 0xff;
    case "xor":
      return oldByte ^ (changeByte || 1);
    case "noise":
      return oldByte ^ (noise(changeByte, pageOffset) || 1);
  }
}

/** A well-formed delta of the pairs that the page has room for. */
function buildDelta(oldPage: Uint8Array, pairs: readonly PairPlan[]): Uint8Array {
  const delta: number[] = [];
  let pageOffset = 0;
  for (const pair of pairs) {
    for (let turn = 0; turn < pair.count; turn++) {
      // Only the first zrun may be empty, and a byte is left for the nzrun.
      const shortest = delta.length === 0 ? 0 : 1;
      const left = oldPage.length - pageOffset - shortest;
      if (left < 1) return Uint8Array.from(delta);
      const zrun = shortest + (Math.min(pair.gap, MAX_RUN_LENGTH - 1) % left);
      const nzrun = Math.min(pair.length, left + shortest - zrun, MAX_RUN_LENGTH);
      pushLength(delta, zrun, pair.longerZrun);
      pushLength(delta, nzrun, pair.longerNzrun);
      pageOffset += zrun;
      for (const end = pageOffset + nzrun; pageOffset < end; pageOffset++)
        delta.push(literal(pair, oldPage, pageOffset));
    }
  }
  return Uint8Array.from(delta);
}

function literal(pair: PairPlan, oldPage: Uint8Array, pageOffset: number): number {
  const oldByte = oldPage[pageOffset]!;
  const isEqual = pair.equalLiterals === "all" || (pair.equalLiterals === "alternate" && pageOffset % 2 === 0);
  return isEqual ? oldByte : changedByte(pair, oldByte, pageOffset);
}

function pushLength(delta: number[], length: number, isLonger: boolean): void {
  if (length < 128 && !isLonger) delta.push(length);
  else delta.push((length & 0x7f) | 0x80, length >> 7);
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
  const length: number[] = [];
  pushLength(
    length,
    Math.min(Math.max(lengths[choice % lengths.length]!, 0), MAX_RUN_LENGTH),
    run.lengthByteCount === 2,
  );
  return joined(delta.subarray(0, run.deltaOffset), length, delta.subarray(run.deltaOffset + run.lengthByteCount));
}

/** The runs before the first fault. */
function soundRuns(delta: Uint8Array, pageSize: number): Run[] {
  const runs: Run[] = [];
  try {
    for (const run of deltaRuns(delta, pageSize)) runs.push(run);
  } catch (error) {
    if (!(error instanceof MalformedDeltaError)) throw error;
  }
  return runs;
}

function joined(before: Uint8Array, middle: readonly number[], after: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(before.length + middle.length + after.length);
  bytes.set(before);
  bytes.set(middle, before.length);
  bytes.set(after, before.length + middle.length);
  return bytes;
}

/** A byte that looks random and depends on the seed and the offset alone. */
function noise(seed: number, offset: number): number {
  let word = Math.imul(offset + 1, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 15), 0x2c1b3c6d);
  return (word ^ (word >>> 13)) & 0xff;
}
