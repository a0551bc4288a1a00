/** Family `pages`: what each kind of record makes of a page, alone and after others. */

import type { ReceiveFamilyText } from "../../format.ts";
import { lay, page } from "../pages.ts";
import { type AcceptRequest, RAM_SIZE, ReceiveFamily } from "../receive-family.ts";
import { type Bytes, spellDelta } from "../spell.ts";
import {
  CONTINUED,
  END_OF_SECTION,
  FLAG,
  PAGE_SIZE,
  pageRecord,
  stream,
  word,
  xbzrleRecord,
  zeroRecord,
} from "../spell-stream.ts";

const LAST = RAM_SIZE - PAGE_SIZE;
const OLD = page(PAGE_SIZE);
const DELTA = spellDelta([[2, [9]]]);

/** The old page with the byte that `DELTA` writes. */
const PATCHED = lay(OLD, 2, [9]);

/** The vectors of the family. */
export function pages(): ReceiveFamilyText {
  const family = new ReceiveFamily("record", "pages");
  alone(family);
  deltas(family);
  inOrder(family);
  lookalikes(family);
  leftOpen(family);
  return family.text();
}

function alone(family: ReceiveFamily): void {
  for (const address of [0, PAGE_SIZE, 0x5000, LAST]) {
    family.accept(`page-at-${address}`, {
      shows: ["RECORD-18", "RECORD-1"],
      why: `A receiver that fails puts the bytes of a page record elsewhere than at address ${address}, or changes them.`,
      stream: stream(RAM_SIZE, [pageRecord(address, OLD)]),
      pages: [[address, OLD]],
    });
    family.accept(`zero-at-${address}`, {
      shows: ["RECORD-15"],
      why: `A receiver that fails leaves the page at address ${address} as it was, where a zero record sets it to zeros.`,
      stream: stream(RAM_SIZE, [pageRecord(address, OLD), zeroRecord(address, CONTINUED)]),
      pages: [],
    });
    family.accept(`xbzrle-at-${address}`, {
      shows: ["RECORD-19", "RECORD-1"],
      why: `A receiver that fails applies the delta to another page than that at address ${address}.`,
      stream: stream(RAM_SIZE, [pageRecord(address, OLD), xbzrleRecord(address, DELTA, CONTINUED)]),
      pages: [[address, PATCHED]],
    });
  }
  family.accept("every-page", {
    shows: ["RECORD-18"],
    why: "A receiver that fails mixes up pages when each has bytes of its own.",
    stream: stream(
      RAM_SIZE,
      Array.from({ length: 16 }, (_, index) => pageRecord(index * PAGE_SIZE, page(PAGE_SIZE, [index + 1]))),
    ),
    pages: Array.from({ length: 16 }, (_, index) => [index * PAGE_SIZE, page(PAGE_SIZE, [index + 1])]),
  });
}

function deltas(family: ReceiveFamily): void {
  const accept = (name: string, why: string, delta: Bytes, newPage: Uint8Array, oldPage: Uint8Array | null = OLD) => {
    const records = oldPage === null ? [] : [pageRecord(0x2000, oldPage)];
    family.accept(name, {
      shows: ["RECORD-19", "RECORD-21"],
      why,
      stream: stream(RAM_SIZE, [...records, xbzrleRecord(0x2000, delta, oldPage === null ? "ram" : CONTINUED)]),
      pages: [[0x2000, newPage]],
    });
  };
  const zeros = new Uint8Array(PAGE_SIZE);
  accept(
    "xbzrle-first-record",
    "A receiver that fails refuses a delta for a page of which no record came before: the page holds zeros.",
    DELTA,
    lay(zeros, 2, [9]),
    null,
  );
  accept(
    "xbzrle-as-long-as-page",
    "A receiver that fails refuses a delta of 4096 bytes, which is as long as the page and no longer.",
    spellDelta([[3, page(4093, [0x11, 0x22, 0x33])]]),
    lay(OLD, 3, page(4093, [0x11, 0x22, 0x33])),
  );
  accept(
    "xbzrle-last-byte",
    "A receiver that fails does not reach the last byte of the page.",
    spellDelta([[4095, [0x77]]]),
    lay(OLD, 4095, [0x77]),
  );
  accept(
    "xbzrle-equal-literals",
    "A receiver that fails takes the literals of a delta for an XOR, or does not write those that equal the old bytes.",
    spellDelta([
      [0, OLD.subarray(0, 40)],
      [1, [0xff]],
    ]),
    lay(OLD, 41, [0xff]),
  );
  family.accept("xbzrle-on-xbzrle", {
    shows: ["RECORD-19", "RECORD-6"],
    why: "A receiver that fails applies the second delta to the page as it was before the first.",
    stream: stream(RAM_SIZE, [
      pageRecord(0, OLD),
      xbzrleRecord(0, DELTA, CONTINUED),
      xbzrleRecord(0, spellDelta([[5, [1, 2]]]), CONTINUED),
    ]),
    pages: [[0, lay(PATCHED, 5, [1, 2])]],
  });
  family.accept("xbzrle-on-zero", {
    shows: ["RECORD-19", "RECORD-15"],
    why: "A receiver that fails applies the delta to the page as it was before the zero record.",
    stream: stream(RAM_SIZE, [pageRecord(0, OLD), zeroRecord(0, CONTINUED), xbzrleRecord(0, DELTA, CONTINUED)]),
    pages: [[0, lay(zeros, 2, [9])]],
  });
}

