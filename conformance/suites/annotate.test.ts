import { describe, expect, test } from "vitest";
import type { Difference } from "../harness/case.ts";
import type { DecodeRequest, EncodeRequest } from "../protocol.ts";
import * as annotate from "./annotate.ts";

/** A page of 4096 bytes in which every second byte has changed, and its canonical delta of 2048 pairs. */
const oldPage = new Uint8Array(4096);
const newPage = oldPage.map((_, offset) => (offset % 2 === 0 ? 0 : offset % 256));
const delta = Uint8Array.from(Array.from({ length: 2048 }, (_, pair) => [1, 1, (2 * pair + 1) % 256]).flat());
const at = (what: Difference["what"], offset: number): Difference => ({ what, offset, expected: 0, got: 1 });

describe("what is long", () => {
  const decode: DecodeRequest = { operation: "decode", oldPage, delta };
  const encode: EncodeRequest = { operation: "encode", capacity: 9000, oldPage, newPage };
  const page = newPage.map((byte, offset) => (2000 <= offset ? 0xee : byte));
  const texts: readonly [what: string, lines: (around: Difference) => string[]][] = [
    ["the delta of a request", (around) => annotate.decodeRequestText(decode, around)],
    ["the pages of a request", (around) => annotate.encodeRequestText(encode, around)],
    [
      "the delta that is expected",
      (around) => annotate.encodeExpectedText(encode, [{ level: "recommended", kind: "delta", delta }], around),
    ],
    [
      "the page that is expected",
      (around) => annotate.decodeExpectedText(decode, [{ level: "recommended", kind: "page", newPage }], around),
    ],
    ["the delta that came", (around) => annotate.answerText({ kind: "delta", delta }, oldPage, around)],
    ["the page that came", (around) => annotate.answerText({ kind: "page", page }, oldPage, around, newPage)],
  ];

  test.each(texts)("is cut around the first difference: %s", (what, lines) => {
    const shown = lines(at("page", 2001));
    expect(shown.length).toBeLessThanOrEqual(16);
    expect(shown.join("\n")).toMatch(what.includes("page") ? / 2000 {2}/ : /page 2001 {2}/);
    expect(shown.some((line) => /^\.\.\. \d+ more/.test(line))).toBe(true);
  });

  test("is cut around a byte of the delta, wherever it stands, and nothing is lost from the count", () => {
    for (let offset = 0; offset < delta.length; offset += 97) {
      const shown = annotate.decodeRequestText(decode, at("delta", offset)).slice(1);
      const left = shown
        .map((line) => Number(/^\.\.\. (\d+) more/.exec(line)?.[1] ?? -1))
        .filter((count) => count !== -1);
      expect(shown.length - left.length + left.reduce((sum, count) => sum + count, 0)).toBe(3 * 2048);
      expect(shown.some((line) => line.startsWith(`${String(offset).padStart(4)}  `))).toBe(true);
    }
  });
});

describe("a malformed delta", () => {
  const request: DecodeRequest = {
    operation: "decode",
    oldPage: new Uint8Array(40),
    delta: Uint8Array.of(2, 1, 9, 3, 0x80, 0x00, 7),
  };

  test("shows the bytes at its fault with their offset, and the fault that is expected with its place", () => {
    expect(annotate.decodeRequestText(request).at(-1)).toBe(
      "   4  80 00 07  nzrun-empty at delta byte 4: nzrun 0 (DELTA-17)",
    );
    const cut = { ...request, delta: Uint8Array.of(2, 3) };
    expect(annotate.decodeRequestText(cut).at(-1)).toMatch(/^ {3}2 {2}the end {3}nzrun-truncated at delta byte 2/);
    expect(
      annotate.decodeExpectedText(request, [{ level: "recommended", kind: "malformed", fault: "nzrun-empty" }]),
    ).toEqual(["malformed (nzrun-empty at delta byte 4)"]);
  });

  test("shows the page that a decoder gave all the same, alone, from where it changed", () => {
    const page = new Uint8Array(40).fill(9, 20, 21);
    expect(annotate.answerText({ kind: "page", page }, request.oldPage)).toEqual([
      "a page of 40 bytes",
      `got     0  ${Array(16).fill("00").join(" ")}`,
      `got    16  ${["00", "00", "00", "00", "09", ...Array(11).fill("00")].join(" ")}`,
      `got    32  ${Array(8).fill("00").join(" ")}`,
    ]);
    expect(annotate.answerText({ kind: "page", page: request.oldPage }, request.oldPage)).toEqual([
      "a page of 40 bytes: the old page, unchanged",
    ]);
  });
});

test("One byte is 1 byte.", () => {
  const request: DecodeRequest = { operation: "decode", oldPage: new Uint8Array(1), delta: Uint8Array.of(0) };
  expect(annotate.decodeRequestText(request)[0]).toBe("decode a delta of 1 byte for a page of 1 byte");
});
