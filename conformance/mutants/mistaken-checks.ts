/** Checks that are there and wrong: off by one, compared with the wrong number, with sums that wrap, or answered with a guess. */

import type { DeltaFault } from "../../reference/index.ts";
import {
  DECODER,
  faultNumber,
  leftInDelta,
  leftInPage,
  type Reading,
  refuseIf,
  type Step,
  takeByte,
} from "./decoder.ts";
import { checking, decoding, type Mistake, theme } from "./mutant.ts";

/** The mutants of the theme. */
export const mistakenChecks = theme("mistaken-checks", [
  check(
    "length-truncated",
    "ends",
    "Takes a delta for ended at a length that is cut off.",
    ifFound("length-truncated", end),
  ),
  check("length-too-long", "three-bytes", "Reads lengths of three bytes.", readMoreBytes(3, 0x1fffff)),
  check(
    "length-too-long",
    "any-bytes",
    "Reads lengths of any number of bytes, in 32 bits.",
    readMoreBytes(9, 0xffffffff),
  ),
  check(
    "length-too-long",
    "16-bits",
    "Reads lengths of any number of bytes, and keeps 16 bits.",
    readMoreBytes(9, 0xffff),
  ),
  check(
    "length-too-long",
    "14-bits",
    "Reads lengths of any number of bytes, and keeps 14 bits.",
    readMoreBytes(9, 0x3fff),
  ),
  check("length-too-long", "flag-counts", "Counts the high bit of the second byte.", () => "go on"),
  check("length-too-long", "above-80", "Refuses a second byte over 80: off by one.", (reading) => {
    if (lastByte(reading) === 0x80) reading.length &= 0x3fff;
    return refuseIf(0x80 < lastByte(reading));
  }),
  check("length-too-long", "only-ff", "Refuses a second byte of ff only.", (reading) => {
    reading.length &= 0x3fff;
    return refuseIf(lastByte(reading) === 0xff);
  }),
  check(
    "zrun-empty",
    "short-only",
    "Looks for a byte of 00, and does not see 80 00.",
    ({ length, lengthByteCount, pairIndex }) => {
      return refuseIf(length === 0 && lengthByteCount === 1 && 0 < pairIndex);
    },
  ),
  check("zrun-empty", "ends", "Takes an empty zrun for the end of the delta.", ifFound("zrun-empty", end)),
  check("zrun-empty", "second-only", "Looks for an empty zrun in the second pair only.", ({ length, pairIndex }) => {
    return refuseIf(length === 0 && pairIndex === 1);
  }),
  check(
    "zrun-empty",
    "at-page-start",
    "Allows an empty zrun where the pairs before cover one byte only.",
    (reading) => {
      return refuseIf(reading.length === 0 && 1 < reading.pageOffset);
    },
  ),
  {
    name: "zrun-empty-padding",
    breaks: 14,
    what: "Takes zeros up to the end of the delta for padding.",
    codec: decoding({ goesOn: ({ delta, deltaOffset, pairIndex }) => isRestOfDelta(delta, deltaOffset, pairIndex) }),
  },
  ...pastPage("zrun", 15),
  ...pastPage("nzrun", 18),
  {
    name: "past-page-clamped",
    breaks: 15,
    what: "Cuts runs of both kinds to the page, and leaves out the literals behind it.",
    codec: checking({
      "zrun-past-page"(reading) {
        reading.length = Math.min(reading.length, leftInPage(reading));
        return "go on";
      },
      "nzrun-past-page": () => "go on",
    }),
  },
  check(
    "zrun-past-page",
    "leaves-one",
    "Refuses a zrun that leaves one byte of the page: off by one.",
    (reading) => {
      return refuseIf(leftInPage(reading) <= reading.length + 1 && 0 < reading.length);
    },
    8,
  ),
  check(
    "nzrun-past-page",
    "fills-page",
    "Refuses an nzrun up to the page's end: off by one.",
    (reading) => {
      return refuseIf(leftInPage(reading) <= reading.length);
    },
    8,
  ),
  check("zrun-unpaired", "ends-unless-00", "Takes a delta for ended after a zrun, unless it is empty.", (reading) => {
    if (0 < leftInDelta(reading)) return "go on";
    return 0 < reading.length ? "end" : "refuse";
  }),
  check("zrun-unpaired", "ends-at-page-end", "Accepts a last zrun that ends with the page.", (reading) => {
    if (0 < leftInDelta(reading)) return "go on";
    return leftInPage(reading) === reading.length ? "end" : "refuse";
  }),
  check("zrun-unpaired", "00-alone", "Accepts a delta that is one byte of 00.", (reading) => {
    if (0 < leftInDelta(reading)) return "go on";
    return reading.delta.length === 1 && reading.length === 0 ? "end" : "refuse";
  }),
  check(
    "nzrun-empty",
    "short-only",
    "Looks for a byte of 00, and does not see 80 00.",
    ({ length, lengthByteCount }) => {
      return refuseIf(length === 0 && lengthByteCount === 1);
    },
  ),
  check("nzrun-empty", "ends", "Takes an empty nzrun for the end of the delta.", ifFound("nzrun-empty", end)),
  check("nzrun-empty", "is-the-rest", "Takes an empty nzrun for all literals that are left.", (reading) => {
    if (reading.length === 0) reading.length = Math.min(leftInDelta(reading), leftInPage(reading));
    return "go on";
  }),
  check("nzrun-truncated", "one-short", "Accepts an nzrun that lacks one literal: off by one.", (reading) => {
    return refuseIf(leftInDelta(reading) + 1 < reading.length);
  }),
  check("nzrun-truncated", "clamped", "Gives the literals that are there.", (reading) => {
    reading.length = Math.min(reading.length, leftInDelta(reading));
    return "go on";
  }),
  check(
    "nzrun-truncated",
    "ends",
    "Takes a delta for ended at an nzrun that is cut off.",
    ifFound("nzrun-truncated", end),
  ),
  check(
    "nzrun-truncated",
    "whole-delta",
    "Compares an nzrun with the size of the whole delta.",
    ({ length, delta }) => {
      return refuseIf(delta.length < length);
    },
  ),
  check(
    "nzrun-truncated",
    "with-length",
    "Counts the length's own bytes among the literals that are left.",
    (reading) => {
      return refuseIf(reading.delta.length - reading.lengthOffset < reading.length);
    },
  ),
  check("nzrun-truncated", "8-bits", "Compares the number of missing literals in 8 bits.", (reading) => {
    return refuseIf(leftInDelta(reading) < reading.length && ((reading.length - leftInDelta(reading)) & 0xff) !== 0);
  }),
  check("nzrun-truncated", "16-bits", "Adds the length to the delta offset in 16 bits.", (reading) => {
    return refuseIf(reading.delta.length < ((reading.deltaOffset + reading.length) & 0xffff));
  }),
  check(
    "nzrun-truncated",
    "fills-delta",
    "Refuses an nzrun that ends with the delta: off by one.",
    (reading) => {
      return refuseIf(leftInDelta(reading) <= reading.length);
    },
    8,
  ),
  stopping(
    "full-page",
    "Stops where the page is full, whatever follows in the delta.",
    (reading) => leftInPage(reading) === 0,
  ),
  stopping("one-byte-left", "Stops where one byte of the delta is left.", (reading) => leftInDelta(reading) < 2),
  stopping(
    "two-bytes-left",
    "Stops where two bytes of the delta are left: no pair has fewer than three.",
    (reading) => {
      return leftInDelta(reading) < 3;
    },
  ),
]);

