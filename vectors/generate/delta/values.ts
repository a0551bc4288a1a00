/** Family `values`: old and new bytes of every kind, in each lane of a word, against the tricks that compare many bytes at once. */

import type { FamilyText } from "../../format.ts";
import { Family } from "../family.ts";
import { lay, newBytes, page } from "../pages.ts";

const VALUES = [0x00, 0x01, 0x7f, 0x80, 0x81, 0xfe, 0xff];
const LANES = [0, 1, 2, 3, 4, 5, 6, 7];
/** The word that is looked at begins here; a word stands before it and one after it. */
const WORD = 8;

/** The vectors of the family. */
export function values(): FamilyText {
  const family = new Family("values");
  for (const lane of LANES) {
    for (const oldByte of VALUES) {
      for (const newByte of VALUES) {
        oneByte(family, lane, oldByte, newByte);
      }
    }
    everyBit(family, lane);
    pairsOfXors(family, lane);
  }
  everyXor(family);
  triplesOfXors(family);
  pairsAtVectorEdges(family);
  topBitsOfTwoWords(family);
  everyLiteral(family);
  return family.text();
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

function oneByte(family: Family, lane: number, oldByte: number, newByte: number): void {
  const oldPage = page(24, [oldByte]);
  const newPage = lay(oldPage, WORD + lane, [newByte]);
  if (oldByte !== newByte) {
    family.encode(`encode-${hex(oldByte)}-to-${hex(newByte)}-lane-${lane}`, {
      shows: [21, 23, 25],
      why: `An encoder that fails takes new ${hex(newByte)} in lane ${lane} for old ${hex(oldByte)}, or its neighbours for changed.`,
      oldPage,
      newPage,
    });
  }
  if (lane === oldByte % 8) {
    family.decode(`decode-${hex(newByte)}-over-${hex(oldByte)}`, {
      shows: [6, 5, 8],
      why: `A decoder that fails does not give the literal ${hex(newByte)} over the old byte ${hex(oldByte)} as it stands.`,
      oldPage,
      newPage,
      delta: Uint8Array.of(WORD + lane, 1, newByte),
    });
  }
}

function everyBit(family: Family, lane: number): void {
  for (let bit = 0; bit < 8; bit++) {
    const oldPage = page(24, [0x00]);
    family.encode(`encode-bit-${bit}-lane-${lane}`, {
      shows: [21, 23],
      why: `An encoder that fails loses bit ${bit} of lane ${lane} when it compares a word: it is the only bit of the page that changed.`,
      oldPage,
      newPage: lay(oldPage, WORD + lane, [2 ** bit]),
    });
  }
}

function everyXor(family: Family): void {
  for (let xor = 1; xor < 256; xor++) {
    const oldByte = (xor * 37 + 11) % 256;
    const oldPage = page(24, [oldByte]);
    family.encode(`encode-xor-${hex(xor)}`, {
      shows: [21, 23],
      why: `An encoder that fails mishandles one changed byte, ${hex(oldByte)} to ${hex(oldByte ^ xor)}, whose XOR is ${hex(xor)}.`,
      oldPage,
      newPage: lay(oldPage, WORD + (xor % 8), [oldByte ^ xor]),
    });
  }
}

/** Lays bytes over a page such that old XOR new gives `xors`, among neighbours that are unchanged or all changed. */
function xorVector(
  family: Family,
  name: string,
  at: { size: number; offset: number },
  xors: readonly number[],
  changed: boolean,
) {
  const { size, offset } = at;
  const oldPage = changed ? page(size) : page(size, [(xors[0] ?? 0) % 2 === 0 ? 0x00 : 0x5a]);
  const around = changed ? lay(oldPage, 0, newBytes(0, size)) : oldPage;
  const neighbours = changed ? "changed" : "unchanged";
  family.encode(`${name}-in-${neighbours}`, {
    shows: [23, 21, 25],
    why: `An encoder that fails is misled by bytes at ${offset} whose XORs are ${xors.map(hex).join(" ")}, among ${neighbours} bytes.`,
    oldPage,
    newPage: lay(
      around,
      offset,
      xors.map((xor, index) => (oldPage[offset + index] ?? 0) ^ xor),
    ),
  });
}

function pairsOfXors(family: Family, lane: number): void {
  for (const first of VALUES) {
    for (const second of VALUES) {
      const name = `pair-${hex(first)}-${hex(second)}-lane-${lane}`;
      const at = { size: 24, offset: WORD + lane };
      if (first + second !== 0) {
        xorVector(family, name, at, [first, second], false);
      }
      xorVector(family, name, at, [first, second], true);
    }
  }
}

function triplesOfXors(family: Family): void {
  let index = 0;
  for (const first of VALUES) {
    for (const second of VALUES) {
      for (const third of VALUES) {
        const name = `triple-${hex(first)}-${hex(second)}-${hex(third)}`;
        const at = { size: 24, offset: WORD + (index++ % 8) };
        if (first + second + third !== 0) {
          xorVector(family, name, at, [first, second, third], false);
        }
        xorVector(family, name, at, [first, second, third], true);
      }
    }
  }
}

function pairsAtVectorEdges(family: Family): void {
  for (const edge of [16, 32, 64]) {
    for (const first of VALUES) {
      for (const second of VALUES) {
        const name = `pair-${hex(first)}-${hex(second)}-edge-${edge}`;
        xorVector(family, name, { size: 100, offset: edge - 1 }, [first, second], true);
      }
    }
  }
}

/** The sum of the XORs of the two words is 2 to the 64th: a word that adds them up has 0. */
function topBitsOfTwoWords(family: Family): void {
  const oldPage = page(512, [0x5a]);
  family.encode("encode-80-in-lane-7-of-two-words", {
    shows: [21, 23, 25],
    why: "An encoder that fails adds up the XORs of two words, or carries from one into the next: only bit 63 of each changed.",
    oldPage,
    newPage: lay(lay(oldPage, 71, [0xda]), 79, [0xda]),
  });
}

function everyLiteral(family: Family): void {
  const oldPage = page(4);
  for (let literal = 0; literal < 256; literal++) {
    family.decode(`decode-literal-${hex(literal)}`, {
      shows: [6, 8],
      why: `A decoder that fails does not give the literal ${hex(literal)} as it stands, or takes it for a length.`,
      oldPage,
      newPage: lay(oldPage, 1, [literal, 0x10]),
      delta: Uint8Array.of(1, 2, literal, 0x10),
    });
  }
}
