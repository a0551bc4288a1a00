/** Family `flags`: which words a receiver knows. */

import type { ReceiveFamilyText } from "../../format.ts";
import { page } from "../pages.ts";
import { RAM_SIZE, ReceiveFamily } from "../receive-family.ts";
import { join, spellDelta } from "../spell.ts";
import { bigEndian, FLAG, name, PAGE_SIZE, pageRecord, stream, word } from "../spell-stream.ts";

const { continue: CONTINUE, ...KINDS } = FLAG;
const FLAGS = Object.values(KINDS);
const PAGE = page(PAGE_SIZE, [0xaa]);
const DELTA = spellDelta([[2, [9]]]);

/** The vectors of the family. */
export function flags(): ReceiveFamilyText {
  const family = new ReceiveFamily("record", "flags");
  const pairs = FLAGS.flatMap((left, index) => FLAGS.slice(index + 1).map((right) => left + right));
  for (const unknown of [
    0,
    FLAG.full,
    ...pairs,
    0x400,
    0x800,
    0xc00,
    0x7ff,
    0xfff,
    ...withBit(0x400),
    ...withBit(0x800),
  ]) {
    for (const isContinued of [false, true]) refuse(family, unknown, isContinued);
  }
  family.refuse("hook", "hook-unexpected", {
    shows: ["RECORD-3"],
    why: "A receiver that accepts this skips a hook, and what the hook stands for is lost.",
    stream: stream(RAM_SIZE, [pageRecord(0, PAGE), word(0, FLAG.hook)]),
  });
  return family.text();
}

/** Each kind of record of a page, with a bit that no kind has. */
function withBit(bit: number): number[] {
  return [FLAG.zero, FLAG.page, FLAG.xbzrle].map((flag) => flag + bit);
}

function refuse(family: ReceiveFamily, unknown: number, isContinued: boolean): void {
  const flags = unknown + (isContinued ? CONTINUE : 0);
  const hex = flags.toString(16).padStart(3, "0");
  family.refuse(`flags-${hex}`, "flags-unknown", {
    shows: ["RECORD-2", "RECORD-1"],
    why: `A receiver that accepts this takes one of the bits of the flags ${hex} for the kind, or skips the word.`,
    stream: stream(RAM_SIZE, [pageRecord(0, PAGE), join(word(0x1000, flags), body(flags, isContinued))]),
  });
}

/** What a receiver that looks for one kind after the other, in the order of their bits, would find sound. */
function body(flags: number, isContinued: boolean): Uint8Array {
  const block = isContinued ? [] : name("ram");
  if (flags & FLAG.zero) return join(block, 0);
  if (flags & FLAG.page) return join(block, PAGE);
  if (flags & FLAG.xbzrle) return join(block, 1, bigEndian(DELTA.length, 2), DELTA);
  return new Uint8Array(0);
}
