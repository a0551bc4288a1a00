import { fc, test as property } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { loadVectors } from "../../vectors/index.ts";
import { toHex } from "../bytes.ts";
import { encodeCompactDelta } from "./compact.ts";
import { applyDelta } from "./decode.ts";
import { canonicalDelta, encodeDelta } from "./encode.ts";

const lengthSize = (length: number) => (length < 128 ? 1 : 2);

/** A pair of pages that differ where a bit of the mask is set. */
function pagesOfMask(pageSize: number, mask: number) {
  const oldPage = Uint8Array.from({ length: pageSize }, (_, pageOffset) => pageOffset);
  const newPage = oldPage.map((byte, pageOffset) => ((mask >> pageOffset) & 1 ? byte ^ 0x80 : byte));
  return { oldPage, newPage };
}

/** A pair of pages with runs of these lengths in turn, the first of them equal. */
function pagesOfRuns(lengths: readonly number[]) {
  const changes = lengths.flatMap((length, index) => Array<number>(length).fill(index % 2));
  return { oldPage: new Uint8Array(changes.length), newPage: Uint8Array.from(changes) };
}

/** The size of the smallest of all well-formed deltas: tries every zrun and every nzrun from an offset on. */
function searchSmallest(oldPage: Uint8Array, newPage: Uint8Array, pageOffset = 0): number {
  const isDone = newPage.every((byte, offset) => offset < pageOffset || byte === oldPage[offset]);
  if (isDone) return 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (let zrunEnd = pageOffset === 0 ? 0 : pageOffset + 1; zrunEnd < newPage.length; zrunEnd++) {
    if (pageOffset < zrunEnd && newPage[zrunEnd - 1] !== oldPage[zrunEnd - 1]) break;
    for (let nzrunEnd = zrunEnd + 1; nzrunEnd <= newPage.length; nzrunEnd++) {
      const size = 2 + nzrunEnd - zrunEnd + searchSmallest(oldPage, newPage, nzrunEnd);
      smallest = Math.min(smallest, size);
    }
  }
  return smallest;
}

/** The size of the smallest delta, by all runs that a length can say between any two offsets. */
function relaxSmallest(oldPage: Uint8Array, newPage: Uint8Array): number {
  const end = newPage.findLastIndex((byte, pageOffset) => byte !== oldPage[pageOffset]) + 1;
  const nzrunSizes = new Float64Array(end + 1).fill(Number.POSITIVE_INFINITY);
  const zrunSizes = new Float64Array(end + 1).fill(Number.POSITIVE_INFINITY);
  zrunSizes[0] = 1;
  nzrunSizes[0] = 0;
  for (let begin = 0; begin < end; begin++) {
    const last = Math.min(end, begin + 16_383);
    if (nzrunSizes[begin]! < Number.POSITIVE_INFINITY) {
      for (let zrunEnd = begin + 1; zrunEnd <= last && newPage[zrunEnd - 1] === oldPage[zrunEnd - 1]; zrunEnd++) {
        zrunSizes[zrunEnd] = Math.min(zrunSizes[zrunEnd]!, nzrunSizes[begin]! + lengthSize(zrunEnd - begin));
      }
    }
    if (zrunSizes[begin] === Number.POSITIVE_INFINITY) continue;
    for (let nzrunEnd = begin + 1; nzrunEnd <= last; nzrunEnd++) {
      const size = zrunSizes[begin]! + lengthSize(nzrunEnd - begin) + nzrunEnd - begin;
      if (size < nzrunSizes[nzrunEnd]!) nzrunSizes[nzrunEnd] = size;
    }
  }
  return nzrunSizes[end]!;
}

/** Encodes, checks that the delta gives the new page, and gives its size: none for overflow. */
function compactSize(oldPage: Uint8Array, newPage: Uint8Array): number {
  const outcome = encodeCompactDelta(oldPage, newPage, Number.MAX_SAFE_INTEGER);
  if (outcome.kind === "unchanged") return 0;
  if (outcome.kind === "overflow") return Number.POSITIVE_INFINITY;
  expect(Buffer.compare(applyDelta(oldPage, outcome.delta), newPage)).toBe(0);
  return outcome.delta.length;
}

