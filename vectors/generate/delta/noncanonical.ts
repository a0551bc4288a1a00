/** Family `noncanonical`: deltas that are well-formed and not canonical. A decoder has to accept them. */

import type { FamilyText } from "../../format.ts";
import { Family } from "../family.ts";
import { change, coveredBytes, evenPairs, layPairs, newByte, newBytes, page } from "../pages.ts";
import { type Pair, spellDelta } from "../spell.ts";

const SIZES = [2, 3, 8, 9, 16, 64, 65, 255, 256, 1000, 4096, 16383];

/** The vectors of the family. */
export function noncanonical(): FamilyText {
  const family = new Family("noncanonical");
  mergedGaps(family);
  equalLiterals(family);
  wholePage(family);
  cutZruns(family);
  bridges(family);
  longerThanThePage(family);
  return family.text();
}

function accept(family: Family, name: string, why: string, oldPage: Uint8Array, pairs: readonly Pair[]): void {
  family.decode(name, {
    shows: [8, 6],
    why,
    flags: ["not-canonical"],
    oldPage,
    newPage: layPairs(oldPage, pairs),
    delta: spellDelta(pairs),
  });
}

/** The bytes of a page from an offset on. */
function oldBytes(oldPage: Uint8Array, pageOffset: number, count: number): number[] {
  return [...oldPage.subarray(pageOffset, pageOffset + count)];
}

function mergedGaps(family: Family): void {
  const oldPage = page(150);
  for (const gap of [1, 2, 3, 4, 7, 8, 9, 16, 64, 128]) {
    const literals = [...newBytes(5, 2), ...oldBytes(oldPage, 7, gap), ...newBytes(7 + gap, 1)];
    const why = `A decoder that fails does not accept a gap of ${gap} unchanged bytes that is merged into the literals around it.`;
    accept(family, `merged-gap-${gap}`, why, oldPage, [[5, literals]]);
    accept(family, `merged-gap-${gap}-then-pair`, why, oldPage, [
      [5, literals],
      [1, newBytes(9 + gap, 2)],
    ]);
  }
}

function equalLiterals(family: Family): void {
  for (const size of [8, 64, 300, 4096]) {
    const oldPage = page(size);
    const old = (offset: number, count: number) => oldBytes(oldPage, offset, count);
    const why = (where: string) =>
      `A decoder that fails does not accept literals that equal the old bytes ${where} in ${size} bytes.`;
    accept(family, `equal-first-${size}`, why("at the start of a run"), oldPage, [
      [1, [...old(1, 2), ...newBytes(3, 2)]],
    ]);
    accept(family, `equal-last-${size}`, why("at the end of a run"), oldPage, [[1, [...newBytes(1, 2), ...old(3, 2)]]]);
    accept(family, `equal-run-${size}`, why("in a whole run"), oldPage, [[2, old(2, 3)]]);
    accept(family, `equal-page-end-${size}`, why("up to the page's last byte"), oldPage, [
      [0, newBytes(0, 1)],
      [size - 2, old(size - 1, 1)],
    ]);
    accept(family, `equal-page-start-${size}`, why("at the page's first byte"), oldPage, [
      [0, old(0, 1)],
      [size - 2, newBytes(size - 1, 1)],
    ]);
    accept(family, `equal-between-${size}`, why("in a run between two changed ones"), oldPage, [
      [0, newBytes(0, 1)],
      [1, old(2, 2)],
      [1, newBytes(5, 2)],
    ]);
  }
}

function wholePage(family: Family): void {
  for (const size of SIZES) {
    const oldPage = page(size);
    const why = (what: string) =>
      `A decoder that fails does not accept one nzrun over all ${size} bytes, of which ${what}.`;
    const last = change(oldPage, [size - 1, 1]);
    const middle = change(oldPage, [Math.floor(size / 2), 1]);
    accept(family, `whole-${size}-unchanged`, why("none changes"), oldPage, [[0, [...oldPage]]]);
    accept(family, `whole-${size}-last`, why("the last one changes"), oldPage, [[0, [...last]]]);
    accept(family, `whole-${size}-middle`, why("one in the middle changes"), oldPage, [[0, [...middle]]]);
  }
}

/** A zrun that a length could say, cut in two by a literal that equals the old byte. */
function cutZruns(family: Family): void {
  for (const zrun of [3, 10, 127, 128, 129, 255, 256, 1000]) {
    const oldPage = page(zrun + 9);
    for (const cut of [...new Set([1, Math.floor(zrun / 2), zrun - 2])]) {
      const pairs: Pair[] = [
        [cut, oldBytes(oldPage, cut, 1)],
        [zrun - cut - 1, newBytes(zrun, 2)],
      ];
      const why = `A decoder that fails does not accept a zrun of ${zrun} that is cut after ${cut} by a literal equal to the old byte.`;
      accept(family, `cut-zrun-${zrun}-after-${cut}`, why, oldPage, pairs);
    }
  }
}

/** Zruns that no length can say, cut by literals that equal the old bytes, in different places. */
function bridges(family: Family): void {
  for (const zrun of [16384, 16385, 20000, 32767, 32768, 40000, 49152, 65535]) {
    const oldPage = page(65536);
    for (const step of [16383, 16382, 10000, 8192]) {
      const pairs = bridged(oldPage, zrun, step);
      const why = `A decoder that fails loses its place on a bridge of ${zrun} unchanged bytes, one literal after ${step} each.`;
      accept(family, `bridge-${zrun}-by-${step}`, why, oldPage, pairs);
    }
  }
}

function bridged(oldPage: Uint8Array, zrun: number, step: number): Pair[] {
  const pairs: Pair[] = [];
  let offset = 0;
  while (step < zrun - offset) {
    const most = Math.min(step, zrun - offset - 2);
    pairs.push([most, oldBytes(oldPage, offset + most, 1)]);
    offset += most + 1;
  }
  return [...pairs, [zrun - offset, newBytes(zrun, 1)]];
}

function longerThanThePage(family: Family): void {
  for (const size of [1, 2, 3, 4, 5, 8, 64, 257, 4096, 16384, 65536]) {
    const oldPage = page(size, [0xa1]);
    const mixed = Array.from({ length: Math.ceil(size / 2) }, (_, index): Pair => {
      const offset = 2 * index;
      return [index === 0 ? 0 : 1, [index % 2 === 0 ? (oldPage[offset] ?? 0) : newByte(offset)]];
    });
    const delta = spellDelta(mixed).length;
    const why = `A decoder that fails does not accept a delta of ${delta} bytes for a page of ${size}, half of its literals old bytes.`;
    accept(family, `longer-than-${size}`, why, oldPage, mixed);
  }
  for (const size of [9, 100, 4096]) {
    const pairs = evenPairs(0, Math.floor(size / 3), 1, 2);
    const why = `A decoder that fails does not accept pairs that cover ${coveredBytes(pairs)} of ${size} bytes, the last run unchanged.`;
    accept(family, `last-pair-equal-${size}`, why, page(size), [...pairs.slice(0, -1), lastEqual(size, pairs)]);
  }
}

function lastEqual(size: number, pairs: readonly Pair[]): Pair {
  return [1, oldBytes(page(size), coveredBytes(pairs) - 2, 2)];
}
