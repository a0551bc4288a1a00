/** Migrations between this sender, this receiver and real QEMUs, over sockets; the memories are compared at the end. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { startListener } from "../../vectors/capture/destination.ts";
import { INSTALL_COMMAND, Machine, QEMU } from "../../vectors/capture/machine.ts";
import { bootRom, migrate } from "../../vectors/capture/migrate.ts";
import { syntheticLoad } from "../../vectors/capture/synthetic-load.ts";
import { CompressionThreads } from "../compressed/compress.ts";
import { applyDecompressed, DecompressionThreads, ThreadedReader } from "../compressed/decompress.ts";
import { layContents } from "../guest/contents.ts";
import { PacedLoad } from "../guest/load.ts";
import { GuestBlock, SimulatedMemory } from "../guest/memory.ts";
import { Ram } from "../guest/ram.ts";
import { createWorkload } from "../guest/workloads/workloads.ts";
import type { RamRecord } from "../record/record.ts";
import { StreamWriter } from "../stream/write.ts";
import { IncomingChannel } from "./incoming.ts";
import { OutgoingChannel } from "./outgoing.ts";
import { receive } from "./receive.ts";
import { Migration } from "./send.ts";
import { parseUri } from "./uri.ts";

const hasQemu = spawnSync(QEMU, ["--version"]).error === undefined;
const folder = mkdtempSync(join(tmpdir(), "xbzrle-migration-"));
afterAll(() => rmSync(folder, { recursive: true }));

const PAGE_SIZE = 4096;
const MEBIBYTE = 2 ** 20;
const MEMORY_SIZE = 64 * MEBIBYTE;

/** What of the block `pc.ram` the processor sees: between them are the text screen and ROM. */
const REGIONS = [
  { name: "low RAM", address: 0, sizeBytes: 0xa_0000 },
  { name: "high RAM", address: 0x10_0000, sizeBytes: MEMORY_SIZE - 0x10_0000 },
];

/** Writes to 16 MiB. */
const SYNTHETIC = { ...syntheticLoad(), regions: REGIONS };

/** Bounds every wait of a test for the other side. */
const patience = () => ({ stallMs: 20_000, signal: AbortSignal.timeout(60_000) });

/** A guest of which 8 MiB are written to, a byte at every 1024th address in order, so many a second. */
function busyGuest(writeRate: number) {
  const block = new GuestBlock("ram", new Uint8Array(MEMORY_SIZE), PAGE_SIZE);
  layContents(block, { zero: 0.75, words: 0.2 }, 7);
  const region = { block, start: 16 * MEBIBYTE, byteCount: 8 * MEBIBYTE };
  const load = new PacedLoad(createWorkload("synthetic", region, 7), writeRate);
  return { memory: new SimulatedMemory("none", [block]), load };
}

/** A machine without a processor that waits for a migration, and where. */
function startDestination(capabilities: readonly string[]) {
  const regions = [{ name: "ram", address: 0, sizeBytes: MEMORY_SIZE }];
  const guest = { ...syntheticLoad(), memoryBytes: MEMORY_SIZE, options: ["-machine", "none"], files: {}, regions };
  return startListener(guest, capabilities);
}

/** A RAM that takes a stream, with two threads for compressed pages; and the kinds of its records. */
function newTaker() {
  const ram = new Ram();
  const kinds = new Set<RamRecord["kind"]>();
  const threads = new DecompressionThreads(
    () => PAGE_SIZE,
    (record) => ram.apply(record, PAGE_SIZE, applyDecompressed),
  );
  const record = (record: RamRecord) => {
    kinds.add(record.kind);
    threads.record(record);
  };
  const visitor = Object.assign(new StreamWriter(() => {}), { record });
  return { ram, kinds, reader: new ThreadedReader(visitor, threads, {}) };
}

