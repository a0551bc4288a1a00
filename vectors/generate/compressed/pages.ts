/** Families `pages` and `malformed`: pages that travel as zlib streams. */

import type { ReceiveFamilyText } from "../../format.ts";
import { lay, page } from "../pages.ts";
import { RAM_SIZE, ReceiveFamily } from "../receive-family.ts";
import { type Bytes, join, spellDelta } from "../spell.ts";
import {
  CONTINUED,
  compressedRecord,
  PAGE_SIZE,
  pageRecord,
  stream,
  xbzrleRecord,
  zeroRecord,
} from "../spell-stream.ts";
import { adler32, repeatedBlock, repeatedZlib, storedBlock, storedZlib, ZLIB_HEADER } from "./zlib.ts";

const OLD = page(PAGE_SIZE);
const NEW = page(PAGE_SIZE, [0x10, 0x21, 0x32]);
const SAME = page(PAGE_SIZE, [0x42]);
/** The page 00 as QEMU's zlib writes it at its default level. */
const ZEROS_BY_ZLIB = Buffer.from("789cedc1010d000000c2a0f74f6d0f0714000000f06e10000001", "hex");

/** A stream that sets the page at 0x1000 and then the same by a compressed record. */
function over(zlib: Bytes, length?: number): Uint8Array {
  return stream(RAM_SIZE, [pageRecord(0x1000, OLD), compressedRecord(0x1000, zlib, CONTINUED, length)]);
}

/** The vectors of the family `pages`. */
export function compressedPages(): ReceiveFamilyText {
  const family = new ReceiveFamily("compressed", "pages");
  const accept = (name: string, why: string, zlib: Bytes, expected: Uint8Array, shows = "COMP-1") =>
    family.accept(name, {
      shows: [shows],
      why: `A receiver that fails ${why}.`,
      stream: over(zlib),
      pages: nonZero(expected),
    });
  accept("stored", "does not take a stored block", storedZlib(NEW), NEW);
  accept("fixed-codes", "does not take a block with the fixed codes", repeatedZlib(0x42, PAGE_SIZE), SAME);
  accept("dynamic-codes", "does not take a block with codes of its own", ZEROS_BY_ZLIB, new Uint8Array(PAGE_SIZE));
  for (const [level, head] of Object.entries(ZLIB_HEADER)) {
    accept(`header-${level}`, `does not take the zlib header of level ${level}`, storedZlib(NEW, head), NEW);
  }
  const joined = (...blocks: readonly Uint8Array[]) => join(ZLIB_HEADER.fastest, ...blocks, adler32(SAME));
  const halves = [storedBlock(SAME.subarray(0, 2048), false), repeatedBlock(0x42, 2048)];
  accept("two-blocks", "stops after the first block of deflate", joined(...halves), SAME);
  const empty = [storedBlock([], false), repeatedBlock(0x42, PAGE_SIZE)];
  accept("empty-block", "stops at an empty block of deflate", joined(...empty), SAME);
  for (const [name, records] of [
    ["named", [compressedRecord(0, storedZlib(NEW))]],
    ["after-zero", [zeroRecord(0), compressedRecord(0, storedZlib(NEW), CONTINUED)]],
  ] as const) {
    family.accept(name, {
      shows: ["COMP-1", "RECORD-8"],
      why: `A receiver that fails does not take a compressed record in this place: ${name}.`,
      stream: stream(RAM_SIZE, records),
      pages: [[0, NEW]],
    });
  }
  family.accept("many", {
    shows: ["COMP-1"],
    why: "A receiver that fails mixes up compressed pages, which come in no order of address.",
    stream: stream(RAM_SIZE, [
      pageRecord(0, OLD),
      ...[9, 3, 15, 1, 12].map((index) =>
        compressedRecord(index * PAGE_SIZE, repeatedZlib(index, PAGE_SIZE), CONTINUED),
      ),
    ]),
    pages: [[0, OLD], ...[1, 3, 9, 12, 15].map((index) => [index * PAGE_SIZE, page(PAGE_SIZE, [index])] as const)],
  });
  family.accept("xbzrle-in-next-part", {
    shows: ["COMP-1", "RECORD-19"],
    why: "A receiver that fails applies a delta before the compressed record of the payload before it.",
    stream: stream(
      RAM_SIZE,
      [pageRecord(0, OLD), compressedRecord(0x1000, storedZlib(NEW), CONTINUED)],
      [xbzrleRecord(0x1000, spellDelta([[2, [9]]]), CONTINUED)],
    ),
    pages: [
      [0, OLD],
      [0x1000, lay(NEW, 2, [9])],
    ],
  });
  leftOpen(family);
  return family.text();
}

function nonZero(bytes: Uint8Array): readonly (readonly [number, Uint8Array])[] {
  return bytes.every((byte) => byte === 0) ? [] : [[0x1000, bytes]];
}

