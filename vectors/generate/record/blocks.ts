/** Families `blocks` and `addresses`: which block a record is of, and where in it. */

import type { ReceiveFamilyText } from "../../format.ts";
import { page } from "../pages.ts";
import { RAM_SIZE, ReceiveFamily } from "../receive-family.ts";
import { join, spellDelta } from "../spell.ts";
import {
  type Block,
  CONTINUED,
  end,
  header,
  last,
  PAGE_SIZE,
  pageRecord,
  part,
  start,
  stream,
  xbzrleRecord,
  zeroRecord,
} from "../spell-stream.ts";

const A = page(PAGE_SIZE, [0xaa]);
const B = page(PAGE_SIZE, [0xbb]);
const DELTA = spellDelta([[2, [9]]]);

/** A record of each kind, at an address. */
const KINDS: readonly (readonly [name: string, (address: number | bigint, block?: Block) => Uint8Array])[] = [
  ["zero", (address, block) => zeroRecord(address, block)],
  ["page", (address, block) => pageRecord(address, A, block)],
  ["xbzrle", (address, block) => xbzrleRecord(address, DELTA, block)],
];

/** The vectors of the family `blocks`. */
export function blocks(): ReceiveFamilyText {
  const family = new ReceiveFamily("record", "blocks");
  continuing(family);
  for (const [name, record] of KINDS) {
    family.refuse(`continue-first-${name}`, "block-missing", {
      shows: ["RECORD-10"],
      why: `A receiver that accepts this takes CONTINUE on the first ${name} record for the only block that there is.`,
      stream: stream(RAM_SIZE, [record(0, CONTINUED)]),
    });
    family.refuse(`continue-first-${name}-later-part`, "block-missing", {
      shows: ["RECORD-10"],
      why: "A receiver that accepts this takes the list of memory sizes, or a part without records, for a name.",
      stream: stream(RAM_SIZE, [], [record(0, CONTINUED)]),
    });
    for (const [kind, blockName] of NAMES) {
      family.refuse(`${kind}-${name}`, "block-unknown", {
        shows: ["RECORD-11", "RECORD-8"],
        why: `A receiver that accepts this ${name} record does not compare the whole name of the block: ${kind}.`,
        stream: stream(RAM_SIZE, [record(0, blockName)]),
      });
    }
  }
  return family.text();
}

/** Names that are not `ram`. */
const NAMES: readonly (readonly [string, string])[] = [
  ["name-empty", ""],
  ["name-shorter", "ra"],
  ["name-longer", "rams"],
  ["name-upper-case", "RAM"],
  ["name-with-nul", "ram\0"],
  ["name-of-another", "pc.ram"],
  ["name-of-255", "r".repeat(255)],
];

function continuing(family: ReceiveFamily): void {
  for (const [name, record] of KINDS) {
    family.accept(`continue-after-${name}`, {
      shows: ["RECORD-9"],
      why: `A receiver that fails does not keep the block of a ${name} record for the record after it.`,
      stream: stream(RAM_SIZE, [record(0), pageRecord(0, A, CONTINUED), pageRecord(0x1000, B, CONTINUED)]),
      pages: [
        [0, A],
        [0x1000, B],
      ],
    });
    family.accept(`name-again-${name}`, {
      shows: ["RECORD-8"],
      why: `A receiver that fails does not take a name on a ${name} record whose block it knows already.`,
      stream: stream(RAM_SIZE, [pageRecord(0, B), record(0x1000), pageRecord(0x1000, A, CONTINUED)]),
      pages: [
        [0, B],
        [0x1000, A],
      ],
    });
  }
  family.accept("continue-in-next-part", {
    shows: ["RECORD-9"],
    why: "A receiver that fails forgets the block at the end of a payload.",
    stream: stream(RAM_SIZE, [pageRecord(0, A)], [], [pageRecord(0x1000, B, CONTINUED)]),
    pages: [
      [0, A],
      [0x1000, B],
    ],
  });
  family.accept("continue-in-last", {
    shows: ["RECORD-9"],
    why: "A receiver that fails forgets the block before the last item.",
    stream: join(header(), start(RAM_SIZE), part([pageRecord(0, A)]), last([pageRecord(0x1000, B, CONTINUED)]), end()),
    pages: [
      [0, A],
      [0x1000, B],
    ],
  });
}

/** The vectors of the family `addresses`. */
export function addresses(): ReceiveFamilyText {
  const family = new ReceiveFamily("record", "addresses");
  for (const [name, record] of KINDS) {
    for (const [kind, address] of OUTSIDE) {
      family.refuse(`${name}-${kind}`, 2n ** 53n <= address ? "word-too-large" : "page-outside-block", {
        shows: 2n ** 53n <= address ? ["RECORD-12", "RECORD-7"] : ["RECORD-12"],
        why: `A receiver that accepts this ${name} record goes to address ${address} of a block of ${RAM_SIZE} bytes.`,
        stream: stream(RAM_SIZE, [pageRecord(0, B), record(address, CONTINUED)]),
      });
    }
  }
  const small = 2 * PAGE_SIZE;
  family.accept("two-pages", {
    shows: ["RECORD-12"],
    why: "A receiver that fails refuses the last page of a block of two pages.",
    stream: stream(small, [pageRecord(PAGE_SIZE, A)]),
    ramSize: small,
    pages: [[PAGE_SIZE, A]],
  });
  family.refuse("two-pages-at-end", "page-outside-block", {
    shows: ["RECORD-12"],
    why: "A receiver that accepts this writes behind a block of two pages.",
    stream: stream(small, [pageRecord(small, A)]),
    ramSize: small,
  });
  family.accept("beyond-16-bits", {
    shows: ["RECORD-1", "RECORD-12"],
    why: "A receiver that fails cuts the address to sixteen bits.",
    stream: stream(0x40_0000, [pageRecord(0x10_0000, A), xbzrleRecord(0x3f_f000, DELTA, CONTINUED)]),
    ramSize: 0x40_0000,
    pages: [
      [0x10_0000, A],
      [0x3f_f000, Uint8Array.from({ length: PAGE_SIZE }, (_, at) => (at === 2 ? 9 : 0))],
    ],
  });
  return family.text();
}

/** Addresses that are not inside, most of which are when they are cut to fewer bits. */
const OUTSIDE: readonly (readonly [string, bigint])[] = [
  ["at-end", BigInt(RAM_SIZE)],
  ["page-after-end", BigInt(RAM_SIZE + PAGE_SIZE)],
  ["twice", BigInt(2 * RAM_SIZE)],
  ["2-to-31", 2n ** 31n],
  ["2-to-32", 2n ** 32n],
  ["2-to-32-and-page", 2n ** 32n + 4096n],
  ["2-to-52", 2n ** 52n],
  ["2-to-53", 2n ** 53n],
  ["2-to-63", 2n ** 63n],
  ["all-ones", 2n ** 64n - 4096n],
];
