/** Faults far into a delta, where the delta offset has turned over if it is kept in 12, 15 or 16 bits. */

import type { Family } from "../family.ts";
import { evenPairs, newBytes, page } from "../pages.ts";
import { join, spellDelta, spellLength } from "../spell.ts";
import { place, refuse } from "./malformed-place.ts";

/** Page bytes that are left where the fault stands. */
const ROOM = 40;

/** Each fault, what it is for a sentence, and the bytes that hold it. */
const FAULTS = [
  ["length-truncated", "zrun-81", "the length of a zrun is cut off", [0x81]],
  ["length-truncated", "nzrun-81", "the length of an nzrun is cut off", [1, 0x81]],
  ["length-too-long", "zrun-drops-1", "the length of a zrun goes on after two bytes", [0x81, 0x80, 1, 0x11]],
  ["zrun-empty", "short", "a zrun is empty", [0, 1, 0x11]],
  ["zrun-past-page", "41", "a zrun of 41 bytes has 40 left", [ROOM + 1, 1, 0x11]],
  ["zrun-unpaired", "1", "nothing follows a zrun", [1]],
  ["nzrun-empty", "after-1", "an nzrun is empty", [1, 0]],
  ["nzrun-past-page", "40-after-1", "an nzrun of 40 bytes has 39 left", [1, ROOM, ...newBytes(1, ROOM)]],
  ["nzrun-truncated", "8-of-9", "an nzrun of 9 bytes has 8 literals", [1, 9, ...newBytes(1, 8)]],
] as const;

/** Each fault, after more pairs than the counter of delta bytes holds. */
export function farFaults(family: Family): void {
  for (const [turn, count] of [
    [4096, 2000],
    [32768, 11000],
    [65536, 22000],
  ] as const) {
    const far = place(2 * count + ROOM, "far", `after ${count} pairs`, evenPairs(0, count, 1, 1));
    for (const [fault, kind, what, bytes] of FAULTS) {
      const why = `A decoder that accepts this no longer looks, or miscounts, from delta byte ${turn} on: ${what}`;
      refuse(family, far, fault, kind, why, bytes);
    }
  }
}

/** The literals would end past a delta offset at which a counter turns over. */
export function farTruncated(family: Family): void {
  for (const turn of [256, 4096, 32768, 65536]) {
    const pairs = evenPairs(0, Math.floor((turn - 6) / 3), 1, 1);
    for (const [nzrun, there] of [
      [20, 0],
      [20, 1],
      [200, 1],
    ] as const) {
      family.refuse(`nzrun-truncated-over-${turn}-${there}-of-${nzrun}`, {
        shows: [19],
        why: `A decoder that accepts this adds ${nzrun} to a delta offset just below ${turn}, and the sum wraps.`,
        oldPage: page(65536),
        delta: join(spellDelta(pairs), 1, spellLength(nzrun), newBytes(0, there)),
        fault: "nzrun-truncated",
      });
    }
  }
}
