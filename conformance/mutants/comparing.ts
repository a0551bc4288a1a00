/** Mistakes of encoders that compare pages byte by byte: DELTA-20, DELTA-21, and changes that are missed (DELTA-23). */

import type { EncodeRequest } from "../protocol.ts";
import { type EncoderRules, overflow } from "./encoder.ts";
import { encoding, type Mistake, theme } from "./mutant.ts";

type Differs = (oldByte: number, newByte: number) => boolean;

/** The mutants of the theme. */
export const comparing = theme("comparing", [
  differing("7-bits", "Compares seven bits of a byte.", (oldByte, newByte) => (oldByte & 0x7f) !== (newByte & 0x7f)),
  differing(
    "high-bit-only",
    "Compares the high bit of a byte.",
    (oldByte, newByte) => (oldByte & 0x80) !== (newByte & 0x80),
  ),
  differing(
    "without-case",
    "Compares letters without their case.",
    (oldByte, newByte) => (oldByte | 0x20) !== (newByte | 0x20),
  ),
  differing("greater", "Takes a byte for changed if it has grown.", (oldByte, newByte) => oldByte < newByte),
  differing(
    "signed-difference",
    "Takes a difference of 80 for none, as its negative is itself.",
    (oldByte, newByte) => {
      return oldByte !== newByte && ((newByte - oldByte) & 0xff) !== 0x80;
    },
  ),
  differing(
    "xor-ff",
    "Takes the complement of a byte for the byte.",
    (oldByte, newByte) => ![0, 0xff].includes(oldByte ^ newByte),
  ),
  differing("xor-01", "Does not see a change of the lowest bit alone.", (oldByte, newByte) => 1 < (oldByte ^ newByte)),
  differing(
    "old-00",
    "Takes an old 00 for equal to anything.",
    (oldByte, newByte) => oldByte !== 0 && oldByte !== newByte,
  ),
  differing("new-00", "Takes a new 00 for unchanged.", (oldByte, newByte) => newByte !== 0 && oldByte !== newByte),
  differing("new-ff", "Takes a new ff for unchanged.", (oldByte, newByte) => newByte !== 0xff && oldByte !== newByte),
  differing("new-80", "Takes a new 80 for unchanged.", (oldByte, newByte) => newByte !== 0x80 && oldByte !== newByte),
  unchanged("first-64", "Takes pages for equal whose first 64 bytes are.", ({ oldPage, newPage }) =>
    areEqual(oldPage, newPage, 0, 64),
  ),
  unchanged("first-4096", "Takes pages for equal whose first 4096 bytes are.", ({ oldPage, newPage }) => {
    return areEqual(oldPage, newPage, 0, 4096);
  }),
  unchanged("first-32768", "Takes pages for equal whose first 32768 bytes are.", ({ oldPage, newPage }) => {
    return areEqual(oldPage, newPage, 0, 32_768);
  }),
  unchanged("ends", "Takes pages for equal whose first and last eight bytes are.", ({ oldPage, newPage }) => {
    return areEqual(oldPage, newPage, 0, 8) && areEqual(oldPage, newPage, -8, newPage.length);
  }),
  unchanged("but-first", "Takes pages for equal that differ in the first byte only.", ({ oldPage, newPage }) => {
    return areEqual(oldPage, newPage, 1, newPage.length);
  }),
  unchanged("but-last", "Takes pages for equal that differ in the last byte only.", ({ oldPage, newPage }) => {
    return areEqual(oldPage, newPage, 0, -1);
  }),
  unchanged("samples", "Looks at every 16th byte of a page of more than 4096.", ({ oldPage, newPage }) => {
    return 4096 < newPage.length && newPage.every((byte, offset) => offset % 16 !== 0 || byte === oldPage[offset]);
  }),
  unchanged("text", "Compares pages as texts, which end at a byte of 00.", ({ oldPage, newPage }) => {
    const end = oldPage.findIndex((byte, offset) => byte === 0 && newPage[offset] === 0);
    return end !== -1 && areEqual(oldPage, newPage, 0, end);
  }),
  unchanged(
    "xor-of-bytes",
    "Compares the XOR of all bytes.",
    sameFold((left, right) => left ^ right),
  ),
  unchanged(
    "adler",
    "Compares a checksum of two sums of 8 bits.",
    ({ oldPage, newPage }) => checksum(oldPage) === checksum(newPage),
  ),
  unchanged(
    "word-sums",
    "Compares the sums of words of eight bytes, lane by lane.",
    sameLanes((left, right) => left + right),
  ),
  unchanged(
    "word-xors",
    "Compares the XOR of words of eight bytes.",
    sameLanes((left, right) => left ^ right),
  ),
  unchanged("zero-page", "Takes a new page of zeros for unchanged, as it is sent in another way.", ({ newPage }) => {
    return newPage.every((byte) => byte === 0);
  }),
  unchanged("one-byte", "Takes one changed byte in a page for none.", ({ oldPage, newPage }) => {
    return newPage.reduce((count, byte, offset) => count + (byte === oldPage[offset] ? 0 : 1), 0) === 1;
  }),
  equal("zrun", "Writes a zrun alone for equal pages.", ({ newPage }) => Uint8Array.of(Math.min(newPage.length, 127))),
  equal("pair", "Writes a zrun and an empty nzrun for equal pages.", () => Uint8Array.of(1, 0)),
  equal("literal", "Writes a literal that equals the old byte for equal pages.", ({ oldPage }) =>
    Uint8Array.of(0, 1, oldPage[0]!),
  ),
  equal("empty", "Writes a delta of no bytes for equal pages.", () => new Uint8Array(0)),
  {
    name: "equal-in-three",
    breaks: 20,
    what: "Reports overflow for equal pages unless there is room for three bytes: off by one.",
    codec: encoding({ whenEqual: ({ capacity }) => (capacity < 3 ? overflow() : { kind: "unchanged" }) }),
  },
  {
    name: "equal-in-a-page",
    breaks: 20,
    what: "Reports overflow for equal pages unless there is room for a page.",
    codec: encoding({
      whenEqual: ({ capacity, newPage }) => (capacity < newPage.length ? overflow() : { kind: "unchanged" }),
    }),
  },
]);

