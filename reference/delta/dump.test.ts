import { expect, test } from "vitest";
import { fromHex } from "../bytes.ts";
import { dumpDelta, dumpText } from "./dump.ts";

test("literals are shown sixteen a line, each line with its own offsets", () => {
  const literals = Array.from({ length: 33 }, (_, index) => index);
  const delta = Uint8Array.from([0x83, 0x00, 33, ...literals, 1, 16, ...literals.slice(0, 16)]);
  expect(dumpDelta(delta, 53).map(dumpText)).toEqual([
    "   0  83 00     page 0  zrun 3",
    "   2  21        page 3  nzrun 33",
    "   3  00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f  page 3  literals",
    "  19  10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f  page 19  literals",
    "  35  20        page 35  literals",
    "  36  01        page 36  zrun 1",
    "  37  10        page 37  nzrun 16",
    "  38  00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f  page 37  literals",
  ]);
});

test("the length of an nzrun whose literals are cut off is shown before the fault", () => {
  expect(dumpDelta(fromHex("0001aa02830011"), 8).map(dumpText)).toEqual([
    "   0  00        page 0  zrun 0",
    "   1  01        page 0  nzrun 1",
    "   2  aa        page 0  literals",
    "   3  02        page 1  zrun 2",
    "   4  83 00     page 3  nzrun 3",
    "nzrun-truncated at delta byte 6: 1 of 3 bytes (DELTA-19)",
  ]);
});

test("a zrun with nothing after it is where the fault is, and is not shown before it", () => {
  expect(dumpDelta(fromHex("0001aa07"), 8).map(dumpText)).toEqual([
    "   0  00        page 0  zrun 0",
    "   1  01        page 0  nzrun 1",
    "   2  aa        page 0  literals",
    "zrun-unpaired at delta byte 3: zrun 7 and the end of the delta (DELTA-16)",
  ]);
});

test("an empty delta has no line", () => {
  expect(dumpDelta(new Uint8Array(0), 8)).toEqual([]);
});

test("what is no delta or no page size is thrown, and not shown as a fault", () => {
  expect(() => dumpDelta("00" as unknown as Uint8Array, 8)).toThrow(TypeError);
  expect(() => dumpDelta(fromHex("0001aa"), 0)).toThrow(RangeError);
});
