/** Mistakes of decoders that refuse, or do not read to their end, deltas that are well-formed: DELTA-8, DELTA-9. */

import { DECODER, type Reading, refuseIf } from "./decoder.ts";
import { type Codec, decoding, type Mistake, theme } from "./mutant.ts";

/** The mutants of the theme. */
export const accepting = theme("accepting", [
  ...[127, 128, 255, 256, 1000, 1024, 1365, 2047, 4096, 16_384, 32_767].map((count) =>
    refusing(
      `pairs-over-${count}`,
      `Refuses a delta of more than ${count} pairs.`,
      ({ pairIndex }) => count <= pairIndex,
    ),
  ),
  ...[4095, 4096, 16_383, 32_767, 65_535, 65_536, 98_302].map((size) =>
    refusing(`deltas-over-${size}`, `Refuses a delta of more than ${size} bytes.`, ({ delta }) => size < delta.length),
  ),
  refusing("deltas-of-page-size", "Refuses a delta of as many bytes as the page.", ({ delta, oldPage }) => {
    return oldPage.length <= delta.length;
  }),
  refusing(
    "deltas-over-one-and-a-half-pages",
    "Refuses a delta of more than one and a half pages.",
    ({ delta, oldPage }) => {
      return oldPage.length * 1.5 < delta.length;
    },
  ),
  refusing(
    "deltas-under-4",
    "Refuses a delta of less than four bytes.",
    ({ delta }) => 0 < delta.length && delta.length < 4,
  ),
  ...[4096, 16_383, 32_767, 65_535].map((size) =>
    refusing(`pages-over-${size}`, `Refuses pages of more than ${size} bytes.`, ({ oldPage }) => size < oldPage.length),
  ),
  refusing(
    "pages-not-of-words",
    "Refuses pages whose size is no multiple of eight.",
    ({ oldPage }) => oldPage.length % 8 !== 0,
  ),
  refusing("pages-not-power-of-2", "Refuses pages whose size is no power of two.", ({ oldPage: { length } }) => {
    return (length & (length - 1)) !== 0;
  }),
  refusing("pages-of-1", "Refuses pages of one byte.", ({ oldPage }) => oldPage.length === 1),
  refusing("first-zrun-00", "Refuses a delta that begins with 00.", ({ delta }) => delta[0] === 0, 9),
  refusing(
    "first-zrun-00-long",
    "Refuses 00 in front of an nzrun whose length has two bytes.",
    ({ delta }) => {
      return delta[0] === 0 && 0x80 <= (delta[1] ?? 0);
    },
    9,
  ),
  ...equalLiterals(),
  ending("nzrun-of-page", "Refuses an nzrun over the whole page.", ({ length, oldPage }) => length === oldPage.length),
  ending("nzrun-to-page-end", "Refuses an nzrun that ends with the page.", ({ pageOffset, length, oldPage }) => {
    return pageOffset + length === oldPage.length;
  }),
  ending(
    "nzruns-over-half",
    "Refuses literals for more than half the page.",
    ({ length, oldPage }) => oldPage.length < 2 * length,
  ),
  ending("nzrun-of-1", "Refuses an nzrun of one byte, as not worth a pair.", ({ length }) => length === 1),
  skipping("pairs-after-first", "Reads the first pair only.", ({ pairIndex }) => pairIndex === 0),
  skipping("pairs-after-255", "Reads 255 pairs, and not those after.", ({ pairIndex }) => pairIndex < 255),
  skipping("pairs-after-2047", "Reads 2047 pairs, and not those after.", ({ pairIndex }) => pairIndex < 2047),
  skipping("pairs-after-16384", "Reads 16384 pairs, and not those after.", ({ pairIndex }) => pairIndex < 16_384),
  skipping(
    "delta-after-4096",
    "Reads 4096 bytes of the delta, and not those after.",
    ({ deltaOffset }) => deltaOffset < 4096,
  ),
  skipping(
    "delta-after-65535",
    "Reads 65535 bytes of the delta, and not those after.",
    ({ deltaOffset }) => deltaOffset < 65_535,
  ),
  skipping(
    "page-after-4096",
    "Reads pairs up to page offset 4096, and not those after.",
    ({ pageOffset }) => pageOffset < 4096,
  ),
  skipping(
    "page-after-32767",
    "Reads pairs up to page offset 32767, and not those after.",
    ({ pageOffset }) => pageOffset <= 32_767,
  ),
  {
    name: "later-zrun-1",
    breaks: 8,
    what: "Refuses a later zrun of one byte, as not worth two lengths.",
    codec: checkingRun("zrun-empty", ({ length, pairIndex }) => length === 1 && 0 < pairIndex),
  },
]);

/** A decoder that refuses a delta before it reads a pair, or at a pair. */
function refusing(name: string, what: string, isRefused: (reading: Reading) => boolean, breaks = 8): Mistake {
  const step = (reading: Reading) => refuseIf(isRefused(reading));
  const codec = decoding({ begins: step, afterPair: (reading) => step(reading) });
  return { name: `refuses-${name}`, breaks, what, codec };
}

/** A decoder that refuses an nzrun that has no fault. */
function ending(name: string, what: string, isRefused: (reading: Reading) => boolean): Mistake {
  return { name: `refuses-${name}`, breaks: 8, what, codec: checkingRun("nzrun-truncated", isRefused) };
}

function checkingRun(fault: keyof typeof DECODER.faults, isRefused: (reading: Reading) => boolean): () => Codec {
  const check = DECODER.faults[fault];
  return decoding({
    faults: { ...DECODER.faults, [fault]: (reading: Reading) => (isRefused(reading) ? "refuse" : check(reading)) },
  });
}

/** A decoder that leaves pairs unread. */
function skipping(name: string, what: string, goesOn: (reading: Reading) => boolean): Mistake {
  const codec = decoding({ goesOn: (reading) => DECODER.goesOn(reading) && goesOn(reading) });
  return { name: `leaves-out-${name}`, breaks: 8, what, codec };
}

/** Decoders that take a literal that equals the old byte for a fault. */
function equalLiterals(): Mistake[] {
  const isEqual = ({ delta, oldPage, deltaOffset, pageOffset, length }: Reading, index: number) =>
    index < length && delta[deltaOffset + index] === oldPage[pageOffset + index];
  const indexes = ({ length }: Reading) => Array.from({ length }, (_, index) => index);
  return [
    ending("equal-literal", "Refuses a literal that equals the old byte.", (reading) => {
      return indexes(reading).some((index) => isEqual(reading, index));
    }),
    ending("equal-run", "Refuses an nzrun that changes nothing.", (reading) => {
      return 0 < reading.length && indexes(reading).every((index) => isEqual(reading, index));
    }),
    ending("equal-first", "Refuses an nzrun whose first literal equals the old byte.", (reading) =>
      isEqual(reading, 0),
    ),
    ending("equal-last", "Refuses an nzrun whose last literal equals the old byte.", (reading) =>
      isEqual(reading, reading.length - 1),
    ),
    ending("equal-pair", "Refuses two literals in a row that equal the old bytes.", (reading) => {
      return indexes(reading).some((index) => isEqual(reading, index) && isEqual(reading, index + 1));
    }),
  ];
}
