/**
 * The codec against a second one that shares no code with it and is as plain as it can be: the encoder spells a
 * text of marks with a regular expression, the decoder takes bytes off the front of a list.
 */

import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { fromHex, toHex } from "../bytes.ts";
import { MalformedDeltaError } from "../errors.ts";
import { applyDelta } from "./decode.ts";
import { dumpDelta } from "./dump.ts";
import { canonicalDelta, encodeDelta } from "./encode.ts";
import { deltaRuns } from "./runs.ts";

/** One letter for each byte of the page: `z` as in the old page, `n` changed. */
function spellMarks(oldPage: Uint8Array, newPage: Uint8Array): string {
  return Array.from(newPage, (byte, pageOffset) => (byte === oldPage[pageOffset] ? "z" : "n")).join("");
}

/** The canonical delta in hexadecimal; `undefined` where there is none. */
function spellCanonical(oldPage: Uint8Array, newPage: Uint8Array): string | undefined {
  const pairs = spellMarks(oldPage, newPage).matchAll(/(z*)(n+)/g);
  const parts = Array.from(pairs, ({ index, 1: zrun = "", 2: nzrun = "" }) => {
    const begin = index + zrun.length;
    const literals = Buffer.from(newPage.slice(begin, begin + nzrun.length)).toString("hex");
    return spellLength(zrun.length) + spellLength(nzrun.length) + literals;
  });
  const delta = parts.join("");
  return delta.includes("none") ? undefined : delta;
}

/** A length in hexadecimal, by its binary digits; in two bytes if it needs them or is asked for so. */
function spellLength(length: number, isLong = 127 < length): string {
  if (16_383 < length) return "none";
  const bits = length.toString(2).padStart(14, "0");
  const bytes = isLong ? [`1${bits.slice(7)}`, `0${bits.slice(0, 7)}`] : [`0${bits.slice(7)}`];
  return bytes.map((byte) => Number.parseInt(byte, 2).toString(16).padStart(2, "0")).join("");
}

/** The new page, or `malformed`. */
function decodePlainly(oldPage: Uint8Array, delta: Uint8Array): number[] | "malformed" {
  const rest = [...delta];
  const takeLength = () => {
    const first = rest.shift() ?? Number.NaN;
    return first < 128 ? first : first - 128 + 128 * (rest.shift() ?? Number.NaN);
  };
  const newPage: number[] = [];
  while (0 < rest.length) {
    const zrun = takeLength();
    const isZrun = zrun <= 16_383 && newPage.length + zrun <= oldPage.length && (0 < zrun || newPage.length === 0);
    if (!isZrun) return "malformed";
    newPage.push(...oldPage.slice(newPage.length, newPage.length + zrun));
    const nzrun = takeLength();
    const isNzrun = 0 < nzrun && nzrun <= 16_383 && newPage.length + nzrun <= oldPage.length && nzrun <= rest.length;
    if (!isNzrun) return "malformed";
    newPage.push(...rest.splice(0, nzrun));
  }
  return [...newPage, ...oldPage.slice(newPage.length)];
}

/** What `applyDelta` does, in the words of `decodePlainly`. */
function decode(oldPage: Uint8Array, delta: Uint8Array): number[] | "malformed" {
  try {
    return [...applyDelta(oldPage, delta)];
  } catch (error) {
    if (error instanceof MalformedDeltaError) return "malformed";
    throw error;
  }
}

/** Lengths of runs, with those at the edges of the forms of a length. */
const runLength = fc.oneof(
  { arbitrary: fc.integer({ min: 1, max: 9 }), weight: 12 },
  { arbitrary: fc.integer({ min: 120, max: 140 }), weight: 3 },
  { arbitrary: fc.integer({ min: 16_380, max: 16_388 }), weight: 1 },
);

/** Pairs of pages of up to 65536 bytes, from the lengths of their runs. */
const pages = fc
  .record({
    lengths: fc.array(runLength, { minLength: 1, maxLength: 24 }),
    isFirstChanged: fc.boolean(),
    seed: fc.nat(255),
  })
  .map(({ lengths, isFirstChanged, seed }) => {
    const isChanged = lengths.flatMap((length, index) =>
      Array<boolean>(length).fill((index % 2 === 0) === isFirstChanged),
    );
    const pageSize = Math.min(isChanged.length, 65_536);
    const oldPage = Uint8Array.from({ length: pageSize }, (_, pageOffset) => pageOffset * seed);
    const newPage = oldPage.map((byte, pageOffset) => (isChanged[pageOffset] ? byte ^ (1 + (pageOffset % 255)) : byte));
    return { oldPage, newPage };
  });

