/** `xbzrle stream extract`: what is written is the memory that the guest had, and is written nowhere else. */

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digestOf, readStream, STREAMS_FOLDER } from "../../../vectors/capture/stored-stream.ts";
import { join as joined } from "../../../vectors/generate/spell.ts";
import {
  compressedRecord,
  END_OF_SECTION,
  end,
  FLAG,
  footer,
  header,
  memorySizes,
  pageRecord,
  part,
  start,
  startHeader,
  word,
  xbzrleRecord,
  zeroRecord,
} from "../../../vectors/generate/spell-stream.ts";
import { loadReceiveVectors } from "../../../vectors/index.ts";
import { cut, file, runStream, temporaryFolder } from "./fakes/run.ts";
import { fileNameOf } from "./file-name.ts";

const folder = temporaryFolder();
const NAMES = ["plain", "xbzrle", "compress", "xbzrle-compress"];
const captures = await Promise.all(NAMES.map(async (name) => ({ name, ...(await readStream(STREAMS_FOLDER, name)) })));
const byName = captures.map(({ name, provenance, stream }) => ({
  name,
  provenance,
  stream,
  path: file(folder, name, stream),
}));

describe.each(byName)("the captured stream $name", ({ name, provenance, stream, path }) => {
  const digests = (image: Uint8Array) =>
    provenance.memory.map(({ address, sizeBytes }) => digestOf(image.subarray(address, address + sizeBytes)));
  const expected = provenance.memory.map(({ sha256 }) => sha256);

  test("gives the memory of the guest as an image", async () => {
    const output = join(folder, `${name}.img`);
    expect(await runStream(["extract", path, "--block", "pc.ram", "-o", output])).toMatchObject({
      status: 0,
      stderr: "",
    });
    const image = readFileSync(output);
    expect(image.length).toBe(2 * 1024 * 1024);
    expect(digests(image)).toEqual(expected);
  });

  test("gives the same through pipes, cut anywhere, and to a file", async () => {
    const { status, stdout } = await runStream(["extract", "-", "--block", "pc.ram"], { stdin: cut(stream, 4099) });
    expect([status, digests(stdout)]).toEqual([0, expected]);
  });

  test("gives all blocks to a folder, and says how the files are called", async () => {
    const output = join(folder, `${name}-blocks`);
    const { status, stdout } = await runStream(["extract", path, "-o", output]);
    expect([status, stdout.toString().split("\n")[0]]).toEqual([0, `"pc.ram" 2097152 ${join(output, "pc.ram.img")}`]);
    expect(stdout.toString().trim().split("\n").length).toBe(readdirSync(output).length);
    expect(digests(readFileSync(join(output, "pc.ram.img")))).toEqual(expected);
  });

  test("that is cut off is refused and leaves nothing, but for --partial, which keeps the pages before the end", async () => {
    const cutPath = file(folder, `${name}.cut`, stream.subarray(0, stream.length - 40_000));
    const output = join(folder, `${name}.cut.img`);
    const words = ["extract", cutPath, "--block", "pc.ram", "-o", output];
    const refused = await runStream(words);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(
      /^xbzrle: [a-z-]+ at stream byte \d+.*\(STREAM-\d+\); nothing is written; pass --partial .*\n$/,
    );
    expect(existsSync(output)).toBe(false);
    const kept = await runStream([...words, "--partial"]);
    expect([kept.status, kept.stderr]).toEqual([1, expect.stringContaining("; the pages before that are kept\n")]);
    expect(readFileSync(output).length).toBe(2 * 1024 * 1024);
  });
});

test("the vectors for receivers give the RAM that they state", async () => {
  const wrong: string[] = [];
  for (const { id, accept, stream, ramSize } of loadReceiveVectors()) {
    const [only, ...others] = accept;
    if (only?.kind !== "ram" || 0 < others.length) continue;
    const ram = new Uint8Array(ramSize);
    for (const { address, page } of only.pages) ram.set(page, address);
    const { stdout } = await runStream(["extract", "-", "--block", "ram"], { stdin: cut(stream, 10_007) });
    if (Buffer.compare(stdout, ram) !== 0) wrong.push(id);
  }
  expect(wrong).toEqual([]);
});

test("an image of a block that claims a terabyte takes as much room as its pages", async () => {
  const size = 2 ** 40;
  const stream = joined(header(), start(size), part([pageRecord(size - 4096, Buffer.alloc(4096, 7))]), end());
  const output = join(folder, "terabyte.img");
  expect(await runStream(["extract", file(folder, "terabyte", stream), "--block", "ram", "-o", output])).toMatchObject({
    status: 0,
  });
  const { size: imageSize, blocks } = statSync(output);
  expect(imageSize).toBe(size);
  expect(blocks * 512).toBeLessThan(1_000_000);
});

/** A stream of blocks with such names, of a page each. */
function streamOf(names: readonly string[]): Uint8Array {
  const list = memorySizes(
    names.length * 4096,
    names.map((name) => [name, 4096] as const),
  );
  const records = names.map((name, index) => zeroRecord(0, name, index + 1));
  return joined(header(), startHeader(), list, END_OF_SECTION, footer(), part(records), end());
}

