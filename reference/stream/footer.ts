/**
 * Where a payload of unknown form ends (docs/xbzrle/stream.md, "Payloads of unknown form").
 */

import { readBe16, readBe32 } from "../record/integers.ts";
import { COMMAND_LENGTHS, ITEM_BYTES, type Section } from "./stream.ts";

/** The number of bytes of a footer. */
export const FOOTER_SIZE = 5;

/** Versions of sections from here on are no begin of an item. */
const VERSION_LIMIT = 65_536;

/** What stands where a footer may be: `true`, `false`, or how many bytes from there on are needed to tell. */
export type FooterVerdict = boolean | number;

/**
 * Says whether a footer stands at a place, with the begin of an item behind it.
 *
 * @param bytes - Holds at least one byte at `at`.
 * @param at - Where the footer would begin.
 * @param section - The section whose payload it is.
 * @param announced - The sections so far, by id: what start and full items gave.
 * @param isWhole - Whether the stream ends where `bytes` ends.
 * @returns As `FooterVerdict` says; never a number if `isWhole`. Source: STREAM-28.
 */
export function isFooter(
  bytes: Uint8Array,
  at: number,
  section: Section,
  announced: ReadonlyMap<number, unknown>,
  isWhole: boolean,
): FooterVerdict {
  const left = bytes.length - at;
  if (bytes[at] !== ITEM_BYTES.footer) return false;
  if (left < FOOTER_SIZE) return isWhole ? false : FOOTER_SIZE;
  if (readBe32(bytes, at + 1) !== section.id) return false;
  const verdict = beginsItem(bytes, at + FOOTER_SIZE, announced, isWhole);
  return typeof verdict === "number" ? FOOTER_SIZE + verdict : verdict;
}

/** Whether an item, or the end, begins at a place; or how many bytes from there on are needed to tell. */
function beginsItem(
  bytes: Uint8Array,
  at: number,
  announced: ReadonlyMap<number, unknown>,
  isWhole: boolean,
): FooterVerdict {
  const left = bytes.length - at;
  const needed = bytesNeeded(bytes, at, left);
  if (left < needed) return isWhole ? isBareEnd(bytes, at) : needed;
  switch (bytes[at]) {
    case ITEM_BYTES.start:
    case ITEM_BYTES.full:
      return !announced.has(readBe32(bytes, at + 1)) && isHeader(bytes, at + 5);
    case ITEM_BYTES.part:
    case ITEM_BYTES.last:
      return announced.has(readBe32(bytes, at + 1));
    case ITEM_BYTES.command:
      return isCommand(readBe16(bytes, at + 1), readBe16(bytes, at + 3));
    case ITEM_BYTES.end:
      return isDescription(bytes, at + 1);
    default:
      return false;
  }
}

/** How many bytes tell whether an item begins there, as far as can be known from those that are there. */
function bytesNeeded(bytes: Uint8Array, at: number, left: number): number {
  switch (bytes[at]) {
    case ITEM_BYTES.start:
    case ITEM_BYTES.full:
      return left < 6 ? 6 : 14 + bytes[at + 5]!;
    case ITEM_BYTES.part:
    case ITEM_BYTES.last:
    case ITEM_BYTES.command:
      return 5;
    case ITEM_BYTES.end:
      // The byte behind the length tells something only if the length is not 0.
      if (left < 2 || bytes[at + 1] !== ITEM_BYTES.description) return 2;
      return left < 6 || readBe32(bytes, at + 2) === 0 ? 6 : 7;
    default:
      return 1;
  }
}

function isBareEnd(bytes: Uint8Array, at: number): boolean {
  return at + 1 === bytes.length && bytes[at] === ITEM_BYTES.end;
}

/** Whether name, instance and version of a start or full stand at a place. */
function isHeader(bytes: Uint8Array, at: number): boolean {
  const nameEnd = at + 1 + bytes[at]!;
  for (let offset = at + 1; offset < nameEnd; offset++) {
    if (bytes[offset]! < 0x21 || 0x7e < bytes[offset]!) return false;
  }
  return at + 1 < nameEnd && readBe32(bytes, nameEnd + 4) < VERSION_LIMIT;
}

function isCommand(number: number, octetCount: number): boolean {
  const lengths = COMMAND_LENGTHS.get(number);
  return lengths !== undefined && (lengths.length === 0 || lengths.includes(octetCount));
}

function isDescription(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== ITEM_BYTES.description) return false;
  return readBe32(bytes, at + 1) === 0 || bytes[at + 5] === "{".charCodeAt(0);
}
