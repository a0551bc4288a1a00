/** Mistakes of decoders that apply runs: DELTA-5 to DELTA-7. */

import { DECODER, type DecoderRules, giveBytes, giveOld } from "./decoder.ts";
import { decoding, type Mistake, theme } from "./mutant.ts";

type ByteOf = (literal: number, oldByte: number, index: number) => number;

/** The mutants of the theme. */
export const applying = theme("applying", [
  zrun("zeros-in-later-zruns", "Gives zeros in every zrun but the first.", (reading) => {
    if (reading.pairIndex === 0) DECODER.giveZrun(reading);
  }),
  zrun("zeros-in-long-zruns", "Gives zeros in a zrun whose length has two bytes.", (reading) => {
    if (reading.lengthByteCount === 1) DECODER.giveZrun(reading);
  }),
  zrun("zrun-one-short", "Does not give the last byte of a zrun.", (reading) => {
    giveOld(reading, reading.pageOffset, reading.pageOffset + reading.length - 1);
  }),
  zrun("zrun-in-words", "Gives whole words of eight bytes of a zrun, and not the rest.", (reading) => {
    giveOld(reading, reading.pageOffset, reading.pageOffset + (reading.length & ~7));
  }),
  zrun(
    "zrun-from-start",
    "Gives the first bytes of the page in a zrun.",
    ({ oldPage, newPage, pageOffset, length }) => {
      newPage.set(oldPage.subarray(0, Math.min(length, newPage.length - pageOffset)), pageOffset);
    },
  ),
  zrun("zrun-at-most-4096", "Gives at most 4096 bytes of a zrun.", (reading) => {
    giveOld(reading, reading.pageOffset, reading.pageOffset + Math.min(reading.length, 4096));
  }),
  literal("xor-in-later-pairs", "Takes literals for XORs in every pair but the first.", (pairIndex) => {
    return (literal, oldByte) => (pairIndex === 0 ? literal : literal ^ oldByte);
  }),
  literal("sum", "Adds the literal to the old byte.", () => (literal, oldByte) => literal + oldByte),
  literal("or", "Sets the bits of the literal in the old byte.", () => (literal, oldByte) => literal | oldByte),
  literal("old-byte", "Keeps the old byte in an nzrun.", () => (_, oldByte) => oldByte),
  literal("00-kept", "Keeps the old byte where the literal is 00.", () => (literal, oldByte) => literal || oldByte),
  literal(
    "ff-kept",
    "Keeps the old byte where the literal is ff.",
    () => (literal, oldByte) => (literal === 0xff ? oldByte : literal),
  ),
  literal(
    "80-kept",
    "Keeps the old byte where the literal is 80.",
    () => (literal, oldByte) => (literal === 0x80 ? oldByte : literal),
  ),
  literal("7-bits", "Keeps seven bits of a literal.", () => (literal) => literal & 0x7f),
  literal(
    "signed",
    "Takes literals for signed, and makes those below 0 to 0.",
    () => (literal) => (literal < 0x80 ? literal : 0),
  ),
  literal("first-only", "Gives the first literal in the whole nzrun.", () => {
    let first = 0;
    return (literal, _, index) => {
      if (index === 0) first = literal;
      return first;
    };
  }),
  literal("ends-at-00", "Copies literals up to the first 00, as a text.", () => {
    let isOver = false;
    return (literal, oldByte) => {
      isOver ||= literal === 0;
      return isOver ? oldByte : literal;
    };
  }),
  atMost("last-lost", "Does not give the last literal of an nzrun.", (length) => length - 1),
  atMost("at-most-127", "Gives at most 127 literals of an nzrun.", (length) => Math.min(length, 127)),
  atMost("at-most-255", "Gives at most 255 literals of an nzrun.", (length) => Math.min(length, 255)),
  atMost("at-most-4095", "Gives at most 4095 literals of an nzrun.", (length) => Math.min(length, 4095)),
  atMost("at-most-4096", "Gives at most 4096 literals of an nzrun.", (length) => Math.min(length, 4096)),
  atMost("at-most-8191", "Gives at most 8191 literals of an nzrun.", (length) => Math.min(length, 8191)),
  atMost("words-of-8", "Gives whole words of eight literals, and not the rest of nine and more.", inWords(8)),
  atMost("words-of-16", "Gives whole vectors of 16 literals, and not the rest of 17 and more.", inWords(16)),
  atMost("words-of-32", "Gives whole vectors of 32 literals, and not the rest of 33 and more.", inWords(32)),
  atMost("words-of-64", "Gives whole vectors of 64 literals, and not the rest of 65 and more.", inWords(64)),
  beyond("rounds-up-to-8", "Copies literals in whole words of eight, over the bytes behind the run.", 8),
  beyond("rounds-up-to-16", "Copies literals in whole vectors of 16, over the bytes behind the run.", 16),
  beyond("rounds-up-to-64", "Copies literals in whole vectors of 64, over the bytes behind the run.", 64),
  {
    name: "last-of-page-lost",
    breaks: 6,
    what: "Does not give a literal for the page's last byte: off by one.",
    codec: decoding({
      giveNzrun(reading) {
        const { pageOffset, newPage } = reading;
        giveBytes(reading, (literal, oldByte, index) =>
          pageOffset + index === newPage.length - 1 ? oldByte : literal,
        );
      },
    }),
  },
  {
    name: "swapped-halves",
    breaks: 6,
    what: "Swaps the two bytes of each half word of literals, as on a machine of the other byte order.",
    codec: decoding({
      giveNzrun(reading) {
        const { delta, deltaOffset, length } = reading;
        giveBytes(reading, (literal, _, index) => {
          const isPaired = (index | 1) < length;
          return isPaired ? delta[deltaOffset + (index ^ 1)]! : literal;
        });
      },
    }),
  },
  tail("tail-one-short", "Does not give the last byte of the page after the last nzrun.", (reading) => {
    giveOld(reading, reading.pageOffset, reading.newPage.length - 1);
  }),
  tail("tail-one-late", "Does not give the first byte after the last nzrun.", (reading) => {
    giveOld(reading, reading.pageOffset + 1, reading.newPage.length);
  }),
  tail("tail-at-most-4096", "Gives the page up to offset 4096 after the last nzrun.", (reading) => {
    giveOld(reading, reading.pageOffset, Math.min(reading.newPage.length, 4096));
  }),
  tail("tail-at-most-16383", "Gives at most 16383 bytes after the last nzrun.", (reading) => {
    giveOld(reading, reading.pageOffset, reading.pageOffset + 16_383);
  }),
  tail("tail-in-words", "Gives whole words of eight bytes after the last nzrun, and not the rest.", (reading) => {
    const { pageOffset, newPage } = reading;
    giveOld(reading, pageOffset, pageOffset + ((newPage.length - pageOffset) & ~7));
  }),
  tail(
    "tail-from-start",
    "Gives the first bytes of the page after the last nzrun.",
    ({ oldPage, newPage, pageOffset }) => {
      newPage.set(oldPage.subarray(0, newPage.length - pageOffset), pageOffset);
    },
  ),
]);

