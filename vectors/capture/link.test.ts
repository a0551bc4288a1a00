import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { Link } from "./link.ts";

const folder = mkdtempSync(join(tmpdir(), "xbzrle-link-"));
afterAll(() => rmSync(folder, { recursive: true }));

const RATE = 2_000_000;
let linkCount = 0;

/** A link with both ends connected to this test. */
async function openLink(rate: number) {
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  linkCount += 1;
  const path = join(folder, String(linkCount));
  const link = await Link.open({ path }, { port: (server.address() as AddressInfo).port }, rate);
  onTestFinished(() => link.cut());
  const source = connect({ path, allowHalfOpen: true });
  const [destination] = (await once(server, "connection")) as [Socket];
  source.on("error", () => {});
  destination.on("error", () => {});
  return { link, source, destination };
}

/** What arrives, as one piece, once the other side has ended. */
async function arrivals(socket: Socket): Promise<Buffer> {
  return Buffer.concat(await socket.toArray());
}

/** Resolves when a socket is gone, with an error or without. */
const closed = (socket: Socket) => new Promise((resolve) => socket.once("close", resolve));

const bytes = (count: number) => Buffer.from(new Uint8Array(count).map((_, index) => (index * 31) >> 3));

test("A link passes on what it is given, in order, counts it, and keeps to its rate.", async () => {
  const { link, source, destination } = await openLink(RATE);
  const startedAtMs = performance.now();
  source.end(bytes(RATE));
  const arrived = await arrivals(destination);
  expect(arrived.equals(bytes(RATE))).toBe(true);
  expect(link.byteCount).toBe(RATE);
  // No faster than its rate; how much slower is the machine's matter.
  expect(performance.now() - startedAtMs).toBeGreaterThan(950);
});

test("What the destination says goes back to the source.", async () => {
  const { source, destination } = await openLink(RATE);
  destination.end("heard");
  expect(String(await arrivals(source))).toBe("heard");
});

test("A source is held back: some 300 KiB fit into a link that stalls, and all arrive once it goes on.", async () => {
  const { link, source, destination } = await openLink(RATE);
  link.stall();
  source.end(bytes(4_000_000));
  await sleep(300);
  expect(link.byteCount).toBe(0);
  expect(source.bytesWritten - source.writableLength).toBeLessThan(1_000_000);
  link.rate = 100_000_000;
  link.resume();
  expect((await arrivals(destination)).equals(bytes(4_000_000))).toBe(true);
});

test("A link that is cut ends both connections.", async () => {
  const { link, source, destination } = await openLink(RATE);
  source.write(bytes(4_000_000));
  await once(destination, "readable");
  const bothClosed = Promise.all([closed(source), closed(destination)]);
  link.cut();
  for (const end of [source, destination]) end.resume().end();
  await bothClosed;
  expect(link.byteCount).toBeLessThan(4_000_000);
});

test("A destination that breaks off takes the source with it.", async () => {
  const { source, destination } = await openLink(RATE);
  source.write(bytes(4_000_000));
  await once(destination, "readable");
  destination.destroy();
  await closed(source);
});

test("A source that breaks off is an end to the destination.", async () => {
  const { source, destination } = await openLink(RATE);
  source.write(bytes(100_000));
  await once(destination, "readable");
  source.destroy();
  expect((await arrivals(destination)).length).toBeLessThanOrEqual(100_000);
});
