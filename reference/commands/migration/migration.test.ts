/** `xbzrle migrate` and `xbzrle receive`: what is asked for, what arrives, and what goes wrong, as a person sees it. */

import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { file, run, temporaryFolder } from "../stream/fakes/run.ts";
import { fileNameOf } from "../stream/file-name.ts";
import { startReceiver } from "./fakes/receiver.ts";

const folder = temporaryFolder();
const to = (name: string) => join(folder, name);
const IMAGE = Uint8Array.from({ length: 65_536 }, (_, offset) => (offset * 7 + (offset >> 8)) % 251);
const image = file(folder, "image", IMAGE);

const servers: Server[] = [];
afterAll(() => servers.map((server) => server.close()));

/** Something that listens and does what it likes with whoever comes. */
async function listen(act: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => act(socket.on("error", () => {})));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `tcp:127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Writes a trace: at each of 40 ms a counter, in one block and then in the other. */
function traceFile(names: readonly string[]): string {
  const head = {
    format: "xbzrle-trace",
    version: 1,
    pageSize: 4096,
    blocks: names.map((name) => ({ name, byteCount: IMAGE.length })),
  };
  const lines = Array.from({ length: 40 }, (_, index) => ({
    timeUs: index * 1000,
    block: names[index % names.length],
    address: (index * 4096) % IMAGE.length,
    bytes: index.toString(16).padStart(4, "0"),
  }));
  return file(folder, "trace", Buffer.from([head, ...lines].map((line) => `${JSON.stringify(line)}\n`).join("")));
}

describe("a migration", () => {
  test("of an image arrives as it is, and the numbers are those of info migrate", async () => {
    const { receiving, place } = await startReceiver(["--block", "pc.ram"]);
    const sent = await run(["migrate", place, "--image", image, "--block", "pc.ram", "--machine", "pc"]);
    expect([sent.status, sent.stderr]).toEqual([0, ""]);
    expect(sent.stdout.toString()).toMatch(/^Migration status: completed\n.*total ram: 64 kbytes\n/s);
    const received = await receiving!;
    expect(received.status).toBe(0);
    expect(received.stdout.equals(IMAGE)).toBe(true);
  });

  test("of a trace arrives with what was written, in files whose names do no harm", async () => {
    const names = ["pc.ram", "../other"];
    mkdirSync(to("images"), { recursive: true });
    file(to("images"), fileNameOf("pc.ram"), IMAGE);
    const words = ["--trace", traceFile(names), "--image", to("images"), "--xbzrle", "--json"];
    const { receiving, place } = await startReceiver(["-o", to("received")]);
    // So slow that the trace, of 40 ms, is at its end before the first round is.
    const sent = await run(["migrate", place, ...words, "--max-bandwidth", "100K", "--downtime-limit", "1"]);
    expect(sent.status).toBe(0);
    expect(JSON.parse(sent.stdout.toString())).toMatchObject({
      status: "completed",
      ram: { remaining: 0, total: 2 * IMAGE.length, "page-size": 4096 },
      "xbzrle-cache": { "cache-size": 2 ** 26 },
    });
    expect((await receiving!).status).toBe(0);
    const expected = [Buffer.from(IMAGE), Buffer.alloc(IMAGE.length)];
    for (let index = 0; index < 40; index++) expected[index % 2]!.writeUInt16BE(index, (index * 4096) % IMAGE.length);
    expect(readdirSync(to("received")).sort()).toEqual(names.map(fileNameOf).sort());
    for (const [index, name] of names.entries()) {
      expect(readFileSync(join(to("received"), fileNameOf(name))).equals(expected[index]!)).toBe(true);
    }
  });
});

/** A stream that has no bytes 78 01 behind its first 100,000. */
function withoutZlibHeaders(stream: Buffer): Buffer {
  const next = (from: number) => stream.indexOf("7801", from, "hex");
  for (let at = next(100_000); 0 <= at; at = next(at)) stream[at] = 0;
  return stream;
}

describe("a migration that is compressed", () => {
  const COMPRESSED = ["--compress", "--xbzrle", "--memory", "4M", "--workload", "counters", "--max-bandwidth", "20M"];

  test.each(["1", "2", "255"])("arrives as without threads where decompress-threads is %s", async (threadCount) => {
    const stream = to("compressed");
    expect((await run(["migrate", `file:${stream}`, ...COMPRESSED])).status).toBe(0);
    await run(["stream", "extract", stream, "--block", "ram", "-o", to("one after the other")]);
    // To a file pages go at once, and those that are compressed through memory.
    const words = ["--block", "ram", "-o", to("in threads"), "--decompress-threads", threadCount];
    expect(await run(["receive", `file:${stream}`, ...words])).toMatchObject({ status: 0, stderr: "" });
    expect(readFileSync(to("in threads")).equals(readFileSync(to("one after the other")))).toBe(true);
    const { stdout } = await run(["stream", "inspect", stream, "--json"]);
    expect(JSON.parse(stdout.toString()).records.compressed.count).toBeGreaterThan(500);
  });

  test.each([
    ["has damage", withoutZlibHeaders, /^xbzrle: compressed-damaged at stream byte /],
    ["is cut off", (stream: Buffer) => stream.subarray(0, 700_000), /^xbzrle: stream-truncated at stream byte /],
    ["has a sender that fails", (stream: Buffer) => stream.subarray(0, 700_000), /has ended with status 3/, "; exit 3"],
  ])("and %s is written nowhere", async (_, damage, message, end = "") => {
    const stream = to("sound");
    expect((await run(["migrate", `file:${stream}`, ...COMPRESSED])).status).toBe(0);
    const damaged = file(folder, "damaged", damage(readFileSync(stream)));
    const words = ["--block", "ram", "-o", to("damaged RAM")];
    const { status, stderr } = await run(["receive", `exec:cat ${damaged}${end}`, ...words]);
    expect([status, stderr]).toEqual([1, expect.stringMatching(message)]);
    expect(readdirSync(folder).filter((name) => name.startsWith("damaged RAM"))).toEqual([]);
  });
});

describe("what is asked wrongly ends with 2 and one line that names it", () => {
  test.each([
    [["migrate", "rdma:h:1"], "URI rdma:h:1 begins with none of tcp:, unix:, exec: and file:"],
    [["receive", "tcp:h:x", "-o", "o"], 'URI tcp:h:x has the port "x"; give a number from 0 to 65535'],
    [["receive", "tcp::0"], "name a folder with -o"],
    [["migrate", "file:s", "--memory", "5000"], "--memory has to have a multiple of 4096 bytes"],
    [["migrate", "file:s", "--memory", "64P"], "argument '64P' is invalid"],
    [
      ["migrate", "file:s", "--xbzrle", "--xbzrle-cache-size", "3"],
      "xbzrle-cache-size has to be a power of two from 4096",
    ],
    [
      ["migrate", "file:s", "--compress", "--compress-level", "10"],
      "compress-level has to be an integer from 0 to 9, not 10",
    ],
    [
      ["migrate", "file:s", "--compress", "--compress-threads", "256"],
      "compress-threads has to be an integer from 1 to 255",
    ],
    [
      ["receive", "tcp:127.0.0.1:0", "-o", "o", "--decompress-threads", "0"],
      "decompress-threads has to be an integer from 1 to 255, not 0 (COMP-17)",
    ],
    [
      ["receive", "tcp:127.0.0.1:0", "-o", "o", "--decompress-threads", "256"],
      "decompress-threads has to be an integer from 1 to 255, not 256 (COMP-17)",
    ],
    [["migrate", "file:s", "--downtime-limit", "2000001"], "downtime-limit has to be an integer from 0 to 2000000"],
    [["migrate", "file:s", "--timeout", "0"], "timeout has to be an integer from 1"],
    [["migrate", "file:s", "--write-rate", "2T"], "bytesPerSecond has to be an integer from 0"],
    [
      ["migrate", "file:s", "--image", "/none"],
      "--image /none does not exist; name a file of the bytes of a RAM block",
    ],
    [["migrate", "file:s", "--trace", "/none"], "--trace /none does not exist; name a file of a trace"],
    [["migrate", "file:s", "--trace", "t", "--memory", "1M"], "cannot be used with option"],
  ])("%j", async (words, message) => {
    const { status, stdout, stderr } = await run(words);
    expect(stderr).toContain(message);
    expect(stderr.split("\n")).toHaveLength(2);
    expect([status, stdout.length]).toEqual([2, 0]);
  });
});

describe("a channel that is not to be had, or fails, ends with 1 and one line that names the part of the URI", () => {
  test.each([
    [["migrate", "tcp:127.0.0.1:1"], "nobody listens on port 1; start the receiver first"],
    [["migrate", `unix:${to("none")}`], `there is no socket ${to("none")}; start the receiver first`],
    [["migrate", "exec:exit 3"], "the command has ended with status 3"],
    [["migrate", "exec:head -c 9 > /dev/null"], "the command has ended before the end of the stream"],
    [["migrate", `file:${to("none/x")}`], "is in a folder that does not exist"],
    [["migrate", `file:${folder}`], "is a folder; name a file in it"],
    [["receive", "tcp:192.0.2.1:4444", "-o", "o"], "host 192.0.2.1 is no address of this machine"],
    [["receive", `unix:${image}`, "-o", "o"], "is there already; remove it if nobody listens there"],
    [["receive", `unix:${to("none/x")}`, "-o", "o"], "is in a folder that does not exist"],
    [["receive", "exec:exit 4", "-o", "o"], "the command has ended with status 4"],
    [
      ["receive", "exec:echo hello", "-o", "o"],
      "magic-unknown at stream byte 0: 68656c6c (STREAM-1); nothing is written",
    ],
    [["receive", `file:${to("none")}`, "-o", "o"], `there is no file ${to("none")}`],
  ])("%j", async (words, message) => {
    const { status, stderr } = await run(words);
    expect(stderr).toContain(message);
    expect(stderr.split("\n")).toHaveLength(2);
    expect(status).toBe(1);
  });

  test("a port that is in use", async () => {
    const uri = await listen(() => {});
    const { status, stderr } = await run(["receive", uri, "-o", "o"]);
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining("is in use; end what listens there, or name another"),
    ]);
  });

  test.each([
    ["dies", (socket: Socket) => socket.resetAndDestroy(), "has ended the connection before the end of the stream"],
    ["ends", (socket: Socket) => socket.end(), "has ended the connection before the end of the stream"],
    [
      "speaks",
      (socket: Socket) => socket.write("SSH-2.0\r\n"),
      'says "SSH-2.0\\x0d\\x0a", and a receiver says nothing',
    ],
    ["stalls", (socket: Socket) => socket.pause(), "has taken nothing, and has not ended, for 1 s"],
  ])("a receiver that %s", async (_, act, message) => {
    const { status, stderr } = await run(["migrate", await listen(act), "--timeout", "1"]);
    expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
  });

  test.each([
    // The system tells the end of the connection, or only that of what has come.
    [
      "dies",
      (socket: Socket) => socket.write("QEVM", () => socket.resetAndDestroy()),
      /ended the connection|truncated/,
    ],
    ["ends", (socket: Socket) => socket.end("QEVM\0\0\0\x03"), "stream-truncated at stream byte 8"],
    ["speaks nonsense", (socket: Socket) => socket.write("GET / HTTP/1.1\r\n"), "magic-unknown at stream byte 0"],
    ["stalls", (socket: Socket) => socket.write("QEVM"), "has sent nothing, and has not ended, for 1 s"],
  ])("a sender that %s", async (_, act, message) => {
    const { receiving, place } = await startReceiver(["-o", to("never"), "--timeout", "1"]);
    const socket = connect(Number(place.split(":").at(-1)), "127.0.0.1").on("error", () => {});
    socket.once("connect", () => act(socket));
    const { status, stderr } = await receiving!;
    expect(stderr).toMatch(message);
    expect(status).toBe(1);
    expect(existsSync(to("never"))).toBe(false);
    socket.destroy();
  });
});

describe("^C", () => {
  const SLOW = ["--max-bandwidth", "100K"];

  test("ends a sender with 130 and without a word, and its receiver is told", async () => {
    let tell: (code: string | undefined) => void = () => {};
    const told = new Promise((resolve) => {
      tell = resolve;
    });
    const uri = await listen((socket) => {
      socket.once("data", () => process.emit("SIGINT"));
      socket.on("error", (error: NodeJS.ErrnoException) => tell(error.code));
    });
    expect(await run(["migrate", uri, ...SLOW])).toMatchObject({ status: 130, stderr: "" });
    expect(await told).toBe("ECONNRESET");
  });

  test("leaves no file half written", async () => {
    const sent = run(["migrate", `file:${to("half")}`, ...SLOW]);
    setTimeout(() => process.emit("SIGINT"), 300);
    expect(await sent).toMatchObject({ status: 130, stderr: "" });
    expect(readdirSync(folder).filter((name) => name.startsWith("half"))).toEqual([]);
  });

  test.each([
    ["listens", `unix:${to("lonely")}`],
    ["waits for a command", "exec:sleep 60"],
  ])("ends a receiver that %s", async (_, uri) => {
    const received = run(["receive", uri, "-o", "o"]);
    setTimeout(() => process.emit("SIGINT"), 300);
    expect((await received).status).toBe(130);
    expect(existsSync(to("lonely"))).toBe(false);
  });
});