function check(
  fault: DeltaFault,
  name: string,
  what: string,
  step: (reading: Reading) => Step,
  breaks = faultNumber(fault),
): Mistake {
  return { name: `${fault}-${name}`, breaks, what, codec: checking({ [fault]: step }) };
}

/** Mistakes that the checks of both kinds of run share. */
function pastPage(kind: "zrun" | "nzrun", breaks: number): Mistake[] {
  const fault = `${kind}-past-page` as const;
  const end = ({ pageOffset, length }: Reading) => pageOffset + length;
  const one = kind === "zrun" ? "A zrun" : "An nzrun";
  return [
    check(fault, "off-by-one", `${one} may end one byte past the page: off by one.`, (reading) => {
      return refuseIf(leftInPage(reading) + 1 < reading.length);
    }),
    check(
      fault,
      "ends",
      `${one} past the page ends the delta.`,
      ifFound(fault, () => "end"),
    ),
    check(fault, "8-bits", `${one}'s end is added up in 8 bits, in pages of up to 256.`, (reading) => {
      const isSmall = reading.oldPage.length <= 256;
      return refuseIf(reading.oldPage.length < (isSmall ? end(reading) & 0xff : end(reading)));
    }),
    check(fault, "12-bits", `${one}'s end is added up in 12 bits, in pages of up to 4096.`, (reading) => {
      const isUsual = reading.oldPage.length <= 4096;
      return refuseIf(reading.oldPage.length < (isUsual ? end(reading) & 0xfff : end(reading)));
    }),
    check(fault, "16-bits", `${one}'s end is added up in 16 bits.`, (reading) => {
      return refuseIf(reading.oldPage.length < (end(reading) & 0xffff));
    }),
    check(fault, "whole-page", `${one} is compared with the whole page, and not with what is left.`, (reading) => {
      return refuseIf(reading.oldPage.length < reading.length);
    }),
    check(fault, "only-4096", `${one} is compared with 4096, whatever the page size.`, (reading) => {
      return refuseIf(4096 < end(reading));
    }),
  ].map((mistake) => ({ ...mistake, breaks }));
}

/** A decoder that stops before a pair, where the delta goes on. */
function stopping(name: string, what: string, isOver: (reading: Reading) => boolean): Mistake {
  const codec = decoding({
    goesOn: (reading) => DECODER.goesOn(reading) && !(0 < reading.pairIndex && isOver(reading)),
  });
  return { name: `stops-${name}`, breaks: name === "full-page" ? 15 : 16, what, codec };
}

function end(): Step {
  return "end";
}

/** The check as it is, answered with another step. */
function ifFound(fault: DeltaFault, instead: (reading: Reading) => Step): (reading: Reading) => Step {
  return (reading) => (DECODER.faults[fault](reading) === "refuse" ? instead(reading) : "go on");
}

function lastByte({ delta, deltaOffset }: Reading): number {
  return delta[deltaOffset - 1] ?? 0;
}

/** Goes on with a length as long as the high bit is set, up to so many bytes, and keeps some bits of it. */
function readMoreBytes(most: number, mask: number): (reading: Reading) => Step {
  return (reading) => {
    let last = lastByte(reading);
    let value = reading.length & 0x3fff;
    for (let count = 2; 0x80 <= last && count < most && reading.deltaOffset < reading.delta.length; count++) {
      last = takeByte(reading);
      value += (last & 0x7f) * 2 ** (7 * count);
    }
    reading.length = (value & mask) >>> 0;
    return refuseIf(0x80 <= last);
  };
}

/** Whether there is a byte other than 00 in the rest of the delta; the first pair is read in any case. */
function isRestOfDelta(delta: Uint8Array, deltaOffset: number, pairIndex: number): boolean {
  const rest = delta.subarray(deltaOffset);
  return pairIndex === 0 ? 0 < rest.length : rest.some((byte) => byte !== 0);
}
