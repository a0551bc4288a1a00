import { describe, expect, test } from "vitest";
import { STREAM_FAULTS } from "../../reference/index.ts";
import { repeatedZlib } from "../../vectors/generate/compressed/zlib.ts";
import { join } from "../../vectors/generate/spell.ts";
import {
  bigEndian,
  CONTINUED,
  command,
  compressedRecord,
  END_OF_SECTION,
  end,
  FLAG,
  footer,
  header,
  last,
  memorySizes,
  part,
  start,
  startHeader,
  stream,
  word,
  xbzrleRecord,
  zeroRecord,
} from "../../vectors/generate/spell-stream.ts";
import type { ReceiveRequest } from "../protocol.ts";
import { fuzzCase, fuzzCases } from "./fuzz.ts";
import { kindGroups } from "./fuzz-ids.ts";
import { expectationOf } from "./fuzz-streams.ts";
import { readyVector, standaloneCase } from "./ready-vector.ts";

const RAM_SIZE = 65_536;
const drawn = [...fuzzCases(2000, 7, ["receive"])];
const outcomesOf = (given: Uint8Array) => expectationOf({ ramSize: RAM_SIZE, stream: given }, true)?.accept;
const around = (...items: readonly Uint8Array[]) => join(header(), start(RAM_SIZE), ...items, last(), end());

describe("the number of cases that are drawn", () => {
  test.each([
    [["encode", "decode", "receive", "send"], 20_000, 2000, 1000],
    [["encode", "receive"], 20_000, 2000, 0],
    [["encode", "decode"], 20_000, 0, 0],
    [["receive"], 0, 20_000, 0],
    [["receive", "send"], 0, 20_000, 10_000],
    [["send"], 0, 0, 20_000],
  ])("for %j is %i of codecs, %i streams and %i guests", (operations, ...counts) => {
    expect(kindGroups(20_000, operations).map(({ count }) => count)).toEqual(counts);
  });

  test("of codecs does not change with receive, nor do the cases", () => {
    const ids = (operations: readonly string[]) => [...fuzzCases(50, 1, operations)].map(({ id }) => id);
    expect(ids(["encode", "decode", "receive"]).slice(0, 50)).toEqual(ids(["encode", "decode"]));
  });
});

describe("drawn streams", () => {
  test("are the same for the same id, and as a vector", () => {
    for (const asked of drawn.slice(0, 40)) {
      expect(fuzzCase(asked.id)?.request).toEqual(asked.request);
      const vector = standaloneCase(JSON.parse(JSON.stringify(readyVector(asked))));
      expect(vector.request).toEqual(asked.request);
      expect(vector.text().expected).toEqual(asked.text().expected);
    }
  });

  test("have each fault that a receiver has to refuse, and every other one has none", () => {
    const faults = drawn.map((asked) => /^malformed \((.+)\)$/.exec(asked.text().expected[0]!)?.[1]);
    const isSound = (fault: string | undefined) => fault === undefined;
    expect(faults.filter(isSound).length).toBeGreaterThan(drawn.length * 0.45);
    const absent = Object.keys(STREAM_FAULTS).filter((fault) => !faults.includes(fault));
    expect(absent.sort()).toEqual(NOT_DRAWN);
  });

  test("hold compressed records only where these are asked for", () => {
    const plain = drawn.filter(({ section }) => section === "fuzz/receive");
    expect(plain.length).toBe(drawn.length / 2);
    for (const { request } of plain) {
      const { ramSize, stream } = request as ReceiveRequest;
      expect(expectationOf({ ramSize, stream }, false)).toBeDefined();
    }
  });
});

