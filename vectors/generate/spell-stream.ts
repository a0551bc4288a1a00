/**
 * Spells migration streams byte by byte, after the grammars of docs/xbzrle/stream.md and record.md and in the most naive way.
 * Nothing here is shared with the reference, so that the two can disagree; whatever is asked for is written, sound or not.
 */

import { type Bytes, join } from "./spell.ts";

/** The bytes of a page of the guest. */
export const PAGE_SIZE = 4096;
/** The machine type of the guest, which has a RAM and nothing else. */
export const MACHINE = "none";
/** The name of its RAM block. */
export const BLOCK = "ram";
/** The id that its section has unless told. */
export const SECTION_ID = 2;

/** The flags of a word. */
export const FLAG = {
  full: 0x001,
  zero: 0x002,
  memorySizes: 0x004,
  page: 0x008,
  endOfSection: 0x010,
  continue: 0x020,
  xbzrle: 0x040,
  hook: 0x080,
  compressed: 0x100,
  multifdFlush: 0x200,
} as const;

/** How a record says which block its page is of: by a name, or by CONTINUE. */
export type Block = string | typeof CONTINUED;

/** The block of the record before. */
export const CONTINUED = Symbol("CONTINUE");

/** A number in so many bytes, the most significant first. */
export function bigEndian(value: number | bigint, byteCount: number): Uint8Array {
  const hex = BigInt(value)
    .toString(16)
    .padStart(2 * byteCount, "0");
  return Buffer.from(hex.slice(-2 * byteCount), "hex");
}

/** A byte a character. */
export function text(characters: string): Uint8Array {
  return Buffer.from(characters, "latin1");
}

/** How many bytes the name has, and the name. */
export function name(characters: string): Uint8Array {
  return join(characters.length, text(characters));
}

/** Header and configuration, with what follows the name of the machine type in it. */
export function header(machine: string = MACHINE, ...subsections: readonly Uint8Array[]): Uint8Array {
  const configuration = join(7, bigEndian(machine.length, 4), text(machine), ...subsections);
  return join(text("QEVM"), bigEndian(3, 4), configuration);
}

/** A subsection of the configuration. */
export function subsection(subsectionName: string, content: Bytes, version = 1): Uint8Array {
  return join(5, name(subsectionName), bigEndian(version, 4), content);
}

/** The header of a start, the name of the section and what goes with it as told. */
export function startHeader(
  id: number = SECTION_ID,
  section: { readonly name?: string; readonly instance?: number; readonly version?: number } = {},
): Uint8Array {
  const { instance = 0, version = 4 } = section;
  return join(1, bigEndian(id, 4), name(section.name ?? BLOCK), bigEndian(instance, 4), bigEndian(version, 4));
}

/** A whole start with the list of the one block, and its footer. */
export function start(ramSize: number, id: number = SECTION_ID): Uint8Array {
  return join(startHeader(id), memorySizes(ramSize), END_OF_SECTION, footer(id));
}

/** A whole part: its records, the end of section, the footer. */
export function part(records: readonly Uint8Array[], id: number = SECTION_ID): Uint8Array {
  return join(2, bigEndian(id, 4), ...records, END_OF_SECTION, footer(id));
}

/** A whole last item. */
export function last(records: readonly Uint8Array[] = [], id: number = SECTION_ID): Uint8Array {
  return join(3, bigEndian(id, 4), ...records, END_OF_SECTION, footer(id));
}

/** A footer. */
export function footer(id: number = SECTION_ID): Uint8Array {
  return join(0x7e, bigEndian(id, 4));
}

/** A command with its octets. */
export function command(number: number, octets: Bytes): Uint8Array {
  return join(8, bigEndian(number, 2), bigEndian(octets.length, 2), octets);
}

/** The end of a stream, and a description. */
export function end(description = "{}"): Uint8Array {
  return join(0, 6, bigEndian(description.length, 4), text(description));
}

/** A word: flags and address added. */
export function word(address: number | bigint, flags: number): Uint8Array {
  return bigEndian(BigInt(address) + BigInt(flags), 8);
}

/** The end of a payload. */
export const END_OF_SECTION: Uint8Array = word(0, FLAG.endOfSection);

/** The list of one block whose used length is the sum, unless other blocks are given. */
export function memorySizes(sum: number, blocks: readonly (readonly [string, number])[] = [[BLOCK, sum]]): Uint8Array {
  return join(
    word(sum, FLAG.memorySizes),
    ...blocks.map(([blockName, usedLength]) => join(name(blockName), bigEndian(usedLength, 8))),
  );
}

/** The word of a record of a page, and the name of its block if it has one. */
export function pageWord(address: number | bigint, flag: number, block: Block = BLOCK): Uint8Array {
  return block === CONTINUED ? word(address, flag + FLAG.continue) : join(word(address, flag), name(block));
}

/** A zero record. */
export function zeroRecord(address: number | bigint, block?: Block, fill = 0): Uint8Array {
  return join(pageWord(address, FLAG.zero, block), fill);
}

/** A page record. */
export function pageRecord(address: number | bigint, bytes: Bytes, block?: Block): Uint8Array {
  return join(pageWord(address, FLAG.page, block), bytes);
}

/** An XBZRLE record; the length is that of the delta, unless told. */
export function xbzrleRecord(
  address: number | bigint,
  delta: Bytes,
  block?: Block,
  { encoding = 1, length = delta.length }: { readonly encoding?: number; readonly length?: number } = {},
): Uint8Array {
  return join(pageWord(address, FLAG.xbzrle, block), encoding, bigEndian(length, 2), delta);
}

/** A compressed record; the length is that of the zlib stream, unless told. */
export function compressedRecord(
  address: number | bigint,
  zlib: Bytes,
  block?: Block,
  length = zlib.length,
): Uint8Array {
  return join(pageWord(address, FLAG.compressed, block), bigEndian(length, 4), zlib);
}

/** A whole stream: the parts have these records, and all that is around them is sound. */
export function stream(ramSize: number, ...parts: readonly (readonly Uint8Array[])[]): Uint8Array {
  return join(header(), start(ramSize), ...parts.map((records) => part(records)), last(), end());
}
