/**
 * Checks that are there, and not everywhere: each of the eight faults, and the places in which an implementer forgets it.
 * A place in which a check has nothing to find, or in which another check finds the same, is left out.
 */

import type { DeltaFault } from "../../reference/index.ts";
import { DECODER, FAULT_NUMBERS, leftInDelta, leftInPage, type Reading, type Step } from "./decoder.ts";
import { checking, type Mistake, theme } from "./mutant.ts";

/** Where a check is left out, and what that is in words. */
const PLACES: Readonly<Record<string, readonly [what: string, isForgotten: (reading: Reading) => boolean]>> = {
  first: ["in the first pair", ({ pairIndex }) => pairIndex === 0],
  later: ["in every pair but the first", ({ pairIndex }) => 0 < pairIndex],
  "short-length": ["where the length has one byte", ({ lengthByteCount }) => lengthByteCount === 1],
  "long-length": ["where the length has two bytes", ({ lengthByteCount }) => lengthByteCount === 2],
  zrun: ["in a zrun", ({ kind }) => kind === "zrun"],
  nzrun: ["in an nzrun", ({ kind }) => kind === "nzrun"],
  "page-end": ["in the last eight bytes of the page", (reading) => leftInPage(reading) <= 8],
  "full-page": ["where the page is full", (reading) => leftInPage(reading) === 0],
  "many-pairs": ["after 500 pairs", ({ pairIndex }) => 500 <= pairIndex],
  "small-page": ["in pages of less than 4096 bytes", ({ oldPage }) => oldPage.length < 4096],
  "large-page": ["in pages of 4096 bytes and more", ({ oldPage }) => 4096 <= oldPage.length],
  "delta-end": ["where the delta ends behind the length", (reading) => leftInDelta(reading) === 0],
};

/** The places of each fault. */
const FORGOTTEN: Readonly<Record<DeltaFault, readonly (keyof typeof PLACES)[]>> = {
  "length-truncated": ["first", "later", "nzrun", "page-end", "many-pairs", "small-page", "large-page"],
  "length-too-long": ["first", "later", "zrun", "nzrun", "page-end", "many-pairs", "small-page", "large-page"],
  "zrun-empty": ["short-length", "long-length", "page-end", "many-pairs", "small-page", "large-page"],
  "zrun-past-page": [
    "first",
    "later",
    "short-length",
    "long-length",
    "page-end",
    "full-page",
    "many-pairs",
    "small-page",
    "large-page",
  ],
  "zrun-unpaired": [
    "first",
    "later",
    "short-length",
    "long-length",
    "page-end",
    "many-pairs",
    "small-page",
    "large-page",
  ],
  "nzrun-empty": [
    "first",
    "later",
    "short-length",
    "long-length",
    "page-end",
    "full-page",
    "many-pairs",
    "small-page",
    "large-page",
    "delta-end",
  ],
  "nzrun-past-page": [
    "first",
    "later",
    "short-length",
    "long-length",
    "page-end",
    "full-page",
    "many-pairs",
    "small-page",
    "large-page",
  ],
  "nzrun-truncated": [
    "first",
    "later",
    "short-length",
    "long-length",
    "page-end",
    "many-pairs",
    "small-page",
    "large-page",
    "delta-end",
  ],
};

/** The mutants of the theme. */
export const partialChecks = theme(
  "partial-checks",
  (Object.keys(FORGOTTEN) as DeltaFault[]).flatMap((fault) =>
    FORGOTTEN[fault].map((place) => forgetting(fault, FAULT_NUMBERS[fault], place)),
  ),
);

function forgetting(fault: DeltaFault, breaks: number, place: string): Mistake {
  const [where, isForgotten] = PLACES[place]!;
  const check = DECODER.faults[fault];
  const instead = unchecked(fault);
  const codec = checking({ [fault]: (reading: Reading) => (isForgotten(reading) ? instead(reading) : check(reading)) });
  return { name: `${fault}-${place}`, breaks, what: `Does not look for ${fault} ${where}.`, codec };
}

/** What happens without a check: a zrun with nothing behind it ends the delta, and a length keeps 14 bits. */
export function unchecked(fault: DeltaFault): (reading: Reading) => Step {
  return (reading) => {
    if (fault === "zrun-unpaired" && leftInDelta(reading) === 0) return "end";
    if (fault === "length-too-long") reading.length &= 0x3fff;
    return "go on";
  };
}