function leftOpen(family: ReceiveFamily): void {
  for (const count of [0, 1, 100, PAGE_SIZE - 1]) {
    family.eitherWay(`short-${count}`, "short-page", {
      shows: ["COMP-6"],
      why: `A receiver that fails does neither refuse ${count} bytes for a page nor set these bytes and no others.`,
      stream: over(storedZlib(NEW.subarray(0, count))),
      pages: [[0x1000, lay(OLD, 0, NEW.subarray(0, count))]],
    });
  }
  for (const rest of [[0], [0, 0, 0, 0], [...repeatedZlib(1, 9)]]) {
    family.eitherWay(`rest-${rest.length}`, "bytes-after-zlib", {
      shows: ["COMP-7"],
      why: `A receiver that fails makes something of ${rest.length} bytes after the end of the zlib stream.`,
      stream: over(join(repeatedZlib(0x42, PAGE_SIZE), rest)),
      pages: [[0x1000, SAME]],
    });
  }
}

/** The vectors of the family `malformed`. */
export function compressedMalformed(): ReceiveFamilyText {
  const family = new ReceiveFamily("compressed", "malformed");
  const refuse = (name: string, fault: string, shows: string, why: string, bytes: Uint8Array) =>
    family.refuse(name, fault, { shows: [shows], why: `A receiver that accepts this ${why}.`, stream: bytes });
  const good = storedZlib(NEW);
  refuse("empty", "compressed-empty", "COMP-2", "takes a compressed record of no bytes for a page", over([], 0));
  for (const length of [4111, 4112, 8192, 65_536]) {
    const why = `takes a length of ${length}, which no page of 4096 bytes needs`;
    refuse(
      `length-${length}`,
      "compressed-too-long",
      "COMP-3",
      why,
      over(join(good, new Uint8Array(length - good.length))),
    );
  }
  const claims = [0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
  for (const length of claims) {
    refuse(
      `length-${length}`,
      "compressed-too-long",
      "COMP-3",
      `has memory for ${length} bytes, or counts below 0`,
      over(good, length),
    );
  }
  for (const [name, why, zlib] of damaged(good)) {
    refuse(name, "compressed-damaged", "COMP-4", why, over(zlib));
  }
  for (const count of [PAGE_SIZE + 1, PAGE_SIZE + 200, 2 * PAGE_SIZE, 500_000]) {
    const why = `writes ${count} bytes for a page, or cuts them`;
    refuse(`output-${count}`, "page-exceeded", "COMP-5", why, over(repeatedZlib(0x42, count)));
  }
  return family.text();
}

/** Zlib streams of a page that are damaged, each in one place. */
function damaged(good: Uint8Array): readonly (readonly [string, string, Uint8Array])[] {
  const changed = (at: number, change: number) => lay(good, at, [good[at]! ^ change]);
  const deflate = repeatedBlock(0x42, PAGE_SIZE);
  const gzip = join([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3], deflate, [0, 0, 0, 0], [0, 0x10, 0, 0]);
  return [
    ["raw-deflate", "takes deflate without the zlib header", deflate],
    ["gzip", "takes gzip for zlib", gzip],
    ["header-check", "does not look at the check bits of the header", changed(1, 1)],
    ["header-method", "does not look at the method of the header", lay(good, 0, [0x79, 0x13])],
    ["header-window", "does not look at the size of the window", lay(good, 0, [0x88, 0x1c])],
    [
      "dictionary",
      "takes a zlib stream that needs a dictionary",
      join([0x78, 0x20, 0, 0, 0, 1], repeatedZlib(0x42, PAGE_SIZE).subarray(2)),
    ],
    ["stored-length", "does not compare the two lengths of a stored block", changed(5, 1)],
    ["block-type", "takes a block of the type that there is not", lay(good, 2, [7])],
    ["adler-first-byte", "does not look at the Adler-32", changed(good.length - 4, 0x80)],
    ["adler-last-byte", "does not look at all of the Adler-32", changed(good.length - 1, 1)],
    ["page-byte", "does not compare the page with the Adler-32", changed(100, 1)],
    ["no-adler", "does not ask for the Adler-32", good.subarray(0, good.length - 4)],
    ["cut-adler", "takes three bytes of the Adler-32", good.subarray(0, good.length - 1)],
    ["cut-page", "takes a zlib stream that ends within the page", good.subarray(0, 2000)],
    ["header-only", "takes a header for a zlib stream", good.subarray(0, 2)],
    ["one-byte", "takes one byte for a zlib stream", good.subarray(0, 1)],
    ["zeros", "takes zeros for a zlib stream", new Uint8Array(64)],
    ["page-itself", "takes the page itself for a zlib stream", OLD],
  ];
}
