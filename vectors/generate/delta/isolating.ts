/**
 * Family `isolating`: for each requirement a vector that an implementation fails which breaks this requirement, and which the
 * breaking of no other one shows. Two things make that possible: the old bytes are 00 wherever nothing hangs on them, so that a
 * zrun that is zeroed and a literal that is an XOR look right; and an encoder has no byte to leave unchanged at the page's end, and
 * no length below 128.
 */

import type { FamilyText } from "../../format.ts";
import { Family, type Saying } from "../family.ts";
import { type Change, change, lay, layPairs, page } from "../pages.ts";
import { join, type Pair, spellDelta } from "../spell.ts";

/** Old bytes that are seen if they are lost. */
const SEEN = [0x5a];

/** The vectors of the family. Overflows and refusals come last: what they leave behind is a rule of its own. */
export function isolating(): FamilyText {
  const family = new Family("isolating");
  accepted(family);
  written(family);
  overflowing(family);
  refused(family);
  afterRefusal(family);
  afterOverflow(family);
  return family.text();
}

/** What only the breaking of one requirement shows. */
function alone(shows: number, who: "A decoder" | "An encoder", mistake: string, after?: readonly string[]): Saying {
  return { shows: [shows], why: `${who} that fails only here ${mistake}.`, ...(after && { after }) };
}

function accepted(family: Family): void {
  const accept = (name: string, shows: number, mistake: string, oldPage: Uint8Array, pairs: readonly Pair[]) =>
    family.decode(name, {
      ...alone(shows, "A decoder", mistake),
      oldPage,
      newPage: layPairs(oldPage, pairs),
      delta: spellDelta(pairs),
    });
  accept("short-length", 1, "does not read 40 as a whole length", zeros(100), [[64, [0xaa]]]);
  accept("long-length", 2, "does not read 82 01 as 130", zeros(300), [[130, [0xaa]]]);
  accept("zrun-bytes", 5, "does not give the old bytes of a zrun", lay(zeros(8), 0, [0x5a, 0x5a, 0x5a]), [
    [3, tail(5)],
  ]);
  accept("literal", 6, "does not give the literal whatever the old byte is", lay(zeros(8), 3, SEEN), [[3, [0xaa]]]);
  accept("tail-bytes", 7, "does not give the old bytes after the last nzrun", lay(zeros(8), 4, SEEN), [[2, [0xaa]]]);
  accept("delta-over-page", 8, "does not accept a delta that is longer than the page", zeros(2), [[1, [0xaa]]]);
  accept("first-zrun-empty", 9, "does not accept a first zrun of length 0", zeros(8), [[0, [0xaa]]]);
  family.eitherWay("longer-form", "longer-form", {
    ...alone(3, "A decoder", "takes 82 00 for another length than 2"),
    oldPage: zeros(200),
    newPage: lay(zeros(200), 2, [0xaa]),
    delta: Uint8Array.of(0x82, 0, 1, 0xaa),
  });
  family.eitherWay("empty-delta", "empty-delta", {
    ...alone(10, "A decoder", "takes an empty delta for a page of zeros"),
    oldPage: page(8, SEEN),
    newPage: page(8, SEEN),
    delta: new Uint8Array(0),
  });
}

function written(family: Family): void {
  const write = (
    name: string,
    shows: number,
    mistake: string,
    oldPage: Uint8Array,
    newPage: Uint8Array,
    capacity?: number,
  ) =>
    family.encode(name, {
      ...alone(shows, "An encoder", mistake),
      oldPage,
      newPage,
      ...(capacity !== undefined && { capacity }),
    });
  write("shortest-form", 4, "writes a length below 128 in two bytes", zeros(3), lay(zeros(3), 2, [0xaa]));
  write("unchanged", 20, "does not report that two pages are equal", zeros(8), zeros(8));
  write(
    "same-sum",
    21,
    "does not see a change of 128 bytes whose sum is 0 in 8 bits",
    ...pages(256, [[128, Array(128).fill(0x80)]]),
  );
  write("trailing-zrun", 22, "writes the zrun after the last nzrun", zeros(400), change(zeros(400), [128, 128]));
  write(
    "literals",
    23,
    "does not write the new bytes themselves",
    page(256, SEEN),
    change(page(256, SEEN), [128, 128]),
  );
  const gap: readonly Change[] = [
    [128, 128],
    [384, 130],
  ];
  write(
    "changed-bytes-only",
    25,
    "writes 128 unchanged bytes between two runs as literals",
    zeros(514),
    change(zeros(514), ...gap),
  );
  const room = change(zeros(256), [128, 128]);
  write("room-for-two-more", 27, "reports overflow with N + 2 bytes of room", zeros(256), room, 134);
  write("exact-room", 28, "gives neither the whole delta nor overflow with N bytes of room", zeros(256), room, 132);
  write(
    "long-zrun",
    31,
    "writes a zrun of 16384 with a length of three bytes",
    zeros(16512),
    change(zeros(16512), [16384, 128]),
  );
}

