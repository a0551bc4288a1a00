/** Mistakes of encoders that write lengths: DELTA-4, DELTA-22, DELTA-23, and where the greatest length is. */

import { ENCODER, type EncoderRules, longLength, MAX_RUN_LENGTH, type Piece } from "./encoder.ts";
import { encoding, type Mistake, preferring, theme } from "./mutant.ts";

/** The mutants of the theme. */
export const writingLengths = theme("writing-lengths", [
  longer("127", "Writes 127 in two bytes: off by one.", (length) => length === 127),
  longer("64", "Writes 64 to 127 in two bytes, as for a signed number.", (length) => 64 <= length),
  longer("zrun", "Writes every zrun's length in two bytes.", (_, piece) => piece === "zrun"),
  longer("nzrun", "Writes every nzrun's length in two bytes.", (_, piece) => piece === "nzrun"),
  longer("empty-zrun", "Writes the empty first zrun as 80 00.", (length) => length === 0),
  longer("later-127", "Writes 127 in two bytes, in later pairs only.", (length, _, { pairIndex }) => {
    return length === 127 && 0 < pairIndex;
  }),
  shorter("128", "Writes 128 in one byte: off by one.", (length) => length <= 128),
  shorter("zrun-128", "Writes a zrun's 128 in one byte.", (length, piece) => length <= 128 && piece === "zrun"),
  shorter("nzrun-128", "Writes an nzrun's 128 in one byte.", (length, piece) => length <= 128 && piece === "nzrun"),
  shorter("later-128", "Writes 128 in one byte, in later pairs only.", (length, _, { pairIndex }) => {
    return length <= 128 && 0 < pairIndex;
  }),
  shorter("255", "Writes lengths up to 255 in one byte.", (length) => length <= 255),
  written("8-bits", "Keeps a length in 8 bits.", (length, ...rest) => ENCODER.lengthBytes(length & 0xff, ...rest)),
  written("zrun-8-bits", "Keeps a zrun's length in 8 bits.", (length, piece, writing) => {
    return ENCODER.lengthBytes(piece === "zrun" ? length & 0xff : length, piece, writing);
  }),
  written("12-bits", "Keeps a length in 12 bits.", (length, ...rest) => ENCODER.lengthBytes(length & 0xfff, ...rest)),
  written("13-bits", "Keeps a length in 13 bits.", (length, ...rest) => ENCODER.lengthBytes(length & 0x1fff, ...rest)),
  long("shift-8", "Writes the bits from the eighth on as the second byte.", (length) => [
    0x80 | (length & 0x7f),
    (length >> 8) & 0x7f,
  ]),
  long("shift-6", "Writes the bits from the sixth on as the second byte.", (length) => [
    0x80 | (length & 0x7f),
    (length >> 6) & 0x7f,
  ]),
  long("high-first", "Writes the high seven bits first.", (length) => [0x80 | (length >> 7), length & 0x7f]),
  long("no-flag", "Leaves out the high bit of the first byte.", (length) => [length & 0x7f, length >> 7]),
  long("both-flags", "Sets the high bit of both bytes.", (length) => [0x80 | (length & 0x7f), 0x80 | (length >> 7)]),
  long("signed", "Writes signed LEB128: a third byte of 00 from 8192 on.", (length) => {
    return length < 8192 ? longLength(length) : [0x80 | (length & 0x7f), 0x80 | (length >> 7), 0];
  }),
  long("second-left-out", "Leaves out a second byte where the low seven bits are 0.", (length) => {
    return (length & 0x7f) === 0 ? [length >> 7] : longLength(length);
  }),
  long("minus-1-at-256", "Writes 256 as 255.", (length) => longLength(length === 256 ? 255 : length)),
  long("minus-1-at-16383", "Writes 16383 as 16382.", (length) => longLength(Math.min(length, 16_382))),
  greatest("zrun-16382", 27, "Takes a zrun of 16383 for too long: off by one.", { zrun: 16_382 }),
  greatest("nzrun-16382", 27, "Takes an nzrun of 16383 for too long: off by one.", { nzrun: 16_382 }),
  greatest("8191", 27, "Takes 8191 for the greatest length.", { zrun: 8191, nzrun: 8191 }),
  greatest("4095", 27, "Takes 4095 for the greatest length.", { zrun: 4095, nzrun: 4095 }),
  greatest("4096", 27, "Takes 4096, the usual page size, for the greatest length.", { zrun: 4096, nzrun: 4096 }),
  greatest("zrun-16384", 22, "Takes 16384 for the greatest zrun: off by one.", { zrun: 16_384 }),
  greatest("nzrun-16384", 30, "Takes 16384 for the greatest nzrun: off by one.", { nzrun: 16_384 }),
  {
    name: "14-bits-of-nzrun",
    breaks: 30,
    what: "Cuts the length of a long nzrun to 14 bits, and writes all its literals.",
    codec: encoding({
      canSay: (length, piece) => piece === "nzrun" || length <= MAX_RUN_LENGTH,
      lengthBytes: (length, ...rest) => ENCODER.lengthBytes(length & MAX_RUN_LENGTH, ...rest),
    }),
  },
  {
    name: "14-bits-of-zrun",
    breaks: 31,
    what: "Cuts the length of a long zrun to 14 bits.",
    codec: encoding({
      shape: (found) => found,
      canSay: (length, piece) => piece === "zrun" || length <= MAX_RUN_LENGTH,
      lengthBytes: (length, ...rest) => ENCODER.lengthBytes(length & MAX_RUN_LENGTH, ...rest),
    }),
  },
]);

/** An encoder that writes some short lengths in two bytes, where there is room. */
function longer(
  name: string,
  what: string,
  isLong: (...asked: Parameters<EncoderRules["lengthBytes"]>) => boolean,
): Mistake {
  const lengthBytes: EncoderRules["lengthBytes"] = (...asked) => {
    return isLong(...asked) ? longLength(asked[0]) : ENCODER.lengthBytes(...asked);
  };
  return { name: `long-${name}`, breaks: 4, what, codec: preferring({ lengthBytes }) };
}

function shorter(
  name: string,
  what: string,
  isShort: (...asked: Parameters<EncoderRules["lengthBytes"]>) => boolean,
): Mistake {
  return written(`short-${name}`, what, (...asked) => (isShort(...asked) ? [asked[0]] : ENCODER.lengthBytes(...asked)));
}

function written(name: string, what: string, lengthBytes: EncoderRules["lengthBytes"]): Mistake {
  return { name, breaks: 23, what, codec: encoding({ lengthBytes }) };
}

/** An encoder that writes lengths from 128 on in another way. */
function long(name: string, what: string, bytesOf: (length: number) => readonly number[]): Mistake {
  return written(`long-${name}`, what, (length, ...rest) => {
    return length < 0x80 ? ENCODER.lengthBytes(length, ...rest) : bytesOf(length);
  });
}

function greatest(name: string, breaks: number, what: string, most: Partial<Record<Piece, number>>): Mistake {
  const codec = encoding({
    canSay: (length, piece) => length <= (most[piece] ?? MAX_RUN_LENGTH),
    ...(most.zrun === 16_384 && { shape: (found) => found }),
  });
  return { name: `greatest-${name}`, breaks, what, codec };
}
