/** Pages for the family `capacity`: what is changed in them, and how many bytes they have. */

import type { Change } from "../pages.ts";

/** A page and what is changed in it. */
export interface Pattern {
  readonly name: string;
  /** What is changed, for a sentence. */
  readonly what: string;
  readonly size: number;
  readonly changes: readonly Change[];
}

/** Small pages, which are asked at every capacity up to the delta and a little more. */
export function smallPatterns(): Pattern[] {
  return [...smallPrefixes(), ...smallSuffixes(), ...smallSingles(), ...smallAlternating(), ...smallMixed()];
}

function smallPrefixes(): Pattern[] {
  return [1, 2, 16, 39, 40, 127].map((length) => ({
    name: `prefix-${length}`,
    what: `the first ${length} bytes`,
    size: length < 41 ? 40 : 136,
    changes: [[0, length]],
  }));
}

function smallSuffixes(): Pattern[] {
  return [1, 2, 16, 39].map((length) => ({
    name: `suffix-${length}`,
    what: `the last ${length} bytes`,
    size: 40,
    changes: [[40 - length, length]],
  }));
}

function smallSingles(): Pattern[] {
  return (
    [
      [40, 1],
      [40, 20],
      [40, 38],
      [200, 127],
      [200, 128],
      [200, 199],
    ] as const
  ).map(([size, offset]) => ({
    name: `single-${size}-${offset}`,
    what: `byte ${offset} alone`,
    size,
    changes: [[offset, 1]],
  }));
}

/** Every second byte from an offset on. */
export function alternating(from: number, count: number): Change[] {
  return Array.from({ length: count }, (_, index) => [from + 2 * index, 1]);
}

function smallAlternating(): Pattern[] {
  return (
    [
      [2, 0],
      [3, 1],
      [5, 0],
      [8, 1],
      [13, 0],
      [20, 0],
      [20, 1],
    ] as const
  ).map(([count, from]) => ({
    name: `alternating-${count}-from-${from}`,
    what: `${count} bytes, every second one from ${from} on,`,
    size: 40,
    changes: alternating(from, count),
  }));
}

/** Alternating bytes that take up most of the capacity, and a run after them that needs the rest. */
function smallMixed(): Pattern[] {
  const patterns: Pattern[] = [];
  for (const [count, run, trailing] of [
    [4, 20, 0],
    [4, 20, 3],
    [9, 3, 0],
    [9, 3, 1],
    [2, 128, 3],
  ] as const) {
    const start = 2 * count + 4;
    patterns.push({
      name: `alternating-${count}-run-${run}-then-${trailing}`,
      what: `${count} alternating bytes, and a run of ${run} with ${trailing} unchanged bytes after it,`,
      size: start + run + trailing,
      changes: [...alternating(0, count), [start, run]],
    });
  }
  const far: readonly Change[] = [...alternating(0, 3), [140, 4]];
  patterns.push({
    name: "alternating-3-far-run",
    what: "3 alternating bytes, and a run after a zrun of 135,",
    size: 160,
    changes: far,
  });
  return patterns;
}

/** Pages of the usual size, which are asked at the capacities around which an encoder has to switch. */
export function usualPatterns(): Pattern[] {
  const size = 4096;
  return [
    { name: "usual-all", what: "every byte", size, changes: [[0, 4096]] },
    { name: "usual-prefix", what: "the first 4090 bytes", size, changes: [[0, 4090]] },
    { name: "usual-suffix", what: "the last 4090 bytes", size, changes: [[6, 4090]] },
    { name: "usual-single-first", what: "the first byte alone", size, changes: [[0, 1]] },
    { name: "usual-single-last", what: "the last byte alone", size, changes: [[4095, 1]] },
    {
      name: "usual-three",
      what: "three runs",
      size,
      changes: [
        [5, 3],
        [200, 130],
        [4000, 1],
      ],
    },
    { name: "usual-alternating", what: "1365 bytes, every second one,", size, changes: alternating(0, 1365) },
    { name: "usual-alternating-odd", what: "every byte at an odd offset", size, changes: alternating(1, 2048) },
    {
      name: "usual-alternating-run",
      what: "1000 alternating bytes, and a run of 1090 at 3000,",
      size,
      changes: [...alternating(0, 1000), [3000, 1090]],
    },
    {
      name: "usual-alternating-suffix",
      what: "680 alternating bytes, and a run of 2051 up to the last byte,",
      size,
      changes: [...alternating(0, 680), [2045, 2051]],
    },
  ];
}

/** Every second byte of larger pages: deltas of more bytes than 13, 15 or 16 bits count. */
export function largePatterns(): Pattern[] {
  return (
    [
      [16384, 3000],
      [65536, 12000],
      [65536, 21900],
    ] as const
  ).map(([size, count]) => ({
    name: `large-${size}-alternating-${count}`,
    what: `${count} bytes, every second one from 0 on,`,
    size,
    changes: alternating(0, count),
  }));
}
