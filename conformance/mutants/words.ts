/** Mistakes of encoders that compare words and vectors of 8, 16, 32 or 64 bytes: DELTA-21, DELTA-23, DELTA-25. */

import { ENCODER, type EncoderRules } from "./encoder.ts";
import { encoding, type Mistake, preferring, theme } from "./mutant.ts";
import { stretching } from "./shapes.ts";
import { zeroByteTests } from "./zero-bytes.ts";

type Finder = EncoderRules["nextChanged"];
/** Whether a word that begins at an offset differs in two pages. */
type WordDiffers = (oldPage: Uint8Array, newPage: Uint8Array, offset: number) => boolean;

const SIZES = [8, 16, 32, 64];

/** The mutants of the theme. */
export const words = theme("words", [
  ...SIZES.flatMap(ofEverySize),
  skipping("low-half-of-16", 16, "Compares the low eight bytes of a vector of 16.", differsIn(0, 8)),
  skipping("low-half-of-64", 64, "Tests the low 32 bits of a mask of 64.", differsIn(0, 32)),
  skipping("7-of-8-words", 64, "Compares seven of the eight words of an unrolled loop.", differsIn(0, 56)),
  skipping("first-of-4-words", 32, "Compares the first of the four words of an unrolled loop.", differsIn(0, 8)),
  skipping(
    "third-of-4-words",
    32,
    "Leaves out the third of the four words of an unrolled loop.",
    (oldPage, newPage, offset) => {
      return differsIn(0, 16)(oldPage, newPage, offset) || differsIn(24, 32)(oldPage, newPage, offset);
    },
  ),
  skipping(
    "two-words-by-xor",
    16,
    "Takes the XOR of the differences of two words, in which they cancel.",
    foldDiffers(2),
  ),
  skipping(
    "two-words-by-sum",
    16,
    "Adds up the differences of two words in 64 bits, in which they cancel: bit 63 of both.",
    sumDiffers,
  ),
  skipping(
    "four-words-by-xor",
    32,
    "Takes the XOR of the differences of four words, in which they cancel.",
    foldDiffers(4),
  ),
  skipping(
    "two-words-by-and",
    16,
    "Takes the AND of the differences of two words.",
    differsIn(0, 8, (oldPage, newPage, at) => isChanged(oldPage, newPage, at) && isChanged(oldPage, newPage, at + 8)),
  ),
  skipping(
    "doubles",
    8,
    "Compares words as floating-point numbers: 80..0 equals 00..0.",
    (oldPage, newPage, offset) => {
      return (
        new DataView(oldPage.buffer, oldPage.byteOffset + offset).getFloat64(0, true) !==
        new DataView(newPage.buffer, newPage.byteOffset + offset).getFloat64(0, true)
      );
    },
  ),
  skipping(
    "seven-bits",
    16,
    "Compares the lower seven bits of each byte, as the high bit is needed for the result.",
    differsIn(0, 16, (oldPage, newPage, at) => ((oldPage[at]! ^ newPage[at]!) & 0x7f) !== 0),
  ),
  ...zeroByteTests(),
]);

/** The mistakes that can be made with a word of any size. */
function ofEverySize(size: number): Mistake[] {
  const word = size === 8 ? `a word of ${size}` : `a vector of ${size}`;
  return [
    found(
      `tail-of-${size}-lost`,
      21,
      `Does not look at what whole words of ${size} bytes leave over at the page's end.`,
      (length) => {
        return length - (length % size);
      },
    ),
    found(
      `tail-of-${size}-one-short`,
      21,
      `Does not look at the last byte of what words of ${size} leave over.`,
      (length) => {
        return length % size === 0 ? length : length - 1;
      },
    ),
    skipping(`first-lane-of-${size}`, size, `Does not compare the first of ${word} bytes.`, differsIn(1, size)),
    skipping(`last-lane-of-${size}`, size, `Does not compare the last of ${word} bytes.`, differsIn(0, size - 1)),
    skipping(
      `middle-lane-of-${size}`,
      size,
      `Does not compare the middle one of ${word} bytes.`,
      (oldPage, newPage, offset) => {
        const middle = size / 2;
        return differsIn(0, middle)(oldPage, newPage, offset) || differsIn(middle + 1, size)(oldPage, newPage, offset);
      },
    ),
    state(
      `first-lane-of-${size}-carried`,
      23,
      `Gives the first of ${word} bytes the state of the one before.`,
      (offset) => {
        return offset % size === 0 && 0 < offset ? offset - 1 : offset;
      },
    ),
    state(
      `last-lane-of-${size}-carried`,
      23,
      `Gives the last of ${word} bytes the state of the one before.`,
      (offset) => {
        return offset % size === size - 1 ? offset - 1 : offset;
      },
    ),
    wholeLost(size),
    {
      name: `open-run-of-${size}-lost`,
      breaks: 23,
      what: `Forgets a run that is still open where the page ends with ${word} bytes.`,
      codec: encoding({
        shape: (runs, request) => {
          const { length } = request.newPage;
          const isLost = runs.at(-1)?.to === length && length % size === 0;
          return ENCODER.shape(isLost ? runs.slice(0, -1) : runs, request);
        },
      }),
    },
    {
      name: `open-run-of-${size}-rounded`,
      breaks: 22,
      what: `Ends a run that is still open at the page's end behind it, with ${word} bytes.`,
      codec: encoding({
        shape: (runs, request) =>
          ENCODER.shape(runs, request).map(({ from, to }) => {
            return { from, to: to === request.newPage.length ? Math.ceil(to / size) * size : to };
          }),
        literals: ({ from, to }, { newPage }) =>
          Uint8Array.from({ length: to - from }, (_, index) => newPage[from + index] ?? 0),
      }),
    },
    {
      name: `equal-${size}-keeps-open`,
      breaks: 25,
      what: `Does not end a run in ${word} bytes that are all equal.`,
      codec: preferring({
        nextEqual(oldPage, newPage, from) {
          let to = ENCODER.nextEqual(oldPage, newPage, from);
          while (to % size === 0 && to + size <= newPage.length) to = ENCODER.nextEqual(oldPage, newPage, to + size);
          return to;
        },
      }),
    },
    {
      name: `nzrun-to-end-of-${size}`,
      breaks: 25,
      what: `Ends a run of ${size} bytes and more with ${word} bytes.`,
      codec: preferring({
        shape: stretching(({ from, to }) => ({ from, to: to - from < size ? to : Math.ceil(to / size) * size })),
      }),
    },
    {
      name: `pages-under-${size}`,
      breaks: 21,
      what: `Takes a page of less than ${size} bytes for unchanged.`,
      codec: encoding({
        begins: ({ newPage }) => (newPage.length < size ? { kind: "unchanged" } : undefined),
      }),
    },
  ];
}

