/**
 * Lengths that go on after their second byte. Each vector is well-formed in one wrong reading: the third byte belongs to the
 * length, or the high bit of the second is dropped, or it is part of the value.
 */

import type { Family } from "../family.ts";
import { newBytes } from "../pages.ts";
import { spellLength } from "../spell.ts";
import { type Place, refuse } from "./malformed-place.ts";

interface Reading {
  readonly name: string;
  /** What a decoder does that reads so, for a sentence. */
  readonly does: string;
  readonly bytes: readonly number[];
  /** The value that such a decoder finds. */
  readonly value: number;
}

/** All readings, as the length of a zrun and of an nzrun, where the page has room for the value. */
export function lengthsTooLong(family: Family, place: Place): void {
  for (const reading of [0, 1, 5].flatMap(readings)) {
    asZrun(family, place, reading);
    asNzrun(family, place, reading);
  }
}

function readings(low: number): Reading[] {
  const first = 0x80 + low;
  return [
    { name: "3-bytes", does: "takes three bytes for a length", bytes: [first, 0x80, 0x00], value: low },
    {
      name: "masked",
      does: "takes three bytes for a length and cuts it to 14 bits",
      bytes: [first, 0x80, 0x01],
      value: low,
    },
    { name: "5-bytes", does: "takes five bytes for a length", bytes: [first, 0x80, 0x80, 0x80, 0x00], value: low },
    {
      name: "long",
      does: "takes three bytes for a length of 21 bits",
      bytes: [first, 0x80, 0x01],
      value: low + 16384,
    },
    { name: "drops", does: "drops the high bit of the second byte", bytes: [first, 0x80], value: low },
    { name: "drops", does: "drops the high bit of the second byte", bytes: [first, 0x81], value: low + 128 },
    { name: "keeps", does: "counts the high bit of the second byte", bytes: [first, 0x80], value: low + 16384 },
    {
      name: "keeps",
      does: "counts the high bit of the second byte",
      bytes: [first, 0x81],
      value: low + 16384 + 128,
    },
  ];
}

function asZrun(family: Family, place: Place, { name, does, bytes, value }: Reading): void {
  if (place.leastZrun <= value && value < place.room) {
    const why = `A decoder that accepts this ${does}, and finds a zrun of ${value}`;
    refuse(family, place, "length-too-long", `zrun-${name}-${value}`, why, bytes, 1, 0x11);
  }
}

function asNzrun(family: Family, place: Place, { name, does, bytes, value }: Reading): void {
  const { leastZrun, room } = place;
  if (1 <= value && value <= Math.min(room - leastZrun, 4200)) {
    const why = `A decoder that accepts this ${does}, and finds an nzrun of ${value}`;
    const literals = newBytes(2, value);
    refuse(family, place, "length-too-long", `nzrun-${name}-${value}`, why, spellLength(leastZrun), bytes, literals);
  }
}
