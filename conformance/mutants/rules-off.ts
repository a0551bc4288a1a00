/**
 * The rules switched off: for each requirement the one mutant that breaks it and no other rule, as far as that can be.
 * A vector that this mutant fails, and no other mutant of this table, is an *isolating* vector of the requirement.
 */

import { DECODER, decodeBy, giveBytes, giveOld, leftInDelta, type Reading } from "./decoder.ts";
import { ENCODER, encodeBy, longLength, MAX_RUN_LENGTH, overflow, put } from "./encoder.ts";
import { type Codec, checking, decoding, encoding, type Mutant, PLAIN, preferring, resorting } from "./mutant.ts";
import { merging } from "./shapes.ts";

/** A mutant with a requirement switched off. */
export interface RuleOff extends Mutant {
  /** Why it is this mistake, where the rule as a whole could not be switched off alone. */
  readonly reason?: string;
}

/** One for each requirement, in their order. */
export const RULES_OFF: readonly RuleOff[] = [
  off(1, "Takes a first byte of 40 to 7f for the first of two.", decoding({ isShort: (first) => first < 0x40 }), {
    reason: "Every delta has a length: without all short lengths a decoder fails every vector but those of long ones.",
  }),
  off(
    2,
    "Reads the high seven bits of a length of two bytes first.",
    decoding({ longLength: (first, second) => (first & 0x7f) * 128 + second }),
  ),
  off(
    3,
    "Takes a longer form for 128 more than it says, as if no value had two forms.",
    decoding({ longLength: (first, second) => (first & 0x7f) + 128 * (second === 0 ? 1 : second) }),
    { reason: "To refuse or not is free (MAY). What binds is the value that a decoder takes if it does not refuse." },
  ),
  off(4, "Writes every length in two bytes, where there is room for that.", preferring({ lengthBytes: longLength })),
  off(5, "Gives zeros in a zrun.", decoding({ giveZrun: () => {} })),
  off(
    6,
    "Takes the literal for the XOR of the old and the new byte.",
    decoding({ giveNzrun: (reading) => giveBytes(reading, (literal, oldByte) => literal ^ oldByte) }),
  ),
  off(
    7,
    "Gives zeros after the last nzrun.",
    decoding({
      giveTail(reading) {
        if (reading.pairIndex === 0) DECODER.giveTail(reading);
      },
    }),
  ),
  off(
    8,
    "Refuses a delta that is longer than the page.",
    decoding({ begins: ({ delta, oldPage }) => (oldPage.length < delta.length ? "refuse" : "go on") }),
    { reason: "A decoder that accepts nothing fails every vector of a well-formed delta." },
  ),
  off(
    9,
    "Refuses every zrun of length 0, the first too.",
    checking({ "zrun-empty": ({ length }) => (length === 0 ? "refuse" : "go on") }),
  ),
  off(
    10,
    "Gives a page of zeros for an empty delta.",
    decoding({
      giveTail: (reading) => {
        if (0 < reading.delta.length) DECODER.giveTail(reading);
      },
    }),
    { reason: "To refuse or not is free (MAY). What binds is the page that a decoder gives if it does not refuse." },
  ),
  off(11, "Applies the next delta to the page as a refusal has left it.", goingOnWithRefusedPage, {
    reason: "The state is one that only a refusal leaves, and only for the next page of the same size.",
  }),
  off(12, "Reads the second byte of a length that is cut off from behind the delta.", unchecked("length-truncated")),
  off(
    13,
    "Drops the high bit of the second byte of a length.",
    checking({
      "length-too-long": (reading) => {
        reading.length &= MAX_RUN_LENGTH;
        return "go on";
      },
    }),
  ),
  off(14, "Accepts an empty zrun anywhere.", unchecked("zrun-empty")),
  off(15, "Does not check that a zrun ends within the page.", unchecked("zrun-past-page"), {
    reason: "What is left wraps, as an unsigned number does: the check of the nzrun behind would find the same fault.",
  }),
  off(
    16,
    "Takes a delta for ended after a zrun.",
    checking({ "zrun-unpaired": (reading) => (leftInDelta(reading) === 0 ? "end" : "go on") }),
    { reason: "A decoder that reads on finds a length of 0 behind the delta, and refuses an empty nzrun (DELTA-17)." },
  ),
  off(17, "Accepts an empty nzrun.", unchecked("nzrun-empty")),
  off(18, "Does not check that an nzrun ends within the page.", unchecked("nzrun-past-page")),
  off(19, "Reads literals that are cut off from behind the delta.", unchecked("nzrun-truncated")),
  off(20, "Reports overflow for equal pages: it has no delta.", encoding({ whenEqual: overflow })),
  off(
    21,
    "Compares sums of 8 bits: pages whose bytes have one sum are unchanged.",
    encoding({ begins: ({ oldPage, newPage }) => (sum(oldPage) === sum(newPage) ? { kind: "unchanged" } : undefined) }),
    { reason: "An encoder that finds no change fails every vector that has one." },
  ),
  off(
    22,
    "Writes the zrun after the last nzrun.",
    encoding({
      ends(writing, pageOffset) {
        const { newPage, capacity } = writing.request;
        const length = newPage.length - pageOffset;
        const bytes = ENCODER.lengthBytes(length, "zrun", writing);
        const isWritten = 0 < length && length <= MAX_RUN_LENGTH && writing.used + bytes.length <= capacity;
        if (isWritten) put(writing, bytes);
      },
    }),
  ),
  off(
    23,
    "Writes the XOR of the old and the new bytes as literals.",
    encoding({
      literals: ({ from, to }, { oldPage, newPage }) =>
        newPage.slice(from, to).map((byte, index) => byte ^ oldPage[from + index]!),
    }),
  ),
  off(24, "Adds the zrun at which a delta overflowed to the first zrun of the next.", keepingZrun),
  off(25, "Merges gaps of up to 200 unchanged bytes into the literals.", preferring({ shape: merging(isShortGap) }), {
    reason:
      "It does so only where the canonical delta fits, or it would break DELTA-29 too; and also over gaps that need a " +
      "length of two bytes, so that there are vectors which the mutant of DELTA-4 answers right.",
  }),
  off(
    26,
    "Asks for room for lengths, and for literals never.",
    encoding({
      hasRoom: (byteCount, writing, piece) => piece === "literals" || ENCODER.hasRoom(byteCount, writing, piece),
    }),
    { reason: "An encoder that never asks answers no vector of DELTA-29 right: every capacity there is less than N." },
  ),
  off(
    27,
    "Asks for three free bytes more than it writes.",
    encoding({ hasRoom: (byteCount, writing, piece) => ENCODER.hasRoom(byteCount + 3, writing, piece) }),
  ),
  off(28, "Leaves the last byte out where there are not two bytes to spare.", cuttingTightDeltas, {
    reason:
      "It is a MAY: both outcomes are right, and the legal variants in variants.ts give each of them. Switched off is that " +
      "there are only those two.",
  }),
  off(29, "Merges gaps where the canonical delta does not fit.", resorting({ shape: merging(isShortGap) })),
  off(
    30,
    "Writes an nzrun of more than 16383 bytes with a length of three bytes.",
    encoding({ canSay: (length, piece) => piece === "nzrun" || length <= MAX_RUN_LENGTH, lengthBytes: anyLength }),
  ),
  off(
    31,
    "Writes a zrun of more than 16383 bytes with a length of three bytes.",
    encoding({
      shape: (found) => found,
      canSay: (length, piece) => piece === "zrun" || length <= MAX_RUN_LENGTH,
      lengthBytes: anyLength,
    }),
    { reason: "To report overflow or not is free (MAY). What binds is that an encoder that does not has to bridge." },
  ),
];