describe("a stream that is refused in a compressed record holds one", () => {
  const zlib = repeatedZlib(1, 4096);
  test.each([
    ["of an unknown block", stream(RAM_SIZE, [compressedRecord(0, zlib, "rams")])],
    ["without a block", stream(RAM_SIZE, [compressedRecord(0, zlib, CONTINUED)])],
    ["outside of its block", stream(RAM_SIZE, [compressedRecord(RAM_SIZE, zlib)])],
    ["of no bytes", stream(RAM_SIZE, [zeroRecord(0), compressedRecord(4096, [], CONTINUED)])],
    ["of too many bytes", stream(RAM_SIZE, [compressedRecord(0, new Uint8Array(4111))])],
    ["that is cut", join(header(), start(RAM_SIZE), part([compressedRecord(0, zlib)]).subarray(0, 30))],
  ])("%s", (_, given) => {
    expect(expectationOf({ ramSize: RAM_SIZE, stream: given }, true)?.accept).toMatchObject([{ kind: "malformed" }]);
    expect(expectationOf({ ramSize: RAM_SIZE, stream: given }, false)).toBeUndefined();
  });

  test("and one that is refused in a list, in a footer or in another record does not", () => {
    const listed = join(header(), startHeader(), memorySizes(0x100_000, [["ram", 0x100]]));
    const noFooter = join(header(), startHeader(), memorySizes(RAM_SIZE), END_OF_SECTION, word(0, 0x100));
    for (const given of [listed, noFooter, stream(RAM_SIZE, [zeroRecord(0, "rams")])]) {
      expect(expectationOf({ ramSize: RAM_SIZE, stream: given }, false)).toBeDefined();
    }
  });
});

/** Faults for which a receiver need not refuse, or has to for another one; and that of receivers which do not decompress. */
const NOT_DRAWN: readonly string[] = [
  "blocks-too-many",
  "bytes-after-end",
  "compressed-unexpected",
  "description-mismatch",
  "description-too-long",
  "fill-not-zero",
  "machine-name-too-long",
  "package-overrun",
  "sections-too-many",
  "word-too-large",
];

describe("what the chapters leave open may go either way:", () => {
  test.each([
    ["another fill", stream(RAM_SIZE, [zeroRecord(0, "ram", 5)])],
    ["a multifd flush", stream(RAM_SIZE, [word(0, FLAG.multifdFlush)])],
    ["an end of section with an address", around(join(2, bigEndian(2, 4), word(4096, FLAG.endOfSection), footer()))],
    ["a longer form", stream(RAM_SIZE, [xbzrleRecord(0, [0x82, 0, 1, 9])])],
    ["an empty delta", stream(RAM_SIZE, [xbzrleRecord(0, [])])],
    ["a zlib stream of half a page", stream(RAM_SIZE, [compressedRecord(0, repeatedZlib(1, 2048))])],
    ["bytes after a zlib stream", stream(RAM_SIZE, [compressedRecord(0, join(repeatedZlib(1, 4096), [0]))])],
    ["a ping", around(command(2, [0, 0, 0, 1]))],
    ["no last", join(header(), start(RAM_SIZE), end())],
    ["a second start", around(start(RAM_SIZE, 3))],
    ["a description that is cut", join(header(), start(RAM_SIZE), last(), 0, 6, bigEndian(9, 4))],
  ])("%s", (_, given) => {
    expect(outcomesOf(given)?.map(({ kind }) => kind)).toEqual(["ram", "malformed"]);
  });

  test("a stream whose RAM they do not say is not asked", () => {
    const early = join(header(), startHeader(), zeroRecord(0), memorySizes(RAM_SIZE), END_OF_SECTION, footer());
    expect(outcomesOf(join(early, last(), end()))).toBeUndefined();
    const statesPageSize = join(memorySizes(RAM_SIZE), bigEndian(4096, 8), END_OF_SECTION, footer());
    expect(outcomesOf(join(header(), startHeader(), statesPageSize, last(), end()))).toBeUndefined();
    expect(outcomesOf(around(command(7, bigEndian(1, 4)), Uint8Array.of(0)))).toBeUndefined();
  });

  test("an address of 2^53 or more is outside of every block all the same, whoever may read it", () => {
    expect(outcomesOf(stream(RAM_SIZE, [zeroRecord(0), zeroRecord(2n ** 60n, CONTINUED)]))).toEqual([
      { level: "recommended", kind: "malformed", fault: "page-outside-block" },
    ]);
    expect(outcomesOf(around(part([word(2n ** 60n, FLAG.multifdFlush)])))).toBeUndefined();
  });
});