const byteName = fc.uint8Array({ minLength: 1, maxLength: 255 }).map((bytes) => Buffer.from(bytes).toString("latin1"));
const hostileName = fc.constantFrom(
  "..",
  ".",
  "/etc/passwd",
  "../../x",
  "a/../../b",
  "\u0000",
  "\u001b[2J",
  "A",
  "a",
  "/".repeat(255),
  "%2f",
  "-rf",
);

test("no name of a block makes a file outside of the folder, or the same file as another", async () => {
  const names = fc.uniqueArray(fc.oneof(byteName, hostileName), { minLength: 1, maxLength: 6 });
  let count = 0;
  await fc.assert(
    fc.asyncProperty(names, async (names) => {
      const parent = join(folder, `hostile-${count++}`);
      mkdirSync(parent);
      const path = file(parent, "stream", streamOf(names));
      const { status, stdout } = await runStream(["extract", path, "-o", join(parent, "out")]);
      expect(status).toBe(0);
      expect(stdout.toString()).toMatch(/^[ -~\n]*$/);
      expect(readdirSync(parent).sort()).toEqual(["out", "stream"]);
      expect(readdirSync(join(parent, "out")).sort()).toEqual(names.map(fileNameOf).sort());
      names.forEach((name, index) => {
        expect(readFileSync(join(parent, "out", fileNameOf(name)))[0]).toBe(index + 1);
      });
    }),
    { numRuns: 60 },
  );
});

test("a link in the folder is replaced, and not followed", async () => {
  const target = file(folder, "precious", Buffer.from("precious"));
  const output = join(folder, "links");
  mkdirSync(output);
  symlinkSync(target, join(output, "ram.img"));
  expect(await runStream(["extract", file(folder, "link", streamOf(["ram"])), "-o", output])).toMatchObject({
    status: 0,
  });
  expect(readFileSync(target, "utf8")).toBe("precious");
  expect(readFileSync(join(output, "ram.img"))[0]).toBe(1);
});

function recordOf({ kind, index, byte }: { kind: string; index: number; byte: number }): Uint8Array {
  const address = index * 4096;
  const page = Buffer.alloc(4096).fill(byte, 0, 1);
  if (kind === "zero") return zeroRecord(address);
  if (kind === "fill") return zeroRecord(address, undefined, byte);
  if (kind === "page") return pageRecord(address, page);
  return kind === "xbzrle" ? xbzrleRecord(address, [0, 1, byte]) : compressedRecord(address, deflateSync(page));
}

test("a file holds what a pipe gets, whatever comes after what", async () => {
  const sent = fc.record({
    kind: fc.constantFrom("zero", "fill", "page", "xbzrle", "compressed"),
    index: fc.nat(5),
    byte: fc.constantFrom(0, 9),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(sent, { maxLength: 20 }), fc.integer({ min: 1, max: 9000 }), async (all, size) => {
      const stream = joined(header(), start(6 * 4096), part(all.map(recordOf)), end());
      const path = join(folder, "any.img");
      const words = ["extract", "-", "--block", "ram"];
      const toPipe = await runStream(words, { stdin: cut(stream, size) });
      const toFile = await runStream([...words, "-o", path], { stdin: cut(stream, size) });
      expect([toPipe.status, toFile.status, toPipe.stdout.length]).toEqual([0, 0, 6 * 4096]);
      expect(readFileSync(path).equals(toPipe.stdout)).toBe(true);
    }),
  );
});

test.each([
  [["extract", "absent", "--block", "ram"], "FILE absent does not exist; name a file of a migration stream"],
  [["extract", folder, "--block", "ram"], `FILE ${folder} is a directory`],
  [["extract", byName[0]!.path], "all blocks are a file each; name a folder with -o"],
  [["extract", byName[0]!.path, "--block", "vga"], `no block "vga" in FILE ${byName[0]!.path}; it has "pc.ram"`],
  [["extract", byName[0]!.path, "--block", "pc.ram", "-o", folder], `output ${folder} is a directory`],
  [["extract", byName[0]!.path, "-o", join(folder, "a", "b")], "is in a directory that does not exist"],
  [["extract", byName[0]!.path, "--page-size", "3"], "It has to be a power of two from 1024 to 65536"],
])("asked wrongly, the program says so in one line and ends with 2: %j", async (words, message) => {
  const { status, stdout, stderr } = await runStream(words);
  expect([status, stdout.length, stderr]).toEqual([2, 0, expect.stringContaining(message)]);
  expect(stderr).toMatch(/^xbzrle: [^\n]+; [^\n]+\n$/);
});

test("a reader that has gone is no error, and a full disk is one", async () => {
  const words = ["extract", byName[0]!.path, "--block", "pc.ram"];
  expect(await runStream(words, { failureCode: "EPIPE" })).toMatchObject({ status: 0, stderr: "" });
  const full = await runStream(words, { failureCode: "ENOSPC" });
  expect([full.status, full.stderr]).toEqual([2, expect.stringContaining("cannot be written (ENOSPC)")]);
});

test("a hook is told with its place", async () => {
  const stream = joined(header(), start(65_536), part([word(0, FLAG.hook)]), end());
  const { status, stderr } = await runStream(["extract", "-", "--block", "ram"], { stdin: [stream] });
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^xbzrle: hook-unexpected at stream byte 72 .*RECORD-3/)]);
});