/** An encoder that skips words which it takes for equal, and then looks byte by byte. */
function skipping(name: string, size: number, what: string, differs: WordDiffers): Mistake {
  const nextChanged: Finder = (oldPage, newPage, from) => {
    let offset = from;
    for (; offset % size !== 0 && offset < newPage.length; offset++) {
      if (isChanged(oldPage, newPage, offset)) return offset;
    }
    while (offset + size <= newPage.length && !differs(oldPage, newPage, offset)) offset += size;
    return ENCODER.nextChanged(oldPage, newPage, offset);
  };
  return { name, breaks: 21, what, codec: encoding({ nextChanged }) };
}

/** An encoder that looks at a part of the page. */
function found(name: string, breaks: number, what: string, lookedAt: (pageSize: number) => number): Mistake {
  const within =
    (find: Finder): Finder =>
    (oldPage, newPage, from) => {
      const end = lookedAt(newPage.length);
      const offset = end <= from ? end : find(oldPage.subarray(0, end), newPage.subarray(0, end), from);
      return offset < end ? offset : newPage.length;
    };
  const nextEqual: Finder = (oldPage, newPage, from) => {
    return Math.min(ENCODER.nextEqual(oldPage, newPage, from), Math.max(from + 1, lookedAt(newPage.length)));
  };
  return { name, breaks, what, codec: encoding({ nextChanged: within(ENCODER.nextChanged), nextEqual }) };
}

/** An encoder that takes the state of a byte, changed or not, from another one. */
function state(name: string, breaks: number, what: string, stateOf: (offset: number) => number): Mistake {
  const find =
    (isWanted: boolean): Finder =>
    (oldPage, newPage, from) => {
      let offset = from;
      while (offset < newPage.length && isChanged(oldPage, newPage, stateOf(offset)) !== isWanted) offset++;
      return offset;
    };
  return { name, breaks, what, codec: encoding({ nextChanged: find(true), nextEqual: find(false) }) };
}

/** An encoder by masks that forgets to begin a run in a word that is all changed. */
function wholeLost(size: number): Mistake {
  const nextChanged: Finder = (oldPage, newPage, from) => {
    let offset = ENCODER.nextChanged(oldPage, newPage, from);
    while (offset % size === 0 && isAllChanged(oldPage, newPage, offset, size)) {
      offset = ENCODER.nextChanged(oldPage, newPage, offset + size);
    }
    return offset;
  };
  const what = `Does not begin a run in a word of ${size} bytes that are all changed.`;
  return { name: `whole-${size}-lost`, breaks: 23, what, codec: encoding({ nextChanged }) };
}

/** Whether a word differs in some of its bytes, by a test of one byte. */
function differsIn(from: number, to: number, differs: WordDiffers = isChanged): WordDiffers {
  return (oldPage, newPage, offset) => {
    for (let at = offset + from; at < offset + to; at++) if (differs(oldPage, newPage, at)) return true;
    return false;
  };
}

function isAllChanged(oldPage: Uint8Array, newPage: Uint8Array, offset: number, size: number): boolean {
  for (let lane = 0; lane < size; lane++) if (!isChanged(oldPage, newPage, offset + lane)) return false;
  return true;
}

/** Whether the XOR of the differences of words of eight is other than zero. */
function foldDiffers(wordCount: number): WordDiffers {
  return (oldPage, newPage, offset) => {
    for (let lane = offset; lane < offset + 8; lane++) {
      let fold = 0;
      for (let at = lane; at < lane + 8 * wordCount; at += 8) fold ^= oldPage[at]! ^ newPage[at]!;
      if (fold !== 0) return true;
    }
    return false;
  };
}

/** Whether the sum of the differences of two words of eight, the low byte first, is other than zero in 64 bits. */
function sumDiffers(oldPage: Uint8Array, newPage: Uint8Array, offset: number): boolean {
  let carry = 0;
  for (let at = offset; at < offset + 8; at++) {
    const sum = (oldPage[at]! ^ newPage[at]!) + (oldPage[at + 8]! ^ newPage[at + 8]!) + carry;
    if ((sum & 0xff) !== 0) return true;
    carry = sum >> 8;
  }
  return false;
}

function isChanged(oldPage: Uint8Array, newPage: Uint8Array, offset: number): boolean {
  return oldPage[offset] !== newPage[offset];
}