function zrun(name: string, what: string, giveZrun: DecoderRules["giveZrun"]): Mistake {
  return { name, breaks: 5, what, codec: decoding({ giveZrun }) };
}

function tail(name: string, what: string, giveTail: DecoderRules["giveTail"]): Mistake {
  return { name, breaks: 7, what, codec: decoding({ giveTail }) };
}

/** A decoder that gives other bytes than the literals of an nzrun. */
function literal(name: string, what: string, bytesOf: (pairIndex: number) => ByteOf): Mistake {
  const codec = decoding({
    giveNzrun(reading) {
      giveBytes(reading, bytesOf(reading.pairIndex));
    },
  });
  return { name: `literal-${name}`, breaks: 6, what, codec };
}

/** A decoder that gives a part of the literals of an nzrun, and old bytes in the place of the others. */
function atMost(name: string, what: string, countOf: (length: number) => number): Mistake {
  const codec = decoding({
    giveNzrun(reading) {
      const count = countOf(reading.length);
      giveBytes(reading, (literal, oldByte, index) => (index < count ? literal : oldByte));
    },
  });
  return { name: `literals-${name}`, breaks: 6, what, codec };
}

function inWords(wordSize: number): (length: number) => number {
  return (length) => (length < wordSize ? length : length - (length % wordSize));
}

/** A decoder in place that writes past an nzrun, where page and delta have room. */
function beyond(name: string, what: string, wordSize: number): Mistake {
  const codec = decoding({
    begins({ oldPage, newPage }) {
      newPage.set(oldPage);
      return "go on";
    },
    giveZrun: () => {},
    giveNzrun(reading) {
      const whole = Math.ceil(reading.length / wordSize) * wordSize;
      const hasRoom = reading.deltaOffset + whole <= reading.delta.length;
      giveBytes(hasRoom ? { ...reading, length: whole } : reading, (literal) => literal);
    },
    giveTail: () => {},
  });
  return { name, breaks: 5, what, codec };
}
