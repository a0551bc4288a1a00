/** Family `capacity`: every capacity around the one at which an encoder has to switch between a delta and overflow. */

import type { FamilyText } from "../../format.ts";
import { Family } from "../family.ts";
import { type Change, change, page } from "../pages.ts";
import { canonicalDelta, changedPairs, spellLength } from "../spell.ts";
import { mistakeAt } from "./capacity-mistakes.ts";
import { alternating, largePatterns, type Pattern, smallPatterns, usualPatterns } from "./capacity-patterns.ts";

/** Capacities at which 16 bits or a signed number may end. */
const LARGE = [32767, 32768, 65535, 65536, 65537, 131072, 1048576];

/** The vectors of the family. */
export function capacity(): FamilyText {
  const family = new Family("capacity");
  for (const pattern of smallPatterns()) {
    everyCapacity(family, pattern);
  }
  for (const pattern of usualPatterns()) {
    switchingCapacities(family, pattern);
  }
  boundaryPages(family);
  unchanged(family);
  bridged(family);
  for (const pattern of largePatterns()) {
    aroundSwitch(family, pattern);
  }
  return family.text();
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

function ask(family: Family, pattern: Pattern, room: number): void {
  const { name, what, changes } = pattern;
  const oldPage = page(pattern.size);
  const newPage = change(oldPage, ...changes);
  const size = canonicalDelta(oldPage, newPage)?.length ?? 0;
  const changedCount = changes.reduce((sum, [, count]) => sum + count, 0);
  const mistake = mistakeAt(changedPairs(oldPage, newPage), room);
  family.encode(`${name}-${room}`, {
    shows: shownAt(room, size, changedCount),
    why: `With room for ${room}, and ${size} needed for ${what} in a page of ${pattern.size}, an encoder that fails ${mistake}.`,
    oldPage,
    newPage,
    capacity: room,
  });
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

/** One and two bytes too few, and the least capacity at which an encoder has to succeed. */
function aroundSwitch(family: Family, pattern: Pattern): void {
  const oldPage = page(pattern.size);
  const size = canonicalDelta(oldPage, change(oldPage, ...pattern.changes))?.length ?? 0;
  for (const room of [size - 2, size - 1, size + 2]) {
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
      const mistake = room < 2 ? "gives neither unchanged nor overflow" : "does not report unchanged";
      family.encode(`unchanged-${size}-${room}`, {
        shows: room < 2 ? [28, 26] : [20, 26],
        why: `With room for ${room}, an encoder that fails ${mistake} for two equal pages of ${size} bytes.`,
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
    const mistake = room < 16 ? "writes past it, or cuts the delta" : "writes a zrun of 65535, or bridges it wrong";
    family.encode(`bridge-${room}`, {
      shows: room < 3 ? [26, 31] : [31, 26, 22, 23],
      why: `With room for ${room}, and 16 needed to bridge a zrun of 65535, an encoder that fails ${mistake}.`,
      oldPage,
      newPage: change(oldPage, [65535, 1]),
      capacity: room,
    });
  }
}
