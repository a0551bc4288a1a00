/** Streams that mean harm: whatever comes, it is read or refused, and memory is had for bytes that have come only. */

import { deflateSync } from "node:zlib";
import { fc, test } from "@fast-check/vitest";
import { afterEach, beforeEach, describe, expect } from "vitest";
import { loadReceiveVectors } from "../../vectors/index.ts";
import { hostileStreams } from "../commands/stream/fakes/hostile-streams.ts";
import { applyCompressed } from "../compressed/apply.ts";
import { MalformedStreamError } from "../errors.ts";
import { newRecord, type RamBlock } from "../record/record.ts";
import { spell, written } from "./fakes/spell.ts";
import { StreamReader } from "./read.ts";
import { receiveStream } from "./receive.ts";
import type { Section, StreamVisitor } from "./stream.ts";

const PAGE_SIZE = 4096;
const RAM_SIZE = 65_536;
const RAM: Section = { name: "ram", id: 2, instance: 0, version: 4 };
/** Room that is had for every stream, whatever is in it, in bytes. */
const ROOM_SIZE = 4096;

const hostileStream = hostileStreams(loadReceiveVectors().map(({ stream }) => stream));

/** A guest with one block. */
function newGuest() {
  const ram = new Uint8Array(RAM_SIZE);
  return { machine: "none", pageSize: PAGE_SIZE, blocks: new Map([["ram", ram]]) };
}

/** A visitor that keeps nothing. */
const ignoring: StreamVisitor = {
  configuration() {},
  subsection() {},
  section() {},
  record() {},
  payload() {},
  footer() {},
  command() {},
  end() {},
  description() {},
};

/** The bytes of all arrays that were made while a test counts. */
let madeBytes = 0;
const PlainArray = Uint8Array;

/** Counts what `new Uint8Array` is asked for. */
const counting = new Proxy(PlainArray, {
  construct(target, args, newTarget) {
    const made = Reflect.construct(target, args, newTarget === counting ? target : newTarget) as Uint8Array;
    if (typeof args[0] === "number") madeBytes += made.length;
    return made;
  },
});

/** The fault that ends the reading; `undefined` if nothing does. Any other error than a refusal is thrown. */
function faultOf(read: () => void): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof MalformedStreamError) return error.fault;
    throw error;
  }
}

function* chunks(stream: Uint8Array, size: number): Generator<Uint8Array> {
  for (let start = 0; start < stream.length; start += size) yield stream.subarray(start, start + size);
}

/** Reads a stream, and gives the fault and the bytes of memory that the reader has asked for in all. */
function read(stream: Uint8Array, chunkSize = 1000) {
  madeBytes = 0;
  const fault = faultOf(() => {
    const reader = new StreamReader(ignoring);
    for (const chunk of chunks(stream, chunkSize)) reader.push(chunk);
    reader.end();
  });
  return { fault, madeBytes };
}

beforeEach(() => {
  globalThis.Uint8Array = counting;
});
afterEach(() => {
  globalThis.Uint8Array = PlainArray;
});

describe("a stream that was changed to do harm", () => {
  test.prop([hostileStream, fc.integer({ min: 1, max: 5000 })], { numRuns: 5000 })(
    "is read or refused, with no more memory than a few times its bytes",
    (stream, chunkSize) => {
      expect(read(stream, chunkSize).madeBytes).toBeLessThanOrEqual(ROOM_SIZE + 4 * stream.length);
    },
  );

  test.prop([hostileStream, fc.integer({ min: 1, max: 5000 })], { numRuns: 5000 })(
    "is received or refused, and a receiver refuses what a reader refuses",
    (stream, chunkSize) => {
      const guest = newGuest();
      const refused = read(stream, chunkSize).fault;
      const fault = faultOf(() => receiveStream(chunks(stream, chunkSize), guest, applyCompressed));
      if (refused !== undefined) expect(fault).toBeDefined();
      expect([...guest.blocks].map(([name, { length }]) => [name, length])).toEqual([["ram", RAM_SIZE]]);
    },
  );
});

test.prop([hostileStream], { numRuns: 2000 })("a stream that was changed and is read is written as it is", (stream) => {
  let fault: string | undefined;
  const bytes = written((writer) => {
    const reader = new StreamReader(writer);
    fault = faultOf(() => {
      reader.push(stream);
      reader.end();
    });
  });
  expect(Buffer.compare(bytes, stream.subarray(0, bytes.length))).toBe(0);
  if (fault === undefined) expect(bytes.length).toBe(stream.length);
});

