/**
 * The worked examples of the chapters: every `delta-example` block of docs/xbzrle is run.
 */

import { expect, test } from "vitest";
import { readExamples } from "../spec/fakes/examples.ts";
import {
  applyDelta,
  canonicalDelta,
  dumpDelta,
  dumpText,
  encodeDelta,
  fromHex,
  MalformedDeltaError,
  toHex,
} from "./index.ts";

const KEYS = ["old page", "new page", "delta", "canonical", "fault", "capacity", "outcome"];

/** One block: its fields by key, and the lines of its dump. */
interface Example {
  readonly place: string;
  readonly fields: ReadonlyMap<string, string>;
  readonly dump: readonly string[];
}

/** One block; a line that is neither a known field nor a line of a dump is an error. */
function parseExample(place: string, block: string): Example {
  const fields = new Map<string, string>();
  const dump: string[] = [];
  for (const line of block.trimEnd().split("\n")) {
    const [, key, value] = /^([a-z]+(?: [a-z]+)?): (.+)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) {
      if (!/^ *\d+ {2}[0-9a-f]{2}/.test(line)) throw new Error(`${place}: not a line of an example: ${line}`);
      dump.push(line);
    } else {
      if (!KEYS.includes(key)) throw new Error(`${place}: unknown key: ${key}`);
      if (fields.has(key)) throw new Error(`${place}: key given twice: ${key}`);
      if (0 < dump.length) throw new Error(`${place}: field after the dump: ${key}`);
      fields.set(key, value);
    }
  }
  return { place, fields, dump };
}

/** A page as its size, the byte that fills it, and bytes after their offset: `8 of 00, 2: 09`. */
function parsePage(text: string): Uint8Array {
  const [, size, fill, patches] = /^(\d+) of ([0-9a-f]{2})((?:, \d+:(?: [0-9a-f]{2})+)*)$/.exec(text) ?? [];
  if (size === undefined || fill === undefined || patches === undefined) throw new Error(`not a page: ${text}`);
  const page = new Uint8Array(Number(size)).fill(Number.parseInt(fill, 16));
  for (const [, pageOffset, bytes] of patches.matchAll(/, (\d+):((?: [0-9a-f]{2})+)/g)) {
    page.set(fromHex(bytes!.replaceAll(" ", "")), Number(pageOffset));
  }
  return page;
}

/** A field that the example has to have. */
function field(example: Example, key: string): string {
  const value = example.fields.get(key);
  if (value === undefined) throw new Error(`${example.place}: no ${key}`);
  return value;
}

const examples = readExamples("delta").map(({ place, text }) => parseExample(place, text));
const withoutDelta = examples.filter((example) => example.fields.has("outcome"));
const wellFormed = examples.filter((example) => example.fields.has("delta") && !example.fields.has("fault"));
const malformed = examples.filter((example) => example.fields.has("fault"));

test("the chapters have their examples", () => {
  expect(examples.length).toBeGreaterThanOrEqual(9);
  expect(malformed.length).toBeGreaterThanOrEqual(3);
  expect(withoutDelta.length + wellFormed.length + malformed.length).toBe(examples.length);
});

test.each(withoutDelta)("$place: the encoder has the outcome and no delta", (example) => {
  expect([...example.fields.keys()]).toEqual(["old page", "new page", "capacity", "outcome"]);
  const [oldPage, newPage] = [parsePage(field(example, "old page")), parsePage(field(example, "new page"))];
  const outcome = encodeDelta(oldPage, newPage, Number(field(example, "capacity")));
  expect(outcome).toEqual({ kind: field(example, "outcome") });
});

test.each(wellFormed)("$place: the delta gives the new page, and is canonical unless it says otherwise", (example) => {
  const oldPage = parsePage(field(example, "old page"));
  const newPage = parsePage(field(example, "new page"));
  const delta = fromHex(field(example, "delta"));
  const canonical = canonicalDelta(oldPage, newPage);
  const isCanonical = canonical !== undefined && toHex(canonical) === toHex(delta);
  expect(example.fields.get("canonical")).toBe(canonical ? (isCanonical ? undefined : "no") : "none");
  const written = canonical ?? delta;
  expect(encodeDelta(oldPage, newPage, written.length)).toEqual({ kind: "delta", delta: written });
  expect(toHex(applyDelta(oldPage, delta))).toBe(toHex(newPage));
  expect(dumpDelta(delta, oldPage.length).map(dumpText)).toEqual(example.dump);
});

test.each(malformed)("$place: the delta is refused for the fault, at its offset", (example) => {
  const oldPage = parsePage(field(example, "old page"));
  const delta = fromHex(field(example, "delta"));
  expect([...example.fields.keys()]).toEqual(["old page", "delta", "fault"]);
  const lines = dumpDelta(delta, oldPage.length);
  const last = lines.at(-1);
  const error = last?.kind === "fault" ? last.error : undefined;
  expect(error).toBeInstanceOf(MalformedDeltaError);
  expect(`${error?.fault} at ${error?.deltaOffset}`).toBe(field(example, "fault"));
  expect(lines.map(dumpText)).toEqual([...example.dump, error?.message]);
  expect(() => applyDelta(oldPage, delta)).toThrow(error);
});

test("an example that cannot be read is an error, and not left out", () => {
  expect(() => parseExample("here", "page: 8 of 00\n")).toThrow("here: unknown key: page");
  expect(() => parseExample("here", "delta: 00\ndelta: 01\n")).toThrow("here: key given twice: delta");
  expect(() => parseExample("here", "and so on\n")).toThrow("here: not a line of an example: and so on");
  expect(() => parsePage("8 of 0")).toThrow("not a page: 8 of 0");
});
