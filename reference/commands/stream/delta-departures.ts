/**
 * What a delta in a stream departs from that is a SHOULD of encoders (docs/xbzrle/delta.md).
 */

import { lengthEnd, readLength } from "../../delta/length.ts";
import { applyDelta, canonicalDelta } from "../../index.ts";

/** The first place in a delta that departs from a requirement. */
export interface DeltaDeparture {
  readonly requirement: "DELTA-4" | "DELTA-25";
  /** Of the length or the literal, in bytes. */
  readonly deltaOffset: number;
}

/** The lowest length that needs two bytes. */
const LONG = 128;

/**
 * Looks for departures.
 *
 * @param delta - Well-formed.
 * @param oldPage - `undefined` if it is not known: then literals are not looked at.
 * @returns At most one for each requirement.
 */
export function departuresOfDelta(delta: Uint8Array, oldPage: Uint8Array | undefined): readonly DeltaDeparture[] {
  let longerForm: number | undefined;
  let sameLiteral: number | undefined;
  let deltaOffset = 0;
  let pageOffset = 0;
  const takeLength = () => {
    const start = deltaOffset;
    const length = readLength(delta, start);
    deltaOffset = lengthEnd(delta, start);
    // DELTA-4
    if (length < LONG && deltaOffset === start + 2) longerForm ??= start;
    return length;
  };
  while (deltaOffset < delta.length) {
    pageOffset += takeLength();
    for (const nzrunEnd = pageOffset + takeLength(); pageOffset < nzrunEnd; pageOffset++, deltaOffset++) {
      if (delta[deltaOffset] === oldPage?.[pageOffset]) sameLiteral ??= deltaOffset;
    }
  }
  // DELTA-25: only where there is a canonical delta; a bridge stands where there is none.
  if (sameLiteral !== undefined && !hasCanonicalDelta(oldPage!, delta)) sameLiteral = undefined;
  return [
    ...(longerForm === undefined ? [] : [{ requirement: "DELTA-4", deltaOffset: longerForm } as const]),
    ...(sameLiteral === undefined ? [] : [{ requirement: "DELTA-25", deltaOffset: sameLiteral } as const]),
  ];
}

function hasCanonicalDelta(oldPage: Uint8Array, delta: Uint8Array): boolean {
  return canonicalDelta(oldPage, applyDelta(oldPage, delta)) !== undefined;
}
