import { expect, test } from "vitest";
import { fromHex, toHex } from "../bytes.ts";
import { applyDelta } from "./decode.ts";
import { canonicalDelta, type EncodeOutcome, encodeDelta } from "./encode.ts";
import { writeLength } from "./length.ts";
import { deltaRuns } from "./runs.ts";

/** A pair of pages that differ at the offsets from `begin` up to `end`, for each two numbers. */
function pagesChangedAt(pageSize: number, ...changes: readonly [begin: number, end: number][]) {
  const oldPage = new Uint8Array(pageSize);
  const newPage = new Uint8Array(pageSize);
  for (const [begin, end] of changes) newPage.fill(0x11, begin, end);
  return { oldPage, newPage };
}

/** The lengths of the runs of a delta, in order. */
function runLengths(outcome: EncodeOutcome, pageSize: number): number[] {
  if (outcome.kind !== "delta") throw new Error(outcome.kind);
  return Array.from(deltaRuns(outcome.delta, pageSize), (run) => run.length);
}

test.each([0, 1, 2, 4096])("two equal pages are unchanged at a capacity of %d (DELTA-20)", (capacity) => {
  const page = fromHex("00112233");
  expect(encodeDelta(page, page.slice(), capacity)).toEqual({ kind: "unchanged" });
  expect(canonicalDelta(page, page.slice())).toEqual(new Uint8Array(0));
});

test.each([
  [127, "7f0111"],
  [128, "80010111"],
  [16_383, "ff7f0111"],
])("a zrun of %d bytes has its shortest length (DELTA-4)", (zrunLength, delta) => {
  const { oldPage, newPage } = pagesChangedAt(16_384, [zrunLength, zrunLength + 1]);
  expect(toHex(canonicalDelta(oldPage, newPage)!)).toBe(delta);
});

test("an nzrun of 16383 bytes is written and one of 16384 is overflow (DELTA-30)", () => {
  const longest = pagesChangedAt(40_000, [5, 5 + 16_383]);
  const tooLong = pagesChangedAt(40_000, [5, 5 + 16_384]);
  expect(runLengths(encodeDelta(longest.oldPage, longest.newPage, 65_536), 40_000)).toEqual([5, 16_383]);
  expect(encodeDelta(tooLong.oldPage, tooLong.newPage, 65_536)).toEqual({ kind: "overflow" });
  expect(canonicalDelta(tooLong.oldPage, tooLong.newPage)).toBeUndefined();
});

test.each([
  [16_384, [16_382, 1, 1, 1]],
  [16_385, [16_383, 1, 1, 1]],
  [32_767, [16_383, 1, 16_383, 1]],
  [32_768, [16_383, 1, 16_382, 1, 1, 1]],
  [65_535, [16_383, 1, 16_383, 1, 16_383, 1, 16_383, 1]],
])("a first zrun of %d bytes is bridged by literals that equal the old byte (DELTA-31)", (zrunLength, lengths) => {
  const { oldPage, newPage } = pagesChangedAt(65_536, [zrunLength, zrunLength + 1]);
  const outcome = encodeDelta(oldPage, newPage, 65_536);
  expect(runLengths(outcome, 65_536)).toEqual(lengths);
  expect(outcome.kind === "delta" && toHex(applyDelta(oldPage, outcome.delta)) === toHex(newPage)).toBe(true);
  expect(canonicalDelta(oldPage, newPage)).toBeUndefined();
});

test("a zrun in the midst of a page is bridged, and one after the last changed byte is not written", () => {
  const { oldPage, newPage } = pagesChangedAt(65_536, [3, 5], [16_389, 16_391]);
  expect(runLengths(encodeDelta(oldPage, newPage, 65_536), 65_536)).toEqual([3, 2, 16_382, 1, 1, 2]);
});

test("a bridged delta is held to the capacity (DELTA-26)", () => {
  const { oldPage, newPage } = pagesChangedAt(65_536, [65_535, 65_536]);
  expect(encodeDelta(oldPage, newPage, 16).kind).toBe("delta");
  expect(encodeDelta(oldPage, newPage, 15).kind).toBe("overflow");
});

test("a length that two bytes cannot say is never written", () => {
  expect(() => writeLength(new Uint8Array(3), 0, 16_384)).toThrow(
    new RangeError("length has to be at most 16383, not 16384"),
  );
});

test("pages of two sizes, what is no page, and what is no capacity are the caller's fault", () => {
  const page = new Uint8Array(8);
  expect(() => encodeDelta(page, new Uint8Array(9), 8)).toThrow(
    new RangeError("new page has to have the 8 bytes of the old page, not 9"),
  );
  expect(() => canonicalDelta(new Uint8Array(0), new Uint8Array(0))).toThrow(
    new RangeError("page size has to be an integer from 1 to 65536, not 0"),
  );
  expect(() => encodeDelta(page, "" as unknown as Uint8Array, 8)).toThrow(
    new TypeError("new page has to be a Uint8Array, not string"),
  );
  for (const capacity of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => encodeDelta(page, page, capacity)).toThrow(
      new RangeError(`capacity has to be an integer of 0 or more, not ${capacity}`),
    );
  }
});
