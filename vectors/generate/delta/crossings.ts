/**
 * Family `crossings`: runs and gaps of every length from 1 to 130 that begin at every offset within 64 bytes, many of them in one
 * page; and lengths of two bytes that lie across round offsets of the delta.
 */

import type { FamilyText } from "../../format.ts";
import { Family } from "../family.ts";
import { type Change, change, coveredBytes, layPairs, newBytes, page } from "../pages.ts";
import { canonicalDelta, changedPairs, type Pair, spellDelta } from "../spell.ts";

const PAGE_SIZE = 8192;
const LONGEST = 130;
const VECTOR_BYTES = 64;

/** The vectors of the family. */
export function crossings(): FamilyText {
  const family = new Family("crossings");
  runsAndGaps(family);
  for (const offset of [63, 64, 127, 255, 256, 511, 1023, 2047, 4095, 8191, 16383]) {
    lengthAcross(family, offset);
  }
  return family.text();
}

function runsAndGaps(family: Family): void {
  const oldPage = page(PAGE_SIZE);
  placedInPages().forEach((places, index) => {
    const runs = change(oldPage, ...places);
    const gaps = change(oldPage, ...between(places));
    both(family, `runs-${index}`, "changed runs", oldPage, runs);
    both(family, `gaps-${index}`, "gaps between changed runs", oldPage, gaps);
  });
}

function both(family: Family, name: string, what: string, oldPage: Uint8Array, newPage: Uint8Array): void {
  const pairs = changedPairs(oldPage, newPage);
  const where = `of ${pairs.length} ${what} that begin at chosen offsets within 64 bytes`;
  family.encode(`encode-${name}`, {
    shows: [25, 23, 22],
    why: `An encoder that fails does not find both ends of one ${where}.`,
    oldPage,
    newPage,
  });
  family.decode(`decode-${name}`, {
    shows: [6, 5, 7],
    why: `A decoder that fails moves, cuts or lengthens one ${where}.`,
    oldPage,
    newPage,
    delta: spellDelta(pairs),
  });
}

/** Every length at every offset within 64 bytes, one after the other in as few pages as they fit. */
function placedInPages(): Change[][] {
  const pages: Change[][] = [[]];
  let end = 0;
  for (let length = 1; length <= LONGEST; length++) {
    for (let phase = 0; phase < VECTOR_BYTES; phase++) {
      let start = nextAt(end + 1, phase);
      if (PAGE_SIZE - 1 < start + length) {
        pages.push([]);
        start = phase;
      }
      pages.at(-1)?.push([start, length]);
      end = start + length;
    }
  }
  return pages;
}

/** The first offset from `least` on that has the phase. */
function nextAt(least: number, phase: number): number {
  return least + ((((phase - least) % VECTOR_BYTES) + VECTOR_BYTES) % VECTOR_BYTES);
}

/** What the changes leave, up to the page's last byte. */
function between(changes: readonly Change[]): Change[] {
  const starts = [0, ...changes.map(([offset, count]) => offset + count)];
  const ends = [...changes.map(([offset]) => offset), PAGE_SIZE];
  return starts.map((start, index): Change => [start, (ends[index] ?? start) - start]).filter(([, count]) => 0 < count);
}

/** A zrun's, and then an nzrun's, length of two bytes that begins at an offset of the delta. */
function lengthAcross(family: Family, offset: number): void {
  for (const kind of ["zrun", "nzrun"] as const) {
    const pairs = [...filling(kind === "zrun" ? offset : offset - 1), lastPair(kind)];
    const oldPage = page(Math.max(4096, coveredBytes(pairs) + 3));
    const newPage = layPairs(oldPage, placed(pairs));
    const delta = canonicalDelta(oldPage, newPage);
    if (delta === undefined) {
      throw new Error(`the pairs for offset ${offset} cannot be said`);
    }
    const where = `the length of two bytes of ${kind === "zrun" ? "a zrun" : "an nzrun"} that begins at delta byte ${offset}`;
    family.encode(`encode-${kind}-length-at-${offset}`, {
      shows: [23, 4],
      why: `An encoder that fails writes ${where} wrong.`,
      oldPage,
      newPage,
    });
    family.decode(`decode-${kind}-length-at-${offset}`, {
      shows: [2, 8, 5, 6],
      why: `A decoder that fails reads ${where} wrong.`,
      oldPage,
      newPage,
      delta,
    });
  }
}

/** One or two pairs whose bytes in the delta are as many as said, from an empty first zrun on. */
function filling(byteCount: number): Pair[] {
  if (byteCount <= 129) {
    return [[0, Array(byteCount - 2).fill(0)]];
  }
  return byteCount <= 16000
    ? [[0, Array(byteCount - 3).fill(0)]]
    : [...filling(8000), [1, Array(byteCount - 8003).fill(0)]];
}

function lastPair(kind: "zrun" | "nzrun"): Pair {
  return kind === "zrun" ? [300, Array(3).fill(0)] : [3, Array(300).fill(0)];
}

/** The pairs with the new bytes of their places as literals. */
function placed(pairs: readonly Pair[]): Pair[] {
  let offset = 0;
  return pairs.map(([zrun, literals]): Pair => {
    const start = offset + zrun;
    offset = start + literals.length;
    return [zrun, newBytes(start, literals.length)];
  });
}
