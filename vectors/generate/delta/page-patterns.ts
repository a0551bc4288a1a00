/** What the family `page-sizes` changes in a page. */

import type { Change } from "../pages.ts";
import { GREATEST_LENGTH } from "../spell.ts";

/** Changes of a page of one size. */
export interface Pattern {
  /** In bytes. */
  readonly size: number;
  readonly name: string;
  /** What is changed, for a sentence. */
  readonly what: string;
  readonly changes: readonly Change[];
}

const WORDS = [8, 16, 32, 64];

/** The patterns of every size; those that come to the same changes stand once. */
export function patternsOf(size: number): Pattern[] {
  const last = size - 1;
  const everyOther = (from: number) =>
    Array.from({ length: Math.ceil((size - from) / 2) }, (_, index): Change => [from + 2 * index, 1]);
  const patterns: Pattern[] = [
    { size, name: "first", what: "the first byte", changes: bytesAt(0) },
    { size, name: "last", what: "the last byte", changes: bytesAt(last) },
    { size, name: "middle", what: "one byte in the middle", changes: bytesAt(Math.floor(size / 2)) },
    { size, name: "both", what: "the first and the last byte", changes: size < 3 ? [[0, size]] : bytesAt(0, last) },
    { size, name: "all", what: "every byte", changes: [[0, size]] },
    { size, name: "all-but-first", what: "every byte but the first", changes: [[1, last]] },
    { size, name: "all-but-last", what: "every byte but the last", changes: [[0, last]] },
    { size, name: "even", what: "every byte at an even offset", changes: everyOther(0) },
    { size, name: "odd", what: "every byte at an odd offset", changes: everyOther(1) },
    ...WORDS.flatMap((word) => tails(size, word)),
  ];
  const byChanges = new Map(patterns.toReversed().map((pattern) => [pattern.changes.join(), pattern]));
  return patterns.filter((pattern) => byChanges.get(pattern.changes.join()) === pattern && hasChange(pattern));
}

function hasChange({ changes }: Pattern): boolean {
  return changes.some(([, count]) => 0 < count);
}

function bytesAt(...offsets: readonly number[]): Change[] {
  return offsets.map((offset) => [offset, 1]);
}

/** The bytes that whole words of `word` bytes leave over at the end of the page, and those around them. */
function tails(size: number, word: number): Pattern[] {
  const tail = size % word;
  const start = size - tail;
  if (tail === 0 || start === 0) {
    return [];
  }
  const what = `of the tail of ${tail} bytes that words of ${word} leave over`;
  return [
    { size, name: `tail-${word}`, what: `every byte ${what}`, changes: [[start, tail]] },
    { size, name: `tail-first-${word}`, what: `the first byte ${what}`, changes: [[start, 1]] },
    { size, name: `before-tail-${word}`, what: `the byte in front ${what}`, changes: [[start - 1, 1]] },
    {
      size,
      name: `across-tail-${word}`,
      what: `the byte in front, and the first one, ${what}`,
      changes: [[start - 1, 2]],
    },
  ];
}

/** What only a page of 65,536 bytes can hold. */
export function largePatterns(): Pattern[] {
  const size = 65536;
  const large = (name: string, what: string, ...changes: readonly Change[]): Pattern => ({ size, name, what, changes });
  const four = [0, 16384, 32768, 49152].map((offset): Change => [offset, GREATEST_LENGTH]);
  return [
    large("far-apart", "bytes 16000 apart and the last one", ...bytesAt(16000, 32000, 48000, 64000, 65535)),
    large("longest-zruns", "bytes after zruns of 16383", ...bytesAt(16383, 32767, 49151, 65535)),
    large("across-32768", "a run across 32768, the end of signed 16-bit offsets,", [16000, 1], [32760, 16]),
    large("from-32768", "a run that begins at 32768", [16385, 1], [32768, 100]),
    large("high-run", "a run of 10000 bytes past all signed 16-bit offsets", ...bytesAt(10000, 25000), [40000, 10000]),
    large("end-run", "the last six bytes", ...bytesAt(16000, 32000, 48000, 64000), [65530, 6]),
    large("four-longest-nzruns", "four runs of 16383 bytes, a delta of 65544 bytes,", ...four),
    large("three-long-nzruns", "runs of 16383 bytes past 16000", [16000, 16383], [32483, 16383], [64866, 600]),
    large("long-trailing-zrun", "a run of 10000 bytes, in front of an unwritten zrun of 55436,", [100, 10000]),
    large("trailing-16384", "runs up to an unwritten zrun of 16384", [0, 16383], [16400, 16383], [32784, 16368]),
  ];
}

/** Runs of 16382 to 16385 bytes, changed or not, at the start, in the middle and at the end of pages that have room. */
export function longRuns(): Pattern[] {
  return [16382, 16383, 16384, 16385].flatMap((length) => [
    longNzrun(16385, length, 0),
    longNzrun(16390, length, 5),
    longNzrun(65536, length, 0),
    longNzrun(65536, length, 40000),
    longNzrun(65536, length, 65536 - length),
    longZrun(16388, length, 0),
    longZrun(65536, length, 0),
    longZrun(65536, length, 40000),
  ]);
}

function longNzrun(size: number, length: number, offset: number): Pattern {
  const before = offset < GREATEST_LENGTH ? [] : bytesAt(16000, 32000, offset - 200);
  const name = `nzrun-${length}-at-${offset}`;
  return { size, name, what: `a run of ${length} bytes at ${offset}`, changes: [...before, [offset, length]] };
}

function longZrun(size: number, length: number, offset: number): Pattern {
  const before = offset === 0 ? [] : bytesAt(16000, 32000, offset - 1);
  const name = `zrun-${length}-at-${offset}`;
  const what = `two bytes after a zrun of ${length} at ${offset}`;
  return { size, name, what, changes: [...before, [offset + length, 2]] };
}
