/** Family `memory-sizes`: lists of blocks, and what ends a payload. */

import type { ReceiveFamilyText } from "../../format.ts";
import { page } from "../pages.ts";
import { RAM_SIZE, ReceiveFamily } from "../receive-family.ts";
import { join } from "../spell.ts";
import {
  END_OF_SECTION,
  end,
  FLAG,
  footer,
  header,
  last,
  memorySizes,
  PAGE_SIZE,
  pageRecord,
  part,
  startHeader,
  stream,
  word,
} from "../spell-stream.ts";

const PAGE = page(PAGE_SIZE, [0xaa]);

/** A whole stream whose start has this list. */
function withList(...list: readonly Uint8Array[]): Uint8Array {
  const start = join(startHeader(), ...list, END_OF_SECTION, footer());
  return join(header(), start, part([pageRecord(0, PAGE)]), last(), end());
}

/** The vectors of the family. */
export function memorySizesFamily(): ReceiveFamilyText {
  const family = new ReceiveFamily("record", "memory-sizes");
  const accept = (name: string, shows: string, why: string, stream: Uint8Array) =>
    family.accept(name, { shows: [shows], why, stream, pages: [[0, PAGE]] });
  accept(
    "one-block",
    "RECORD-24",
    "A receiver that fails does not take the list of its one block.",
    withList(memorySizes(RAM_SIZE)),
  );
  accept(
    "sum-of-zero",
    "RECORD-24",
    "A receiver that fails looks for a block where the sum is 0.",
    withList(memorySizes(0, []), memorySizes(RAM_SIZE)),
  );
  accept(
    "twice",
    "RECORD-24",
    "A receiver that fails does not take a second list of the same blocks.",
    withList(memorySizes(RAM_SIZE), memorySizes(RAM_SIZE)),
  );
  accept(
    "in-part",
    "RECORD-24",
    "A receiver that fails does not take a list in a part.",
    stream(RAM_SIZE, [memorySizes(RAM_SIZE), pageRecord(0, PAGE)]),
  );
  refusals(family);
  ends(family);
  return family.text();
}

function refusals(family: ReceiveFamily): void {
  const refuse = (name: string, fault: string, shows: string, why: string, ...list: readonly Uint8Array[]) =>
    family.refuse(name, fault, {
      shows: [shows],
      why: `A receiver that accepts this ${why}.`,
      stream: withList(...list),
    });
  for (const [kind, blockName] of [
    ["another", "pc.ram"],
    ["shorter", "ra"],
    ["longer", "rams"],
    ["empty", ""],
  ] as const) {
    const list = memorySizes(RAM_SIZE, [[blockName, RAM_SIZE]]);
    refuse(
      `unknown-${kind}`,
      "listed-block-unknown",
      "RECORD-26",
      "takes a list with a block that it does not have",
      list,
    );
  }
  refuse(
    "unknown-second",
    "listed-block-unknown",
    "RECORD-26",
    "looks at the first block of a list only",
    memorySizes(2 * RAM_SIZE, [
      ["ram", RAM_SIZE],
      ["vga.vram", RAM_SIZE],
    ]),
  );
  for (const usedLength of [
    PAGE_SIZE,
    RAM_SIZE - PAGE_SIZE,
    RAM_SIZE + PAGE_SIZE,
    2 * RAM_SIZE,
    2 ** 32 + RAM_SIZE,
    2 ** 44,
  ]) {
    const why = `takes a used length of ${usedLength} for its block of ${RAM_SIZE}`;
    refuse(`used-length-${usedLength}`, "used-length-mismatch", "RECORD-27", why, memorySizes(usedLength));
  }
  for (const usedLength of [0, 1, PAGE_SIZE - 1, RAM_SIZE + 1]) {
    const why = `takes a used length of ${usedLength}, which is no number of pages`;
    const list = memorySizes(RAM_SIZE * 2, [["ram", usedLength]]);
    refuse(`unaligned-${usedLength}`, "used-length-unaligned", "RECORD-28", why, list);
  }
  for (const sum of [PAGE_SIZE, RAM_SIZE - PAGE_SIZE]) {
    const why = `does not see that a block of ${RAM_SIZE} bytes is more than the sum of ${sum}`;
    refuse(`exceeds-${sum}`, "memory-sizes-exceeded", "RECORD-25", why, memorySizes(sum, [["ram", RAM_SIZE]]));
  }
}

/** What ends a payload, in forms that say more than they need. */
function ends(family: ReceiveFamily): void {
  for (const [name, address, flags] of [
    ["address", 0x5000, FLAG.endOfSection],
    ["continue", 0, FLAG.endOfSection + FLAG.continue],
    ["address-and-continue", 0x1000, FLAG.endOfSection + FLAG.continue],
  ] as const) {
    const items = join(2, 0, 0, 0, 2, pageRecord(0, PAGE), word(address, flags), footer());
    family.eitherWay(`end-with-${name}`, "end-with-more", {
      shows: ["RECORD-31", "RECORD-29"],
      why: "A receiver that fails does neither refuse such an end of section nor end the payload.",
      stream: join(
        header(),
        join(startHeader(), memorySizes(RAM_SIZE), END_OF_SECTION, footer()),
        items,
        last(),
        end(),
      ),
      pages: [[0, PAGE]],
    });
  }
  const afterEnd = join(2, 0, 0, 0, 2, END_OF_SECTION, pageRecord(0, PAGE), footer());
  family.refuse("record-after-end", "footer-missing", {
    shows: ["RECORD-29", "STREAM-16"],
    why: "A receiver that accepts this reads records after the end of section.",
    stream: join(
      header(),
      join(startHeader(), memorySizes(RAM_SIZE), END_OF_SECTION, footer()),
      afterEnd,
      last(),
      end(),
    ),
  });
}
