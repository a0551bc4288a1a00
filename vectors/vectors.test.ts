/** The vectors against a reading of the chapter that shares no line with the generator: a decoder that collects faults. */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageFolder } from "../spec/package.ts";
import { type DecodeVector, type EncodeVector, loadVectors, type Vector } from "./index.ts";
import { vectorsFolder } from "./load.ts";

const vectors = loadVectors();
const encodeVectors = vectors.filter((vector): vector is EncodeVector => vector.operation === "encode");
const decodeVectors = vectors.filter((vector): vector is DecodeVector => vector.operation === "decode");

interface Reading {
  /** Every fault of the first run that has one. */
  readonly faults: readonly string[];
  readonly page: Uint8Array;
  readonly longerForms: number;
  /** How many literals equal the old bytes. */
  readonly equalLiterals: number;
}

/** Reads a delta byte by byte, and stops at the first run at fault. */
function read(oldPage: Uint8Array, delta: Uint8Array): Reading {
  const page = Uint8Array.from(oldPage);
  let at = 0;
  let pageOffset = 0;
  let longerForms = 0;
  let equalLiterals = 0;
  const end = (...faults: string[]): Reading => ({ faults, page, longerForms, equalLiterals });
  for (let run = 0; at < delta.length; run++) {
    let length = delta[at++] ?? 0;
    if (length > 127) {
      const second = delta[at++];
      if (second === undefined) return end("length-truncated");
      if (second > 127) return end("length-too-long");
      length += second * 128 - 128;
      longerForms += length < 128 ? 1 : 0;
    }
    const isZrun = run % 2 === 0;
    const faults: string[] = [];
    if (length === 0 && run > 0) faults.push(isZrun ? "zrun-empty" : "nzrun-empty");
    if (length > page.length - pageOffset) faults.push(isZrun ? "zrun-past-page" : "nzrun-past-page");
    if (isZrun && at === delta.length) faults.push("zrun-unpaired");
    if (!isZrun && delta.length - at < length) faults.push("nzrun-truncated");
    if (faults.length > 0) return end(...faults);
    for (let count = 0; count < length; count++, pageOffset++) {
      if (isZrun) continue;
      equalLiterals += page[pageOffset] === delta[at] ? 1 : 0;
      page[pageOffset] = delta[at++] ?? 0;
    }
  }
  return end();
}

/** The ids of the vectors for which something does not hold. */
function idsWhere<V extends Vector>(asked: readonly V[], holds: (vector: V) => boolean): string[] {
  return asked.filter((vector) => !holds(vector)).map(({ id }) => id);
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

describe("decode vectors", () => {
  const hasFault = ({ accept }: DecodeVector) => accept.some((outcome) => "fault" in outcome);

  test("A malformed delta has one fault, the one that its only outcome names and its first requirement forbids.", () => {
    const ids = idsWhere(decodeVectors.filter(hasFault), ({ oldPage, delta, accept, requirements }) => {
      const [outcome] = accept;
      const { faults } = read(oldPage, delta);
      const forbids = requirements.find((id) => id !== "DELTA-11" && id !== "DELTA-24") ?? "";
      return (
        accept.length === 1 &&
        outcome?.kind === "malformed" &&
        faults.join() === outcome.fault &&
        faultTable().get(forbids) === outcome.fault
      );
    });
    expect(ids).toEqual([]);
  });

  test("A well-formed delta gives the page expected, and may be refused only if it is empty or has a longer form.", () => {
    const ids = idsWhere(
      decodeVectors.filter((vector) => !hasFault(vector)),
      ({ oldPage, delta, accept }) => {
        const { faults, page, longerForms } = read(oldPage, delta);
        const pages = accept.flatMap((outcome) => (outcome.kind === "page" ? [outcome.newPage] : []));
        const mayRefuse = accept.some(({ kind }) => kind === "malformed");
        return (
          faults.length === 0 &&
          pages.length === 1 &&
          same(page, pages[0] ?? new Uint8Array(0)) &&
          mayRefuse === (longerForms > 0 || delta.length === 0)
        );
      },
    );
    expect(ids).toEqual([]);
  });
});

describe("encode vectors", () => {
  test("A delta expected is well-formed, gives the new page, has no equal literal and fits the capacity.", () => {
    const ids = idsWhere(encodeVectors, ({ oldPage, newPage, capacity, accept }) =>
      accept.every((outcome) => {
        if (outcome.kind !== "delta" || outcome.delta === undefined) return true;
        const { faults, page, longerForms, equalLiterals } = read(oldPage, outcome.delta);
        const fits = outcome.delta.length <= capacity && outcome.delta.length > 0;
        return faults.length === 0 && same(page, newPage) && longerForms + equalLiterals === 0 && fits;
      }),
    );
    expect(ids).toEqual([]);
  });

  test("Unchanged is an outcome exactly where the pages are equal, and overflow never where there is ample room.", () => {
    const ids = idsWhere(encodeVectors, ({ oldPage, newPage, capacity, accept }) => {
      const kinds = accept.map(({ kind }) => kind);
      const expected = accept.flatMap((outcome) => (outcome.kind === "delta" && outcome.delta ? [outcome.delta] : []));
      const ample =
        expected.length > 0 ? (expected[0]?.length ?? 0) + 2 <= capacity : kinds.includes("unchanged") && capacity >= 2;
      return kinds.includes("unchanged") === same(oldPage, newPage) && (!ample || !kinds.includes("overflow"));
    });
    expect(ids).toEqual([]);
  });

  test("Overflow is the only outcome where more than 16383 changed bytes follow each other, or no delta fits.", () => {
    const ids = idsWhere(encodeVectors, ({ oldPage, newPage, capacity, accept }) => {
      let [count, run, longest] = [0, 0, 0];
      newPage.forEach((byte, offset) => {
        run = byte === oldPage[offset] ? 0 : run + 1;
        count += run === 0 ? 0 : 1;
        longest = Math.max(longest, run);
      });
      const must = longest > 16383 || (count > 0 && capacity < count + 2);
      return must === (accept.length === 1 && accept[0]?.kind === "overflow");
    });
    expect(ids).toEqual([]);
  });
});

test("Each requirement of the chapter stands first in at least one vector, and no vector names another.", () => {
  const chapter = readFileSync(join(packageFolder, "docs/xbzrle/delta.md"), "utf8");
  const stated = [...chapter.matchAll(/^\*\*(DELTA-\d+)\*\*/gm)].map((match) => match[1]).sort();
  expect([...new Set(vectors.map(({ requirements }) => requirements[0]))].sort()).toEqual(stated);
  expect(new Set(vectors.flatMap(({ requirements }) => requirements))).toEqual(new Set(stated));
});

test("The whole set stays within 12 MB of JSON, and each sentence is a sentence.", () => {
  const folder = vectorsFolder("delta");
  const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(12_000_000);
  expect(idsWhere(vectors, ({ why }) => /^[A-Z].*\.$/.test(why) && why.length < 300)).toEqual([]);
});

/** The chapter's table of faults: requirement to fault. */
function faultTable(): ReadonlyMap<string, string> {
  const chapter = readFileSync(join(packageFolder, "docs/xbzrle/delta.md"), "utf8");
  return new Map(
    [...chapter.matchAll(/^\| `([a-z-]+)` \|.*\| (DELTA-\d+) \|$/gm)].map(([, fault = "", id = ""]) => [id, fault]),
  );
}
