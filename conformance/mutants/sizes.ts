/** Mistakes with large pages and odd ones: offsets and sizes in too few bits, and pages that are not looked at as a whole. */

import type { Answer } from "../protocol.ts";
import { DECODER, decodeBy, giveBytes, giveOld, type Reading } from "./decoder.ts";
import { ENCODER, overflow } from "./encoder.ts";
import { type Codec, decoding, encoding, type Mistake, PLAIN, theme } from "./mutant.ts";

/** The mutants of the theme. */
export const sizes = theme("sizes", [
  ...[4096, 8192, 16_384, 32_768, 65_535].map((most) =>
    lookingAt(`first-${most}`, `Compares the first ${most} bytes of a page.`, (pageSize) => Math.min(pageSize, most)),
  ),
  lookingAt("16-bits", "Keeps the page size in 16 bits: 65536 is 0.", (pageSize) => pageSize & 0xffff),
  lookingAt("signed-16-bits", "Keeps the page size in a signed number of 16 bits.", (pageSize) => {
    return Math.max(0, (pageSize << 16) >> 16);
  }),
  lookingAt(
    "negative-16-bits",
    "Takes page sizes from 32768 to 65535 for negative, and 65536 for what it is.",
    (pageSize) => {
      return 32_768 <= pageSize && pageSize < 65_536 ? 0 : pageSize;
    },
  ),
  lookingAt("even", "Compares an even number of bytes.", (pageSize) => pageSize & ~1),
  ...[4096, 16_383, 32_767, 65_535].map((most) =>
    overflowing(
      `over-${most}`,
      `Reports overflow for pages of more than ${most} bytes.`,
      (pageSize) => most < pageSize,
    ),
  ),
  overflowing(
    "not-of-words",
    "Reports overflow for pages whose size is no multiple of eight.",
    (pageSize) => pageSize % 8 !== 0,
  ),
  overflowing("not-4096", "Reports overflow for pages of another size than 4096.", (pageSize) => pageSize !== 4096),
  overflowing("of-1", "Reports overflow for pages of one byte.", (pageSize) => pageSize === 1),
  ...[255, 256, 4095, 4096, 8191, 16_383, 16_384, 32_767, 32_768, 65_535].map(
    (lost): Mistake => ({
      name: `encode-byte-${lost}`,
      breaks: 21,
      what: `Loses a change of the byte at page offset ${lost}.`,
      codec: encoding({
        nextChanged(oldPage, newPage, from) {
          const offset = ENCODER.nextChanged(oldPage, newPage, from);
          return offset === lost ? ENCODER.nextChanged(oldPage, newPage, lost + 1) : offset;
        },
      }),
    }),
  ),
  ...[255, 256, 4095, 4096, 16_384, 32_768, 65_535, 65_536].map(
    (lost): Mistake => ({
      name: `delta-byte-${lost}`,
      breaks: 23,
      what: `Writes the delta's byte ${lost} as 00.`,
      codec: () => ({
        encode: (request) => withoutByte(PLAIN.encode(request), lost),
        decode: PLAIN.decode,
      }),
    }),
  ),
  ...[4096, 16_384, 32_768, 65_535].map((lost) =>
    losing(`decode-byte-${lost}`, `for page offset ${lost}`, ({ pageOffset }) => lost - pageOffset),
  ),
  ...[256, 4096, 32_768, 65_536].map((lost) =>
    losing(`decode-delta-byte-${lost}`, `at delta byte ${lost}`, ({ deltaOffset }) => lost - deltaOffset),
  ),
  {
    name: "decode-first-4096",
    breaks: 7,
    what: "Gives 4096 bytes of a page, and zeros behind them.",
    codec: () => ({
      encode: PLAIN.encode,
      decode: (request) => zeroed(PLAIN.decode(request), 4096),
    }),
  },
  decodingPage(
    "decode-page-16-bits",
    "Keeps the page size in 16 bits: a page of 65536 has no room.",
    (pageSize) => pageSize & 0xffff,
  ),
  decodingPage(
    "decode-page-signed",
    "Keeps the page size in a signed number of 16 bits.",
    (pageSize) => (pageSize << 16) >> 16,
  ),
  {
    name: "decode-offset-signed",
    breaks: 6,
    what: "Keeps the page offset in a signed number of 16 bits, and writes in front of the page from 32768 on.",
    codec: decoding({
      giveNzrun(reading) {
        if (reading.pageOffset < 32_768) DECODER.giveNzrun(reading);
        else giveOld(reading, reading.pageOffset, reading.pageOffset + reading.length);
      },
    }),
  },
  decodingDelta("decode-delta-16-bits", "Keeps the delta's size in 16 bits.", (size) => size & 0xffff),
  decodingDelta(
    "decode-delta-signed",
    "Takes a delta of more than 32767 bytes for empty, as its size is negative.",
    (size) => {
      return Math.max(0, (size << 16) >> 16);
    },
  ),
]);

/** A decoder that leaves the old byte in the place of the literal with an index in its nzrun. */
function losing(name: string, where: string, indexIn: (reading: Reading) => number): Mistake {
  const codec = decoding({
    giveNzrun(reading) {
      const index = indexIn(reading);
      giveBytes(reading, (literal, oldByte, at) => (at === index ? oldByte : literal));
    },
  });
  return { name, breaks: 6, what: `Loses a literal ${where}.`, codec };
}

/** An encoder that compares a part of the page. */
function lookingAt(name: string, what: string, lookedAt: (pageSize: number) => number): Mistake {
  const codec: () => Codec = () => ({
    encode(request) {
      const end = lookedAt(request.newPage.length);
      const [oldPage, newPage] = [request.oldPage.subarray(0, end), request.newPage.subarray(0, end)];
      return PLAIN.encode({ ...request, oldPage, newPage });
    },
    decode: PLAIN.decode,
  });
  return { name: `encode-${name}`, breaks: 21, what, codec };
}

function overflowing(name: string, what: string, isRefused: (pageSize: number) => boolean): Mistake {
  const codec = encoding({ begins: ({ newPage }) => (isRefused(newPage.length) ? overflow() : undefined) });
  return { name: `overflow-${name}`, breaks: 27, what, codec };
}

function withoutByte(answer: Answer, offset: number): Answer {
  if (answer.kind !== "delta" || answer.delta.length <= offset) return answer;
  const delta = Uint8Array.from(answer.delta);
  delta[offset] = 0;
  return { kind: "delta", delta };
}

function zeroed(answer: Answer, from: number): Answer {
  if (answer.kind !== "page" || answer.page.length <= from) return answer;
  return { kind: "page", page: Uint8Array.from(answer.page).fill(0, from) };
}

/** A decoder that compares runs with another page size. */
function decodingPage(name: string, what: string, taken: (pageSize: number) => number): Mistake {
  const codec = decoding({
    afterPair: ({ pageOffset, oldPage }) => (taken(oldPage.length) < pageOffset ? "refuse" : "go on"),
  });
  return { name, breaks: 8, what, codec };
}

/** A decoder that takes the delta for one of another size. */
function decodingDelta(name: string, what: string, taken: (deltaSize: number) => number): Mistake {
  const codec: () => Codec = () => ({
    encode: PLAIN.encode,
    decode: ({ oldPage, delta }) => decodeBy(DECODER, oldPage, delta.subarray(0, taken(delta.length))),
  });
  return { name, breaks: 8, what, codec };
}
