/** Mistakes of encoders with the room that they have: DELTA-26 to DELTA-29. */

import {
  deltaOf,
  ENCODER,
  type EncoderRules,
  overflow,
  type Piece,
  put,
  shortestLength,
  type Writing,
} from "./encoder.ts";
import { encoding, type Mistake, resorting, takingCapacity, theme } from "./mutant.ts";
import { merging } from "./shapes.ts";

type HasRoom = EncoderRules["hasRoom"];

/** The mutants of the theme. */
export const capacity = theme("capacity", [
  room("one-past", 26, "Writes one byte past the capacity: off by one.", (byteCount, ...rest) =>
    ENCODER.hasRoom(byteCount - 1, ...rest),
  ),
  room("two-past", 26, "Writes two bytes past the capacity.", (byteCount, ...rest) =>
    ENCODER.hasRoom(byteCount - 2, ...rest),
  ),
  room("never", 26, "Does not look at the capacity.", () => true),
  without("zrun", "Asks for no room for a zrun's length."),
  without("nzrun", "Asks for no room for an nzrun's length."),
  room("one-byte-lengths", 26, "Asks for one byte for a length of two.", (byteCount, writing, piece) => {
    return ENCODER.hasRoom(piece === "literals" ? byteCount : 1, writing, piece);
  }),
  room("one-byte-zruns", 26, "Asks for one byte for a zrun's length of two.", (byteCount, writing, piece) => {
    return ENCODER.hasRoom(piece === "zrun" ? 1 : byteCount, writing, piece);
  }),
  room("one-byte-nzruns", 26, "Asks for one byte for an nzrun's length of two.", (byteCount, writing, piece) => {
    return ENCODER.hasRoom(piece === "nzrun" ? 1 : byteCount, writing, piece);
  }),
  room("first-pair", 26, "Looks at the capacity in the first pair only.", (byteCount, writing, piece) => {
    return 0 < writing.pairIndex || ENCODER.hasRoom(byteCount, writing, piece);
  }),
  room("later-pairs", 26, "Looks at the capacity in every pair but the first.", (byteCount, writing, piece) => {
    return writing.pairIndex === 0 || ENCODER.hasRoom(byteCount, writing, piece);
  }),
  room("every-16th", 26, "Looks at the capacity at every 16th pair.", (byteCount, writing, piece) => {
    return writing.pairIndex % 16 !== 0 || ENCODER.hasRoom(byteCount, writing, piece);
  }),
  room("after-write", 26, "Looks at the capacity after a piece is written.", (_, writing, piece) =>
    ENCODER.hasRoom(0, writing, piece),
  ),
  room(
    "wraps-at-0",
    26,
    "Compares with the capacity less two, which wraps where that is below 0.",
    (byteCount, { used, request }) => {
      return used + byteCount - 2 <= (request.capacity - 2) >>> 0;
    },
  ),
  room("0-is-unlimited", 26, "Takes a capacity of 0 for no limit.", (byteCount, writing, piece) => {
    return writing.request.capacity === 0 || ENCODER.hasRoom(byteCount, writing, piece);
  }),
  room("8-bits-used", 26, "Counts the bytes written in 8 bits.", (byteCount, { used, request }) => {
    return ((used + byteCount) & 0xff) <= request.capacity;
  }),
  room("16-bits-used", 26, "Counts the bytes written in 16 bits.", (byteCount, { used, request }) => {
    return ((used + byteCount) & 0xffff) <= request.capacity;
  }),
  {
    name: "trailing-taken-back",
    breaks: 26,
    what: "Writes the zrun after the last nzrun past the capacity, and takes it back.",
    codec: encoding({
      ends(writing, pageOffset) {
        const { used, request } = writing;
        put(writing, shortestLength(Math.min(request.newPage.length - pageOffset, 16_383)));
        writing.used = used;
      },
    }),
  },
  {
    name: "literals-in-words",
    breaks: 26,
    what: "Copies literals in whole words of eight, past the capacity where that ends in a word.",
    codec: encoding({
      ends(writing) {
        const { used } = writing;
        put(writing, new Uint8Array((8 - (used % 8)) % 8));
        writing.used = used;
      },
    }),
  },
  ...[4, 5, 8, 16].map((spare) =>
    room(
      `${spare}-to-spare`,
      27,
      `Asks for ${spare} free bytes beyond each length: gives up early.`,
      (byteCount, writing, piece) => {
        return ENCODER.hasRoom(piece === "literals" ? byteCount : byteCount + spare, writing, piece);
      },
    ),
  ),
  room(
    "three-more",
    27,
    "Asks for one byte more than two to spare behind the literals: off by one.",
    (byteCount, writing, piece) => {
      return ENCODER.hasRoom(piece === "literals" ? byteCount + 3 : byteCount, writing, piece);
    },
  ),
  room(
    "long-lengths-counted",
    27,
    "Counts four bytes for the lengths of each pair.",
    (byteCount, { used, request, pairIndex }) => {
      return used + byteCount + 2 * (pairIndex + 1) <= request.capacity;
    },
  ),
  givesUp(
    "half-changed",
    "Gives up where more than half of the page has changed.",
    (changed, size) => size < 2 * changed,
  ),
  givesUp(
    "most-changed",
    "Gives up where more than nine tenths of the page have changed.",
    (changed, size) => size * 9 < changed * 10,
  ),
  givesUp("all-changed", "Gives up where every byte of the page has changed.", (changed, size) => changed === size),
  ...[127, 255, 256, 1000, 1365, 2047, 16_384, 32_767].map(
    (most): Mistake => ({
      name: `gives-up-after-${most}-runs`,
      breaks: 27,
      what: `Gives up where there are more than ${most} runs.`,
      codec: encoding({
        hasRoom: (byteCount, writing, piece) => writing.pairIndex < most && ENCODER.hasRoom(byteCount, writing, piece),
      }),
    }),
  ),
  {
    name: "runs-after-1024-lost",
    breaks: 23,
    what: "Keeps 1024 runs of a page, and forgets the others.",
    codec: encoding({ shape: (found, request) => ENCODER.shape(found.slice(0, 1024), request) }),
  },
  {
    name: "result-one-more",
    breaks: 22,
    what: "Reports one byte more than it has written.",
    codec: encoding({
      ends(writing) {
        if (writing.used < writing.request.capacity) put(writing, [0]);
      },
    }),
  },
  {
    name: "result-8-bits",
    breaks: 22,
    what: "Reports the size of the delta in 8 bits.",
    codec: encoding({
      ends(writing) {
        writing.used = writing.used & 0xff || writing.used;
      },
    }),
  },
  {
    name: "result-16-bits",
    breaks: 22,
    what: "Reports the size of the delta in 16 bits.",
    codec: encoding({
      ends(writing) {
        writing.used = writing.used & 0xffff || writing.used;
      },
    }),
  },
  taken("8-bits", 27, "Takes the capacity for a number of 8 bits.", (given) => given & 0xff),
  taken("16-bits", 27, "Takes the capacity for a number of 16 bits.", (given) => given & 0xffff),
  taken("signed-16-bits", 27, "Takes the capacity for a signed number of 16 bits.", (given) =>
    Math.max(0, (given << 16) >> 16),
  ),
  taken("4096", 27, "Takes a capacity over 4096 for 4096.", (given) => Math.min(given, 4096)),
  taken("page-size", 27, "Takes a capacity over the page size for the page size.", (given, { newPage }) =>
    Math.min(given, newPage.length),
  ),
  taken("page-size-less-1", 27, "Takes a delta of the page size for no gain.", (given, { newPage }) =>
    Math.min(given, newPage.length - 1),
  ),
  taken("65535", 27, "Takes a capacity over 65535 for 65535.", (given) => Math.min(given, 65_535)),
  taken("0-below-page-size", 27, "Reports overflow for every capacity below the page size.", (given, { newPage }) => {
    return given < newPage.length ? 0 : given;
  }),
  full("prefix", 23, "Delivers what is written where the rest does not fit.", (writing) => deltaOf(writing)),
  full("whole-pairs", 23, "Delivers the pairs that fit, and leaves out the others.", (writing) =>
    deltaOf(writing, writing.pairOffset),
  ),
  full("whole-pairs-late", 23, "Delivers the pairs that fit, if there are eight and more.", (writing) => {
    return writing.pairIndex < 8 ? overflow() : deltaOf(writing, writing.pairOffset);
  }),
  full("cut-nzrun", 22, "Delivers as many literals of the last nzrun as fit.", cutToFit),
  full("unchanged", 21, "Reports unchanged where there is no room, as both write nothing.", () => ({
    kind: "unchanged",
  })),
  full("unchanged-first", 21, "Reports unchanged where there is no room for the first pair.", ({ pairIndex }) => {
    return pairIndex === 0 ? { kind: "unchanged" } : overflow();
  }),
  {
    name: "merged-gaps-of-1",
    breaks: 29,
    what: "Merges gaps of one byte where the canonical delta does not fit.",
    codec: resorting({ shape: merging((gap) => gap === 1) }),
  },
]);

