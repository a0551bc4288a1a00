/**
 * Loops without an end and reads without a bound. Such a program hangs or crashes, and the suite says `timeout` or `crash`.
 * Here it throws where it has been found out, after a number of steps that no sound one needs, and answers `error`.
 */

import type { DeltaFault } from "../../reference/index.ts";
import { DECODER, leftInDelta, leftInPage, type Reading, type Step } from "./decoder.ts";
import { ENCODER, type EncoderRules, MAX_RUN_LENGTH, type Run } from "./encoder.ts";
import { type Codec, checking, decoding, encoding, type Mistake, PLAIN, theme } from "./mutant.ts";

/** More times than anything has to be looked at again. */
const STEP_LIMIT = 1000;

/** The mutants of the theme. */
export const unbounded = theme("unbounded", [
  looping("zrun-empty", 14, "Reads the same pair again after an empty zrun."),
  looping("nzrun-empty", 17, "Reads the same pair again after an empty nzrun."),
  looping("nzrun-truncated", 19, "Waits for literals that never come."),
  looping("length-truncated", 12, "Waits for the second byte of a length that never comes."),
  {
    name: "length-without-end",
    breaks: 13,
    what: "Reads a length for as long as the high bit is set, past the end of the delta.",
    codec: checking({
      "length-too-long"(reading) {
        const { delta } = reading;
        while (0x80 <= delta[reading.deltaOffset - 1]!) reading.deltaOffset++;
        if (delta.length < reading.deltaOffset) throw crash("reads a length past the delta");
        return "go on";
      },
    }),
  },
  {
    name: "delta-offset-8-bits",
    breaks: 8,
    what: "Keeps the delta offset in 8 bits, and so never gets to the end of a longer delta.",
    codec: decoding({
      goesOn(reading) {
        if (255 < reading.delta.length && 255 < reading.deltaOffset) throw crash("never gets to the end of the delta");
        return DECODER.goesOn(reading);
      },
    }),
  },
  {
    name: "delta-offset-16-bits",
    breaks: 8,
    what: "Keeps the delta offset in 16 bits, and so never gets to the end of a longer delta.",
    codec: decoding({
      goesOn(reading) {
        if (65_535 < reading.deltaOffset) throw crash("never gets to the end of the delta");
        return DECODER.goesOn(reading);
      },
    }),
  },
  crashing(
    "zrun-past-page",
    15,
    "Writes past the page behind a zrun that ends past it.",
    (reading) => leftInPage(reading) < reading.length,
  ),
  crashing("nzrun-past-page", 18, "Writes past the page.", (reading) => leftInPage(reading) < reading.length),
  crashing("nzrun-truncated", 19, "Reads past the delta.", (reading) => leftInDelta(reading) < reading.length),
  crashing("zrun-unpaired", 16, "Reads an nzrun's length past the delta.", (reading) => leftInDelta(reading) === 0),
  {
    name: "do-while",
    breaks: 10,
    what: "Reads a first length before it looks whether there is one.",
    codec: decoding({
      begins({ delta }) {
        if (delta.length === 0) throw crash("reads past an empty delta");
        return "go on";
      },
    }),
  },
  {
    name: "recursion",
    breaks: 8,
    what: "Calls itself for each pair, and runs out of stack after 10000 of them.",
    codec: decoding({
      afterPair({ pairIndex }) {
        if (10_000 <= pairIndex) throw crash("runs out of stack");
        return "go on";
      },
    }),
  },
  finding("nextChanged", 20, "Looks for a changed byte past the end of equal pages."),
  finding("nextEqual", 23, "Looks for the end of a run past the end of the page."),
  {
    name: "bridge-without-progress",
    breaks: 31,
    what: "Bridges a zrun by 16383 as long as anything of it is left, and never gets to the run.",
    codec: encoding({ shape: bridgingForEver }),
  },
  {
    name: "grows-for-ever",
    breaks: 26,
    what: "Waits for room that never comes.",
    codec: encoding({
      whenFull() {
        throw crash("waits for room");
      },
    }),
  },
  {
    name: "asserts-capacity",
    breaks: 26,
    what: "Ends with an assertion where a delta does not fit.",
    codec: encoding({
      hasRoom(byteCount, writing, piece) {
        if (ENCODER.hasRoom(byteCount, writing, piece)) return true;
        throw crash("has an assertion that fails");
      },
    }),
  },
  {
    name: "asserts-length",
    breaks: 30,
    what: "Ends with an assertion where no length can say an nzrun.",
    codec: encoding({
      canSay(length, piece) {
        if (piece === "nzrun" && MAX_RUN_LENGTH < length) throw crash("has an assertion that fails");
        return ENCODER.canSay(length, piece);
      },
    }),
  },
  {
    name: "asserts-page-size",
    breaks: 21,
    what: "Ends with an assertion for a page whose size is no power of two.",
    codec: asserting((pageSize) => (pageSize & (pageSize - 1)) === 0),
  },
]);

function crash(what: string): Error {
  return new Error(`it ${what}`);
}

/** A decoder that reads the run at fault again, and again. */
function looping(fault: DeltaFault, breaks: number, what: string): Mistake {
  const again = (reading: Reading): Step => {
    let stepCount = 0;
    while (DECODER.faults[fault](reading) === "refuse") {
      if (++stepCount === STEP_LIMIT) throw crash("does not end");
    }
    return "go on";
  };
  return { name: `${fault}-loops`, breaks, what, codec: checking({ [fault]: again }) };
}

function crashing(fault: DeltaFault, breaks: number, what: string, isCrash: (reading: Reading) => boolean): Mistake {
  const step = (reading: Reading): Step => {
    if (isCrash(reading)) throw crash(what);
    return "go on";
  };
  return { name: `${fault}-crashes`, breaks, what, codec: checking({ [fault]: step }) };
}

function finding(rule: "nextChanged" | "nextEqual", breaks: number, what: string): Mistake {
  const find: EncoderRules["nextChanged"] = (oldPage, newPage, from) => {
    const offset = ENCODER[rule](oldPage, newPage, from);
    if (offset === newPage.length) throw crash("reads past the page");
    return offset;
  };
  return {
    name: `${rule === "nextEqual" ? "run" : "zrun"}-past-page`,
    breaks,
    what,
    codec: encoding({ [rule]: find }),
  };
}

function bridgingForEver(found: readonly Run[]): readonly Run[] {
  let end = 0;
  for (const { from, to } of found) {
    for (let stepCount = 0; MAX_RUN_LENGTH < from - end; stepCount++) {
      if (stepCount === STEP_LIMIT) throw crash("does not end");
    }
    end = to;
  }
  return found;
}

function asserting(holds: (pageSize: number) => boolean): () => Codec {
  return () => ({
    encode(request) {
      if (!holds(request.newPage.length)) throw crash("has an assertion that fails");
      return PLAIN.encode(request);
    },
    decode: PLAIN.decode,
  });
}