/** An encoder that takes some changed bytes for unchanged. */
function differing(name: string, what: string, differs: Differs): Mistake {
  const find =
    (isWanted: boolean): EncoderRules["nextChanged"] =>
    (oldPage, newPage, from) => {
      let offset = from;
      while (offset < newPage.length && differs(oldPage[offset]!, newPage[offset]!) !== isWanted) offset++;
      return offset;
    };
  return { name, breaks: 21, what, codec: encoding({ nextChanged: find(true), nextEqual: find(false) }) };
}

/** An encoder that decides first, in its own way, whether pages are equal. */
function unchanged(name: string, what: string, looksEqual: (request: EncodeRequest) => boolean): Mistake {
  const codec = encoding({ begins: (request) => (looksEqual(request) ? { kind: "unchanged" } : undefined) });
  return { name: `unchanged-${name}`, breaks: 21, what, codec };
}

/** An encoder that writes something for equal pages. */
function equal(name: string, what: string, deltaOf: (request: EncodeRequest) => Uint8Array): Mistake {
  const codec = encoding({
    whenEqual(request) {
      const delta = deltaOf(request);
      return delta.length <= request.capacity ? { kind: "delta", delta } : overflow();
    },
  });
  return { name: `equal-${name}`, breaks: 20, what, codec };
}

function areEqual(oldPage: Uint8Array, newPage: Uint8Array, from: number, to: number): boolean {
  return Buffer.compare(oldPage.subarray(from, to), newPage.subarray(from, to)) === 0;
}

function sameFold(fold: (left: number, right: number) => number): (request: EncodeRequest) => boolean {
  return ({ oldPage, newPage }) => oldPage.reduce(fold, 0) === newPage.reduce(fold, 0);
}

function checksum(page: Uint8Array): number {
  let [low, high] = [0, 0];
  for (const byte of page) {
    low = (low + byte) & 0xff;
    high = (high + low) & 0xff;
  }
  return high * 256 + low;
}

function sameLanes(fold: (left: number, right: number) => number): (request: EncodeRequest) => boolean {
  const lanesOf = (page: Uint8Array) => {
    const lanes = new Array<number>(8).fill(0);
    page.forEach((byte, offset) => {
      lanes[offset % 8] = fold(lanes[offset % 8]!, byte);
    });
    return lanes.join();
  };
  return ({ oldPage, newPage }) => lanesOf(oldPage) === lanesOf(newPage);
}
