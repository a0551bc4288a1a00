/** `xbzrle relay` between a sender and a receiver of these tests, over sockets: what arrives, what goes back, and what goes wrong. */

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { packageFolder } from "../../../spec/package.ts";
import { newGuest, Receiver } from "../../session/receiver.ts";
import { run, temporaryFolder } from "../stream/fakes/run.ts";
import { BLOCK, PAGE_SIZE, spellRounds } from "./fakes/rounds.ts";

const folder = temporaryFolder();
let pathCount = 0;
const newPath = () => join(folder, `socket-${pathCount++}`);
const servers: Server[] = [];
afterAll(() => servers.map((server) => server.close()));

const counted = (page: number, round: number) => new Uint8Array(PAGE_SIZE).fill(page + 1).fill(round, 0, 2);

/** A receiver that listens: each connection, and what has come on it. */
class Listener {
  readonly path = newPath();
  readonly connections: { readonly socket: Socket; readonly pieces: Buffer[]; error: string | undefined }[] = [];
  readonly #server: Server;

  constructor(readsAtOnce = true) {
    this.#server = createServer((socket) => {
      const connection = { socket, pieces: [] as Buffer[], error: undefined as string | undefined };
      this.connections.push(connection);
      if (readsAtOnce) socket.on("data", (piece) => connection.pieces.push(piece));
      socket.on("error", ({ code }: NodeJS.ErrnoException) => {
        connection.error = code;
      });
    });
    servers.push(this.#server);
  }

  async open(): Promise<this> {
    this.#server.listen(this.path);
    await once(this.#server, "listening");
    return this;
  }

  async connection(index: number) {
    for (let attempt = 0; this.connections[index] === undefined && attempt < 1000; attempt++) await sleep(5);
    return this.connections[index]!;
  }

  /** What the first connection has brought. */
  get bytes(): Buffer {
    return Buffer.concat(this.connections[0]!.pieces);
  }
}

/** Starts a relay from one path to another, and connects a sender to it. */
async function startRelay(to: string, words: readonly string[] = []) {
  const path = newPath();
  let listening = () => {};
  const isListening = new Promise<void>((resolve) => {
    listening = resolve;
  });
  const outcome = run(["relay", "--listen", `unix:${path}`, "--to", to, ...words], { onStderr: listening });
  await isListening;
  const sender = connect(path).on("error", () => {});
  await once(sender, "connect");
  return { path, sender, outcome };
}

/** The RAM that a stream gives. */
function received(stream: Buffer): Buffer {
  const receiver = new Receiver(newGuest("none", PAGE_SIZE, [BLOCK]));
  receiver.push(stream);
  receiver.end();
  return Buffer.from(receiver.guest.blocks.get("ram")!);
}

