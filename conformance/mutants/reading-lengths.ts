/** Mistakes of decoders that read lengths: DELTA-1 to DELTA-3, and values that are taken for impossible. */

import { DECODER, type Reading } from "./decoder.ts";
import { type Codec, checking, decoding, type Mistake, theme } from "./mutant.ts";

/** The mutants of the theme. */
export const readingLengths = theme("reading-lengths", [
  {
    name: "7f-is-long",
    breaks: 1,
    what: "Takes 7f for the first of two bytes: off by one at 127.",
    codec: decoding({ isShort: (first) => first < 0x7f }),
  },
  {
    name: "signed-short",
    breaks: 1,
    what: "Reads signed LEB128: a byte of 40 to 7f is negative, and refused.",
    codec: refusing(({ length, lengthByteCount }) => lengthByteCount === 1 && 0x40 <= length),
  },
  {
    name: "signed-long",
    breaks: 2,
    what: "Reads signed LEB128: a length whose second byte is 40 to 7f is negative, and refused.",
    codec: refusing(({ length, lengthByteCount }) => lengthByteCount === 2 && 8192 <= length),
  },
  {
    name: "80-is-short",
    breaks: 2,
    what: "Takes 80 for a whole length of 128: off by one at 128.",
    codec: decoding({ isShort: (first) => first <= 0x80 }),
  },
  {
    name: "bytes-only",
    breaks: 2,
    what: "Takes every length for one byte.",
    codec: decoding({ isShort: () => true }),
  },
  long("shift-8", "Shifts the second byte by eight bits.", (first, second) => (first & 0x7f) | (second << 8)),
  long("shift-6", "Shifts the second byte by six bits.", (first, second) => (first & 0x7f) | (second << 6)),
  long("flag-kept", "Keeps the high bit of the first byte in the value.", (first, second) => first + 128 * second),
  long(
    "plus-128",
    "Adds 1 to the second byte, as in offsets of Git.",
    (first, second) => (first & 0x7f) + 128 * (second + 1),
  ),
  long("low-only", "Reads the second byte and leaves it out of the value.", (first) => first & 0x7f),
  long("8-bits", "Keeps the value in 8 bits.", (first, second) => ((first & 0x7f) + 128 * second) & 0xff),
  long("12-bits", "Keeps the value in 12 bits.", (first, second) => ((first & 0x7f) + 128 * second) & 0xfff),
  long("13-bits", "Keeps the value in 13 bits.", (first, second) => ((first & 0x7f) + 128 * second) & 0x1fff),
  {
    name: "ff-ends",
    breaks: 2,
    what: "Takes a first byte of ff for the end of the delta.",
    codec: decoding({ goesOn: (reading) => DECODER.goesOn(reading) && reading.delta[reading.deltaOffset] !== 0xff }),
  },
  {
    name: "00-ends",
    breaks: 9,
    what: "Takes a length byte of 00 for the end of the delta.",
    codec: decoding({ goesOn: (reading) => DECODER.goesOn(reading) && reading.delta[reading.deltaOffset] !== 0 }),
  },
  {
    name: "longer-form-is-zero",
    breaks: 3,
    what: "Takes a longer form for a length of 0 that fills the space.",
    codec: decoding({
      longerForm(reading) {
        reading.length = 0;
        return "go on";
      },
    }),
  },
  {
    name: "longer-zero-is-128",
    breaks: 3,
    what: "Takes 80 00 for 128, as nobody would write 0 in two bytes.",
    codec: decoding({ longLength: (first, second) => DECODER.longLength(first, second) || 128 }),
  },
  limit(128, "Refuses 80 01 as a longer form: off by one at 128.", ({ length, lengthByteCount }) => {
    return lengthByteCount === 2 && length === 128;
  }),
  limit(255, "Refuses lengths of two bytes that would fit 8 bits, as a longer form.", ({ length, lengthByteCount }) => {
    return lengthByteCount === 2 && length <= 255;
  }),
  limit(4095, "Refuses lengths over 4095.", ({ length }) => 4095 < length),
  limit(4096, "Refuses lengths over 4096, the usual page size.", ({ length }) => 4096 < length),
  limit(8191, "Refuses lengths over 8191, of more than 13 bits.", ({ length }) => 8191 < length),
  limit(16383, "Refuses a length of 16383: off by one at the greatest.", ({ length }) => 16383 <= length),
]);

/** A decoder that refuses a run of either kind for its length. */
function refusing(isRefused: (reading: Reading) => boolean): () => Codec {
  const { faults } = DECODER;
  return checking({
    "zrun-empty": (reading) => (isRefused(reading) ? "refuse" : faults["zrun-empty"](reading)),
    "nzrun-empty": (reading) => (isRefused(reading) ? "refuse" : faults["nzrun-empty"](reading)),
  });
}

function long(name: string, what: string, longLength: (first: number, second: number) => number): Mistake {
  return { name, breaks: 2, what, codec: decoding({ longLength }) };
}

function limit(length: number, what: string, isRefused: (reading: Reading) => boolean): Mistake {
  return { name: `refuses-${length}`, breaks: 8, what, codec: refusing(isRefused) };
}
