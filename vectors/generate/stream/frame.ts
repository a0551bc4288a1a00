/** Families `header`, `commands` and `ends`: what is around the sections. */

import type { ReceiveFamilyText } from "../../format.ts";
import { lay, page } from "../pages.ts";
import { RAM_SIZE, ReceiveFamily } from "../receive-family.ts";
import { join, spellDelta } from "../spell.ts";
import {
  bigEndian,
  CONTINUED,
  command,
  end,
  header,
  last,
  name,
  PAGE_SIZE,
  pageRecord,
  part,
  start,
  subsection,
  text,
  xbzrleRecord,
} from "../spell-stream.ts";

const PAGE = page(PAGE_SIZE, [0xaa]);
const REST = join(start(RAM_SIZE), part([pageRecord(0, PAGE)]), last(), end());
const PAGES = [[0, PAGE] as const];

/** The vectors of the family `header`. */
export function headers(): ReceiveFamilyText {
  const family = new ReceiveFamily("stream", "header");
  const refuse = (name: string, fault: string, shows: string, why: string, head: Uint8Array) =>
    family.refuse(name, fault, {
      shows: [shows],
      why: `A receiver that accepts this ${why}.`,
      stream: join(head, REST),
    });
  const accept = (name: string, shows: string, why: string, head: Uint8Array) =>
    family.accept(name, {
      shows: [shows],
      why: `A receiver that fails ${why}.`,
      stream: join(head, REST),
      pages: PAGES,
    });

  for (const [at, character] of [...text("QEVM")].entries()) {
    const magic = lay(header(), at, [character ^ 0x20]);
    refuse(`magic-byte-${at}`, "magic-unknown", "STREAM-1", `does not look at byte ${at} of the magic number`, magic);
  }
  for (const version of [0, 1, 2, 4, 0x103, 0x0300_0000]) {
    const other = lay(header(), 4, bigEndian(version, 4));
    refuse(`version-${version}`, "version-unsupported", "STREAM-2", `takes version ${version} for version 3`, other);
  }
  const bare = header().subarray(0, 8);
  refuse("no-configuration", "configuration-missing", "STREAM-3", "takes a stream without a configuration", bare);
  for (const machine of ["", "non", "nones", "None", "pc", "pc-i440fx-7.2", "none\0"]) {
    const label = machine === "none\0" ? "with-nul" : machine || "empty";
    const why = `does not compare the whole name of the machine type: ${label}`;
    refuse(
      `machine-${label.toLowerCase()}${label === "None" ? "-in-capitals" : ""}`,
      "machine-mismatch",
      "STREAM-4",
      why,
      header(machine),
    );
  }
  for (const unknown of ["configuration/no-such", "configuration/UUID", "configuration/"]) {
    const why = `skips the subsection ${unknown}, or reads it as another`;
    const label = unknown.slice("configuration/".length).toLowerCase() || "nameless";
    refuse(
      `subsection-${label}`,
      "subsection-unknown",
      "STREAM-5",
      why,
      header("none", subsection(unknown, bigEndian(12, 4))),
    );
  }
  const pageBits = (bits: number, version = 1) =>
    header("none", subsection("configuration/target-page-bits", bigEndian(bits, 4), version));
  accept("page-bits-12", "STREAM-6", "does not take the page size that it has", pageBits(12));
  for (const bits of [10, 13, 16]) {
    refuse(
      `page-bits-${bits}`,
      "page-size-mismatch",
      "STREAM-6",
      `takes pages of ${2 ** bits} bytes for its own`,
      pageBits(bits),
    );
  }
  refuse(
    "subsection-version",
    "subsection-unknown",
    "STREAM-5",
    "takes version 2 of a subsection for version 1",
    pageBits(12, 2),
  );
  capabilities(refuse, accept);
  return family.text();
}

type Add = (name: string, shows: string, why: string, head: Uint8Array) => void;
type Refuse = (name: string, fault: string, shows: string, why: string, head: Uint8Array) => void;

function capabilities(refuse: Refuse, accept: Add): void {
  const listing = (...names: readonly string[]) =>
    header("none", subsection("configuration/capabilities", join(bigEndian(names.length, 4), ...names.map(name))));
  accept("no-capability", "STREAM-7", "does not take an empty list of capabilities", listing());
  for (const capability of ["x-ignore-shared", "no-such-capability"]) {
    const why = `goes on though the sender has ${capability} on, and the receiver does not`;
    refuse(`capability-${capability}`, "capability-mismatch", "STREAM-7", why, listing(capability));
  }
}