function overflowing(family: Family): void {
  const overflow = (name: string, shows: number, mistake: string, newPage: Uint8Array, capacity?: number) =>
    family.encode(name, {
      ...alone(shows, "An encoder", mistake),
      oldPage: zeros(newPage.length),
      newPage,
      ...(capacity !== undefined && { capacity }),
    });
  overflow("no-room", 26, "writes past a capacity of N - 1 bytes", change(zeros(256), [128, 128]), 131);
  const alternating = Array.from({ length: 10 }, (_, index): Change => [1 + 2 * index, 1]);
  overflow(
    "shorter-delta",
    29,
    "writes a shorter delta where the canonical one does not fit",
    change(zeros(20), ...alternating),
    21,
  );
  overflow(
    "long-nzrun",
    30,
    "writes an nzrun of 16385 with a length of three bytes",
    change(zeros(16513), [128, 16385]),
  );
}

/** One malformed delta for each fault; each is for a page of eight bytes. */
function refused(family: Family): void {
  const refuse = (shows: number, fault: string, mistake: string, ...delta: readonly number[]) =>
    family.refuse(fault, { ...alone(shows, "A decoder", mistake), oldPage: zeros(8), delta: join(delta), fault });
  refuse(12, "length-truncated", "accepts a length that is cut off", 2, 0x81);
  refuse(13, "length-too-long", "accepts a length that goes on after its second byte", 0x82, 0x80, 1, 0xaa);
  refuse(14, "zrun-empty", "accepts an empty zrun that is not the first", 0, 1, 0xaa, 0, 1, 0xbb);
  refuse(15, "zrun-past-page", "accepts a zrun that ends past the page", 9, 1, 0xaa);
  refuse(16, "zrun-unpaired", "accepts a zrun after which the delta ends", 2);
  refuse(17, "nzrun-empty", "accepts an empty nzrun", 2, 0);
  refuse(18, "nzrun-past-page", "accepts an nzrun that ends past the page", 7, 2, 0xaa, 0xbb);
  refuse(19, "nzrun-truncated", "accepts an nzrun whose literals are cut off", 2, 2, 0xaa);
}

function afterRefusal(family: Family): void {
  const half = family.refuse("refused-half-way", {
    ...alone(19, "A decoder", "accepts an nzrun of which one literal is missing, in the second pair"),
    oldPage: zeros(8),
    delta: Uint8Array.of(2, 1, 0xaa, 1, 2, 0xbb),
    fault: "nzrun-truncated",
  });
  family.decode("after-refusal", {
    ...alone(11, "A decoder", "applies a delta to the page that a refusal has left", [half]),
    oldPage: zeros(8),
    newPage: lay(zeros(8), 5, [0xcc]),
    delta: Uint8Array.of(5, 1, 0xcc),
  });
}

function afterOverflow(family: Family): void {
  const overflow = family.encode("overflow-after-zrun", {
    ...alone(26, "An encoder", "writes the one literal of a delta past a capacity of 2"),
    oldPage: zeros(40),
    newPage: lay(zeros(40), 5, [0xaa]),
    capacity: 2,
  });
  family.encode("after-overflow", {
    ...alone(24, "An encoder", "counts a zrun of the request before, which overflowed", [overflow]),
    oldPage: zeros(256),
    newPage: change(zeros(256), [128, 128]),
  });
}

function zeros(size: number): Uint8Array {
  return page(size, [0]);
}

/** Literals up to the end of the page. */
function tail(count: number): number[] {
  return Array.from({ length: count }, (_, index) => 0xa0 + index);
}

/** A page of zeros, and the same with the literals of the pairs laid over it. */
function pages(size: number, pairs: readonly Pair[]): [oldPage: Uint8Array, newPage: Uint8Array] {
  return [zeros(size), layPairs(zeros(size), pairs)];
}
