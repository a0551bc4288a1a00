/** Family `capacity`: every capacity around the one at which an encoder has to switch between a delta and overflow. */

import type { FamilyText } from "../../format.ts";
import { Family } from "../family.ts";
import { type Change, change, page } from "../pages.ts";
import { canonicalDelta, changedPairs, spellLength } from "../spell.ts";

/** Capacities at which 16 bits or a signed number may end. */
const LARGE = [32767, 32768, 65535, 65536, 65537, 131072, 1048576];

interface Pattern {
  readonly name: string;
  /** What is changed, for a sentence. */
  readonly what: string;
  readonly size: number;
  readonly changes: readonly Change[];
}

/** The vectors of the family. */
export function capacity(): FamilyText {
  const family = new Family("capacity");
  for (const pattern of [
    ...smallPrefixes(),
    ...smallSuffixes(),
    ...smallSingles(),
    ...smallAlternating(),
    ...smallMixed(),
  ]) {
    everyCapacity(family, pattern);
  }
  for (const pattern of usualPatterns()) {
    switchingCapacities(family, pattern);
  }
  boundaryPages(family);
  unchanged(family);
  bridged(family);
  return family.text();
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

function alternating(from: number, count: number): Change[] {
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

function usualPatterns(): Pattern[] {
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

function shownAt(capacityBytes: number, size: number, changedCount: number): number[] {
  if (capacityBytes < changedCount + 2) {
    return [26, 29, 22, 23]; // Not even a shorter delta fits.
  }
  if (capacityBytes < size) {
    return [29, 26, 22, 23];
  }
  return capacityBytes < size + 2 ? [28, 26, 23] : [27, 26, 23];
}

function ask(family: Family, pattern: Pattern, capacityBytes: number): void {
  const oldPage = page(pattern.size);
  const newPage = change(oldPage, ...pattern.changes);
  const size = canonicalDelta(oldPage, newPage)?.length ?? 0;
  const changedCount = pattern.changes.reduce((sum, [, count]) => sum + count, 0);
  const { name, what } = pattern;
  family.encode(`${name}-${capacityBytes}`, {
    shows: shownAt(capacityBytes, size, changedCount),
    why: whyAt(what, pattern.size, size, capacityBytes),
    oldPage,
    newPage,
    capacity: capacityBytes,
  });
}

function whyAt(what: string, pageSize: number, size: number, room: number): string {
  const change = `The change of ${what} of ${pageSize} bytes takes ${size} bytes`;
  if (room < size) {
    return `${change} and there is room for ${room}: an encoder that fails writes past it, or cuts the delta.`;
  }
  return room < size + 2
    ? `${change} and there is room for ${room}: an encoder that fails gives neither a whole delta nor overflow.`
    : `${change} and there is room for ${room}: an encoder that fails reports overflow, or cuts the delta.`;
}

function everyCapacity(family: Family, pattern: Pattern): void {
  const oldPage = page(pattern.size);
  const size = canonicalDelta(oldPage, change(oldPage, ...pattern.changes))?.length ?? 0;
  for (let room = 0; room <= size + 4; room++) {
    ask(family, pattern, room);
  }
  if (pattern.name === "prefix-16") {
    LARGE.forEach((room) => {
      ask(family, pattern, room);
    });
  }
}

/** The capacities around N, around the page size, around the first, a middle and the last inner pair, and none at all. */
function switchingCapacities(family: Family, pattern: Pattern): void {
  const oldPage = page(pattern.size);
  const ends = switches(oldPage, change(oldPage, ...pattern.changes));
  const size = ends.at(-1) ?? 0;
  const rooms = new Set([0, 1, 2, 3, pattern.size]);
  for (let room = size - 6; room <= size + 4; room++) {
    rooms.add(room);
  }
  const inner = [0, 1, 2, 3, 4, 5, Math.floor(ends.length / 2), ends.length - 4, ends.length - 3, ends.length - 2];
  for (const end of inner.map((index) => ends[index] ?? 0)) {
    for (let room = end - 2; room <= end + 2; room++) {
      rooms.add(room);
    }
  }
  for (const room of [...rooms].filter((each) => 0 <= each).sort((a, b) => a - b)) {
    ask(family, pattern, room);
  }
}

/** The delta offsets at which a length or the literals of an nzrun end. */
function switches(oldPage: Uint8Array, newPage: Uint8Array): number[] {
  let end = 0;
  return changedPairs(oldPage, newPage).flatMap(([zrun, literals]) => {
    const afterZrun = end + spellLength(zrun).length;
    const afterLength = afterZrun + spellLength(literals.length).length;
    end = afterLength + literals.length;
    return [afterZrun, afterLength, end];
  });
}

/** Pages and a capacity of 4096 at which known encoders switch. */
function boundaryPages(family: Family): void {
  const size = 4096;
  for (let length = 4089; length < 4096; length++) {
    ask(
      family,
      { name: `boundary-prefix-${length}`, what: `the first ${length} bytes`, size, changes: [[0, length]] },
      4096,
    );
    const suffix: Change = [4096 - length, length];
    ask(family, { name: `boundary-suffix-${length}`, what: `the last ${length} bytes`, size, changes: [suffix] }, 4096);
  }
  for (let count = 1361; count < 1369; count++) {
    for (const from of [0, 1]) {
      const name = `boundary-alternating-${count}-from-${from}`;
      const what = `${count} bytes, every second one from ${from} on,`;
      ask(family, { name, what, size, changes: alternating(from, count) }, 4096);
    }
  }
  ask(family, { name: "boundary-all", what: "every byte", size, changes: [[0, 4096]] }, 4096);
}

function unchanged(family: Family): void {
  for (const size of [1, 2, 8, 40, 4096, 16384, 65536]) {
    const oldPage = page(size);
    for (const room of new Set([0, 1, 2, 3, 4, size, ...LARGE])) {
      family.encode(`unchanged-${size}-${room}`, {
        shows: room < 2 ? [28, 26] : [20, 26],
        why: `Two equal pages of ${size} bytes need no room: an encoder that fails does not say so with room for ${room}.`,
        oldPage,
        newPage: oldPage,
        capacity: room,
      });
    }
  }
}

/** A page with a zrun that no length can say: with bridges, the delta of its last byte has 16 bytes. */
function bridged(family: Family): void {
  const oldPage = page(65536);
  for (const room of [0, 2, 3, 4, 8, 12, 15, 16, 17, 18, 20, 4096, 65535]) {
    family.encode(`bridge-${room}`, {
      shows: room < 3 ? [26, 31] : [31, 26, 22, 23],
      why: `An encoder that fails writes a zrun of 65535, or a bridge of it that is cut or wrong, with room for ${room}.`,
      oldPage,
      newPage: change(oldPage, [65535, 1]),
      capacity: room,
    });
  }
}