/** Pairs with a page size that they fill or nearly fill, as a delta in hexadecimal: lengths in either form. */
const pairsOfPage = fc
  .record({
    pairs: fc.array(
      fc.record({
        zrun: fc.integer({ min: 1, max: 4 }),
        literals: fc.uint8Array({ minLength: 1, maxLength: 4 }),
        isLong: fc.boolean(),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    isFirstEmpty: fc.boolean(),
    leftInPage: fc.integer({ min: -1, max: 3 }),
  })
  .map(({ pairs, isFirstEmpty, leftInPage }) => {
    const zruns = pairs.map(({ zrun }, index) => (isFirstEmpty && index === 0 ? 0 : zrun));
    const parts = pairs.map(({ literals, isLong }, index) => {
      return spellLength(zruns[index]!, isLong) + spellLength(literals.length, isLong) + toHex(literals);
    });
    const covered = pairs.reduce((sum, { literals }, index) => sum + zruns[index]! + literals.length, 0);
    return { delta: fromHex(parts.join("")), pageSize: Math.max(1, covered + leftInPage) };
  });

/** An edit of a delta: some bytes from a place on are taken away, and others put there. */
const edit = fc.record({
  place: fc.nat(),
  removed: fc.nat(2),
  put: fc.array(fc.oneof(fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0x81, 0xff), fc.nat(255)), { maxLength: 2 }),
});

/** Old pages and deltas, of which about half are well-formed. */
const oldPageAndDelta = fc
  .record({ pairs: pairsOfPage, edit: fc.option(edit), fill: fc.nat(255) })
  .map(({ pairs: { delta, pageSize }, edit, fill }) => {
    const oldPage = Uint8Array.from({ length: pageSize }, (_, pageOffset) => fill + pageOffset);
    if (edit === null) return { oldPage, delta };
    const edited = [...delta];
    edited.splice(edit.place % delta.length, edit.removed, ...edit.put);
    return { oldPage, delta: Uint8Array.from(edited) };
  });

test.prop([pages])("the canonical delta is spelt as the chapter says (DELTA-4, DELTA-25)", ({ oldPage, newPage }) => {
  const canonical = canonicalDelta(oldPage, newPage);
  expect(canonical && toHex(canonical)).toBe(spellCanonical(oldPage, newPage));
});

test.prop([pages, fc.integer({ min: -3, max: 3 })])(
  "the canonical delta is written exactly if it fits (DELTA-26 to DELTA-29)",
  ({ oldPage, newPage }, room) => {
    const canonical = spellCanonical(oldPage, newPage);
    fc.pre(canonical !== undefined && canonical !== "");
    const delta = fromHex(canonical!);
    const capacity = Math.max(0, delta.length + room);
    const expected = delta.length <= capacity ? { kind: "delta", delta } : { kind: "overflow" };
    expect(encodeDelta(oldPage, newPage, capacity)).toEqual(expected);
  },
);

test.prop([pages])("with room enough, only a long nzrun is overflow (DELTA-20 to DELTA-23)", ({ oldPage, newPage }) => {
  const before = [toHex(oldPage), toHex(newPage)];
  const outcome = encodeDelta(oldPage, newPage, Number.MAX_SAFE_INTEGER);
  const marks = spellMarks(oldPage, newPage);
  const nzrunLengths = Array.from(marks.matchAll(/n+/g), ([nzrun]) => nzrun.length);
  const withChange = nzrunLengths.some((length) => 16_383 < length) ? "overflow" : "delta";
  expect(outcome.kind).toBe(nzrunLengths.length === 0 ? "unchanged" : withChange);
  if (outcome.kind === "delta") expect(toHex(applyDelta(oldPage, outcome.delta))).toBe(toHex(newPage));
  expect([toHex(oldPage), toHex(newPage)]).toEqual(before);
});

test.prop([oldPageAndDelta], { numRuns: 2000 })(
  "a delta decodes or is refused as it is by the plain decoder, and the arguments stay as they are (DELTA-1 to DELTA-19)",
  ({ oldPage, delta }) => {
    const before = [toHex(oldPage), toHex(delta)];
    expect(decode(oldPage, delta)).toEqual(decodePlainly(oldPage, delta));
    expect([toHex(oldPage), toHex(delta)]).toEqual(before);
  },
);

test.prop([oldPageAndDelta], { numRuns: 500 })(
  "a dump shows every byte of the delta once, up to its end or the fault for which it is refused",
  ({ oldPage, delta }) => {
    const lines = dumpDelta(delta, oldPage.length);
    const faults = lines.flatMap((line) => (line.kind === "fault" ? [line.error] : []));
    const shown = lines.flatMap((line) => (line.kind === "fault" ? [] : [toHex(line.bytes)]));
    expect(shown.join("")).toBe(toHex(delta.subarray(0, faults[0]?.deltaOffset)));
    expect(faults.length).toBe(decodePlainly(oldPage, delta) === "malformed" ? 1 : 0);
    if (faults[0] !== undefined) expect(() => applyDelta(oldPage, delta)).toThrow(faults[0]);
  },
);

test.prop([oldPageAndDelta], { numRuns: 500 })(
  "the runs of a delta follow each other through delta and page without a gap, and hold the literals",
  ({ oldPage, delta }) => {
    fc.pre(decodePlainly(oldPage, delta) !== "malformed");
    const newPage = Uint8Array.from(oldPage);
    let deltaOffset = 0;
    let pageOffset = 0;
    for (const run of deltaRuns(delta, oldPage.length)) {
      expect([run.deltaOffset, run.pageOffset]).toEqual([deltaOffset, pageOffset]);
      deltaOffset += run.lengthByteCount;
      pageOffset += run.length;
      if (run.kind === "zrun") continue;
      expect([run.literalsOffset, run.literals.length]).toEqual([deltaOffset, run.length]);
      newPage.set(run.literals, run.pageOffset);
      deltaOffset += run.length;
    }
    expect(deltaOffset).toBe(delta.length);
    expect(toHex(newPage)).toBe(toHex(applyDelta(oldPage, delta)));
  },
);