test("no well-formed delta of a page of up to 8 bytes is smaller than the compact one", () => {
  for (let pageSize = 1; pageSize <= 8; pageSize++) {
    for (let mask = 0; mask < 2 ** pageSize; mask++) {
      const { oldPage, newPage } = pagesOfMask(pageSize, mask);
      if (compactSize(oldPage, newPage) === searchSmallest(oldPage, newPage)) continue;
      throw new Error(`page size ${pageSize}, mask ${mask.toString(2)}`);
    }
  }
});

/** Lengths of runs, many of them such that a merged nzrun has just one byte of length or just two. */
const runLengths = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 70 }), fc.integer({ min: 118, max: 132 })),
  { minLength: 2, maxLength: 12 },
);

property.prop([runLengths], { numRuns: 300 })(
  "no delta is smaller than the compact one where lengths have one byte or two",
  (lengths) => {
    const { oldPage, newPage } = pagesOfRuns(lengths);
    expect(compactSize(oldPage, newPage)).toBe(relaxSmallest(oldPage, newPage));
  },
);

test.each([
  ["a gap is not merged that would make an nzrun too long", [5, 16_380, 1, 3, 1, 1], 16_390],
  ["a gap is merged into the longest nzrun", [5, 16_380, 1, 2], 16_386],
  ["a zrun that is one too long is shortened by a literal", [0, 1, 16_384, 1], 8],
  ["a zrun that is two too long is shortened by two literals", [0, 1, 16_385, 1], 9],
  ["a zrun that is many too long is bridged", [0, 3, 16_400, 1], 12],
  ["a first zrun that is one too long is shortened by a literal", [16_384, 2], 6],
  ["the length of an nzrun stays short beside a zrun that is one too long", [1, 127, 16_384, 1], 134],
  ["two zruns that are too long are bridged", [16_400, 1, 16_400, 1], 14],
  ["more than 16383 changed bytes are overflow", [1, 16_384, 1, 1], Number.POSITIVE_INFINITY],
] as const)("%s", (_, lengths, size) => {
  const { oldPage, newPage } = pagesOfRuns(lengths);
  expect(compactSize(oldPage, newPage)).toBe(size);
});

test("of the golden pairs of pages, none has a larger compact delta than the canonical one, and the same if it is as large", () => {
  let saved = 0;
  for (const vector of loadVectors()) {
    // The larger pages would take most of a minute, and say the same.
    if (vector.operation !== "encode" || 600 < vector.pageSize) continue;
    const { oldPage, newPage } = vector;
    const canonical = canonicalDelta(oldPage, newPage);
    const compact = encodeCompactDelta(oldPage, newPage, Number.MAX_SAFE_INTEGER);
    if (canonical === undefined || compact.kind !== "delta") {
      expect(compact.kind).toBe(encodeDelta(oldPage, newPage, Number.MAX_SAFE_INTEGER).kind);
      continue;
    }
    expect(compact.delta.length).toBeLessThanOrEqual(canonical.length);
    if (compact.delta.length === canonical.length) expect(toHex(compact.delta)).toBe(toHex(canonical));
    saved += canonical.length - compact.delta.length;
  }
  expect(saved).toBeGreaterThan(100);
});

test("the capacity holds to the byte, and equal pages are unchanged", () => {
  const { oldPage, newPage } = pagesOfMask(8, 0b101);
  expect(encodeCompactDelta(oldPage, newPage, 5)).toMatchObject({ kind: "delta" });
  expect(encodeCompactDelta(oldPage, newPage, 4)).toEqual({ kind: "overflow" });
  expect(encodeCompactDelta(oldPage, oldPage.slice(), 0)).toEqual({ kind: "unchanged" });
  expect(() => encodeCompactDelta(oldPage, newPage, -1)).toThrow(RangeError);
  expect(() => encodeCompactDelta(oldPage, new Uint8Array(9), 9)).toThrow(RangeError);
});
