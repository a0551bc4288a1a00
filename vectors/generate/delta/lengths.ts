/** Family `lengths`: the one or two bytes that say how long a run is. */

import type { FamilyText } from "../../format.ts";
import { Family } from "../family.ts";
import { coveredBytes, layPairs, newBytes, page } from "../pages.ts";
import { join, type Pair, spellDelta, spellLength, spellTwoBytes } from "../spell.ts";

const NAMED = [0, 1, 127, 128, 129, 255, 256, 4095, 8191, 8192, 16382, 16383];
const POWERS = Array.from({ length: 14 }, (_, power) => 2 ** power);
const THOUSANDS = Array.from({ length: 15 }, (_, index) => 1024 * (index + 1));
const AROUND = [...NAMED, ...[...POWERS, ...THOUSANDS].flatMap((length) => [length - 1, length, length + 1])];
/** Two bytes whose first goes through 80 to ff. */
const FIRST_BYTES = Array.from({ length: 128 }, (_, low) => low + 128 * (1 + ((low * 37) % 30)));
/** Two bytes whose second goes through 01 to 7f. */
const SECOND_BYTES = Array.from({ length: 127 }, (_, index) => ((index * 53 + 55) % 128) + 128 * (index + 1));

/** The vectors of the family. */
export function lengths(): FamilyText {
  const family = new Family("lengths");
  for (const length of inOrder([...AROUND, ...FIRST_BYTES, ...SECOND_BYTES])) {
    asFirstZrun(family, length);
    if (0 < length) {
      asFirstNzrun(family, length);
    }
  }
  for (const length of inOrder(AROUND).slice(1)) {
    asLaterZrun(family, length);
    asLaterNzrun(family, length);
  }
  shortLengths(family);
  longerForms(family);
  longerFormsLater(family);
  tooLongAndCut(family);
  return family.text();
}

function inOrder(lengths: readonly number[]): number[] {
  return [...new Set(lengths)].sort((a, b) => a - b);
}

/** How the chapter writes the length, for a sentence. */
function spelled(length: number): string {
  return Buffer.from(spellLength(length)).toString("hex");
}

/** A page of 4096 bytes if the run and something after it fit: most implementations are made for it. */
function roomFor(bytes: number): Uint8Array {
  return page(Math.max(4096, bytes));
}

function ruleOf(length: number): number {
  return length < 128 ? 1 : 2;
}

function both(family: Family, name: string, pairs: readonly Pair[], said: { length: number; run: string }) {
  const { length, run } = said;
  const oldPage = roomFor(coveredBytes(pairs) + 2);
  const newPage = layPairs(oldPage, pairs);
  family.decode(`decode-${name}`, {
    shows: [ruleOf(length), 8, 5, 6, 7],
    why: `A decoder that fails does not read ${spelled(length)} as the length ${length} of ${run}.`,
    oldPage,
    newPage,
    delta: spellDelta(pairs),
  });
  family.encode(`encode-${name}`, {
    shows: length < 128 ? [4, 25, 22, 23] : [25, 22, 23, 27],
    why: `An encoder that fails does not write ${spelled(length)} for the length ${length} of ${run}.`,
    oldPage,
    newPage,
  });
}

function asFirstZrun(family: Family, length: number): void {
  const pairs: Pair[] = [[length, newBytes(length, 2)]];
  both(family, `first-zrun-${length}`, pairs, { length, run: "the first zrun" });
}

function asLaterZrun(family: Family, length: number): void {
  const pairs: Pair[] = [
    [0, newBytes(0, 1)],
    [length, newBytes(length + 1, 2)],
  ];
  both(family, `later-zrun-${length}`, pairs, { length, run: "the second zrun" });
}

function asFirstNzrun(family: Family, length: number): void {
  const pairs: Pair[] = [
    [0, newBytes(0, length)],
    [2, newBytes(length + 2, 1)],
  ];
  both(family, `first-nzrun-${length}`, pairs, { length, run: "the first nzrun (another pair follows)" });
}

