/** The commands on streams, given streams that mean harm: each ends as it says, tells where and why, and writes where it may. */

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { packageFolder } from "../../../spec/package.ts";
import { readStream, STREAMS_FOLDER } from "../../../vectors/capture/stored-stream.ts";
import { join as joined } from "../../../vectors/generate/spell.ts";
import * as spell from "../../../vectors/generate/spell-stream.ts";
import { loadReceiveVectors } from "../../../vectors/index.ts";
import { hostileStreams } from "./fakes/hostile-streams.ts";
import { cut, file, type Outcome, runStream, temporaryFolder } from "./fakes/run.ts";
import { fileNameOf } from "./file-name.ts";

const parent = temporaryFolder();
const folder = join(parent, "out");
const { stream: captured } = await readStream(STREAMS_FOLDER, "xbzrle-compress");
const small = hostileStreams(loadReceiveVectors().map(({ stream }) => stream));
const hostile = fc.oneof({ weight: 30, arbitrary: small }, { weight: 1, arbitrary: hostileStreams([captured]) });

/** All of them; a file is named for what may be of any length, and has holes. */
const COMMANDS: readonly (readonly string[])[] = [
  ["inspect", "-"],
  ["inspect", "-", "--json"],
  ["inspect", "-", "--records"],
  ["inspect", "-", "--records", "--json"],
  ["inspect", "-", "--picture", join(folder, "picture.png")],
  ["check", "-"],
  ["check", "-", "--all"],
  ["extract", "-", "--block", "ram", "-o", join(folder, "ram")],
  ["extract", "-", "--block", "pc.ram", "--partial", "-o", join(folder, "pc.ram")],
  ["extract", "-", "-o", join(folder, "blocks")],
  ["extract", "-", "--partial", "-o", join(folder, "blocks")],
  ["flatten", "-", join(folder, "flat")],
  ["compress", "-", join(folder, "compressed")],
];

const REQUIREMENT = /at stream byte \d+.*\((DELTA|RECORD|STREAM|COMP)-\d+\)/;
/** What is refused, or asked wrongly of this stream, without a requirement. */
const OTHERWISE =
  /^xbzrle: (no picture of so large a RAM|postcopy begins|a page at stream byte|no block .* in FILE -|output .* cannot be written \(EFBIG\))/m;

/** What is wrong with how a command has ended, in words. */
function misbehaviour(command: string, { status, stdout, stderr }: Outcome): string | undefined {
  const printed = stdout.toString("latin1");
  if (!/^[ -~\n]*$/.test(printed)) return "prints what is no text";
  if (status === 0) return stderr === "" || /^xbzrle: .*one pixel a page[^\n]*\n$/.test(stderr) ? undefined : stderr;
  if (command === "check") return status === 1 && stderr === "" ? undefined : `${status} ${stderr}`;
  if (!/^(xbzrle: [^\n]+\n){1,2}$/.test(stderr)) return `does not say why in a line: ${stderr}`;
  if (status === 1 && (REQUIREMENT.test(stderr) || OTHERWISE.test(stderr))) return undefined;
  return status === 2 && OTHERWISE.test(stderr) ? undefined : `${status} ${stderr}`;
}

test.prop([hostile, fc.integer({ min: 50, max: 5000 })], { numRuns: 400 })(
  "every command does what it does, or refuses with place and requirement",
  async (stream, chunkSize) => {
    const wrong: string[] = [];
    const statuses = new Map<string, number>();
    for (const words of COMMANDS) {
      mkdirSync(folder);
      const outcome = await runStream(words, { stdin: cut(stream, chunkSize) });
      const what = misbehaviour(words[0]!, outcome);
      if (what !== undefined) wrong.push(`${words.join(" ")}: ${what}`);
      statuses.set(words.join(" "), outcome.status);
      if (readdirSync(folder).some((name) => name.endsWith(".part"))) wrong.push(`${words.join(" ")}: leaves a part`);
      rmSync(folder, { recursive: true });
    }
    expect(wrong).toEqual([]);
    expect(readdirSync(parent)).toEqual([]);
    // What is sound can be read by all.
    if (statuses.get("check -") === 0)
      expect([statuses.get("inspect -"), statuses.get("inspect - --json")]).toEqual([0, 0]);
  },
);

