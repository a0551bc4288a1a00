/**
 * Family `malformed`: each of the eight faults, alone in its delta. The bytes after the fault are chosen so that a decoder that
 * lacks the one check, or reads the length in another way, finds something it can go on with.
 */

import type { FamilyText } from "../../format.ts";
import { Family } from "../family.ts";
import { newBytes, page } from "../pages.ts";
import { spellLength, spellTwoBytes } from "../spell.ts";
import { bounds, cuts } from "./malformed-cuts.ts";
import { farFaults, farTruncated } from "./malformed-far.ts";
import { lengthsTooLong } from "./malformed-lengths.ts";
import { type Place, places, refuse } from "./malformed-place.ts";

/** The vectors of the family. */
export function malformed(): FamilyText {
  const family = new Family("malformed");
  for (const place of places()) {
    lengthTruncated(family, place);
    zrunEmpty(family, place);
    zrunPastPage(family, place);
    zrunUnpaired(family, place);
    nzrunEmpty(family, place);
    nzrunPastPage(family, place);
    nzrunTruncated(family, place);
    lengthsTooLong(family, place);
  }
  farTruncated(family);
  emptyAfterOneByte(family);
  cuts(family);
  bounds(family);
  farFaults(family);
  return family.text();
}

function lengthTruncated(family: Family, place: Place): void {
  const { leastZrun, room } = place;
  const why =
    "A decoder that accepts this takes a length of which only the first byte is there, or ends silently before it";
  for (const first of [0x80, 0x81, 0x85, 0xff]) {
    refuse(family, place, "length-truncated", `zrun-${first.toString(16)}`, why, first);
    if (leastZrun < room) {
      refuse(family, place, "length-truncated", `nzrun-${first.toString(16)}`, why, leastZrun, first);
    }
  }
  if (130 < room) {
    refuse(family, place, "length-truncated", "nzrun-long", why, spellTwoBytes(129), 0x81);
  }
}

function zrunEmpty(family: Family, place: Place): void {
  const { leastZrun, room } = place;
  if (leastZrun === 0) {
    return;
  }
  const why = "A decoder that accepts this lets an empty zrun stand between two nzruns";
  refuse(family, place, "zrun-empty", "short", why, 0, 1, 0x11);
  refuse(family, place, "zrun-empty", "long", `${why}, in the longer form 80 00`, 0x80, 0x00, 1, 0x11);
  refuse(
    family,
    place,
    "zrun-empty",
    "fills-page",
    why,
    0,
    spellLength(Math.min(room, 200)),
    newBytes(0, Math.min(room, 200)),
  );
  if (4 <= room) {
    refuse(family, place, "zrun-empty", "then-pair", why, 0, 1, 0x11, 2, 1, 0x22);
    refuse(
      family,
      place,
      "zrun-empty",
      "long-then-pair",
      `${why}, in the longer form 80 00`,
      0x80,
      0,
      1,
      0x11,
      2,
      1,
      0x22,
    );
    refuse(
      family,
      place,
      "zrun-empty",
      "zero-padding",
      "A decoder that accepts this takes zeros behind a delta for padding",
      0,
      0,
    );
  }
}

/** The zrun is too long; what a decoder makes of it that clamps, wraps or cuts it is within the page. */
function zrunPastPage(family: Family, place: Place): void {
  const { room, oldPage, name } = place;
  const size = oldPage.length;
  const why = (zrun: number) =>
    `A decoder that accepts this clamps, wraps or does not check a zrun of ${zrun} with ${room} left`;
  const wraps = [256, 512, 4096, 8192].flatMap((turn) => [turn, turn + 1, turn - size + room + 1]);
  const zruns = [room + 1, room + 2, room + size, room + size - 1, 2 * room + 1, 127, 128, 16383, ...wraps];
  for (const zrun of new Set(zruns)) {
    if (room < zrun && zrun <= 16383) {
      refuse(family, place, "zrun-past-page", String(zrun), why(zrun), spellLength(zrun), 1, 0x11);
    }
  }
  if (room + 1 < 128 && name !== "first") {
    const longer = spellTwoBytes(room + 1);
    refuse(family, place, "zrun-past-page", "longer-form", why(room + 1), longer, 1, 0x11);
  }
}

