/** Family `edges`: changes at, before and after the edges of the words and vectors in which implementations compare. */

import type { FamilyText } from "../../format.ts";
import { Family } from "../family.ts";
import { type Change, change, page } from "../pages.ts";
import { changedPairs, spellDelta } from "../spell.ts";

const SMALL_PAGE = 133;
const SMALL_EDGES = Array.from({ length: 32 }, (_, index) => 4 + 4 * index);
const USUAL_EDGES = [4, 8, 16, 32, 64, 128, 2048, 4032, 4064, 4080, 4088, 4092];

/** What is changed around an edge, from the edge on. */
const SHAPES: readonly { readonly name: string; readonly what: string; readonly from: readonly Change[] }[] = [
  { name: "before", what: "the byte before", from: [[-1, 1]] },
  { name: "at", what: "the byte at", from: [[0, 1]] },
  { name: "after", what: "the byte after the one at", from: [[1, 1]] },
  { name: "across", what: "the two bytes across", from: [[-1, 2]] },
  { name: "after-two", what: "two bytes from", from: [[0, 2]] },
  {
    name: "around",
    what: "the bytes on either side of the unchanged one at",
    from: [
      [-1, 1],
      [1, 1],
    ],
  },
  { name: "three", what: "the three bytes around", from: [[-1, 3]] },
  {
    name: "split",
    what: "the second byte before, and the byte at,",
    from: [
      [-2, 1],
      [0, 1],
    ],
  },
];

/** The vectors of the family. */
export function edges(): FamilyText {
  const family = new Family("edges");
  for (const edge of SMALL_EDGES) {
    aroundEdge(family, SMALL_PAGE, edge);
  }
  for (const edge of USUAL_EDGES) {
    aroundEdge(family, 4096, edge);
  }
  firstAndLast(family);
  everyOffset(family);
  everyUnchanged(family);
  return family.text();
}

/** The widest of the words 4, 8, 16, 32 and 64 that has an edge here, for a sentence. */
function wordOf(edge: number): number {
  return [64, 32, 16, 8, 4].find((word) => edge % word === 0) ?? 1;
}

function aroundEdge(family: Family, size: number, edge: number): void {
  const oldPage = page(size);
  for (const { name, what, from } of SHAPES) {
    const newPage = change(oldPage, ...from.map(([start, count]): Change => [edge + start, count]));
    const where = `${what} offset ${edge}, an edge of words of ${wordOf(edge)} bytes`;
    family.encode(`encode-${size}-${edge}-${name}`, {
      shows: [21, 23, 25],
      why: `An encoder that fails misses or misplaces ${where}.`,
      oldPage,
      newPage,
    });
    if (size === 4096 || edge % 8 === 0) {
      family.decode(`decode-${size}-${edge}-${name}`, {
        shows: [6, 5, 7],
        why: `A decoder that fails does not write exactly ${where}.`,
        oldPage,
        newPage,
        delta: spellDelta(changedPairs(oldPage, newPage)),
      });
    }
  }
}

function firstAndLast(family: Family): void {
  for (const size of [16, 64, 133, 512, 4096]) {
    const oldPage = page(size);
    for (const count of [1, 2, 3, 4, 7, 8, 9, 15, 16]) {
      const changes: readonly [string, Change][] = [
        ["first", [0, count]],
        ["last", [size - count, count]],
      ];
      for (const [name, taken] of changes) {
        family.encode(`encode-${size}-${name}-${count}`, {
          shows: [21, 23, 25],
          why: `An encoder that fails misses or misplaces a change of the ${name} ${count} bytes of ${size}.`,
          oldPage,
          newPage: change(oldPage, taken),
        });
      }
    }
  }
}

function everyOffset(family: Family): void {
  const oldPage = page(SMALL_PAGE, [0]);
  for (let offset = 0; offset < SMALL_PAGE; offset++) {
    family.encode(`encode-only-${offset}`, {
      shows: [21, 23],
      why: `An encoder that fails does not see that byte ${offset} alone has changed in a page of zeros.`,
      oldPage,
      newPage: change(oldPage, [offset, 1]),
    });
  }
}

/** Equal pages that look as if something were in them: a comparison as numbers is not one of bytes. */
function everyUnchanged(family: Family): void {
  const fills: readonly (readonly [string, readonly number[]])[] = [
    ["zeros", [0]],
    ["ones", [0xff]],
    ["80", [0x80]],
    ["7f", [0x7f]],
    ["nan-64", [1, 0, 0, 0, 0, 0, 0xf8, 0x7f]],
    ["nan-32", [1, 0, 0xc0, 0x7f]],
    ["minus-zero", [0, 0, 0, 0, 0, 0, 0, 0x80]],
    ["mixed", [0, 0xff, 0x80, 0x7f, 1, 0xfe]],
  ];
  for (const [name, fill] of fills) {
    for (const size of [8, 61, 64, 133, 4096]) {
      const oldPage = page(size, fill);
      family.encode(`unchanged-${size}-${name}`, {
        shows: [20],
        why: `An encoder that fails takes equal pages of ${size} bytes filled with ${Buffer.from(fill).toString("hex")} for different.`,
        oldPage,
        newPage: oldPage,
      });
    }
  }
}
