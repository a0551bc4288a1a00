/** What a relay does with a stream, item by item (docs/xbzrle/relay.md). */

import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { newRecord, type RamBlock, type RamRecord } from "../record/record.ts";
import type { EffectivenessEvent } from "../session/effectiveness.ts";
import { StreamReader } from "../stream/read.ts";
import type { Section } from "../stream/stream.ts";
import { StreamWriter } from "../stream/write.ts";
import { endItem, RAM, startStream } from "./fakes/streams.ts";
import type { RelayOptions } from "./options.ts";
import { Relay } from "./relay.ts";

const PAGE_SIZE = 4096;
const DEVICE: Section = { name: "device", id: 9, instance: 0, version: 1 };
const BLOCK: RamBlock = { name: "ram", usedLength: 16 * PAGE_SIZE, pageSize: undefined, address: undefined };

/** A sender that writes into a relay, and what comes out of it. */
class Passage {
  readonly taken: Buffer[] = [];
  readonly given: Buffer[] = [];
  readonly relay: Relay;
  readonly writer: StreamWriter;

  constructor(options: RelayOptions = {}) {
    this.relay = new Relay((piece) => this.given.push(Buffer.from(piece)), options);
    this.relay.start(0);
    this.writer = new StreamWriter((piece) => {
      this.taken.push(Buffer.from(piece));
      this.relay.push(piece, 0);
    });
    startStream(this.writer, PAGE_SIZE, [BLOCK]);
  }

  list(block: RamBlock): void {
    this.writer.record({ ...newRecord(), kind: "memory-sizes", address: block.usedLength });
    this.writer.record({ ...newRecord(), kind: "block", block });
  }

  /** Writes a record of a page that begins with a byte. */
  record(kind: RamRecord["kind"], page: number, first: number, bytes = Uint8Array.of(0, 1, first)): void {
    const whole = new Uint8Array(PAGE_SIZE);
    whole[0] = first;
    const body = kind === "page" ? whole : bytes;
    const isContinued = this.writer.continues(BLOCK);
    const place = { block: BLOCK, address: page * PAGE_SIZE, isContinued };
    this.writer.record({ ...newRecord(), kind, ...place, fill: first, bytes: body, end: body.length });
  }

  part(...pages: readonly (readonly [page: number, first: number])[]): void {
    this.writer.section(RAM, "part");
    for (const [page, first] of pages) this.record(first === 0 ? "zero" : "page", page, first);
    this.endItem();
  }

  endItem(): void {
    endItem(this.writer);
  }

  /** The kinds of the records of pages that were written, item by item. */
  get items(): string[][] {
    const items: string[][] = [];
    const section = () => items.push([]);
    const record = ({ kind, address }: RamRecord) => items.at(-1)!.push(`${kind} ${address / PAGE_SIZE}`);
    const reader = new StreamReader(Object.assign(new StreamWriter(() => {}), { section, record }));
    for (const piece of this.given) reader.push(piece);
    return items.map((records) => records.slice(0, -1));
  }
}

/** What was written since a length. */
const since = (pieces: readonly Buffer[], length: number) => Buffer.concat(pieces).subarray(length);

test("a relay writes what becomes of a record in its own item, and keeps an item of which nothing is left (RELAY-2)", () => {
  const passage = new Passage();
  passage.part([0, 1], [1, 2]);
  passage.part([0, 1], [1, 2]);
  passage.part([1, 3], [2, 0]);
  expect(passage.items.slice(1)).toEqual([["page 0", "page 1"], [], ["xbzrle 1", "zero 2"]]);
});

test.each([
  ["that is cached in the bulk stage", {}],
  ["that is not cached", { policy: "qemu" } as const],
])("a page %s and is all zero becomes a zero record", (_, options) => {
  const passage = new Passage(options);
  passage.writer.section(RAM, "part");
  for (const first of [0, 1]) passage.record("page", first, first);
  passage.endItem();
  expect(passage.items.at(-1)).toEqual(["zero 0", "page 1"]);
});

