import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { WriteStream } from "node:tty";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { fromHex, toHex } from "../index.ts";
import { runProgram } from "./program.ts";

const folder = mkdtempSync(join(tmpdir(), "xbzrle-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

/** A file of bytes, given in hexadecimal. */
function file(name: string, hex: string): string {
  const path = join(folder, name);
  writeFileSync(path, fromHex(hex));
  return path;
}

/** A stream that keeps what is written to it, or fails with the code of an error. */
function recorder(chunks: Uint8Array[], failureCode?: string): Writable {
  return new Writable({
    write(chunk, _, done) {
      if (failureCode !== undefined) return done(Object.assign(new Error(failureCode), { code: failureCode }));
      chunks.push(chunk);
      done();
    },
  });
}

/** What standard input holds, whether standard output is a terminal, and how it fails. */
interface Surroundings {
  readonly stdin?: Readable;
  readonly isTerminal?: boolean;
  readonly failureCode?: string;
}

/** Runs the program in this process. */
async function run(commandLine: readonly string[], surroundings: Surroundings = {}) {
  const stdoutChunks: Uint8Array[] = [];
  const stderrChunks: Uint8Array[] = [];
  const stdout = recorder(stdoutChunks, surroundings.failureCode);
  const { getColorDepth } = WriteStream.prototype;
  if (surroundings.isTerminal) Object.assign(stdout, { isTTY: true, getColorDepth });
  const { stdin = Readable.from([]) } = surroundings;
  const status = await runProgram(commandLine, { stdin, stdout, stderr: recorder(stderrChunks) });
  const stdoutBytes = Buffer.concat(stdoutChunks);
  return {
    status,
    stdout: stdoutBytes.toString(),
    hex: toHex(stdoutBytes),
    stderr: Buffer.concat(stderrChunks).toString(),
  };
}

const oldPage = file("old.bin", "0000000000000000");
const newPage = file("new.bin", "0000090000000000");
const delta = file("delta.bin", "020109");
const cutDelta = file("cut.bin", "0003aabb");
const emptyFile = file("empty.bin", "");
const absent = join(folder, "absent.bin");

test("encode writes the raw delta, and decode the raw page", async () => {
  expect(await run(["encode", oldPage, newPage])).toMatchObject({ status: 0, hex: "020109", stderr: "" });
  expect(await run(["decode", delta, oldPage])).toMatchObject({ status: 0, hex: "0000090000000000", stderr: "" });
});

test("a minus stands for standard input", async () => {
  const delta = [fromHex("00"), fromHex("0107")];
  expect(await run(["encode", oldPage, "-"], { stdin: createReadStream(newPage) })).toMatchObject({ hex: "020109" });
  expect(await run(["decode", "-", oldPage], { stdin: Readable.from(delta) })).toMatchObject({
    hex: "0700000000000000",
  });
  expect(await run(["inspect", "-"], { stdin: Readable.from(delta) })).toMatchObject({ status: 0 });
});

test("the largest page is read, and no more than that of what is larger", async () => {
  const largestPage = file("largest.bin", "00".repeat(65_536));
  const endless = createReadStream("/dev/zero");
  expect(await run(["encode", largestPage, largestPage])).toMatchObject({ status: 0 });
  expect(await run(["encode", largestPage, "-"], { stdin: endless })).toMatchObject({
    status: 2,
    stderr: "xbzrle: NEW from standard input has more than 65536 bytes; give one page\n",
  });
  expect(endless.bytesRead).toBeLessThan(1_000_000);
});

test("-o names a file for the output, and a minus there is standard output", async () => {
  const output = join(folder, "output.bin");
  expect(await run(["encode", oldPage, newPage, "-o", output])).toEqual({ status: 0, stdout: "", hex: "", stderr: "" });
  expect(toHex(readFileSync(output))).toBe("020109");
  await run(["decode", delta, oldPage, "-o", output]);
  expect(toHex(readFileSync(output))).toBe("0000090000000000");
  expect(await run(["encode", oldPage, newPage, "-o", "-"])).toMatchObject({ hex: "020109" });
});

test("on a terminal bytes are hexadecimal text", async () => {
  const terminal = { isTerminal: true };
  expect(await run(["encode", oldPage, newPage], terminal)).toMatchObject({ stdout: "020109\n" });
  expect(await run(["decode", delta, oldPage], terminal)).toMatchObject({ stdout: "0000090000000000\n" });
});

test("equal pages give an empty delta, a note, and success", async () => {
  expect(await run(["encode", oldPage, oldPage])).toEqual({
    status: 0,
    stdout: "",
    hex: "",
    stderr: "xbzrle: unchanged: the pages are equal, and the delta is empty (DELTA-20)\n",
  });
});

test("the smallest delta is written if it is asked for, and offered where the canonical one does not fit", async () => {
  const holed = file("holed.bin", "0100030000000000");
  expect(await run(["encode", oldPage, holed])).toMatchObject({ status: 0, hex: "000101010103" });
  expect(await run(["encode", oldPage, holed, "--encoder", "compact"])).toMatchObject({ status: 0, hex: "0003010003" });
  const overflow = await run(["encode", oldPage, holed, "--capacity", "5"]);
  expect(overflow.stderr).toContain("pass --encoder compact for 5 bytes, --capacity 6, or send the page as it is");
  const stillOverflow = await run(["encode", oldPage, holed, "--encoder", "compact", "--capacity", "4"]);
  expect(stillOverflow.stderr).toBe(
    "xbzrle: overflow: the smallest delta has 5 bytes and the capacity is 4 (DELTA-26); pass --capacity 5, or send the page as it is\n",
  );
  const unknown = await run(["encode", oldPage, holed, "--encoder", "best"]);
  expect(unknown).toMatchObject({ status: 2 });
  expect(unknown.stderr).toContain("Allowed choices are canonical, compact");
});

test("overflow is told with N, C, the requirement and a way out, and nothing is written", async () => {
  const output = join(folder, "overflow.bin");
  expect(await run(["encode", oldPage, newPage, "--capacity", "2", "-o", output])).toMatchObject({
    status: 1,
    stderr:
      "xbzrle: overflow: the canonical delta has 3 bytes and the capacity is 2 (DELTA-29); pass --capacity 3, or send the page as it is\n",
  });
  const zeros = file("zeros.bin", "00".repeat(20_000));
  const ones = file("ones.bin", "01".repeat(20_000));
  const lastChanged = file("last.bin", `${"00".repeat(19_999)}01`);
  const wholePage = await run(["encode", zeros, ones, "-o", output]);
  expect([wholePage.status, wholePage.stderr]).toEqual([1, expect.stringContaining("(DELTA-30)")]);
  const bridged = await run(["encode", zeros, lastChanged, "--capacity", "7", "-o", output]);
  expect(bridged.stderr).toContain("bridged has 8 bytes and the capacity is 7 (DELTA-31); pass --capacity 8,");
  expect(existsSync(output)).toBe(false);
});

test("a malformed delta is refused with its fault, and no output file is made", async () => {
  const output = join(folder, "refused.bin");
  expect(await run(["decode", cutDelta, oldPage, "-o", output])).toEqual({
    status: 1,
    stdout: "",
    hex: "",
    stderr: "xbzrle: nzrun-truncated at delta byte 2: 2 of 3 bytes (DELTA-19)\n",
  });
  expect(existsSync(output)).toBe(false);
});

test("inspect prints the dump and a summary", async () => {
  expect(await run(["inspect", delta, "--page-size", "8"])).toMatchObject({
    status: 0,
    stdout: [
      "   0  02        page 0  zrun 2",
      "   1  01        page 2  nzrun 1",
      "   2  09        page 2  literals",
      "pairs: 1, literals: 1, delta bytes: 3, page bytes covered: 3 of 8",
      "",
    ].join("\n"),
  });
  expect((await run(["inspect", emptyFile])).stdout).toBe(
    "pairs: 0, literals: 0, delta bytes: 0, page bytes covered: 0 of 4096\n",
  );
});

test("inspect of a malformed delta ends with the fault, and has no summary", async () => {
  const { status, stdout, stderr } = await run(["inspect", cutDelta]);
  expect([status, stderr]).toEqual([1, ""]);
  expect(stdout.split("\n").slice(1)).toEqual([
    "   1  03        page 0  nzrun 3",
    "nzrun-truncated at delta byte 2: 2 of 3 bytes (DELTA-19)",
    "",
  ]);
});

test("inspect tells of the page size that it took if a run ends past that", async () => {
  const pastUsualPage = file("past.bin", "ff7f0101");
  const { status, stderr } = await run(["inspect", pastUsualPage]);
  expect([status, stderr]).toEqual([1, "xbzrle: the page size was taken to be 4096; pass --page-size if it is not\n"]);
  expect((await run(["inspect", pastUsualPage, "--page-size", "8192"])).stderr).toBe("");
  expect((await run(["inspect", pastUsualPage, "--page-size", "16384"])).status).toBe(0);
});

test("inspect is in colour on a terminal, and not with NO_COLOR or in a pipe", async () => {
  for (const name of ["NO_COLOR", "FORCE_COLOR", "NODE_DISABLE_COLORS", "CI"]) vi.stubEnv(name, undefined);
  vi.stubEnv("TERM", "xterm-256color");
  const coloured = (await run(["inspect", delta], { isTerminal: true })).stdout;
  expect(coloured.split("\n", 2)[0]).toBe("\u001b[36m   0  02        page 0  zrun 2\u001b[39m");
  const plain = (await run(["inspect", delta])).stdout;
  vi.stubEnv("NO_COLOR", "1");
  expect(plain).not.toContain("\u001b");
  expect((await run(["inspect", delta], { isTerminal: true })).stdout).toBe(plain);
});

test.each([
  [[], "no command was given"],
  [["encode", oldPage], "missing required argument 'NEW'"],
  [["encoed", oldPage, newPage], "unknown command 'encoed' (Did you mean encode?)"],
  [["encode", "-", "-"], "OLD and NEW are both -, and there is one standard input"],
  [["decode", "-", "-"], "DELTA and OLD are both -, and there is one standard input"],
  [["encode", absent, newPage], `OLD ${absent} does not exist`],
  [["encode", oldPage, folder], `NEW ${folder} is a directory`],
  [["encode", oldPage, delta], `OLD ${oldPage} has 8 bytes and NEW ${delta} 3`],
  [["encode", emptyFile, newPage], `OLD ${emptyFile} is empty`],
  [["encode", oldPage, "/dev/zero"], "NEW /dev/zero has more than 65536 bytes; give one page"],
  [["inspect", "/dev/zero"], "DELTA /dev/zero has more than 196608 bytes; give a delta"],
  [["decode", delta, oldPage, "-o", folder], `-o ${folder} is a directory`],
  [
    ["decode", delta, oldPage, "-o", join(absent, "x")],
    `-o ${join(absent, "x")} is in a directory that does not exist`,
  ],
  [
    ["encode", oldPage, newPage, "--capacity", "-1"],
    "argument '-1' is invalid. It has to be a number of bytes, 0 or more",
  ],
  [["encode", oldPage, newPage, "--capacity", "1e3"], "argument '1e3' is invalid"],
  [
    ["inspect", delta, "--page-size", "65537"],
    "argument '65537' is invalid. It has to be a number of bytes, 1 to 65536",
  ],
  [["inspect", delta, "--page-size", "0"], "argument '0' is invalid"],
])("asked wrongly, the program says so in one line and ends with 2: %j", async (commandLine, message) => {
  const { status, stdout, stderr } = await run(commandLine);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(message);
  expect(stderr).toMatch(/^xbzrle: [^\n]+; [^\n]+\n$/);
});

test("a reader that has gone is no error, and a full disk is one", async () => {
  expect(await run(["inspect", delta], { failureCode: "EPIPE" })).toMatchObject({ status: 0, stderr: "" });
  const full = await run(["inspect", delta], { failureCode: "ENOSPC" });
  expect(full.status).toBe(2);
  expect(full.stderr).toContain("standard output cannot be written (ENOSPC)");
});

test("help and version are printed on standard output", async () => {
  expect(await run(["--version"])).toMatchObject({ status: 0, stdout: `${packageJson.version}\n`, stderr: "" });
  const help = await run(["--help"]);
  expect(help).toMatchObject({ status: 0, stderr: "" });
  expect(help.stdout).toMatch(/encode .*\n.*decode .*\n.*inspect /);
});

test("each command that the help lists is found by its name", async () => {
  const { stdout } = await run(["--help"]);
  const names = Array.from(stdout.slice(stdout.indexOf("Commands:")).matchAll(/^ {2}([a-z-]+)/gm), ([, name]) => name!);
  expect(names.length).toBeGreaterThan(10);
  for (const name of names.filter((name) => name !== "help")) {
    expect((await run([name, "--help"])).stdout).toContain(`Usage: xbzrle ${name} `);
  }
});

test.each([
  [["relay"], "run xbzrle relay --help"],
  [["relya"], "run xbzrle --help"],
])("%j says whose help tells more", async (words, hint) => {
  expect((await run(words)).stderr).toMatch(new RegExp(`; ${hint}\n$`));
});
