/** Family `lookalikes`: pages and deltas in which one common mistake gives another result, and usual ones hide it. */

import type { FamilyText } from "../../format.ts";
import { Family } from "../family.ts";
import { coveredBytes, lay, layPairs, newBytes, page } from "../pages.ts";
import { type Pair, spellDelta } from "../spell.ts";

/** The vectors of the family. */
export function lookalikes(): FamilyText {
  const family = new Family("lookalikes");
  literals(family);
  sameSums(family);
  oldBytesKept(family);
  truncatedLengths(family);
  longDeltas(family);
  deltaInDelta(family);
  specialPages(family);
  wellFormed(family);
  return family.text();
}

/** Asks the encoder for pages whose canonical delta has these pairs. */
function encode(
  family: Family,
  name: string,
  shows: readonly number[],
  mistake: string,
  oldPage: Uint8Array,
  pairs: readonly Pair[],
) {
  const newPage = layPairs(oldPage, pairs);
  family.encode(`encode-${name}`, { shows, why: `An encoder that fails ${mistake}.`, oldPage, newPage });
}

/** Asks the encoder, and the decoder for the canonical delta. */
function both(
  family: Family,
  name: string,
  [encodeRule, decodeRule]: readonly [number, number],
  mistake: string,
  oldPage: Uint8Array,
  pairs: readonly Pair[],
) {
  encode(family, name, [encodeRule, 22], mistake, oldPage, pairs);
  family.decode(`decode-${name}`, {
    shows: [...new Set([decodeRule, 8, 6])],
    why: `A decoder that fails ${mistake}.`,
    oldPage,
    newPage: layPairs(oldPage, pairs),
    delta: spellDelta(pairs),
  });
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

/** XORs, old bytes or complements in the place of new bytes. */
function literals(family: Family): void {
  const bytePairs = [
    [0xff, 0x0f],
    [0x0f, 0xff],
    [0x55, 0xaa],
    [0x01, 0x80],
    [0x80, 0x01],
    [0x20, 0x41],
    [0xff, 0x00],
    [0x13, 0x26],
  ] as const;
  for (const [oldByte, newByte] of bytePairs) {
    const name = `literal-${hex(oldByte)}-${hex(newByte)}`;
    const mistake = `takes old ${hex(oldByte)}, or the XOR ${hex(oldByte ^ newByte)}, for the literal ${hex(newByte)}`;
    both(family, name, [23, 6], mistake, page(40, [oldByte]), [
      [3, [newByte]],
      [2, [newByte, newByte, newByte]],
    ]);
  }
  const whole = page(128);
  both(family, "literals-whole-page", [23, 6], "does not write the new byte itself in each place of a page", whole, [
    [0, newBytes(0, 128)],
  ]);
}

/** New pages that agree with the old one in a sum, an XOR, a count of bits or a set of bytes. */
function sameSums(family: Family): void {
  const oldPage = Uint8Array.from({ length: 64 }, (_, offset) => (offset * 29 + 7) % 256);
  const at = (offset: number) => oldPage[offset] ?? 0;
  const cases: readonly [name: string, what: string, Pair[]][] = [
    ["swapped-neighbours", "two neighbouring bytes are swapped", [[9, [at(10), at(9)]]]],
    [
      "swapped-words",
      "two words of eight bytes are swapped",
      [[8, [...oldPage.subarray(16, 24), ...oldPage.subarray(8, 16)]]],
    ],
    [
      "swapped-halves",
      "the halves of the page are swapped",
      [[0, [...oldPage.subarray(32), ...oldPage.subarray(0, 32)]]],
    ],
    [
      "same-sum",
      "one byte is one more and another one less",
      [
        [5, [at(5) + 1]],
        [20, [at(26) - 1]],
      ],
    ],
    [
      "same-xor-lane",
      "two bytes of one lane have the same bit flipped",
      [
        [11, [at(11) ^ 4]],
        [7, [at(19) ^ 4]],
      ],
    ],
    [
      "same-xor-words",
      "every word has the same bit flipped",
      [0, 1, 2, 3, 4, 5, 6, 7].map((word): Pair => [word === 0 ? 2 : 7, [at(8 * word + 2) ^ 0x10]]),
    ],
    ["same-xor-neighbours", "two neighbouring bytes have the same XOR", [[30, [at(30) ^ 0x33, at(31) ^ 0x33]]]],
    ["rotated", "the page is rotated by one byte", [[0, [at(63), ...oldPage.subarray(0, 63)]]]],
    ["reversed", "the page is reversed", [[0, [...oldPage].reverse()]]],
    ["case", "only the bit that tells cases of letters apart changes", [[12, [at(12) ^ 0x20]]]],
  ];
  for (const [name, what, pairs] of cases) {
    encode(family, name, [21, 23], `compares a sum and not the bytes of the pages: ${what}`, oldPage, pairs);
  }
}

/** Unchanged bytes that come from nowhere, from the new run, or from the page before. */
function oldBytesKept(family: Family): void {
  for (const size of [8, 64, 100, 4096]) {
    const oldPage = Uint8Array.from({ length: size }, (_, offset) => (offset * 101 + 3) % 255 || 0xee);
    const middle = Math.floor(size / 2);
    const keep = (name: string, shows: readonly [number, ...number[]], mistake: string, pairs: readonly Pair[]) =>
      family.decode(`keeps-${name}-${size}`, {
        shows,
        why: `A decoder that fails ${mistake}, in a page of ${size} bytes.`,
        oldPage,
        newPage: layPairs(oldPage, pairs),
        delta: spellDelta(pairs),
      });
    keep("zrun", [5], "does not keep the old bytes of the only zrun, and the page ends with the literals", [
      [size - 1, [0x66]],
    ]);
    keep("tail", [7], "does not keep the old bytes after the last nzrun, which begins the page", [[0, [0x66]]]);
    keep("first", [9], "does not accept a first zrun of length 0", [[0, newBytes(0, middle)]]);
    keep("gap", [5], "does not keep the old bytes between two nzruns", [
      [0, [0x66]],
      [size - 2, [0x77]],
    ]);
  }
}

/** Lengths that lose bits when they are kept in 7, 8, 12 or 13 of them, or in signed bytes. */
function truncatedLengths(family: Family): void {
  for (const bits of [7, 8, 9, 10, 11, 12, 13]) {
    for (const low of [1, 3]) {
      const length = 2 ** bits + low;
      const oldPage = page(Math.max(length + 8, Math.min(4096, 2 * length)));
      const mistake = `keeps a length in ${bits} bits and takes ${length} for ${low}`;
      both(family, `bits-${bits}-zrun-${length}`, [23, 2], mistake, oldPage, [[length, [0x66]]]);
      both(family, `bits-${bits}-nzrun-${length}`, [23, 2], mistake, oldPage, [
        [0, newBytes(0, length)],
        [2, [0x66]],
      ]);
    }
  }
}

/** Deltas longer than what a fixed buffer or a signed counter holds, in pages that they fit. */
function longDeltas(family: Family): void {
  for (const [size, length] of [
    [4096, 4090],
    [4096, 4095],
    [4097, 4097],
    [8192, 8192],
    [16384, 16383],
  ] as const) {
    const mistake = `does not handle a delta of more than ${length} bytes, one nzrun up to the end of the page of ${size}`;
    both(family, `long-${size}-${length}`, [27, 8], mistake, page(size), [
      [size - length, newBytes(size - length, length)],
    ]);
  }
  for (const length of [10900, 16300]) {
    const pairs: Pair[] = [0, 1, 2, 3].map((index) => [1, newBytes(1 + index * (length + 1), length)]);
    const mistake = `does not handle a delta of more than ${4 * length} bytes in four nzruns`;
    both(family, `long-65536-${length}`, [27, 8], mistake, page(65536), pairs);
  }
}

/** Literals that are themselves a delta, a length, a line end or the end of a text. */
function deltaInDelta(family: Family): void {
  const oldPage = page(64, [0x77]);
  const contents: readonly [name: string, what: string, literals: number[]][] = [
    ["delta", "a delta", [0, 1, 0xaa, 2, 1, 0xbb]],
    ["pairs", "pairs of ones", [1, 1, 1, 1, 1, 1, 1, 1, 1]],
    ["zeros", "zeros", [0, 0, 0, 0, 0, 0, 0, 0]],
    ["high", "first bytes of long lengths", [0x80, 0x81, 0xff, 0xfe, 0x90, 0xc0]],
    ["too-long", "a length that goes on", [0x80, 0x80, 0x80, 0x80, 0x80, 0x80]],
    ["lines", "line ends and ends of text", [0x0a, 0x0d, 0x0a, 0x00, 0x1a, 0x04, 0x0d]],
    ["text", "digits and a minus sign", [0x30, 0x31, 0x2d, 0x20, 0x0a, 0x61]],
    ["utf-8", "bytes that are no UTF-8", [0xc3, 0x28, 0xff, 0xfe, 0xed, 0xa0, 0x80]],
  ];
  for (const [name, what, bytes] of contents) {
    const mistake = `takes literals that look like ${what} for something else than literals`;
    both(family, `content-${name}`, [23, 6], mistake, oldPage, [
      [2, bytes],
      [3, bytes],
    ]);
    both(family, `content-${name}-at-start`, [23, 6], mistake, oldPage, [
      [0, bytes],
      [3, [...bytes, 0x11]],
    ]);
  }
}

/** Pages that implementations may treat apart: all zeros, all ones. */
function specialPages(family: Family): void {
  for (const size of [8, 64, 133, 4096]) {
    for (const [name, oldByte, newByte] of [
      ["to-zeros", 0x5a, 0],
      ["from-zeros", 0, 0x5a],
      ["to-ones", 0, 0xff],
      ["ones-to-zeros", 0xff, 0],
    ] as const) {
      const oldPage = page(size, [oldByte]);
      const mistake = `treats a page of ${size} bytes that are all ${newByte === 0 ? "zero" : "alike"} as a case of its own`;
      both(family, `${name}-${size}`, [23, 6], mistake, oldPage, [[0, Array.from({ length: size }, () => newByte)]]);
    }
    const oldPage = lay(page(size, [0]), size - 1, [1]);
    const pairs: Pair[] = [[size - 1, [0]]];
    both(
      family,
      `last-to-zero-${size}`,
      [21, 6],
      `misses that the last of ${coveredBytes(pairs)} bytes became zero`,
      oldPage,
      pairs,
    );
  }
}

/** Changes whose delta is easily ended, begun or cut up in a way that the grammar does not have. */
function wellFormed(family: Family): void {
  const cases: readonly [name: string, mistake: string, size: number, pairs: Pair[]][] = [
    ["tail-1", "writes the zrun of one byte after the last changed one", 64, [[5, newBytes(5, 58)]]],
    ["tail-60", "writes the zrun after the last changed byte", 64, [[1, newBytes(1, 3)]]],
    ["tail-4000", "writes the zrun after the last changed byte", 4096, [[1, newBytes(1, 95)]]],
    [
      "tail-65000",
      "writes the zrun after the last changed byte, which no length can say",
      65536,
      [[500, newBytes(500, 36)]],
    ],
    ["no-tail", "writes an empty run at the end of the page", 64, [[60, newBytes(60, 4)]]],
    ["no-head", "leaves out the empty zrun at the start", 64, [[0, newBytes(0, 4)]]],
    ["nzrun-255", "cuts an nzrun at 127, and puts an empty zrun in between", 300, [[3, newBytes(3, 255)]]],
    [
      "nzrun-4000",
      "cuts an nzrun at 128, 255 or 1024, and puts an empty zrun in between",
      4096,
      [[3, newBytes(3, 4000)]],
    ],
    ["nzrun-16383", "cuts an nzrun at 8191, and puts an empty zrun in between", 16383, [[0, newBytes(0, 16383)]]],
    ["zrun-4000", "cuts a zrun at 127 or 255, and puts an empty nzrun in between", 4096, [[4000, newBytes(4000, 1)]]],
    ["zrun-16383", "cuts a zrun at 8191, and puts an empty nzrun in between", 16384, [[16383, newBytes(16383, 1)]]],
    ["at-64", "cuts an nzrun at a vector's edge, and puts an empty zrun in between", 256, [[60, newBytes(60, 140)]]],
  ];
  for (const [name, mistake, size, pairs] of cases) {
    encode(family, `well-formed-${name}`, [22, 23], mistake, page(size), pairs);
  }
}
