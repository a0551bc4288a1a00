import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { compactBytes, compactPage, compactPatches } from "../compact.ts";
import { expandBytes, expandPage, layPatches } from "../expand.ts";
import type { AnyFamilyText, FamilyText } from "../format.ts";
import { vectorsFolder } from "../load.ts";
import { compareFiles } from "./compare.ts";
import { generateFamilies, generateReceiveFamilies } from "./families.ts";
import { bridge, canonicalDelta, changedPairs, spellDelta, spellLength } from "./spell.ts";
import { faultsOf } from "./validate.ts";
import { writeFamily } from "./write.ts";

const CHAPTERS = ["delta", "record", "stream", "compressed"] as const;

describe("all families", () => {
  let families: readonly AnyFamilyText[];
  const generate = async () => [...(await generateFamilies()), ...generateReceiveFamilies()];

  beforeAll(async () => {
    families = await generate();
  });

  const filesOf = (texts: readonly AnyFamilyText[]) =>
    new Map(texts.map((text) => [`${text.chapter}/${text.family}.json`, writeFamily(text)]));

  test("The files that are checked in are those that are generated.", () => {
    const found = CHAPTERS.flatMap((chapter) =>
      readdirSync(vectorsFolder(chapter)).map((name): [string, string] => [
        `${chapter}/${name}`,
        readFileSync(join(vectorsFolder(chapter), name), "utf8"),
      ]),
    );
    expect(compareFiles(filesOf(families), new Map(found))).toEqual([]);
  });

  test("Generating again gives the same bytes.", async () => {
    expect(compareFiles(filesOf(await generate()), filesOf(families))).toEqual([]);
  });

  test("They meet the schema, ids are unique, notes are used, and `after` looks back.", () => {
    expect(faultsOf(families)).toEqual([]);
  });
});

describe("what validation finds", () => {
  const family: FamilyText = {
    formatVersion: 1,
    chapter: "delta",
    family: "example",
    notes: {},
    vectors: [
      {
        id: "delta/example/one",
        operation: "decode",
        requirements: ["DELTA-8"],
        why: "A decoder that fails is wrong.",
        oldPage: { size: 4, fill: "00" },
        delta: ["000177"],
        accept: [{ level: "recommended", kind: "page", newPage: [[0, "77"]] }],
      },
    ],
  };
  const [vector] = family.vectors;
  const changed = (change: object): FamilyText => ({ ...family, vectors: [{ ...vector, ...change } as never] });

  test.each<[string, FamilyText[], RegExp]>([
    ["nothing in a family that is right", [family], /^$/],
    ["an id that stands twice", [family, { ...family, family: "other" }], /delta\/example\/one stands twice/],
    ["an id that is too long", [changed({ id: `delta/example/${"x".repeat(50)}` })], /60 characters/],
    ["a page size over 65536", [changed({ oldPage: { size: 65537, fill: "00" } })], /oldPage\/size: must be <= 65536/],
    ["half a byte", [changed({ delta: ["000"] })], /delta\/0/],
    [
      "a fault that the chapter has not",
      [changed({ accept: [{ level: "recommended", kind: "malformed", fault: "bad" }] })],
      /accept\/0/,
    ],
    ["a flag without a note", [changed({ flags: ["odd"] })], /odd has no note/],
    ["a note that is not used", [{ ...family, notes: { odd: "Odd." } }], /note odd is not used/],
    ["`after` that looks forward", [changed({ after: ["delta/example/one"] })], /does not stand before it/],
    ["a requirement that the chapter has not", [changed({ requirements: ["DELTA-99"] })], /no DELTA-99/],
  ])("It finds %s.", (_, families, fault) => {
    expect(faultsOf(families).join("\n")).toMatch(fault);
  });
});

test("A comparison names files that are missing, surplus or different, and the first line that differs.", () => {
  const wanted = new Map([
    ["a.json", "1\n2\n3"],
    ["b.json", "1"],
    ["d.json", "1"],
  ]);
  const found = new Map([
    ["a.json", "1\nx\n3"],
    ["c.json", "1"],
    ["d.json", "1"],
  ]);
  expect(compareFiles(wanted, found)).toEqual([
    "a.json: differs from line 2 on\n  generated:  2\n  checked in: x",
    "b.json: missing",
    "c.json: surplus, no family makes it",
  ]);
});

test("The compact notation stands for the bytes that it was made from, and repetitions are short.", () => {
  const bytes = Uint8Array.from({ length: 3000 }, (_, index) =>
    index % 1000 < 400 ? index % 7 : (index * index) >> 3,
  );
  const other = Uint8Array.from(bytes, (byte, index) => (index % 11 < 3 ? byte ^ 0x80 : byte));
  expect(expandBytes(compactBytes(bytes))).toEqual(bytes);
  expect(expandPage(compactPage(bytes))).toEqual(bytes);
  expect(layPatches(Uint8Array.from(bytes), compactPatches(bytes, other))).toEqual(other);
  expect(compactPage(new Uint8Array(65536).fill(9))).toEqual({ size: 65536, fill: "09" });
});

test("Lengths and deltas are spelled as the chapter's examples spell them.", () => {
  const hex = (bytes: Iterable<number>) => Buffer.from([...bytes]).toString("hex");
  expect([0, 127, 128, 1001, 16383].map((length) => hex(spellLength(length)))).toEqual([
    "00",
    "7f",
    "8001",
    "e907",
    "ff7f",
  ]);
  expect(() => spellLength(16384)).toThrow(RangeError);
  const oldPage = new Uint8Array(20000);
  const newPage = Uint8Array.from(oldPage);
  newPage.set([1, 0, 3], 0);
  expect(canonicalDelta(oldPage, newPage)).toEqual(Uint8Array.of(0, 1, 1, 1, 1, 3));
  newPage.set([9], 19999);
  expect(canonicalDelta(oldPage, newPage)).toBeUndefined();
  expect(hex(spellDelta(bridge(oldPage, changedPairs(oldPage, newPage))))).toBe("000101010103ff7f01009c1c0109");
});