describe("memory is not had on the strength of a claim:", () => {
  const listOf = (blocks: readonly RamBlock[]) =>
    spell((writer) => {
      writer.section(RAM, "start");
      writer.record({
        ...newRecord(),
        kind: "memory-sizes",
        address: blocks.reduce((sum, { usedLength }) => sum + usedLength, 0),
      });
      for (const block of blocks) writer.record({ ...newRecord(), kind: "block", block });
      writer.record(newRecord());
      writer.footer(RAM);
      writer.end();
    });
  const blockOf = (name: string, usedLength: number) => ({ name, usedLength, pageSize: undefined, address: undefined });

  test("a list of blocks of terabytes, with names of 255 bytes", () => {
    const name = (index: number) => `../${String(index).padStart(5, "0")}`.padEnd(255, "\xff");
    const stream = listOf(Array.from({ length: 4000 }, (_, index) => blockOf(name(index), 2 ** 40)));
    const { fault, madeBytes } = read(stream, stream.length);
    expect(fault).toBeUndefined();
    expect(madeBytes).toBeLessThan(ROOM_SIZE);
    expect(faultOf(() => receiveStream([stream], newGuest()))).toBe("listed-block-unknown");
    expect(faultOf(() => receiveStream([listOf([blockOf("ram", 2 ** 50)])], newGuest()))).toBe("used-length-mismatch");
  });

  test.each([
    ["a machine name of 4 GiB", "5145564d0000000307ffffffff"],
    ["a delta of a page", "5145564d00000003070000000001000000020372616d0000000000000004"],
    ["a command of 64 KiB", "5145564d000000030700000000080006ffff"],
    ["a package of 4 GiB", "5145564d00000003070000000008000700 04ffffffff".replace(" ", "")],
    ["a description of 16 MiB", "5145564d000000030700000000000601000000"],
    [
      "a million capabilities",
      `5145564d00000003070000000005 1a${Buffer.from("configuration/capabilities").toString("hex")}00000001000f4240`.replace(
        " ",
        "",
      ),
    ],
  ])("%s that does not come", (_, text) => {
    const { fault, madeBytes } = read(Buffer.from(text, "hex"));
    expect(fault).toBeDefined();
    expect(madeBytes).toBeLessThan(ROOM_SIZE);
  });

  const DEVICE: Section = { name: "device", id: 3, instance: 0, version: 1 };
  test.each([
    ["brackets", '{"devices":[[', "["],
    ["entries", '{"devices":[', "{},"],
    ["fields", '{"devices":[{"fields":[', "[],"],
    ["text", '{"devices":["', "a"],
    ["text in an entry", '{"devices":[{"name":"', "a"],
    ["names", "{", '"a":0,'],
  ])("a description of 2 MiB of %s, behind a device", (_, head, unit) => {
    const byteCount = 2 ** 21;
    const text = Buffer.alloc(byteCount, unit);
    text.write(head);
    const stream = spell((writer) => {
      writer.section(DEVICE, "full");
      writer.payload(Uint8Array.of(1, 2, 3), 0, 3);
      writer.footer(DEVICE);
      writer.end();
      writer.description(byteCount);
      writer.payload(text, 0, byteCount);
    });
    const faults = [stream.length, 65_536].map((chunkSize) => read(stream, chunkSize));
    expect(faults.map(({ fault }) => fault)).toEqual(["description-too-long", "description-too-long"]);
    expect(Math.max(...faults.map(({ madeBytes }) => madeBytes))).toBeLessThan(2 ** 23);
  });

  test("a zlib stream of megabytes, of which a page and no more is made", () => {
    const bomb = deflateSync(Buffer.alloc(4_000_000), { level: 9 });
    const ram = blockOf("ram", RAM_SIZE);
    const stream = spell((writer) => {
      writer.section(RAM, "start");
      writer.record({ ...newRecord(), kind: "memory-sizes", address: RAM_SIZE });
      writer.record({ ...newRecord(), kind: "block", block: ram });
      writer.record({ ...newRecord(), kind: "compressed", block: ram, bytes: bomb, start: 0, end: bomb.length });
    });
    const guest = newGuest();
    guest.blocks.get("ram")!.fill(0xaa);
    const { arrayBuffers } = process.memoryUsage();
    expect(faultOf(() => receiveStream([stream], guest, applyCompressed))).toBe("page-exceeded");
    expect(process.memoryUsage().arrayBuffers - arrayBuffers).toBeLessThan(1_000_000);
    expect(guest.blocks.get("ram")!.every((byte) => byte === 0xaa)).toBe(true);
  });
});
