/** Which outcomes of an encoder conform: "Encoding a page" to "Runs of more than 16383 bytes" of docs/xbzrle/delta.md. */

import { compactBytes } from "../compact.ts";
import type { EncodeOutcomeText } from "../format.ts";
import { canonicalDelta, changedPairs, GREATEST_LENGTH } from "./spell.ts";

/** The outcomes that conform, and the flag that says why there is a choice. */
export interface Outcomes {
  readonly accept: readonly EncodeOutcomeText[];
  readonly flag?: string;
}

const unchanged: EncodeOutcomeText = { level: "recommended", kind: "unchanged" };
const overflow: EncodeOutcomeText = { level: "recommended", kind: "overflow" };
const anyDelta: EncodeOutcomeText = { level: "required", kind: "delta" };

/** What an encoder may answer to two pages of one size and a capacity in bytes. */
export function encodeOutcomes(oldPage: Uint8Array, newPage: Uint8Array, capacity: number): Outcomes {
  const delta = canonicalDelta(oldPage, newPage);
  if (delta?.length === 0) {
    // DELTA-20, and DELTA-28 for N = 0.
    return 2 <= capacity ? { accept: [unchanged] } : { accept: [unchanged, overflow], flag: "room-for-two" };
  }
  if (capacity < leastDeltaLength(oldPage, newPage)) {
    return { accept: [overflow] }; // DELTA-26
  }
  if (delta === undefined) {
    return withoutCanonicalDelta(oldPage, newPage);
  }
  if (capacity < delta.length) {
    // DELTA-29 is a SHOULD: a delta that is shorter than the canonical one breaks no MUST.
    return { accept: [overflow, anyDelta] };
  }
  const canonical: EncodeOutcomeText = { level: "recommended", kind: "delta", delta: compactBytes(delta) };
  return delta.length + 2 <= capacity
    ? { accept: [canonical, anyDelta] } // DELTA-27
    : { accept: [canonical, overflow, anyDelta], flag: "room-for-two" }; // DELTA-28
}

/** No delta of two pages that differ is shorter: it has two lengths and, as literals, all the changed bytes. */
function leastDeltaLength(oldPage: Uint8Array, newPage: Uint8Array): number {
  return changedPairs(oldPage, newPage).reduce((sum, [, literals]) => sum + literals.length, 2);
}

function withoutCanonicalDelta(oldPage: Uint8Array, newPage: Uint8Array): Outcomes {
  const longNzrun = changedPairs(oldPage, newPage).some(([, literals]) => GREATEST_LENGTH < literals.length);
  return longNzrun
    ? { accept: [overflow] } // DELTA-30
    : { accept: [overflow, { level: "recommended", kind: "delta" }], flag: "no-canonical-delta" }; // DELTA-31
}

/** A capacity at which no encoder has to think of room: the page size, or the delta and sixteen bytes. */
export function roomyCapacity(oldPage: Uint8Array, newPage: Uint8Array): number {
  const pairs = changedPairs(oldPage, newPage);
  const lengths = pairs.reduce((sum, [zrun]) => sum + 4 + 4 * Math.floor(zrun / GREATEST_LENGTH), 0);
  const literals = pairs.reduce((sum, pair) => sum + pair[1].length, 0);
  return Math.max(newPage.length, (canonicalDelta(oldPage, newPage)?.length ?? lengths + literals) + 16);
}
