/** The captured streams, read by the reference: what QEMU 7.2 sends is read whole, and written again byte for byte. */

import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import {
  applyCompressed,
  applyRecord,
  type RamRecord,
  StreamReader,
  type StreamVisitor,
  StreamWriter,
} from "../reference/index.ts";
import { COUNTERS, INVERTED, TABLE } from "./capture/loads.ts";
import { INSTALL_COMMAND, QEMU } from "./capture/machine.ts";
import { captureStream, MIGRATIONS } from "./capture/migrate.ts";
import { isRefused } from "./capture/refuse.ts";
import { readRomFiles } from "./capture/rom-files.ts";
import { RomWindows } from "./capture/rom-windows.ts";
import { digestOf, readStream, STREAMS_FOLDER } from "./capture/stored-stream.ts";

const PAGE_SIZE = 4096;
const hasQemu = spawnSync(QEMU, ["--version"]).error === undefined;
const stored = await Promise.all(MIGRATIONS.map(({ name }) => readStream(STREAMS_FOLDER, name)));
const byName = stored.map(({ provenance, stream }) => ({ name: provenance.name, provenance, stream }));

/** Keeps the RAM that a receiver would hold, and counts the records; all else is a writer's. */
class Memory extends StreamWriter {
  readonly blocks = new Map<string, Uint8Array>();
  readonly counts = new Map<string, number>();

  override record(record: RamRecord): void {
    super.record(record);
    const { kind, block } = record;
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    if (kind === "block") this.blocks.set(block.name, new Uint8Array(block.usedLength));
    else if (kind === "compressed") applyCompressed(record, this.blocks.get(block.name)!, PAGE_SIZE);
    else if (kind === "zero" || kind === "page" || kind === "xbzrle") {
      applyRecord(record, this.blocks.get(block.name)!, PAGE_SIZE);
    }
  }
}

/** Reads a stream in chunks of a size, and gives what was read and what a writer makes of it. */
function read(stream: Uint8Array, chunkSize: number) {
  const pieces: Uint8Array[] = [];
  const memory = new Memory((piece) => pieces.push(piece));
  const reader = new StreamReader(memory satisfies StreamVisitor);
  for (let at = 0; at < stream.length; at += chunkSize) reader.push(stream.subarray(at, at + chunkSize));
  reader.end();
  memory.flush();
  return { memory, reader, copy: Buffer.concat(pieces) };
}

describe.each(byName)("the captured stream $name", ({ provenance, stream }) => {
  test.each([stream.length, 65_536, 4099, 61])(
    "is written again byte for byte, from chunks of %d bytes",
    (chunkSize) => {
      const { reader, copy } = read(stream, chunkSize);
      expect(Buffer.compare(copy, stream)).toBe(0);
      expect(reader.isVerified).toBe(true);
    },
  );

  test("gives the memory that the guest had", () => {
    const ram = read(stream, stream.length).memory.blocks.get("pc.ram")!;
    const found = provenance.memory.map(({ address, sizeBytes }) =>
      digestOf(ram.subarray(address, address + sizeBytes)),
    );
    expect(found).toEqual(provenance.memory.map(({ sha256 }) => sha256));
  });

  test("gives what the boot ROM has written: counters, a table, and pages that it inverts", () => {
    const ram = Buffer.from(read(stream, stream.length).memory.blocks.get("pc.ram")!);
    const counters = ram.subarray(COUNTERS.address, COUNTERS.address + COUNTERS.sizeBytes);
    expect(counters.every((byte, offset) => offset % COUNTERS.strideBytes === 0 || byte === 0)).toBe(true);
    expect(counters[0]).not.toBe(0);
    for (let at = TABLE.address; at < INVERTED.address; at += 4) expect(ram.readUInt32LE(at)).toBe(at);
    const last = ram.subarray(INVERTED.address + PAGE_SIZE, INVERTED.address + INVERTED.sizeBytes);
    expect(new Set(last).size).toBeLessThanOrEqual(2);
  });

  test("has the records that its capabilities make", () => {
    const { counts } = read(stream, stream.length).memory;
    const made = ["zero", "page", "xbzrle", "compressed"].filter((kind) => 0 < (counts.get(kind) ?? 0));
    const { capabilities } = provenance;
    expect(made).toEqual([
      ...["zero", "page"],
      ...(capabilities.includes("xbzrle") ? ["xbzrle"] : []),
      ...(capabilities.includes("compress") ? ["compressed"] : []),
    ]);
  });

  test.skipIf(!hasQemu)(`holds no firmware code (${INSTALL_COMMAND})`, async () => {
    const romWindows = new RomWindows(await readRomFiles());
    const { blocks } = read(stream, stream.length).memory;
    for (const memory of blocks.values()) {
      for (let at = 0; at < memory.length; at += PAGE_SIZE) {
        if (isRefused(memory.subarray(at, at + PAGE_SIZE), romWindows)) expect.fail(`the page at ${at}`);
      }
    }
  });

  test("that is cut or changed anywhere is refused or read, and never anything else", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const damaged = Uint8Array.from(stream.subarray(0, stream.length - (seed % 2) * seed * 977));
      damaged[(seed * 65_537 * 31) % damaged.length]! ^= 1 << (seed % 8);
      try {
        read(damaged, 30_011);
      } catch (error) {
        expect((error as Error).name).toBe("MalformedStreamError");
      }
    }
  });
});

describe.skipIf(!hasQemu)(`A stream that is captured now (${INSTALL_COMMAND})`, () => {
  test.each(MIGRATIONS)("$name: is read whole, and gives the memory that the guest has", async (migration) => {
    const { stream, memory, guest } = await captureStream(migration);
    const { copy, memory: held, reader } = read(stream, 10_007);
    expect(Buffer.compare(copy, stream)).toBe(0);
    expect(reader.isVerified).toBe(true);
    const ram = held.blocks.get("pc.ram")!;
    for (const [index, { address, sizeBytes }] of guest.regions.entries()) {
      expect(Buffer.compare(ram.subarray(address, address + sizeBytes), memory[index]!)).toBe(0);
    }
  });
});