describe("a migration through a relay", () => {
  test("arrives as it is, in fewer bytes, and is told of in a file", async () => {
    const receiver = await new Listener().open();
    const statistics = join(folder, "statistics");
    const { sender, outcome } = await startRelay(`unix:${receiver.path}`, ["--statistics", statistics]);
    const stream = Buffer.concat(spellRounds(4, counted));
    sender.end(stream);
    const { status, stdout, stderr } = await outcome;
    expect([status, stderr]).toEqual([0, expect.stringMatching(/^xbzrle: listening on unix:\S+\n$/)]);
    expect(received(receiver.bytes).equals(received(stream))).toBe(true);
    expect(receiver.bytes.length).toBeLessThan(stream.length / 3);
    expect(stdout.toString()).toMatch(/^Migration status: completed\n.*xbzrle pages: 192 pages\n.*passing on: no\n$/s);
    expect(readFileSync(statistics, "utf8")).toBe(stdout.toString());
  });

  test("is told of, while it runs, to whoever connects", async () => {
    const receiver = await new Listener().open();
    const place = newPath();
    const { sender, outcome } = await startRelay(`unix:${receiver.path}`, ["--statistics", `unix:${place}`]);
    const [first, ...rest] = spellRounds(2, counted);
    sender.write(first!);
    await receiver.connection(0);
    const told: Buffer[] = [];
    for await (const piece of connect(place)) told.push(piece);
    expect(Buffer.concat(told).toString()).toMatch(/^Migration status: active\n/);
    sender.end(Buffer.concat(rest));
    expect((await outcome).status).toBe(0);
    expect(existsSync(place)).toBe(false);
  });

  test("arrives though its statistics cannot be written any more, which is told once", async () => {
    const receiver = await new Listener().open();
    const folder = mkdtempSync(join(tmpdir(), "xbzrle-relay-"));
    const { sender, outcome } = await startRelay(`unix:${receiver.path}`, ["--statistics", join(folder, "statistics")]);
    const [first, ...rest] = spellRounds(2, counted);
    sender.write(first!);
    await receiver.connection(0);
    rmSync(folder, { recursive: true });
    sender.end(Buffer.concat(rest));
    const { status, stderr } = await outcome;
    expect(status).toBe(0);
    expect(stderr.match(/--statistics .*; the migration goes on\n/g)).toHaveLength(1);
  });

  test("arrives though nobody hears what the receiver says", async () => {
    const receiver = await new Listener().open();
    const stream = Buffer.concat(spellRounds(1, counted));
    const [path, cli] = [newPath(), join(packageFolder, "dist/reference/cli.js")];
    writeFileSync(path, stream);
    const script = `{ sleep 1; cat "$1"; } | "$2" "$3" relay --listen - --to "unix:$4" | true`;
    const shell = spawn("sh", ["-c", script, "sh", path, process.execPath, cli, receiver.path], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    const { socket } = await receiver.connection(0);
    const said = setInterval(() => socket.write("said to nobody"), 10);
    socket.once("close", () => clearInterval(said));
    const stderr: Buffer[] = [];
    for await (const piece of shell.stderr) stderr.push(piece);
    expect(Buffer.concat(stderr).toString()).toBe("");
    expect(received(receiver.bytes).equals(received(stream))).toBe(true);
  });

  test("has further channels that are closed in one direction, and go on in the other (RELAY-11)", async () => {
    const receiver = await new Listener().open();
    const { path, sender, outcome } = await startRelay(`unix:${receiver.path}`);
    const [first, ...rest] = spellRounds(2, counted);
    sender.write(first!);
    await receiver.connection(0);
    const further = connect({ path, allowHalfOpen: true });
    further.write("forth");
    const other = await receiver.connection(1);
    other.socket.end("and back");
    expect((await once(further, "data")).toString()).toBe("and back");
    await once(further, "end");
    further.end("and forth");
    for (let attempt = 0; Buffer.concat(other.pieces).length < 14 && attempt < 1000; attempt++) await sleep(5);
    expect(Buffer.concat(other.pieces).toString()).toBe("forthand forth");
    sender.end(Buffer.concat(rest));
    expect((await outcome).status).toBe(0);
  });

  test("has its way back, and further channels in both directions (RELAY-11)", async () => {
    const receiver = await new Listener().open();
    const { path, sender, outcome } = await startRelay(`unix:${receiver.path}`);
    const [first, ...rest] = spellRounds(3, counted);
    sender.write(first!);
    (await receiver.connection(0)).socket.write("back");
    expect((await once(sender, "data")).toString()).toBe("back");
    const further = connect(path);
    further.write("forth");
    const other = await receiver.connection(1);
    for (let attempt = 0; other.pieces.length === 0 && attempt < 1000; attempt++) await sleep(5);
    expect(Buffer.concat(other.pieces).toString()).toBe("forth");
    other.socket.write("and back");
    expect((await once(further, "data")).toString()).toBe("and back");
    sender.end(Buffer.concat(rest));
    const { status, stderr } = await outcome;
    expect(status).toBe(0);
    expect(stderr).toContain("the sender has opened a further channel (RELAY-9)");
    expect(receiver.bytes.equals(Buffer.concat([first!, ...rest]))).toBe(true);
  });

  test("takes no more from the sender than fits in buffers while the receiver takes nothing (RELAY-12)", async () => {
    const receiver = await new Listener(false).open();
    const { sender, outcome } = await startRelay(`unix:${receiver.path}`, ["--cache-size", "4K"]);
    const stream = Buffer.concat(spellRounds(128, () => randomBytes(PAGE_SIZE)));
    sender.end(stream);
    const { socket, pieces } = await receiver.connection(0);
    let [before, taken] = [-1, 0];
    // Until nothing moves any more.
    while (before < taken) {
      before = taken;
      await sleep(300);
      taken = sender.bytesWritten - sender.writableLength;
    }
    expect(taken).toBeLessThan(stream.length / 8);
    socket.on("data", (piece) => pieces.push(piece));
    expect((await outcome).status).toBe(0);
    expect(received(receiver.bytes).equals(received(stream))).toBe(true);
  });

  test("over TCP is taken from this machine only, unless an address is told (RELAY-16)", async () => {
    const receiver = await new Listener().open();
    let tell = (_: string) => {};
    const told = new Promise<string>((resolve) => {
      tell = resolve;
    });
    const outcome = run(["relay", "--listen", "tcp::0", "--to", `unix:${receiver.path}`], { onStderr: tell });
    const port = Number(/listening on tcp:127\.0\.0\.1:(\d+)/.exec(await told)![1]);
    const [other] = Object.values(networkInterfaces()).flatMap((all) => all!.filter(({ internal }) => !internal));
    // A machine without another address cannot be asked from it.
    for (const host of other === undefined ? [] : [other.address]) {
      const refused = connect(port, host);
      expect(await new Promise((resolve) => refused.once("error", resolve))).toMatchObject({ code: "ECONNREFUSED" });
    }
    connect(port, "127.0.0.1").end(Buffer.concat(spellRounds(1, counted)));
    expect((await outcome).status).toBe(0);
  });

  test("is no faster than it is to be", async () => {
    const receiver = await new Listener().open();
    const { sender, outcome } = await startRelay(`unix:${receiver.path}`, ["--bandwidth", "512K"]);
    const beganMs = performance.now();
    sender.end(Buffer.concat(spellRounds(1, () => randomBytes(PAGE_SIZE))));
    expect((await outcome).status).toBe(0);
    // 256 KiB: it may be slower, on a busy machine, and never much faster.
    expect(performance.now() - beganMs).toBeGreaterThan(250);
  });
});

describe("a relay ends with an error", () => {
  test("if the sender ends too early, and the receiver has no whole stream (RELAY-14)", async () => {
    const receiver = await new Listener().open();
    const { sender, outcome } = await startRelay(`unix:${receiver.path}`);
    const stream = Buffer.concat(spellRounds(2, counted));
    sender.end(stream.subarray(0, stream.length / 2));
    const { status, stderr } = await outcome;
    expect(status).toBe(1);
    expect(stderr).toMatch(/the sender's stream ends too early: stream-truncated .*\(RELAY-14\)\n$/);
    expect(() => received(receiver.bytes)).toThrow(/stream-truncated/);
  });

  test("if the receiver ends too early, and the sender is told (RELAY-14)", async () => {
    const receiver = await new Listener().open();
    const { sender, outcome } = await startRelay(`unix:${receiver.path}`);
    const pieces = spellRounds(64, () => randomBytes(PAGE_SIZE));
    sender.write(pieces[0]!);
    (await receiver.connection(0)).socket.destroy();
    const closed = new Promise((resolve) => sender.once("close", resolve));
    for (const piece of pieces.slice(1)) sender.write(piece);
    const { status, stderr } = await outcome;
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining("the receiver has ended the connection before the end"),
    ]);
    await closed;
  });

  test("if there is no receiver, and the sender is told", async () => {
    const { sender, outcome } = await startRelay(`unix:${newPath()}`);
    const closed = new Promise((resolve) => sender.once("close", resolve));
    const { status, stderr } = await outcome;
    expect([status, stderr]).toEqual([1, expect.stringContaining("start the receiver first")]);
    await closed;
  });

  test("if its command does", async () => {
    const { sender, outcome } = await startRelay("exec:cat >/dev/null; exit 3");
    sender.end(Buffer.concat(spellRounds(1, counted)));
    const { status, stderr } = await outcome;
    expect([status, stderr]).toEqual([1, expect.stringContaining("the command has ended with status 3")]);
  });
});
