/** Family `sections`: items, ids and footers. */

import type { ReceiveFamilyText } from "../../format.ts";
import { page } from "../pages.ts";
import { RAM_SIZE, ReceiveFamily } from "../receive-family.ts";
import { join } from "../spell.ts";
import {
  bigEndian,
  CONTINUED,
  END_OF_SECTION,
  end,
  footer,
  header,
  last,
  memorySizes,
  PAGE_SIZE,
  pageRecord,
  part,
  start,
  startHeader,
} from "../spell-stream.ts";

const PAGE = page(PAGE_SIZE, [0xaa]);
const PAGES = [[0, PAGE] as const];
const RECORDS = [pageRecord(0, PAGE)];

/** The vectors of the family. */
export function sections(): ReceiveFamilyText {
  const family = new ReceiveFamily("stream", "sections");
  accepted(family);
  ids(family);
  names(family);
  footers(family);
  for (const first of [0x05, 0x06, 0x07, 0x09, 0x0a, 0x55, 0x7e, 0x7f, 0x80, 0x82, 0xff]) {
    family.refuse(`item-${first}`, "item-unknown", {
      shows: ["STREAM-10"],
      why: `A receiver that accepts this skips an item that begins with ${first}, or takes it for another.`,
      stream: join(header(), start(RAM_SIZE), part(RECORDS), first, part([]).subarray(1), last(), end()),
    });
  }
  return family.text();
}

function accepted(family: ReceiveFamily): void {
  const accept = (name: string, shows: string, why: string, ...items: readonly Uint8Array[]) =>
    family.accept(name, {
      shows: [shows],
      why: `A receiver that fails ${why}.`,
      stream: join(header(), ...items, end()),
      pages: PAGES,
    });
  for (const id of [0, 1, 3, 4, 0x7e, 0x100, 0x7fff_ffff, 0xffff_ffff]) {
    const items = [start(RAM_SIZE, id), part(RECORDS, id), last([], id)];
    accept(`id-${id}`, "STREAM-13", `does not take ${id} for the id of the section`, ...items);
  }
  const many = Array.from({ length: 200 }, () => part([]));
  accept(
    "empty-parts",
    "STREAM-15",
    "does not take parts without records",
    start(RAM_SIZE),
    ...many,
    part(RECORDS),
    last(),
  );
  accept("no-part", "STREAM-15", "does not take records in the last item", start(RAM_SIZE), last(RECORDS));
  const inStart = join(startHeader(), memorySizes(RAM_SIZE), ...RECORDS, END_OF_SECTION, footer());
  accept("records-in-start", "STREAM-15", "does not take records in the start", inStart, last());
  const pages = Array.from({ length: 16 }, (_, index) =>
    pageRecord(index * PAGE_SIZE, PAGE, index === 0 ? "ram" : CONTINUED),
  );
  family.accept("records-over-parts", {
    shows: ["STREAM-15"],
    why: "A receiver that fails loses records when each stands in a part of its own.",
    stream: join(header(), start(RAM_SIZE), ...pages.map((record) => part([record])), last(), end()),
    pages: pages.map((_, index) => [index * PAGE_SIZE, PAGE]),
  });
  family.eitherWay("no-last", "no-last", {
    shows: ["STREAM-18"],
    why: "A receiver that fails does neither refuse a stream without a last item nor take its records.",
    stream: join(header(), start(RAM_SIZE), part(RECORDS), end()),
    pages: PAGES,
  });
}

function ids(family: ReceiveFamily): void {
  const refuse = (name: string, why: string, ...items: readonly Uint8Array[]) =>
    family.refuse(name, "section-id-unknown", {
      shows: ["STREAM-14"],
      why: `A receiver that accepts this ${why}.`,
      stream: join(header(), ...items, end()),
    });
  for (const id of [0, 1, 3, 0x0200, 0x0200_0000, 0x0100_0002]) {
    refuse(
      `part-of-${id}`,
      `takes a part with id ${id} for one of the section 2`,
      start(RAM_SIZE),
      part(RECORDS, id),
      last(),
    );
    refuse(`last-of-${id}`, `takes a last with id ${id} for one of the section 2`, start(RAM_SIZE), last(RECORDS, id));
  }
  refuse("part-before-start", "takes a part before the start of its section", part(RECORDS), start(RAM_SIZE), last());
  refuse("no-start", "takes the section 2 for that of the RAM without a start", part(RECORDS), last());
  const full = join(4, start(RAM_SIZE).subarray(1));
  refuse(
    "part-after-full",
    "takes the id of a full for one that a start has given, and a part with it",
    full,
    part(RECORDS),
  );
  refuse(
    "last-after-full",
    "takes the id of a full for one that a start has given, and a last with it",
    full,
    last(RECORDS),
  );
}

function names(family: ReceiveFamily): void {
  const startOf = (section: Parameters<typeof startHeader>[1]) =>
    join(startHeader(2, section), memorySizes(RAM_SIZE), END_OF_SECTION, footer());
  for (const name of ["ra", "rams", "RAM", "block", "timer", "ram\0"]) {
    const label = name === "ram\0" ? "with-nul" : name === "RAM" ? "upper-case" : name;
    family.refuse(`name-${label}`, "section-unknown", {
      shows: ["STREAM-11"],
      why: `A receiver that accepts this takes a section of another name for that of the RAM, or skips it: ${label}.`,
      stream: join(header(), startOf({ name }), part(RECORDS), last(), end()),
    });
  }
  for (const instance of [1, 2, 0x0100_0000]) {
    family.refuse(`instance-${instance}`, "section-unknown", {
      shows: ["STREAM-11"],
      why: `A receiver that accepts this takes instance ${instance} for instance 0.`,
      stream: join(header(), startOf({ instance }), part(RECORDS), last(), end()),
    });
  }
  for (const version of [0, 1, 2, 3, 5, 0x104, 0x0400_0000]) {
    family.refuse(`version-${version}`, "section-version-unsupported", {
      shows: ["STREAM-12"],
      why: `A receiver that accepts this reads version ${version} of the section as version 4.`,
      stream: join(header(), startOf({ version }), part(RECORDS), last(), end()),
    });
  }
}

function footers(family: ReceiveFamily): void {
  const bare = (first: number, records: readonly Uint8Array[]) =>
    join(first, bigEndian(2, 4), ...records, END_OF_SECTION);
  const startBare = join(startHeader(), memorySizes(RAM_SIZE), END_OF_SECTION);
  for (const [name, around] of [
    ["start", (after: Uint8Array) => [startBare, after, part(RECORDS), last()]],
    ["part", (after: Uint8Array) => [start(RAM_SIZE), bare(2, RECORDS), after, last()]],
    ["last", (after: Uint8Array) => [start(RAM_SIZE), part(RECORDS), bare(3, []), after]],
  ] as const) {
    family.refuse(`no-footer-${name}`, "footer-missing", {
      shows: ["STREAM-16"],
      why: `A receiver that accepts this does not ask for a footer after a ${name}.`,
      stream: join(header(), ...around(new Uint8Array(0)), end()),
    });
    for (const id of [0, 3, 0x0200_0000, 0x0102]) {
      family.refuse(`footer-${name}-${id}`, "footer-mismatch", {
        shows: ["STREAM-17"],
        why: `A receiver that accepts this does not compare the id of the footer of a ${name}, ${id}, with that of the section.`,
        stream: join(header(), ...around(footer(id)), end()),
      });
    }
  }
}