function room(name: string, breaks: number, what: string, hasRoom: HasRoom): Mistake {
  return { name: `room-${name}`, breaks, what, codec: encoding({ hasRoom }) };
}

function without(unasked: Piece, what: string): Mistake {
  return room(`without-${unasked}`, 26, what, (byteCount, writing, piece) => {
    return piece === unasked || ENCODER.hasRoom(byteCount, writing, piece);
  });
}

function givesUp(name: string, what: string, isTooMuch: (changedCount: number, pageSize: number) => boolean): Mistake {
  const codec = encoding({
    begins({ oldPage, newPage }) {
      const changedCount = newPage.reduce((count, byte, offset) => count + (byte === oldPage[offset] ? 0 : 1), 0);
      return isTooMuch(changedCount, newPage.length) ? overflow() : undefined;
    },
  });
  return { name: `gives-up-${name}`, breaks: 27, what, codec };
}

function taken(name: string, breaks: number, what: string, taking: Parameters<typeof takingCapacity>[0]): Mistake {
  return { name: `capacity-${name}`, breaks, what, codec: takingCapacity(taking) };
}

/** An encoder with another outcome where there is no room. */
function full(name: string, breaks: number, what: string, whenFull: EncoderRules["whenFull"]): Mistake {
  return { name: `full-${name}`, breaks, what, codec: encoding({ whenFull }) };
}

/** Fills the room that is left with literals, behind the length of the whole nzrun. */
function cutToFit(writing: Writing) {
  const { request, used, runs, pairIndex } = writing;
  const { from } = runs[pairIndex]!;
  put(writing, request.newPage.subarray(from, from + request.capacity - used));
  return deltaOf(writing);
}