function zrunUnpaired(family: Family, place: Place): void {
  const { leastZrun, room } = place;
  const why = (zrun: number) => `A decoder that accepts this lets the delta end after a zrun of ${zrun} with no nzrun`;
  for (const zrun of new Set([leastZrun, 1, 2, 5, 127, 128, 200, room - 1, room])) {
    if (leastZrun <= zrun && zrun <= Math.min(room, 16383)) {
      refuse(family, place, "zrun-unpaired", String(zrun), why(zrun), spellLength(zrun));
    }
  }
}

function nzrunEmpty(family: Family, place: Place): void {
  const { leastZrun, room } = place;
  const why = "A decoder that accepts this lets an nzrun have no literals";
  const long = `${why}, in the longer form 80 00`;
  for (const zrun of new Set([leastZrun, 1, 2, 130, room])) {
    if (leastZrun <= zrun && zrun <= Math.min(room, 16383)) {
      refuse(family, place, "nzrun-empty", `after-${zrun}`, why, spellLength(zrun), 0);
      refuse(family, place, "nzrun-empty", `long-after-${zrun}`, long, spellLength(zrun), 0x80, 0);
    }
  }
  if (4 <= room) {
    refuse(family, place, "nzrun-empty", "then-pair", why, leastZrun, 0, 2, 1, 0x22);
    refuse(family, place, "nzrun-empty", "long-then-pair", long, leastZrun, 0x80, 0, 2, 1, 0x22);
  }
}

/** All literals are in the delta. */
function nzrunPastPage(family: Family, place: Place): void {
  const { leastZrun, room, oldPage } = place;
  for (const zrun of new Set([leastZrun, 1, room - 1, room])) {
    if (zrun < leastZrun || room < zrun || 16383 < zrun) {
      continue;
    }
    const left = room - zrun;
    const why = (nzrun: number) =>
      `A decoder that accepts this writes, clamps or wraps an nzrun of ${nzrun} with ${left} left`;
    for (const nzrun of new Set([left + 1, left + 2, left + 9, left + oldPage.length, 256, 257])) {
      if (left < nzrun && nzrun <= 4200) {
        const literals = newBytes(0, nzrun);
        const kind = `${nzrun}-after-${zrun}`;
        refuse(family, place, "nzrun-past-page", kind, why(nzrun), spellLength(zrun), spellLength(nzrun), literals);
      }
    }
  }
}

/** The page has room for all that the length says. */
function nzrunTruncated(family: Family, place: Place): void {
  const { leastZrun, room } = place;
  for (const nzrun of new Set([1, 2, 3, 16, 127, 128, 300, room - leastZrun])) {
    if (nzrun < 1 || Math.min(room - leastZrun, 4200) < nzrun) {
      continue;
    }
    for (const there of new Set([0, 1, Math.floor(nzrun / 2), nzrun - 2, nzrun - 1])) {
      if (0 <= there && there < nzrun) {
        const why = `A decoder that accepts this reads past the delta, or stops early: an nzrun of ${nzrun} has ${there} literals`;
        const kind = `${there}-of-${nzrun}`;
        refuse(family, place, "nzrun-truncated", kind, why, leastZrun, spellLength(nzrun), newBytes(3, there));
      }
    }
  }
}

/** The pair before covers one byte of the page only: its end is not yet far from the start. */
function emptyAfterOneByte(family: Family): void {
  for (const size of [2, 8, 4096]) {
    family.refuse(`zrun-empty-after-one-byte-${size}`, {
      shows: [14],
      why: `A decoder that accepts this takes the second zrun, at page offset 1 of ${size}, for the first.`,
      oldPage: page(size),
      delta: Uint8Array.of(0, 1, 0x11, 0, 1, 0x22),
      fault: "zrun-empty",
    });
  }
}
