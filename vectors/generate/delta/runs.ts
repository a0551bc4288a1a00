/** Family `runs`: changed runs and gaps of every length from 1 to 130, placed across the edges of words and vectors. */

import type { FamilyText } from "../../format.ts";
import { Family } from "../family.ts";
import { type Change, change, page } from "../pages.ts";
import { changedPairs, spellDelta } from "../spell.ts";

const PAGE_SIZE = 256;
const LONGEST = 130;

interface Place {
  readonly name: string;
  readonly offset: (length: number) => number;
  readonly where: string;
}

const PLACES: readonly Place[] = [
  { name: "from-64", offset: () => 64, where: "begins at offset 64" },
  { name: "to-192", offset: (length) => 192 - length, where: "ends at offset 192" },
  { name: "over-128", offset: (length) => 128 - Math.ceil(length / 2), where: "straddles offset 128" },
];

/** The vectors of the family. */
export function runs(): FamilyText {
  const family = new Family("runs");
  for (let length = 1; length <= LONGEST; length++) {
    for (const place of PLACES) {
      run(family, length, place);
      gapInChanged(family, length, place);
      gapBetweenBytes(family, length, place);
    }
    atPageEnds(family, length);
    decodeGap(family, length);
  }
  phases(family);
  return family.text();
}

function run(family: Family, length: number, { name, offset, where }: Place): void {
  const oldPage = page(PAGE_SIZE);
  const newPage = change(oldPage, [offset(length), length]);
  family.encode(`run-${length}-${name}`, {
    shows: [25, 23, 4],
    why: `An encoder that fails does not find both ends of a changed run of ${length} bytes that ${where}.`,
    oldPage,
    newPage,
  });
  if (name !== "over-128") {
    family.decode(`decode-run-${length}-${name}`, {
      shows: [6, 7, 5],
      why: `A decoder that fails writes more, fewer or other bytes than the ${length} literals of a run that ${where}.`,
      oldPage,
      newPage,
      delta: spellDelta(changedPairs(oldPage, newPage)),
    });
  }
}

function gapInChanged(family: Family, length: number, { name, offset, where }: Place): void {
  const oldPage = page(PAGE_SIZE);
  const end = offset(length) + length;
  family.encode(`gap-${length}-${name}`, {
    shows: [25, 23, 4],
    why: `An encoder that fails does not find both ends of ${length} unchanged bytes among changed ones; the gap ${where}.`,
    oldPage,
    newPage: change(oldPage, [0, offset(length)], [end, PAGE_SIZE - end]),
  });
}

function gapBetweenBytes(family: Family, length: number, { name, offset, where }: Place): void {
  const oldPage = page(PAGE_SIZE, [0x5a]);
  family.encode(`between-${length}-${name}`, {
    shows: [25, 21, 4],
    why: `An encoder that fails does not count ${length} unchanged bytes between two changed ones; the gap ${where}.`,
    oldPage,
    newPage: change(oldPage, [offset(length) - 1, 1], [offset(length) + length, 1]),
  });
}

function atPageEnds(family: Family, length: number): void {
  const oldPage = page(LONGEST + 5);
  const size = oldPage.length;
  const ends: readonly [string, string, Change][] = [
    ["prefix", "begins with the page", [0, length]],
    ["suffix", "ends with the page", [size - length, length]],
  ];
  for (const [name, where, taken] of ends) {
    const newPage = change(oldPage, taken);
    family.encode(`${name}-${length}`, {
      shows: [25, 21, 23],
      why: `An encoder that fails loses a part of a changed run of ${length} bytes that ${where} of ${size} bytes.`,
      oldPage,
      newPage,
    });
    family.decode(`decode-${name}-${length}`, {
      shows: name === "prefix" ? [9, 6, 7] : [6, 5, 8],
      why: `A decoder that fails mishandles an nzrun of ${length} bytes that ${where} of ${size} bytes.`,
      oldPage,
      newPage,
      delta: spellDelta(changedPairs(oldPage, newPage)),
    });
  }
}

function decodeGap(family: Family, length: number): void {
  const oldPage = page(LONGEST + 17);
  const newPage = change(oldPage, [3, 5], [8 + length, 3]);
  family.decode(`decode-gap-${length}`, {
    shows: [5, 6, 7],
    why: `A decoder that fails does not leave ${length} old bytes between two runs of literals, from offset 8 on.`,
    oldPage,
    newPage,
    delta: spellDelta(changedPairs(oldPage, newPage)),
  });
}

/** Short runs and gaps at each of the eight places in a word. */
function phases(family: Family): void {
  const oldPage = page(72);
  for (let phase = 0; phase < 8; phase++) {
    for (let length = 1; length <= 17; length++) {
      const start = 24 + phase;
      const where = `offset ${start}, lane ${phase} of a word of eight`;
      family.encode(`run-${length}-lane-${phase}`, {
        shows: [25, 23],
        why: `An encoder that fails does not find both ends of a changed run of ${length} bytes at ${where}.`,
        oldPage,
        newPage: change(oldPage, [start, length]),
      });
      family.encode(`gap-${length}-lane-${phase}`, {
        shows: [25, 23],
        why: `An encoder that fails does not find both ends of ${length} unchanged bytes among changed ones, at ${where}.`,
        oldPage,
        newPage: change(oldPage, [0, start], [start + length, 72 - start - length]),
      });
    }
  }
}
