/** Family `deltas`: XBZRLE records that are to be refused. Each is followed by records that a receiver which skips it finds. */

import type { ReceiveFamilyText } from "../../format.ts";
import { page } from "../pages.ts";
import { RAM_SIZE, ReceiveFamily } from "../receive-family.ts";
import { type Bytes, spellDelta } from "../spell.ts";
import { CONTINUED, PAGE_SIZE, pageRecord, stream, xbzrleRecord } from "../spell-stream.ts";

const OLD = page(PAGE_SIZE);
const DELTA = spellDelta([[2, [9]]]);

/** A delta with each fault, in a page of 4096 bytes: the fault and the bytes. */
const MALFORMED: readonly (readonly [string, readonly number[]])[] = [
  ["length-truncated", [0x80]],
  ["length-truncated-second", [0, 1, 0xaa, 0x81]],
  ["length-too-long", [0x80, 0x80, 0x01, 0xaa]],
  ["zrun-empty", [0, 1, 0xaa, 0, 1, 0xbb]],
  ["zrun-past-page", [0x81, 0x20, 1, 0xaa]],
  ["zrun-unpaired", [5]],
  ["nzrun-empty", [1, 0]],
  ["nzrun-past-page", [0xff, 0x1f, 2, 0xaa, 0xbb]],
  ["nzrun-truncated", [0, 3, 0xaa, 0xbb]],
];

/** The vectors of the family. */
export function deltas(): ReceiveFamilyText {
  const family = new ReceiveFamily("record", "deltas");
  const around = (record: Uint8Array) =>
    stream(RAM_SIZE, [pageRecord(0x1000, OLD), record, pageRecord(0, OLD, CONTINUED)]);
  for (const [name, delta] of MALFORMED) {
    for (const where of ["alone", "in-its-place"] as const) {
      const records = around(xbzrleRecord(0x1000, delta, CONTINUED));
      family.refuse(`malformed-${name}-${where}`, "delta-malformed", {
        shows: ["RECORD-22"],
        why: `A receiver that accepts this goes on after a malformed delta: ${name}.`,
        stream: where === "alone" ? stream(RAM_SIZE, [xbzrleRecord(0, delta)]) : records,
      });
    }
  }
  for (const encoding of [0, 2, 0x81, 0xff]) {
    family.refuse(`encoding-${encoding}`, "encoding-unknown", {
      shows: ["RECORD-20"],
      why: `A receiver that accepts this does not look at the encoding, ${encoding}.`,
      stream: around(xbzrleRecord(0x1000, DELTA, CONTINUED, { encoding })),
    });
  }
  for (const [name, delta] of TOO_LONG) {
    family.refuse(`too-long-${name}`, "delta-too-long", {
      shows: ["RECORD-21"],
      why: `A receiver that accepts this takes a delta of ${delta.length} bytes for a page of 4096, or cuts it.`,
      stream: around(xbzrleRecord(0x1000, delta, CONTINUED)),
    });
  }
  return family.text();
}

/** Well-formed deltas that have more bytes than the page. */
const TOO_LONG: readonly (readonly [string, Bytes])[] = [
  [
    "by-one",
    spellDelta([
      [0, page(1, [1])],
      [1, page(4091, [2])],
    ]),
  ],
  ["by-many", spellDelta(Array.from({ length: 2048 }, (_, index) => [index === 0 ? 0 : 1, [3]] as const))],
];