test("a relay gives what it has at the end of each chunk, though the item goes on", () => {
  const passage = new Passage();
  passage.writer.section(RAM, "part");
  passage.record("page", 0, 1);
  const before = since(passage.given, 0).length;
  passage.writer.flush();
  expect(since(passage.given, before).length).toBeGreaterThan(PAGE_SIZE);
});

test.each([
  ["a delta", "xbzrle", 7, undefined],
  ["a compressed page", "compressed", 7, deflateSync(new Uint8Array(PAGE_SIZE).fill(5))],
  ["a page of another byte", "zero", 7, undefined],
] as const)(
  "a relay writes %s of the sender as it is, and knows the page no more (RELAY-5)",
  (_, kind, first, bytes) => {
    const passage = new Passage();
    passage.part([0, 1]);
    const [taken, given] = [since(passage.taken, 0).length, since(passage.given, 0).length];
    passage.writer.section(RAM, "part");
    passage.record(kind, 0, first, bytes);
    passage.endItem();
    expect(since(passage.given, given).equals(since(passage.taken, taken))).toBe(true);
    passage.part([0, 1]);
    expect(passage.items.at(-1)).toEqual(["page 0"]);
  },
);

test("a page that comes again behind a compressed record, in the bulk stage, is compared with what was written of it (RELAY-3, RELAY-4)", () => {
  const passage = new Passage({ cacheSizeBytes: 2 * PAGE_SIZE });
  passage.part([1, 1], [2, 2]);
  passage.writer.section(RAM, "part");
  passage.record("compressed", 0, 0, deflateSync(new Uint8Array(PAGE_SIZE).fill(5)));
  passage.record("page", 1, 7);
  passage.endItem();
  passage.part([1, 1]);
  expect(passage.items.slice(1)).toEqual([["page 1", "page 2"], ["compressed 0", "xbzrle 1"], ["xbzrle 1"]]);
});

test("a page that is all zero takes no room in the cache from others (RELAY-13)", () => {
  const passage = new Passage({ cacheSizeBytes: PAGE_SIZE });
  passage.writer.section(RAM, "part");
  for (const [page, first] of [
    [0, 0],
    [1, 1],
  ] as const)
    passage.record("page", page, first);
  passage.endItem();
  passage.part([1, 2]);
  expect(passage.items.slice(1)).toEqual([["zero 0", "page 1"], ["xbzrle 1"]]);
});

test("a relay compresses pages only if it was told to, the first of a block never (RELAY-8)", () => {
  const kinds = [{}, { deflate: (page: Uint8Array) => deflateSync(page) }].map((options) => {
    const passage = new Passage(options);
    passage.part([0, 1], [1, 2]);
    passage.part([1, 3]);
    return passage.items.slice(1);
  });
  expect(kinds[0]).toEqual([["page 0", "page 1"], ["xbzrle 1"]]);
  expect(kinds[1]).toEqual([["page 0", "compressed 1"], ["xbzrle 1"]]);
});

