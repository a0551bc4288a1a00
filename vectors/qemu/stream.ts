/**
 * A migration stream by hand, for QEMU to read: the least that makes it apply deltas to pages. The RAM of the machine
 * comes first, the old pages, and then the deltas, as in a migration of two rounds; there are no devices.
 *
 * Source: QEMU 7.2, version 3 of the stream. All integers are big-endian; no reader of the reference has a part in it.
 */

import type { DecodeVector } from "../load.ts";

/** The bytes of a target page of x86. */
export const PAGE_SIZE = 4096;

/** The machine that the stream is for: it has a RAM and nothing else. */
export const MACHINE = "none";

/** The one RAM block: its name and its size in bytes. */
export const RAM_BLOCK = { name: "ram", sizeBytes: 16 * 1024 * 1024 } as const;

const SECTION_ID = 2;
const SECTION = {
  eof: 0x00,
  start: 0x01,
  part: 0x02,
  end: 0x03,
  description: 0x06,
  configuration: 0x07,
  footer: 0x7e,
} as const;

/** In the low bits of a record's first eight bytes; the page offset in the RAM block is in the high ones. */
const FLAG = { memorySize: 0x04, page: 0x08, endOfSection: 0x10, xbzrle: 0x40 } as const;
const ENCODING_XBZRLE = 0x01;

/** What is asked of QEMU: the page that the RAM holds first, of `PAGE_SIZE` bytes, and the delta for it. */
export type Request = Pick<DecodeVector, "oldPage" | "delta">;

/**
 * The stream that lays the old page of request n at page n of the RAM, and then applies the deltas in the same order.
 * A delta is written whatever it holds, malformed or longer than a page; its length has 16 bits.
 * Throws a `RangeError` if the RAM has not room for the pages, if an old page has another size, or for a longer delta.
 */
export function spellStream(requests: readonly Request[]): Uint8Array {
  if (RAM_BLOCK.sizeBytes < requests.length * PAGE_SIZE) {
    throw new RangeError(`${requests.length} pages do not fit a RAM of ${RAM_BLOCK.sizeBytes} bytes`);
  }
  return Buffer.concat([
    ...[latin1("QEVM"), be32(3)],
    ...[u8(SECTION.configuration), be32(MACHINE.length), latin1(MACHINE)],
    startSection(),
    ramSection(SECTION.part, requests.map(pageRecord)),
    ramSection(SECTION.part, requests.map(xbzrleRecord)),
    ramSection(SECTION.end, []),
    u8(SECTION.eof),
    ...[u8(SECTION.description), be32(2), latin1("{}")],
  ]);
}

/** Announces the section `ram`, instance 0, version 4, and the list of RAM blocks. */
function startSection(): Buffer {
  return Buffer.concat([
    ...[u8(SECTION.start), be32(SECTION_ID), str8("ram"), be32(0), be32(4)],
    // With one block in the list its size is also the sum of all sizes.
    ...[be64(RAM_BLOCK.sizeBytes + FLAG.memorySize), str8(RAM_BLOCK.name), be64(RAM_BLOCK.sizeBytes)],
    endOfSection(),
  ]);
}

function ramSection(type: number, records: readonly Buffer[]): Buffer {
  return Buffer.concat([u8(type), be32(SECTION_ID), ...records, endOfSection()]);
}

function endOfSection(): Buffer {
  return Buffer.concat([be64(FLAG.endOfSection), u8(SECTION.footer), be32(SECTION_ID)]);
}

function pageRecord({ oldPage }: Request, pageIndex: number): Buffer {
  if (oldPage.length !== PAGE_SIZE) throw new RangeError(`a page of ${oldPage.length} bytes, and not ${PAGE_SIZE}`);
  return Buffer.concat([recordStart(pageIndex, FLAG.page), oldPage]);
}

function xbzrleRecord({ delta }: Request, pageIndex: number): Buffer {
  return Buffer.concat([recordStart(pageIndex, FLAG.xbzrle), u8(ENCODING_XBZRLE), be16(delta.length), delta]);
}

/** Each record names its block: a sender would let all but the first continue in the block of the one before. */
function recordStart(pageIndex: number, flag: number): Buffer {
  return Buffer.concat([be64(pageIndex * PAGE_SIZE + flag), str8(RAM_BLOCK.name)]);
}

function str8(text: string): Buffer {
  return Buffer.concat([u8(text.length), latin1(text)]);
}

function latin1(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

function u8(value: number): Buffer {
  return Buffer.of(value);
}

function be16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function be32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function be64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