describe.skipIf(!hasQemu)(`Migrations with a real QEMU (${INSTALL_COMMAND})`, () => {
  test.each([
    { name: "plain", usesXbzrle: false, compresses: false },
    { name: "with XBZRLE", usesXbzrle: true, compresses: false },
    { name: "compressed", usesXbzrle: false, compresses: true },
    { name: "compressed and with XBZRLE", usesXbzrle: true, compresses: true },
  ])("a simulated guest is sent to QEMU, $name", async ({ usesXbzrle, compresses }) => {
    const { machine, port } = await startDestination(compresses ? ["compress"] : []);
    const compressor = compresses ? new CompressionThreads(PAGE_SIZE) : undefined;
    try {
      // Deltas keep up with a load that has each page in each round; pages do not.
      const guest = busyGuest(usesXbzrle ? 200_000 : 4_000);
      const migration = new Migration(guest, {
        usesXbzrle,
        ...(compressor !== undefined && { compressor }),
        maxBandwidth: 20 * MEBIBYTE,
        downtimeLimitMs: 10,
      });
      await migration.run(await OutgoingChannel.open(parseUri(`tcp:127.0.0.1:${port}`), patience()));
      while (((await machine.execute("query-migrate")) as { status?: string }).status !== "completed") await sleep(5);
      const [memory] = await machine.snapshot();
      expect(Buffer.compare(memory!, guest.memory.block("ram").bytes)).toBe(0);
      const { xbzrleRecords, compressedRecords, pageRecords } = migration.sender.counters;
      expect(0 < xbzrleRecords).toBe(usesXbzrle);
      expect(0 < compressedRecords).toBe(compresses);
      expect(pageRecords).toBeGreaterThan(0);
      expect(migration.sender.round).toBeGreaterThan(2);
    } finally {
      compressor?.close();
      await machine.end();
    }
  });

  test.each([
    { name: "plain", capabilities: [] as string[], uri: "tcp:127.0.0.1:0" },
    { name: "with XBZRLE", capabilities: ["xbzrle"], uri: `unix:${join(folder, "socket")}` },
    // QEMU takes its compressed bytes a second for what the link carries, and does not come to an end of a larger load.
    {
      name: "compressed",
      capabilities: ["compress"],
      uri: "tcp:127.0.0.1:0",
      guest: bootRom(),
      slowBandwidth: 100_000,
    },
    { name: "compressed and with XBZRLE", capabilities: ["compress", "xbzrle"], uri: "tcp:127.0.0.1:0" },
  ])("a guest that runs is sent by QEMU to this receiver, $name, in several rounds", async (sent) => {
    const { capabilities, uri, guest = SYNTHETIC, slowBandwidth = 20 * MEBIBYTE } = sent;
    const machine = await Machine.start(guest);
    try {
      await machine.execute("cont");
      await machine.untilDotCount(3);
      const { ram, kinds, reader } = newTaker();
      let ended: Promise<void> | undefined;
      const place = await new Promise<string>((resolve) => {
        const opening = IncomingChannel.open(parseUri(uri), patience(), resolve);
        ended = opening.then((channel) => receive(channel, reader));
      });
      const migration = { name: "capture", capabilities, slowBandwidth };
      const [statistics] = await Promise.all([migrate(machine, migration, place), ended]);
      const memory = await machine.snapshot();
      const image = imageOf(ram, "pc.ram");
      const received = guest.regions.map(({ address, sizeBytes }) => image.subarray(address, address + sizeBytes));
      expect(received.map((bytes, index) => bytes.equals(memory[index]!))).toEqual([true, true]);
      expect(kinds.has("xbzrle")).toBe(capabilities.includes("xbzrle"));
      expect(kinds.has("compressed")).toBe(capabilities.includes("compress"));
      expect((statistics as { "dirty-sync-count": number })["dirty-sync-count"]).toBeGreaterThan(4);
    } finally {
      await machine.end();
    }
  });
});

function imageOf(ram: Ram, name: string): Buffer {
  const block = ram.blocks.find((block) => block.name === name)!;
  const image = Buffer.alloc(block.usedLength);
  for (const { address, bytes } of ram.pages(block)) image.set(bytes, address);
  return image;
}
