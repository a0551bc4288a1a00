/**
 * Checks that are there, and not everywhere: each of the eight faults, and the places in which an implementer forgets it.
 * A place in which a check has nothing to find, or in which another check finds the same, is left out.
 */

import type { DeltaFault } from "../../reference/index.ts";
import { DECODER, FAULTS, faultNumber, leftInDelta, leftInPage, type Reading, type Step } from "./decoder.ts";
import { checking, type Mistake, theme } from "./mutant.ts";

/** Where a check is left out, and what that is in words. */
const PLACES = {
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
} as const satisfies Readonly<Record<string, readonly [what: string, isForgotten: (reading: Reading) => boolean]>>;

type Place = keyof typeof PLACES;

/** The places of every check, and those of one that is made in each pair for lengths of one byte and of two. */
const ANYWHERE = ["page-end", "many-pairs", "small-page", "large-page"] as const;
const EVERYWHERE = ["first", "later", "short-length", "long-length", ...ANYWHERE] as const;

/** The places of each fault; its mutants come in the order of `PLACES`. */
const FORGOTTEN: Readonly<Record<DeltaFault, readonly Place[]>> = {
  "length-truncated": ["first", "later", "nzrun", ...ANYWHERE],
  "length-too-long": ["first", "later", "zrun", "nzrun", ...ANYWHERE],
  "zrun-empty": ["short-length", "long-length", ...ANYWHERE],
  "zrun-past-page": [...EVERYWHERE, "full-page"],
  "zrun-unpaired": EVERYWHERE,
  "nzrun-empty": [...EVERYWHERE, "full-page", "delta-end"],
  "nzrun-past-page": [...EVERYWHERE, "full-page"],
  "nzrun-truncated": [...EVERYWHERE, "delta-end"],
};

/** The mutants of the theme. */
export const partialChecks = theme(
  "partial-checks",
  FAULTS.flatMap((fault) =>
    (Object.keys(PLACES) as Place[])
      .filter((place) => FORGOTTEN[fault].includes(place))
      .map((place) => forgetting(fault, place)),
  ),
);

function forgetting(fault: DeltaFault, place: Place): Mistake {
  const [where, isForgotten] = PLACES[place];
  const check = DECODER.faults[fault];
  const instead = unchecked(fault);
  const codec = checking({ [fault]: (reading: Reading) => (isForgotten(reading) ? instead(reading) : check(reading)) });
  const breaks = faultNumber(fault);
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