function inOrder(family: ReceiveFamily): void {
  const other = page(PAGE_SIZE, [0x3c]);
  const accept = (name: string, why: string, records: readonly Uint8Array[], pages: AcceptRequest["pages"]) =>
    family.accept(name, { shows: ["RECORD-6"], why, stream: stream(RAM_SIZE, records), pages });
  accept(
    "page-after-page",
    "A receiver that fails keeps the earlier of two records of one page.",
    [pageRecord(0, OLD), pageRecord(0, other, CONTINUED)],
    [[0, other]],
  );
  accept(
    "page-after-xbzrle",
    "A receiver that fails applies a delta after the page record that follows it.",
    [pageRecord(0, OLD), xbzrleRecord(0, DELTA, CONTINUED), pageRecord(0, other, CONTINUED)],
    [[0, other]],
  );
  accept(
    "page-after-zero",
    "A receiver that fails lets a zero record win over the page record that follows it.",
    [zeroRecord(0), pageRecord(0, other, CONTINUED)],
    [[0, other]],
  );
  accept(
    "addresses-fall",
    "A receiver that fails takes pages only in rising order of address.",
    [pageRecord(LAST, OLD), pageRecord(0x1000, other, CONTINUED), pageRecord(0, OLD, CONTINUED)],
    [
      [0, OLD],
      [0x1000, other],
      [LAST, OLD],
    ],
  );
}

/** Pages whose bytes look like records and footers. */
function lookalikes(family: ReceiveFamily): void {
  const looks: readonly (readonly [string, Uint8Array])[] = [
    ["ends", page(PAGE_SIZE, [...END_OF_SECTION])],
    ["footers", page(PAGE_SIZE, [0x7e, 0, 0, 0, 2])],
    ["words", page(PAGE_SIZE, [...word(0x1000, FLAG.zero + FLAG.continue), 0])],
    ["ones", page(PAGE_SIZE, [0xff])],
  ];
  for (const [name, bytes] of looks) {
    family.accept(`page-of-${name}`, {
      shows: ["RECORD-18", "RECORD-29"],
      why: `A receiver that fails looks for the end of the payload inside a page, here one of ${name}.`,
      stream: stream(RAM_SIZE, [pageRecord(0x3000, bytes), xbzrleRecord(0, DELTA, CONTINUED)]),
      pages: [
        [0, lay(new Uint8Array(PAGE_SIZE), 2, [9])],
        [0x3000, bytes],
      ],
    });
  }
}

function leftOpen(family: ReceiveFamily): void {
  for (const fill of [1, 5, 0x80, 0xff]) {
    const request = {
      shows: ["RECORD-16"],
      why: `A receiver that fails does neither refuse a zero record with fill ${fill} nor fill the page with it.`,
      stream: stream(RAM_SIZE, [zeroRecord(0x1000, "ram", fill)]),
      pages: [[0x1000, page(PAGE_SIZE, [fill])] as const],
    };
    family.eitherWay(`fill-${fill}`, "fill-not-zero", request, "fill-not-zero");
  }
  const records = [pageRecord(0, OLD), xbzrleRecord(0, [], CONTINUED)];
  const why = "A receiver that fails does neither refuse an empty delta nor leave the page as it was.";
  const empty = {
    shows: ["RECORD-19", "DELTA-10"],
    why,
    stream: stream(RAM_SIZE, records),
    pages: [[0, OLD] as const],
  };
  family.eitherWay("xbzrle-empty", "empty-delta", empty, "delta-malformed");
  const flushed = [pageRecord(0, OLD), word(0, FLAG.multifdFlush), pageRecord(0x1000, OLD, CONTINUED)];
  family.eitherWay(
    "multifd-flush",
    "multifd-flush",
    {
      shows: ["RECORD-4", "RECORD-9"],
      why: "A receiver that fails does neither refuse a multifd flush nor go on after it as if it were not there.",
      stream: stream(RAM_SIZE, flushed),
      pages: [
        [0, OLD],
        [0x1000, OLD],
      ],
    },
    "flags-unknown",
  );
}