function off(requirement: number, what: string, codec: () => Codec, why: { reason?: string } = {}): RuleOff {
  const id = `DELTA-${requirement}`;
  return { id: `rules-off/${id}`, breaks: id, what, codec, ...why };
}

function unchecked(fault: keyof typeof DECODER.faults): () => Codec {
  return checking({ [fault]: () => "go on" });
}

function isShortGap(gap: number): boolean {
  return gap <= 200;
}

function sum(page: Uint8Array): number {
  return page.reduce((total, byte) => (total + byte) & 0xff, 0);
}

function anyLength(length: number): readonly number[] {
  if (length < 0x80) return [length];
  return length <= MAX_RUN_LENGTH ? longLength(length) : [(length & 0x7f) | 0x80, (length >> 7) | 0x80, length >> 14];
}

function goingOnWithRefusedPage(): Codec {
  let reading: Reading | undefined;
  let refused: Uint8Array | undefined;
  const rules: typeof DECODER = {
    ...DECODER,
    begins(begun) {
      reading = begun;
      return "go on";
    },
  };
  return {
    encode: PLAIN.encode,
    decode({ oldPage, delta }) {
      const page = refused?.length === oldPage.length ? refused : oldPage;
      const answer = decodeBy(rules, page, delta);
      refused = undefined;
      if (answer.kind === "malformed" && reading) {
        giveOld(reading, reading.pageOffset, page.length);
        refused = reading.newPage;
      }
      return answer;
    },
  };
}

function keepingZrun(): Codec {
  let kept = 0;
  let zrun = 0;
  const rules: typeof ENCODER = {
    ...ENCODER,
    zrunLength({ from }, previousEnd) {
      zrun = from - previousEnd + kept;
      kept = 0;
      return zrun;
    },
    whenFull() {
      kept = zrun;
      return overflow();
    },
  };
  return { encode: (request) => encodeBy(rules, request), decode: PLAIN.decode };
}

function cuttingTightDeltas(): Codec {
  return {
    encode(request) {
      const answer = PLAIN.encode(request);
      const isTight = answer.kind === "delta" && request.capacity < answer.delta.length + 2;
      return isTight ? { kind: "delta", delta: answer.delta.subarray(0, -1) } : answer;
    },
    decode: PLAIN.decode,
  };
}
