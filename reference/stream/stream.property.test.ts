/** Streams of any content, cut into chunks of any size, and cut off at any byte. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toHex } from "../bytes.ts";
import { MalformedStreamError } from "../errors.ts";
import { newRecord, type RamBlock, type RamRecord } from "../record/record.ts";
import { spell, written } from "./fakes/spell.ts";
import { StreamReader } from "./read.ts";
import type { Section, StreamVisitor } from "./stream.ts";
import { StreamWriter } from "./write.ts";

const PAGE_SIZE = 1024;
const BLOCKS: readonly RamBlock[] = [
  { name: "ram", usedLength: 16 * PAGE_SIZE, pageSize: undefined, address: undefined },
  { name: "huge", usedLength: 8 * PAGE_SIZE, pageSize: 2 ** 21, address: undefined },
];
const RAM: Section = { name: "ram", id: 7, instance: 0, version: 4 };

/** What a test asks a writer to write. */
type Step = (writer: StreamWriter) => void;

const bytes = (maxLength: number) => fc.uint8Array({ minLength: 1, maxLength });

/** A record of a page; its fields may be told without a look at the record before. */
const pageRecord: fc.Arbitrary<Step> = fc
  .record({
    kind: fc.constantFrom<RamRecord["kind"]>("zero", "page", "xbzrle", "compressed"),
    block: fc.constantFrom(...BLOCKS),
    index: fc.nat(7),
    fill: fc.nat(255),
    body: bytes(600),
    names: fc.boolean(),
  })
  .map(({ kind, block, index, fill, body, names }) => (writer: StreamWriter) => {
    const held = kind === "page" ? new Uint8Array(PAGE_SIZE).fill(fill) : body;
    const isContinued = !names && writer.continues(block);
    const rest = {
      kind,
      block,
      fill,
      isContinued,
      address: index * PAGE_SIZE,
      bytes: held,
      start: 0,
      end: held.length,
    };
    writer.record({ ...newRecord(), ...rest });
  });

const endOfSection: Step = (writer) => writer.record(newRecord());

const startOfRam: Step = (writer) => {
  writer.section(RAM, "start");
  const sum = BLOCKS.reduce((sum, { usedLength }) => sum + usedLength, 0);
  writer.record({ ...newRecord(), kind: "memory-sizes", address: sum });
  for (const block of BLOCKS) writer.record({ ...newRecord(), kind: "block", block });
  endOfSection(writer);
  writer.footer(RAM);
};

const part: fc.Arbitrary<Step> = fc.array(pageRecord, { maxLength: 6 }).map((records) => (writer: StreamWriter) => {
  writer.section(RAM, "part");
  for (const record of [...records, endOfSection]) record(writer);
  writer.footer(RAM);
});

/** What looks like the footer of the first device, and the begin of an item whose name has no bytes: so it is none, whatever follows. */
const LOOKALIKE = Uint8Array.of(0x7e, 0, 0, 0, 100, 4, 0, 0, 0, 9, 0);

const payload = fc
  .array(fc.oneof(bytes(20), fc.constantFrom(Uint8Array.of(0x7e), LOOKALIKE)), { maxLength: 8 })
  .map((pieces) => Buffer.concat(pieces));

const device = fc.tuple(payload, fc.nat(9)).map(([content, version]) => (writer: StreamWriter, index: number) => {
  const section = { name: `device-${index}`, id: 100 + index, instance: index, version };
  writer.section(section, "full");
  writer.payload(content, 0, content.length);
  writer.footer(section);
});

const ping: Step = (writer) => writer.command(2, Uint8Array.of(0, 0, 0, 1), 0, 4);

const stream = fc
  .record({
    parts: fc.array(fc.oneof({ arbitrary: part, weight: 4 }, fc.constant(ping)), { maxLength: 4 }),
    devices: fc.array(device, { maxLength: 3 }),
    description: fc.option(fc.constantFrom("{}", "{no JSON", '{"page_size": 1024}')),
  })
  .map(({ parts, devices, description }) =>
    spell((writer) => {
      for (const step of [startOfRam, ...parts]) step(writer);
      devices.forEach((step, index) => {
        step(writer, index);
      });
      writer.end();
      if (description === null) return;
      writer.description(description.length);
      writer.payload(Buffer.from(description), 0, description.length);
    }),
  );

/** Reads chunks, and gives what a writer makes of it, or the fault. */
function copy(chunks: Iterable<Uint8Array>): Uint8Array | string {
  try {
    return written((writer) => {
      const reader = new StreamReader(writer, { pageSize: PAGE_SIZE });
      for (const chunk of chunks) reader.push(chunk);
      reader.end();
    });
  } catch (error) {
    if (!(error instanceof MalformedStreamError)) throw error;
    return error.message;
  }
}

/** Chunks whose ends are at the offsets; each in memory that is overwritten before the next. */
function* cutAt(whole: Uint8Array, offsets: readonly number[]): Generator<Uint8Array> {
  const ends = [...new Set(offsets.map((offset) => offset % (whole.length + 1)))].sort((left, right) => left - right);
  let start = 0;
  for (const end of [...ends, whole.length]) {
    const chunk = Uint8Array.from(whole.subarray(start, end));
    yield chunk;
    chunk.fill(0xee);
    start = end;
  }
}

describe("a reader", () => {
  test("gives a writer what makes the same bytes, however the stream is cut", () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 40 }), (whole, offsets) => {
        expect(copy(cutAt(whole, offsets))).toEqual(whole);
      }),
      { numRuns: 300 },
    );
  });

  test("gives a writer what makes the same bytes, byte by byte", () => {
    fc.assert(
      fc.property(stream, (whole) => {
        expect(copy(cutAt(whole, [...whole.keys()]))).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  test("refuses what it refuses for the same reason, however the stream is cut", () => {
    fc.assert(
      fc.property(stream, fc.nat(), fc.nat(255), fc.array(fc.nat(), { maxLength: 20 }), (whole, at, value, offsets) => {
        whole[at % whole.length] = value;
        const atOnce = copy([whole]);
        expect(copy(cutAt(whole, offsets))).toEqual(atOnce);
        if (typeof atOnce !== "string") expect(toHex(atOnce)).toBe(toHex(whole));
      }),
      { numRuns: 1000 },
    );
  });

  test("says that a stream which ends anywhere before its end is truncated", () => {
    fc.assert(
      fc.property(stream, fc.nat(), (whole, length) => {
        const cut = whole.subarray(0, length % whole.length);
        const read = copy([cut]);
        const said = typeof read === "string" ? read : "complete";
        // Only a stream whose description is left out is complete before its last byte.
        if (said === "complete") expect(cut.at(-1)).toBe(0);
        else expect(said).toMatch(new RegExp(`^stream-truncated at stream byte ${cut.length}\\b`));
      }),
      { numRuns: 300 },
    );
  });

  test("tells everything but the last bytes before it has seen the next chunk", () => {
    const told: number[] = [];
    const whole = spell(startOfRam);
    const visitor = new StreamWriter(() => {});
    const listening: StreamVisitor = Object.assign(visitor, {
      record: (record: RamRecord) => told.push(record.streamOffset),
    });
    const reader = new StreamReader(listening, { pageSize: PAGE_SIZE });
    reader.push(whole.subarray(0, whole.length - 6));
    expect(told).toEqual([34, 42, 54]);
    expect(reader.streamOffset).toBe(75);
  });
});
