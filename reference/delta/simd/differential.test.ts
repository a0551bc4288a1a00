/**
 * The codec with SIMD against the plain one: the same outcome on every vector, in every small world and for a million
 * random pairs of pages, in both directions; a refusal has the same fault, offset, requirement and message.
 */

import { expect, test } from "vitest";
import { loadVectors } from "../../../vectors/index.ts";
import { WORLDS } from "../../../vectors/worlds.ts";
import { MalformedDeltaError } from "../../errors.ts";
import { applyDelta } from "../decode.ts";
import { type EncodeOutcome, encodeDelta } from "../encode.ts";
import { createCodec } from "./codec.ts";
import { loadSimd } from "./kernel.ts";

const simd = createCodec(loadSimd()!);

// Hundreds of thousands of refusals: a stack for each would take most of the time.
Error.stackTraceLimit = 0;

const isEqual = (left: Uint8Array, right: Uint8Array) => Buffer.compare(left, right) === 0;

/** Encodes with both codecs, and throws where they differ. */
function encodeBoth(oldPage: Uint8Array, newPage: Uint8Array, capacity: number): EncodeOutcome {
  const expected = encodeDelta(oldPage, newPage, capacity);
  const given = simd.encodeDelta(oldPage, newPage, capacity);
  const isSameDelta = expected.kind !== "delta" || (given.kind === "delta" && isEqual(expected.delta, given.delta));
  if (expected.kind === given.kind && isSameDelta) return expected;
  throw new Error(`encode ${capacity} ${Buffer.from(oldPage).toString("hex")} ${Buffer.from(newPage).toString("hex")}`);
}

/** Decodes with both codecs, and throws where they differ. Gives whether the delta is accepted. */
function decodeBoth(oldPage: Uint8Array, delta: Uint8Array): boolean {
  const [expected, given] = [outcomeOf(applyDelta, oldPage, delta), outcomeOf(simd.applyDelta, oldPage, delta)];
  if (expected instanceof Uint8Array && given instanceof Uint8Array && isEqual(expected, given)) return true;
  if (expected instanceof MalformedDeltaError && given instanceof MalformedDeltaError) {
    const fields = ["fault", "deltaOffset", "requirement", "message"] as const;
    if (fields.every((field) => expected[field] === given[field])) return false;
  }
  throw new Error(`decode ${Buffer.from(oldPage).toString("hex")} ${Buffer.from(delta).toString("hex")}: ${given}`);
}

function outcomeOf(decode: typeof applyDelta, oldPage: Uint8Array, delta: Uint8Array): Uint8Array | Error {
  try {
    return decode(oldPage, delta);
  } catch (error) {
    return error as Error;
  }
}

/** Numbers that look random, from a seed: xorshift with 32 bits. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** The new page of a random pair: runs of changes with gaps, both short or long, up to the end or not. */
function changeRuns(oldPage: Uint8Array, below: (limit: number) => number): Uint8Array {
  const newPage = oldPage.slice();
  const [gap, length] = [1 + below(below(4) === 0 ? oldPage.length : 20), 1 + below(below(4) === 0 ? 300 : 4)];
  for (let pageOffset = below(gap); pageOffset < oldPage.length && below(50) !== 0; pageOffset += 1 + below(gap)) {
    for (const end = Math.min(pageOffset + 1 + below(length), oldPage.length); pageOffset < end; pageOffset++) {
      newPage[pageOffset]! ^= 1 + below(255);
    }
  }
  return newPage;
}

/** The delta with a byte changed, put in or taken out, or cut. */
function damage(delta: Uint8Array, below: (limit: number) => number): Uint8Array {
  const at = below(delta.length + 1);
  const byte = [0, 1, 0x7f, 0x80, 0x81, 0xff, below(256)][below(7)]!;
  switch (below(4)) {
    case 0:
      return delta.with(Math.min(at, delta.length - 1), byte);
    case 1:
      return Uint8Array.of(...delta.subarray(0, at), byte, ...delta.subarray(at));
    case 2:
      return Uint8Array.of(...delta.subarray(0, at), ...delta.subarray(at + 1));
    default:
      return delta.slice(0, at);
  }
}

