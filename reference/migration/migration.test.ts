/** Migrations of a simulated guest from this sender to this receiver, over each kind of channel. */

import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { applyCompressed } from "../compressed/apply.ts";
import { CompressionThreads } from "../compressed/compress.ts";
import { layContents } from "../guest/contents.ts";
import { PacedLoad } from "../guest/load.ts";
import { GuestBlock, SimulatedMemory } from "../guest/memory.ts";
import { createWorkload } from "../guest/workloads/workloads.ts";
import { newGuest, Receiver } from "../session/receiver.ts";
import { IncomingChannel } from "./incoming.ts";
import { OutgoingChannel } from "./outgoing.ts";
import { receive } from "./receive.ts";
import { Migration, type MigrationOptions } from "./send.ts";
import { parseUri } from "./uri.ts";

const PAGE_SIZE = 4096;
const MEMORY_SIZE = 4 * 2 ** 20;

const folder = mkdtempSync(join(tmpdir(), "xbzrle-migration-"));
afterAll(() => rmSync(folder, { recursive: true }));

const patience = (stallMs = 20_000) => ({ stallMs, signal: AbortSignal.timeout(60_000) });

/** A guest that increments a byte of each page, over and over. */
function busyGuest(memorySize = MEMORY_SIZE) {
  const block = new GuestBlock("ram", new Uint8Array(memorySize), PAGE_SIZE);
  layContents(block, { zero: 0.3, words: 0.3 }, 3);
  const region = { block, start: 0, byteCount: memorySize };
  const load = new PacedLoad(createWorkload("synthetic", region, 3, { strideByteCount: PAGE_SIZE }), 20_000);
  return { memory: new SimulatedMemory("none", [block]), load };
}

const newReceiver = () =>
  new Receiver(newGuest("none", PAGE_SIZE, [{ name: "ram", usedLength: MEMORY_SIZE }]), applyCompressed);

/** Listens or waits as the URI has it; resolves when a sender can come, to where, and to what takes the stream then. */
async function startReceiver(uri: string) {
  const receiver = newReceiver();
  let received: Promise<void> = Promise.resolve();
  const place = await new Promise<string>((resolve, reject) => {
    received = IncomingChannel.open(parseUri(uri), patience(), resolve).then((channel) => receive(channel, receiver));
    received.catch(reject);
  });
  return { receiver, received, place };
}

async function send(uri: string, options: MigrationOptions = {}) {
  const guest = busyGuest();
  const migration = new Migration(guest, { maxBandwidth: 8 * 2 ** 20, downtimeLimitMs: 20, ...options });
  await migration.run(await OutgoingChannel.open(parseUri(uri), patience()));
  return { memory: guest.memory.block("ram").bytes, migration };
}

const isEqual = (memory: Uint8Array, receiver: Receiver) =>
  Buffer.from(memory).equals(receiver.guest.blocks.get("ram")!);

describe("a migration", () => {
  test.each(["tcp:127.0.0.1:0", "tcp:[::1]:0", `unix:${join(folder, "socket")}`])(
    "arrives over %s while the guest runs",
    async (uri) => {
      const { receiver, received, place } = await startReceiver(uri);
      const { memory, migration } = await send(place, { usesXbzrle: true });
      await received;
      expect(isEqual(memory, receiver)).toBe(true);
      expect(migration.sender.counters.xbzrleRecords).toBeGreaterThan(0);
      expect(migration.sender.round).toBeGreaterThan(3);
    },
  );

  test.each([
    ["file", `file:${join(folder, "stream")}`, `file:${join(folder, "stream")}`],
    ["exec", `exec:gzip -c > ${join(folder, "zipped")}`, `exec:gzip -d < ${join(folder, "zipped")}`],
  ])("is kept by %s and read later", async (_, to, from) => {
    const { memory } = await send(to, { usesXbzrle: true });
    const receiver = newReceiver();
    await receive(await IncomingChannel.open(parseUri(from), patience(), () => {}), receiver);
    expect(isEqual(memory, receiver)).toBe(true);
  });

  test("arrives where the pages are compressed, and then sent as deltas", async () => {
    const compressor = new CompressionThreads(PAGE_SIZE, { threadCount: 3 });
    const { receiver, received, place } = await startReceiver("tcp:127.0.0.1:0");
    const { memory, migration } = await send(place, { usesXbzrle: true, compressor });
    await received;
    compressor.close();
    expect(isEqual(memory, receiver)).toBe(true);
    const { compressedRecords, xbzrleRecords } = migration.sender.counters;
    expect([0 < compressedRecords, 0 < xbzrleRecords]).toEqual([true, true]);
    expect(migration.status("completed")).toMatchObject({ status: "completed", ram: { remaining: 0 } });
  });

  test("does not run ahead of a receiver that takes nothing, and gives up", async () => {
    const server = createServer((socket) => socket.pause()).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const guest = busyGuest(64 * 2 ** 20);
    const migration = new Migration(guest, { maxBandwidth: 0 });
    const channel = await OutgoingChannel.open(parseUri(`tcp:127.0.0.1:${port}`), patience(500));
    await expect(migration.run(channel)).rejects.toThrow("the receiver has taken nothing");
    channel.abandon();
    server.close();
    // What is on its way is in the buffers of the system: some MiB at most.
    expect(migration.sender.counters.streamBytes).toBeLessThan(20 * 2 ** 20);
  });

  test("is refused by a receiver that already has a sender", async () => {
    const { received, place } = await startReceiver("tcp:127.0.0.1:0");
    const port = Number(place.split(":").at(-1));
    const first = connect(port, "127.0.0.1");
    await new Promise((resolve) => first.once("connect", resolve));
    await sleep(50);
    await expect(OutgoingChannel.open(parseUri(place), patience())).rejects.toThrow(`nobody listens on port ${port}`);
    first.destroy();
    await expect(received).rejects.toThrow("stream-truncated");
  });

  test.each([
    ["maxBandwidth", -1, "max-bandwidth has to be an integer from 0"],
    ["downtimeLimitMs", 2_000_001, "downtime-limit has to be an integer from 0 to 2000000, not 2000001"],
    ["cacheSizeBytes", 3, "xbzrle-cache-size has to be a power of two"],
  ])("has a range for %s", (name, value, words) => {
    expect(() => new Migration(busyGuest(), { [name]: value })).toThrow(words);
  });
});
