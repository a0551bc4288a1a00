import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { expandBytes, expandPage, layPatches } from "./expand.ts";
import type { FamilyText } from "./format.ts";
import { expandFamily, loadVectors, vectorsFolder } from "./load.ts";

const FAMILY: FamilyText = {
  formatVersion: 1,
  chapter: "delta",
  family: "example",
  notes: { "room-for-two": "Either way." },
  vectors: [
    {
      id: "delta/example/encode",
      operation: "encode",
      requirements: ["DELTA-28", "DELTA-26"],
      why: "An encoder that fails is wrong.",
      flags: ["room-for-two"],
      oldPage: {
        size: 5,
        fill: "0a0b",
        patches: [
          [3, "ff"],
          [4, "01"],
        ],
      },
      newPage: [
        [0, "77", 2],
        [1, "88"],
      ],
      capacity: 4,
      accept: [
        { level: "recommended", kind: "delta", delta: ["0002", ["77", 1], "88"] },
        { level: "recommended", kind: "overflow" },
        { level: "required", kind: "delta" },
      ],
    },
    {
      id: "delta/example/decode",
      operation: "decode",
      requirements: ["DELTA-8"],
      why: "A decoder that fails is wrong.",
      after: ["delta/example/encode"],
      oldPage: { size: 5, fill: "00" },
      delta: ["0003", ["77", 3]],
      accept: [
        { level: "recommended", kind: "page", newPage: [[0, "77", 3]] },
        { level: "recommended", kind: "malformed" },
      ],
    },
  ],
};

test("A family is expanded to the bytes that its text stands for.", () => {
  const [encode, decode] = expandFamily(FAMILY);
  expect(encode).toMatchObject({
    id: "delta/example/encode",
    chapter: "delta",
    family: "example",
    operation: "encode",
    requirements: ["DELTA-28", "DELTA-26"],
    why: "An encoder that fails is wrong.",
    flags: [{ name: "room-for-two", note: "Either way." }],
    after: [],
    pageSize: 5,
    oldPage: Uint8Array.of(0x0a, 0x0b, 0x0a, 0xff, 0x01),
    newPage: Uint8Array.of(0x77, 0x88, 0x0a, 0xff, 0x01),
    capacity: 4,
    accept: [
      { level: "recommended", kind: "delta", delta: Uint8Array.of(0, 2, 0x77, 0x88) },
      { level: "recommended", kind: "overflow" },
      { level: "required", kind: "delta" },
    ],
  });
  expect(decode).toMatchObject({
    operation: "decode",
    flags: [],
    after: ["delta/example/encode"],
    oldPage: new Uint8Array(5),
    delta: Uint8Array.of(0, 3, 0x77, 0x77, 0x77),
    accept: [
      { level: "recommended", kind: "page", newPage: Uint8Array.of(0x77, 0x77, 0x77, 0, 0) },
      { level: "recommended", kind: "malformed" },
    ],
  });
});

test("Who changes an expanded page changes no vector.", () => {
  const [encode] = expandFamily(FAMILY);
  encode?.oldPage.fill(0x55);
  expect(encode?.oldPage).toEqual(Uint8Array.of(0x0a, 0x0b, 0x0a, 0xff, 0x01));
});

test("Bytes, pages and patches are laid in order, and a patch past the page is a RangeError.", () => {
  expect(expandBytes([])).toEqual(new Uint8Array(0));
  expect(expandPage({ size: 3, fill: "01020304" })).toEqual(Uint8Array.of(1, 2, 3));
  expect(() => layPatches(new Uint8Array(3), [[2, "0102"]])).toThrow(RangeError);
});

test("All vectors are loaded.", () => {
  const vectors = loadVectors();
  const files = readdirSync(vectorsFolder("delta")).map((name) => name.replace(".json", ""));
  expect([...new Set(vectors.map(({ family }) => family))]).toEqual(files.sort());
  expect(vectors.length).toBeGreaterThan(8000);
});