/** A stream with such blocks, and records of the first. */
function streamOf(blocks: readonly (readonly [string, number])[], ...records: readonly Uint8Array[]): Uint8Array {
  const sum = blocks.reduce((sum, [, length]) => sum + length, 0);
  const list = joined(spell.startHeader(), spell.memorySizes(sum, blocks), spell.END_OF_SECTION, spell.footer());
  return joined(spell.header(), list, spell.part(records), spell.end());
}

const NAMES = [
  "../../evil",
  "/etc/evil",
  "..",
  ".",
  "a\0b",
  "a\nb",
  "\x1b[2J",
  "/".repeat(255),
  "\xff".repeat(255),
  "a/../../b",
];
const bomb = deflateSync(Buffer.alloc(4_000_000), { level: 9 });
const textAt = Buffer.from(captured).lastIndexOf('{"page_size');
const hugeText = Buffer.alloc(2 ** 24, "{},");
hugeText.write('{"devices":[');
const far = Array.from({ length: 20_000 }, (_, index) => spell.zeroRecord(index * 2 ** 24, "ram"));

/** Streams, and what the program may use beside the images that it is asked for, in KiB: what it starts with, and 100 MB. */
const DEEDS: readonly (readonly [string, Uint8Array])[] = [
  ["blocks of terabytes with hostile names", streamOf(NAMES.map((name) => [name, 2 ** 40] as const))],
  ["a block of petabytes", streamOf([["ram", 2 ** 52]])],
  ["5,000 blocks", streamOf(Array.from({ length: 5000 }, (_, index) => [`b${index}`, 4096] as const))],
  ["pages far from each other", streamOf([["ram", 2 ** 50]], ...far)],
  ["a zlib bomb", streamOf([["ram", 65_536]], spell.compressedRecord(0, bomb.subarray(0, 4110), "ram"))],
  ["a description of 16 MiB", joined(captured.subarray(0, textAt - 4), spell.bigEndian(hugeText.length, 4), hugeText)],
];
const MAX_PEAK_KIB = 200_000;

describe("the program itself, within a limit of memory and time", () => {
  const cli = join(packageFolder, "dist/reference/cli.js");
  /** Runs the program and says in the end, on file descriptor 3, what it used. */
  const report = `data:text/javascript,import { writeSync } from "node:fs";
    process.on("exit", () => writeSync(3, String(process.resourceUsage().maxRSS)));`;

  test.each(DEEDS)("%s", (name, stream) => {
    const path = file(parent, "stream", stream);
    mkdirSync(folder);
    for (const words of [
      ["inspect", path],
      ["check", path],
      ["extract", path, "-o", join(folder, "blocks")],
      ["flatten", path, join(folder, "flat")],
    ]) {
      const { status, stderr, output, error } = spawnSync(
        process.execPath,
        ["--import", report, cli, "stream", ...words],
        { encoding: "utf8", timeout: 60_000, maxBuffer: 2 ** 26, stdio: ["ignore", "pipe", "pipe", "pipe"] },
      );
      expect([name, words[0], error, stderr.includes("    at ")]).toEqual([name, words[0], undefined, false]);
      expect([0, 1, 2]).toContain(status);
      expect(Number(output[3])).toBeGreaterThan(0);
      expect(Number(output[3])).toBeLessThan(MAX_PEAK_KIB);
    }
    if (name.includes("names"))
      expect(readdirSync(join(folder, "blocks")).sort()).toEqual(NAMES.map(fileNameOf).sort());
    expect(readdirSync(parent).sort()).toEqual(["out", "stream"]);
    rmSync(folder, { recursive: true });
    rmSync(path);
  });
});