function asLaterNzrun(family: Family, length: number): void {
  const pairs: Pair[] = [
    [1, newBytes(1, 1)],
    [3, newBytes(5, length)],
  ];
  both(family, `later-nzrun-${length}`, pairs, { length, run: "the second nzrun (it ends the delta)" });
}

function shortLengths(family: Family): void {
  for (let length = 1; length < 128; length++) {
    const zrun: Pair[] = [
      [length, newBytes(length, 1)],
      [1, newBytes(length + 2, 1)],
    ];
    const nzrun: Pair[] = [
      [1, newBytes(1, length)],
      [1, newBytes(length + 2, 1)],
    ];
    for (const [run, pairs] of [["zrun", zrun] as const, ["nzrun", nzrun] as const]) {
      const oldPage = page(length + 5);
      family.decode(`short-${run}-${length}`, {
        shows: [1, 8],
        why: `A decoder that fails does not take the one byte ${spelled(length)} for a whole length, ${length}, of a ${run}.`,
        oldPage,
        newPage: layPairs(oldPage, pairs),
        delta: spellDelta(pairs),
      });
    }
  }
}

function longerForms(family: Family): void {
  for (let length = 0; length < 128; length++) {
    const oldPage = page(400); // Room for what the two bytes may be taken for.
    const literals = newBytes(length, 2);
    family.eitherWay(`longer-first-zrun-${length}`, "longer-form", {
      shows: [3, 2],
      why: `A decoder that takes ${hexOfTwo(length)} for a first zrun of another length than ${length} gives another page.`,
      oldPage,
      newPage: layPairs(oldPage, [[length, literals]]),
      delta: join(spellTwoBytes(length), 2, literals),
    });
  }
}

function longerFormsLater(family: Family): void {
  for (let length = 1; length < 128; length++) {
    const oldPage = page(400);
    const pairs: Pair[] = [
      [0, newBytes(0, 1)],
      [length, newBytes(length + 1, 2)],
    ];
    family.eitherWay(`longer-later-zrun-${length}`, "longer-form", {
      shows: [3, 2],
      why: `A decoder that takes ${hexOfTwo(length)} for a later zrun of another length than ${length} gives another page.`,
      oldPage,
      newPage: layPairs(oldPage, pairs),
      delta: join(0, 1, newBytes(0, 1), spellTwoBytes(length), 2, newBytes(length + 1, 2)),
    });
    // 128 bytes of delta follow: the high bit of the first byte, taken for a part of the value, ends the delta too.
    const next: Pair = [1, newBytes(length, 126)];
    family.eitherWay(`longer-nzrun-${length}`, "longer-form", {
      shows: [3, 2],
      why: `A decoder that takes ${hexOfTwo(length)} for an nzrun of another length than ${length} gives another page.`,
      oldPage,
      newPage: layPairs(oldPage, [[1, newBytes(1, length)], next]),
      delta: join(1, spellTwoBytes(length), newBytes(1, length), spellDelta([next])),
    });
  }
}

function hexOfTwo(length: number): string {
  return Buffer.from(spellTwoBytes(length)).toString("hex");
}

/** A few of each; the family `malformed` goes through them. */
function tooLongAndCut(family: Family): void {
  const oldPage = page(65536);
  for (const length of [1, 128, 8191, 16382]) {
    const [low = 0, high = 0] = spellTwoBytes(length);
    family.refuse(`three-bytes-${length}`, {
      shows: [13],
      why: `A decoder that reads ${length} in the three bytes of this zrun takes more than two bytes for a length.`,
      oldPage,
      delta: join(low, 0x80 + high, 0, 1, 0x10),
      fault: "length-too-long",
    });
    family.refuse(`cut-${length}`, {
      shows: [12],
      why: `A decoder that accepts this gave the length of an nzrun a second byte that is not there; whole, it says ${length}.`,
      oldPage,
      delta: join(0, 1, 0x10, 1, low),
      fault: "length-truncated",
    });
  }
}
