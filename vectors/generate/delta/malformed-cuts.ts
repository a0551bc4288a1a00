/** Deltas that are cut after each of their bytes, and counts that end at, before and past the page and the delta. */

import type { Family } from "../family.ts";
import { coveredBytes, evenPairs, layPairs, newBytes, page } from "../pages.ts";
import { join, type Pair, spellDelta, spellLength } from "../spell.ts";

interface Whole {
  readonly name: string;
  readonly size: number;
  readonly pairs: readonly Pair[];
}

const WHOLES: readonly Whole[] = [
  { name: "one-byte", size: 8, pairs: [[2, [0x09]]] },
  { name: "first-byte", size: 8, pairs: [[0, [0xaa, 0xbb]]] },
  {
    name: "page-end",
    size: 64,
    pairs: [
      [3, newBytes(3, 5)],
      [50, newBytes(58, 6)],
    ],
  },
  {
    name: "three-runs",
    size: 4096,
    pairs: [
      [1001, newBytes(1, 15)],
      [3, [0x67]],
      [1, [0x69]],
    ],
  },
  {
    name: "long-lengths",
    size: 512,
    pairs: [
      [130, newBytes(0, 140)],
      [200, newBytes(4, 3)],
    ],
  },
  {
    name: "zero-literals",
    size: 64,
    pairs: [
      [1, [0, 0, 0, 0]],
      [2, [0, 0]],
      [5, [0]],
    ],
  },
  {
    name: "like-lengths",
    size: 64,
    pairs: [
      [1, [0x80, 0x01, 0x01]],
      [2, [0x81, 0x80]],
      [5, [0xff, 0x7f, 0x01]],
    ],
  },
  { name: "many-pairs", size: 200, pairs: evenPairs(0, 24, 1, 2) },
];

/** Every beginning of several deltas, the whole one too. */
export function cuts(family: Family): void {
  for (const whole of WHOLES) {
    const oldPage = page(whole.size);
    const complete = spellDelta(whole.pairs);
    let end = 0;
    whole.pairs.forEach((pair, index) => {
      const before = whole.pairs.slice(0, index);
      endsWithPair(family, whole, oldPage, before, complete.subarray(0, end));
      for (const [name, fault] of cutPair(pair)) {
        end++;
        if (fault !== undefined) {
          cutInPair(family, whole, oldPage, complete.subarray(0, end), { name, fault });
        }
      }
    });
    endsWithPair(family, whole, oldPage, whole.pairs, complete);
  }
}

/** For each byte of a pair: in which part it stands, and the fault of a delta that ends with it, if it has one. */
function cutPair([zrun, literals]: Pair): [name: string, fault: string | undefined][] {
  const cut = (name: string, length: number): [string, string][] =>
    spellLength(length)
      .slice(1)
      .map(() => [name, "length-truncated"]);
  const literalCuts = [...literals].slice(1).map((): [string, string] => ["the literals", "nzrun-truncated"]);
  return [
    ...cut("the length of a zrun", zrun),
    ["a zrun", "zrun-unpaired"],
    ...cut("the length of an nzrun", literals.length),
    ["the length of an nzrun", "nzrun-truncated"],
    ...literalCuts,
    ["a pair", undefined],
  ];
}

const FAULT_RULES: Readonly<Record<string, number>> = {
  "length-truncated": 12,
  "zrun-unpaired": 16,
  "nzrun-truncated": 19,
};

function cutInPair(
  family: Family,
  whole: Whole,
  oldPage: Uint8Array,
  delta: Uint8Array,
  { name, fault }: { name: string; fault: string },
): void {
  family.refuse(`cut-${whole.name}-${delta.length}`, {
    shows: [FAULT_RULES[fault] ?? 19],
    why: `A decoder that accepts this does not see that the delta ends after ${name}, ${delta.length} bytes in.`,
    oldPage,
    delta,
    fault,
  });
}

function endsWithPair(
  family: Family,
  whole: Whole,
  oldPage: Uint8Array,
  pairs: readonly Pair[],
  delta: Uint8Array,
): void {
  const request = { oldPage, newPage: layPairs(oldPage, pairs), delta };
  if (pairs.length === 0) {
    const why = "A decoder that accepts the empty delta and gives another page than the old one made bytes up.";
    family.eitherWay(`cut-${whole.name}-0`, "empty-delta", { shows: [10], why, ...request });
    return;
  }
  family.decode(`cut-${whole.name}-${delta.length}`, {
    shows: [8, 7],
    why: `A decoder that refuses this does not see that the delta ends with its pair ${pairs.length}, ${delta.length} bytes in.`,
    ...request,
  });
}

/** Runs that end exactly at the end of the page, and one byte before it; and literals that end exactly with the delta. */
export function bounds(family: Family): void {
  for (const size of [1, 2, 8, 64, 129, 130, 256, 257, 4096, 16383, 16384]) {
    for (const zrun of new Set([0, 1, 127, 128, size - 1, size - 2])) {
      for (const left of [0, 1]) {
        const nzrun = size - zrun - left;
        if (0 <= zrun && 1 <= nzrun && nzrun <= 16383 && zrun <= 16383) {
          within(family, size, [[zrun, newBytes(zrun, nzrun)]], left);
        }
      }
    }
  }
  for (const size of [8, 256, 4096]) {
    within(family, size, [...evenPairs(0, 2, 1, 1), [size - 5, newBytes(size - 1, 1)]], 0);
    within(family, size, [...evenPairs(0, 2, 1, 1), [1, newBytes(5, size - 5)]], 0);
    pastFullPage(family, size);
  }
}

function within(family: Family, size: number, pairs: readonly Pair[], left: number): void {
  const oldPage = page(size);
  const zrun = pairs.at(-1)?.[0] ?? 0;
  const nzrun = pairs.at(-1)?.[1].length ?? 0;
  const what = `an nzrun of ${nzrun} after a zrun of ${zrun}`;
  const end = left === 0 ? "exactly with" : `${left} byte before the end of`;
  family.decode(`within-${size}-${pairs.length}-${zrun}-${nzrun}`, {
    shows: [8, 6],
    why: `A decoder that refuses this, or gives another page, is off by one: ${what} ends ${end} the page of ${size}.`,
    oldPage,
    newPage: layPairs(oldPage, pairs),
    delta: spellDelta(pairs),
  });
}

/** The pairs fill the page, and the delta goes on: a decoder that stops at the page's end does not see it. */
function pastFullPage(family: Family, size: number): void {
  const oldPage = page(size);
  const full: readonly Pair[] = [
    [1, newBytes(1, 1)],
    [size - 4, newBytes(0, 2)],
  ];
  const left = size - coveredBytes(full);
  const why = `A decoder that accepts this stops at the end of the page of ${size} (${left} bytes left) and leaves the delta unread.`;
  const delta = (...pieces: number[]) => join(spellDelta(full), pieces);
  family.refuse(`full-${size}-then-pair`, {
    shows: [15],
    why,
    oldPage,
    delta: delta(1, 1, 0x11),
    fault: "zrun-past-page",
  });
  family.refuse(`full-${size}-then-empty-zrun`, {
    shows: [14],
    why,
    oldPage,
    delta: delta(0, 0, 0),
    fault: "zrun-empty",
  });
  family.refuse(`full-${size}-then-cut-length`, {
    shows: [12],
    why,
    oldPage,
    delta: delta(0x80),
    fault: "length-truncated",
  });
  family.refuse(`full-${size}-then-long`, {
    shows: [13],
    why,
    oldPage,
    delta: delta(0x80, 0x80, 0),
    fault: "length-too-long",
  });
}