describe("a relay passes everything on from", () => {
  const sections: Record<string, (passage: Passage) => void> = {
    "a section that is not ram": ({ writer }) => {
      writer.section(DEVICE, "start");
      writer.payload(Uint8Array.of(1, 2, 3), 0, 3);
      writer.footer(DEVICE);
    },
    "the command that begins postcopy": ({ writer }) => writer.command(4, new Uint8Array(0), 0, 0),
    "the command that advises of postcopy, behind a page": ({ writer }) => {
      writer.command(3, new Uint8Array(16), 0, 16);
    },
    "a package": ({ writer }) => writer.command(7, Uint8Array.of(0, 0, 0, 0), 0, 4),
    "the command that enables COLO": ({ writer }) => writer.command(8, new Uint8Array(0), 0, 0),
    "a multifd flush": (passage) => {
      passage.writer.section(RAM, "part");
      passage.writer.record({ ...newRecord(), kind: "multifd-flush" });
      passage.endItem();
    },
    "a list with another used length": (passage) => {
      passage.writer.section(RAM, "part");
      passage.list({ ...BLOCK, usedLength: 2 * BLOCK.usedLength });
      passage.endItem();
    },
    "an item that it does not know": ({ writer }) => writer.payload(Uint8Array.of(0x55), 0, 1),
    "a further channel": ({ relay }) => relay.passOn("a test says so"),
  };

  test.each(Object.entries(sections))("%s, to the byte (RELAY-9, RELAY-10)", (_, write) => {
    const passage = new Passage();
    passage.part([0, 1]);
    passage.part([0, 1]);
    expect(passage.relay.passingOn).toBeUndefined();
    const [taken, given] = [since(passage.taken, 0).length, since(passage.given, 0).length];
    write(passage);
    passage.part([0, 1], [0, 1], [1, 0]);
    passage.writer.flush();
    expect(passage.relay.passingOn).toMatchObject({ isEarly: true });
    expect(since(passage.given, given).equals(since(passage.taken, taken))).toBe(true);
  });

  test.each([1, 2, 3, 11])("not from command %d, which changes no page", (number) => {
    const passage = new Passage();
    const octets = new Uint8Array(number === 2 ? 4 : 0);
    passage.writer.command(number, octets, 0, octets.length);
    passage.part([0, 1]);
    passage.part([0, 1]);
    expect(passage.items.at(-1)).toEqual([]);
  });
});

test("a relay says that a stream has ended too early (RELAY-14), unless it cannot know", () => {
  const whole = new Passage();
  expect(() => whole.relay.end()).toThrow(/stream-truncated/);
  whole.writer.end();
  whole.writer.flush();
  whole.relay.end();
  const unread = new Passage();
  unread.writer.payload(Uint8Array.of(0x55), 0, 1);
  unread.writer.flush();
  unread.relay.end();
});

test("devices behind the last page are passed on, and that is not early", () => {
  const passage = new Passage();
  passage.writer.section(RAM, "last");
  passage.endItem();
  passage.writer.section(DEVICE, "full");
  passage.writer.footer(DEVICE);
  passage.writer.end();
  passage.writer.flush();
  expect(passage.relay.passingOn).toMatchObject({ isEarly: false });
  passage.relay.end();
  expect(Buffer.concat(passage.given).equals(Buffer.concat(passage.taken))).toBe(true);
});

test("a page cache smaller than a page of the guest is refused by name", () => {
  expect(() => new Relay(() => {}, { cacheSizeBytes: 1024 })).toThrow(/xbzrle-cache-size .* not 1024/);
});

test("what a relay counts is of the stream that it writes, in the rounds that it sees", () => {
  const passage = new Passage();
  passage.part([0, 1], [1, 2], [2, 0]);
  passage.part([0, 2], [1, 2]);
  passage.part([0, 3]);
  const { counters, round, totalBytes } = passage.relay.standing;
  expect(counters).toMatchObject({ pageRecords: 2, zeroRecords: 1, xbzrleRecords: 2, cacheHits: 3, cacheMisses: 0 });
  expect({ round, totalBytes }).toEqual({ round: 3, totalBytes: BLOCK.usedLength });
  expect(counters.streamBytes).toBe(Buffer.concat(passage.given).length);
});

test("a relay turns XBZRLE off where it does not pay, says so, and sends the same", () => {
  const events: EffectivenessEvent[] = [];
  const passage = new Passage({ onEvent: (event) => events.push(event) });
  let first = 0;
  const wholly = (page: number) => {
    first = (first % 255) + 1;
    const bytes = new Uint8Array(PAGE_SIZE).fill(first);
    const isContinued = passage.writer.continues(BLOCK);
    const place = { block: BLOCK, address: page * PAGE_SIZE, isContinued };
    passage.writer.record({ ...newRecord(), kind: "page", ...place, bytes, end: PAGE_SIZE });
  };
  for (let round = 0; round < 40; round++) {
    passage.writer.section(RAM, "part");
    for (let page = 0; page < 16; page++) wholly(page);
    passage.endItem();
  }
  expect(events).toMatchObject([{ kind: "xbzrle-off", overflowCount: 16 }]);
  expect(since(passage.given, 0).equals(since(passage.taken, 0))).toBe(true);
});
