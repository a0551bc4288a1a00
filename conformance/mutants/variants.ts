/**
 * Legal variants: implementations that differ from the plain one in what the chapter leaves open. The suite must not kill
 * them: each meets every MUST, and some break a SHOULD.
 */

import type { Level } from "../harness/case.ts";
import { ENCODER, longLength, MAX_RUN_LENGTH } from "./encoder.ts";
import { type Codec, decoding, encoding, PLAIN, preferring, resorting } from "./mutant.ts";
import { merging } from "./shapes.ts";

/** An implementation that conforms. */
export interface Variant {
  readonly id: string;
  /** The requirement that leaves it open. */
  readonly allowedBy: string;
  /** The highest level at which it conforms. */
  readonly level: Level;
  /** A sentence: what is different. */
  readonly what: string;
  readonly codec: () => Codec;
}

/** All legal variants. */
export const VARIANTS: readonly Variant[] = [
  variant("plain", 23, "recommended", "Writes the canonical delta, and bridges.", () => PLAIN),
  variant(
    "refuses-longer-forms",
    3,
    "recommended",
    "Refuses a length in a longer form.",
    decoding({ longerForm: () => "refuse" }),
  ),
  variant(
    "refuses-empty-delta",
    10,
    "recommended",
    "Refuses an empty delta.",
    decoding({ begins: ({ delta }) => (delta.length === 0 ? "refuse" : "go on") }),
  ),
  variant(
    "decodes-in-place",
    11,
    "recommended",
    "Changes the old page in place, and leaves it half changed where it refuses.",
    decoding({
      begins({ oldPage, newPage }) {
        newPage.set(oldPage);
        return "go on";
      },
      giveZrun: () => {},
      giveTail: () => {},
    }),
  ),
  variant(
    "two-to-spare-behind",
    28,
    "recommended",
    "Reports overflow unless there are two bytes to spare behind the delta.",
    encoding({ hasRoom: (byteCount, writing, piece) => ENCODER.hasRoom(byteCount + 2, writing, piece) }),
  ),
  variant(
    "two-to-spare-before-lengths",
    28,
    "recommended",
    "Asks for two free bytes before each length, as QEMU does.",
    encoding({
      hasRoom: (byteCount, writing, piece) => ENCODER.hasRoom(piece === "literals" ? byteCount : 2, writing, piece),
    }),
  ),
  variant(
    "three-to-spare-before-lengths",
    28,
    "recommended",
    "Asks for three bytes more than a length: a literal and two bytes to spare have to follow it in any case.",
    encoding({
      hasRoom: (byteCount, writing, piece) =>
        ENCODER.hasRoom(piece === "literals" ? byteCount : byteCount + 3, writing, piece),
    }),
  ),
  variant(
    "two-for-equal-pages",
    28,
    "recommended",
    "Reports overflow for equal pages where the capacity is 0 or 1.",
    encoding({ whenEqual: ({ capacity }) => ({ kind: capacity < 2 ? "overflow" : "unchanged" }) }),
  ),
  variant(
    "overflows-on-long-zruns",
    31,
    "recommended",
    "Reports overflow for a zrun of more than 16383 bytes before the last changed byte.",
    encoding({ shape: (found) => found, canSay: (length) => length <= MAX_RUN_LENGTH }),
  ),
  variant(
    "longer-forms",
    4,
    "required",
    "Writes lengths in two bytes where there is room.",
    preferring({ lengthBytes: longLength }),
  ),
  variant(
    "bridges-always",
    25,
    "required",
    "Writes one equal byte in each zrun over 4000.",
    preferring({ shape: bridgingEarly }),
  ),
  variant(
    "merges-gaps",
    25,
    "required",
    "Merges gaps of up to seven bytes.",
    preferring({ shape: merging((gap) => gap < 8) }),
  ),
  variant(
    "compact",
    29,
    "required",
    "Merges gaps of one byte wherever that is shorter, and so fits where the canonical delta does not.",
    resortingAndPreferring(),
  ),
];

function variant(id: string, allowing: number, level: Level, what: string, codec: () => Codec): Variant {
  return { id, allowedBy: `DELTA-${allowing}`, level, what, codec };
}

function bridgingEarly(found: Parameters<typeof ENCODER.shape>[0]): ReturnType<typeof ENCODER.shape> {
  let end = 0;
  return found.flatMap((run) => {
    const runs = [];
    for (; 4000 < run.from - end; end += 4000) runs.push({ from: end + 3999, to: end + 4000 });
    end = run.to;
    return [...runs, run];
  });
}

function resortingAndPreferring(): () => Codec {
  const shape = merging((gap) => gap === 1);
  const [prefers, resorts] = [preferring({ shape })(), resorting({ shape })()];
  return () => ({
    encode(request) {
      const preferred = prefers.encode(request);
      return preferred.kind === "overflow" ? resorts.encode(request) : preferred;
    },
    decode: PLAIN.decode,
  });
}
