import { expect, test } from "vitest";
import { fromHex, toHex } from "../bytes.ts";
import { DELTA_FAULTS, MalformedDeltaError } from "../errors.ts";
import { applyDelta } from "./decode.ts";
import { deltaRuns } from "./runs.ts";

/** The error with which a delta is refused for a page of eight bytes `00`. */
function refusal(delta: string): MalformedDeltaError {
  try {
    applyDelta(new Uint8Array(8), fromHex(delta));
  } catch (error) {
    if (error instanceof MalformedDeltaError) return error;
    throw error;
  }
  throw new Error(`${delta} was not refused`);
}

/** Each fault, alone in a delta for a page of eight bytes. */
const FAULTS_ALONE = [
  ["80", "length-truncated at delta byte 0: 1 of 2 bytes, 80 (DELTA-12)"],
  ["02ff", "length-truncated at delta byte 1: 1 of 2 bytes, ff (DELTA-12)"],
  ["81800101aa", "length-too-long at delta byte 0: more than 2 bytes, 8180 (DELTA-13)"],
  ["01828001aabb", "length-too-long at delta byte 1: more than 2 bytes, 8280 (DELTA-13)"],
  ["0001aa0001bb", "zrun-empty at delta byte 3: zrun 0 that is not the first (DELTA-14)"],
  ["0001aa800001bb", "zrun-empty at delta byte 3: zrun 0 that is not the first (DELTA-14)"],
  ["0901aa", "zrun-past-page at delta byte 0: zrun 9, 8 left in the page (DELTA-15)"],
  ["0101aa0701bb", "zrun-past-page at delta byte 3: zrun 7, 6 left in the page (DELTA-15)"],
  ["08", "zrun-unpaired at delta byte 0: zrun 8 and the end of the delta (DELTA-16)"],
  ["0001aa8700", "zrun-unpaired at delta byte 3: zrun 7 and the end of the delta (DELTA-16)"],
  ["0200", "nzrun-empty at delta byte 1: nzrun 0 (DELTA-17)"],
  ["028000", "nzrun-empty at delta byte 1: nzrun 0 (DELTA-17)"],
  ["0801aa", "nzrun-past-page at delta byte 1: nzrun 1, 0 left in the page (DELTA-18)"],
  ["0603aabbcc", "nzrun-past-page at delta byte 1: nzrun 3, 2 left in the page (DELTA-18)"],
  ["0003aabb", "nzrun-truncated at delta byte 2: 2 of 3 bytes (DELTA-19)"],
  ["008300", "nzrun-truncated at delta byte 3: 0 of 3 bytes (DELTA-19)"],
] as const;

test.each(FAULTS_ALONE)("%s is refused: %s", (delta, message) => {
  const error = refusal(delta);
  expect(error.message).toBe(message);
  expect(error.message).toBe(
    `${error.fault} at delta byte ${error.deltaOffset}: ${error.found} (${error.requirement})`,
  );
});

test("no fault is left out above", () => {
  const seen = FAULTS_ALONE.map(([delta]) => refusal(delta).fault);
  expect([...new Set(seen)]).toEqual(Object.keys(DELTA_FAULTS));
});

test.each([
  ["0001aa8080", "length-too-long"],
  ["0001aa00", "zrun-empty"],
  ["09", "zrun-past-page"],
  ["0009aa", "nzrun-past-page"],
])("of two faults of a run in %s, the one named is %s", (delta, fault) => {
  expect(refusal(delta).fault).toBe(fault);
});

test.each([
  ["no pair (DELTA-10)", "", "0000000000000000"],
  ["a first zrun of length 0 (DELTA-9)", "0001aa", "aa00000000000000"],
  ["lengths in the longer form (DELTA-3)", "82008100aa", "0000aa0000000000"],
  ["literals that equal the old bytes (DELTA-8)", "0002000005010b", "000000000000000b"],
  ["an nzrun that ends with the page (DELTA-8)", `0008${"11".repeat(8)}`, "11".repeat(8)],
  [
    "as many pairs as there is room for, more bytes than the page (DELTA-8)",
    "00010a01010b01010c01010d",
    "0a000b000c000d00",
  ],
])("a delta with %s is accepted", (_, delta, newPage) => {
  expect(toHex(applyDelta(new Uint8Array(8), fromHex(delta)))).toBe(newPage);
});

test("a literal is the new byte, not its XOR with the old byte (DELTA-6)", () => {
  expect(toHex(applyDelta(fromHex("ffff"), fromHex("00010f")))).toBe("0fff");
});

test("the new page shares no memory with the old one, even if that is a Buffer", () => {
  const oldPage = Buffer.alloc(8);
  applyDelta(oldPage, fromHex("0001aa")).fill(0x55);
  expect(toHex(oldPage)).toBe("0000000000000000");
});

test("the runs before a fault are given, and then the fault is thrown", () => {
  const runs = deltaRuns(fromHex("0102aabb0201cc00"), 8);
  expect(runs.next().value).toEqual({ kind: "zrun", deltaOffset: 0, lengthByteCount: 1, pageOffset: 0, length: 1 });
  expect(runs.next().value).toEqual({
    kind: "nzrun",
    deltaOffset: 1,
    lengthByteCount: 1,
    pageOffset: 1,
    length: 2,
    literalsOffset: 2,
    literals: fromHex("aabb"),
  });
  expect([runs.next().value, runs.next().value]).toMatchObject([
    { pageOffset: 3 },
    { pageOffset: 5, literalsOffset: 6 },
  ]);
  expect(() => runs.next()).toThrow("zrun-empty at delta byte 7");
});

test("arguments that are not a page, bytes or a page size are the caller's fault", () => {
  const delta = fromHex("0001aa");
  expect(() => applyDelta(new Uint8Array(0), delta)).toThrow(RangeError);
  expect(() => applyDelta(new Uint8Array(65_537), delta)).toThrow(RangeError);
  expect(() => applyDelta([0] as unknown as Uint8Array, delta)).toThrow(TypeError);
  expect(() => applyDelta(new Uint8Array(8), "0001aa" as unknown as Uint8Array)).toThrow(
    new TypeError("delta has to be a Uint8Array, not string"),
  );
  expect(() => deltaRuns([] as unknown as Uint8Array, 8).next()).toThrow(
    new TypeError("delta has to be a Uint8Array, not object"),
  );
  for (const pageSize of [0, 65_537, 1.5, Number.NaN]) {
    expect(() => deltaRuns(delta, pageSize).next()).toThrow(RangeError);
  }
});