/** The vectors of the family `commands`. */
export function commands(): ReceiveFamilyText {
  const family = new ReceiveFamily("stream", "commands");
  const refuse = (name: string, fault: string, shows: string, why: string, item: Uint8Array) => {
    for (const [where, bytes] of [
      ["first", join(header(), item, REST)],
      ["among-parts", join(header(), start(RAM_SIZE), part([pageRecord(0, PAGE)]), item, last(), end())],
    ] as const) {
      family.refuse(`${name}-${where}`, fault, {
        shows: [shows],
        why: `A receiver that accepts this ${why}.`,
        stream: bytes,
      });
    }
  };
  for (const number of [0, 200, 255, 256, 0x0201, 0xffff]) {
    refuse(
      `unknown-${number}`,
      "command-unknown",
      "STREAM-19",
      `skips command ${number}`,
      command(number, [0, 0, 0, 1]),
    );
  }
  for (const [number, octets] of [
    [1, 4],
    [2, 0],
    [2, 3],
    [2, 5],
    [4, 1],
    [5, 1],
    [7, 0],
    [7, 5],
    [8, 1],
    [9, 1],
  ] as const) {
    const why = `takes command ${number} with ${octets} bytes`;
    const item = command(number, new Uint8Array(octets));
    refuse(`length-${number}-${octets}`, "command-length-mismatch", "STREAM-20", why, item);
  }
  return family.text();
}

/** The vectors of the family `ends`. */
export function ends(): ReceiveFamilyText {
  const family = new ReceiveFamily("stream", "ends");
  const page = lay(PAGE, 2, [9]);
  const records = [pageRecord(0, PAGE), xbzrleRecord(0, spellDelta([[2, [9]]]), CONTINUED)];
  const items = join(header(), start(RAM_SIZE), part(records), last());
  // Every place up to the last byte of the list, and then those at which something begins or is cut.
  const places = [...Array(90).keys(), 4185, 4190, 4195, 4197, 4198, 4199, 4200, 4201, 4202, 4203];
  for (const length of places) {
    family.refuse(`cut-at-${length}`, "stream-truncated", {
      shows: ["STREAM-23"],
      why: `A receiver that accepts this takes a stream of ${items.length} bytes and an end for whole when it ends at ${length}.`,
      stream: items.subarray(0, length),
    });
  }
  for (const left of [0, 1, 4, 5, 6, 13]) {
    family.refuse(`cut-before-end-${left}`, "stream-truncated", {
      shows: ["STREAM-23"],
      why: `A receiver that accepts this takes a stream for whole that lacks the end and ${left} bytes before it.`,
      stream: items.subarray(0, items.length - left),
    });
  }
  const accept = (name: string, shows: string, why: string, ending: Uint8Array) =>
    family.accept(name, { shows: [shows], why, stream: join(items, ending), pages: [[0, page]] });
  accept("no-description", "STREAM-24", "A receiver that fails waits for a description, or refuses.", Uint8Array.of(0));
  for (const [name, description] of [
    ["empty", ""],
    ["no-json", "{this is no JSON"],
    ["other-devices", '{"page_size": 4096, "devices": [{"name": "timer", "instance_id": 0, "fields": []}]}'],
    ["other-page-size", '{"page_size": 65536}'],
    ["long", `{"a": "${"b".repeat(70_000)}"}`],
  ] as const) {
    const why = `A receiver that fails refuses a stream for its description: ${name}.`;
    accept(`description-${name}`, "STREAM-25", why, end(description));
  }
  family.eitherWay(
    "description-cut",
    "description-cut",
    {
      shows: ["STREAM-24"],
      why: "A receiver that fails gives another memory where the description is cut short.",
      stream: join(items, end("{}").subarray(0, 7)),
      pages: [[0, page]],
    },
    "stream-truncated",
  );
  return family.text();
}

/** The vectors of the family `postcopy`. */
export function postcopy(): ReceiveFamilyText {
  const family = new ReceiveFamily("stream", "postcopy");
  const listen = join(command(3, new Uint8Array(0)), command(4, new Uint8Array(0)));
  const records = [pageRecord(0, PAGE), xbzrleRecord(0, spellDelta([[2, [9]]]), CONTINUED)];
  family.refuse("xbzrle-after-listen", "xbzrle-in-postcopy", {
    shows: ["STREAM-22"],
    why: "A receiver that accepts this applies a delta to a page that the guest may have changed.",
    stream: join(header(), start(RAM_SIZE), listen, part(records), last(), end()),
  });
  family.refuse("xbzrle-after-listen-first", "xbzrle-in-postcopy", {
    shows: ["STREAM-22"],
    why: "A receiver that accepts this applies a delta as the first record of postcopy.",
    stream: join(header(), start(RAM_SIZE), part([pageRecord(0, PAGE)]), listen, part(records.slice(1)), last(), end()),
  });
  return family.text();
}