test("both codecs have the same outcome on every vector", () => {
  for (const vector of loadVectors()) {
    if (vector.operation === "encode") encodeBoth(vector.oldPage, vector.newPage, vector.capacity);
    else decodeBoth(vector.oldPage, vector.delta);
  }
});

test.each(WORLDS)("both codecs have the same outcome in the whole small world $id", (world) => {
  const counts = { accepted: 0, other: 0 };
  for (let index = 0; index < world.caseCount; index++) {
    const input = world.input(index);
    const isAccepted =
      input.operation === "encode"
        ? encodeBoth(input.oldPage, input.newPage, input.capacity).kind === "delta"
        : decodeBoth(input.oldPage, input.delta);
    counts[isAccepted ? "accepted" : "other"]++;
  }
  expect(Math.min(counts.accepted, counts.other)).toBeGreaterThan(1000);
});

test("both codecs have the same outcome for a million random pairs of pages, there and back", () => {
  const below = randomNumbers(20_110_802);
  const texture = Uint8Array.from({ length: 65_536 }, () => below(256));
  const counts = { delta: 0, unchanged: 0, overflow: 0, accepted: 0, refused: 0 };
  for (let turn = 0; turn < 1_000_000; turn++) {
    // Most pages are small, so that a million of them is soon done; some have runs that no length says.
    const largest = turn % 10_000 === 0 ? 65_536 : turn % 100 === 0 ? 4096 : 150;
    const oldPage = texture.slice(0, 1 + below(largest));
    const newPage = changeRuns(oldPage, below);
    const whole = encodeBoth(oldPage, newPage, Number.MAX_SAFE_INTEGER);
    const size = whole.kind === "delta" ? whole.delta.length : 0;
    counts[encodeBoth(oldPage, newPage, Math.max(0, size + below(4) - 2)).kind]++;
    if (whole.kind !== "delta") continue;
    const delta = turn % 2 === 0 ? whole.delta : damage(whole.delta, below);
    counts[decodeBoth(oldPage, delta) ? "accepted" : "refused"]++;
  }
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(10_000);
});

test("runs that begin and end at each of the places where another block or stretch of bytes begins have the same outcome", () => {
  const places = [0, 64, 192, 256, 320, 512, 768, 1024, 1090].flatMap((place) => [place - 1, place, place + 1]);
  for (const pageSize of [1024, 1091]) {
    const oldPage = Uint8Array.from({ length: pageSize }, (_, pageOffset) => pageOffset);
    for (const begin of places) {
      for (const end of places) {
        const newPage = oldPage.map((byte, pageOffset) => (begin <= pageOffset && pageOffset < end ? byte + 1 : byte));
        const outcome = encodeBoth(oldPage, newPage, 2 * pageSize);
        if (outcome.kind === "delta") expect(decodeBoth(oldPage, outcome.delta)).toBe(true);
      }
    }
  }
});

test("runs of more bytes than a length says are bridged, and refused, as by the plain codec", () => {
  for (const zrun of [16_382, 16_383, 16_384, 16_385, 16_386, 32_767, 32_768, 49_152, 65_500]) {
    for (const nzrun of [1, 127, 128, 16_382, 16_383, 16_384, 40_000]) {
      const oldPage = new Uint8Array(65_536);
      const newPage = oldPage.slice().fill(1, zrun, zrun + nzrun);
      newPage[65_535]! = 1;
      const outcome = encodeBoth(oldPage, newPage, 70_000);
      if (outcome.kind !== "delta") continue;
      for (const capacity of [outcome.delta.length, outcome.delta.length - 1]) encodeBoth(oldPage, newPage, capacity);
      expect(decodeBoth(oldPage, outcome.delta)).toBe(true);
    }
  }
});

test("a delta with more bytes than a well-formed one can have is refused as by the plain codec", () => {
  expect(decodeBoth(new Uint8Array(8), new Uint8Array(400_000).fill(1))).toBe(false);
});
