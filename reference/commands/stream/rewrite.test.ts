/** `xbzrle stream flatten` and `compress`: other streams, and the same memory. */

import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readStream, STREAMS_FOLDER } from "../../../vectors/capture/stored-stream.ts";
import { join as joined } from "../../../vectors/generate/spell.ts";
import * as spell from "../../../vectors/generate/spell-stream.ts";
import { loadReceiveVectors } from "../../../vectors/index.ts";
import { cut, file, runStream, temporaryFolder } from "./fakes/run.ts";
import type { StreamSummary } from "./summary.ts";

const folder = temporaryFolder();
const COMMANDS = ["flatten", "compress"] as const;
const NAMES = ["plain", "xbzrle", "compress", "xbzrle-compress"] as const;
const CASES = COMMANDS.flatMap((command) => NAMES.map((name) => ({ command, name })));

async function rewrite(command: string, stream: Uint8Array): Promise<Buffer> {
  const { status, stdout, stderr } = await runStream([command, "-", "-"], { stdin: cut(stream, 30_011) });
  expect([status, stderr]).toEqual([0, ""]);
  return stdout;
}

async function summaryOf(stream: Uint8Array): Promise<StreamSummary> {
  return JSON.parse((await runStream(["inspect", "-", "--json"], { stdin: [stream] })).stdout.toString());
}

/** The images of all blocks, by file name. */
async function imagesOf(stream: Uint8Array): Promise<Map<string, string>> {
  const output = join(folder, "images");
  expect(await runStream(["extract", "-", "-o", output], { stdin: [stream] })).toMatchObject({ status: 0 });
  const images = readdirSync(output).map(
    (name) => [name, readFileSync(join(output, name)).toString("base64")] as const,
  );
  rmSync(output, { recursive: true });
  return new Map(images);
}

describe.each(CASES)("$command of the captured stream $name", async ({ command, name }) => {
  const { stream } = await readStream(STREAMS_FOLDER, name);

  test("is a sound stream of the same memory, and the same sections behind the RAM", async () => {
    const output = await rewrite(command, stream);
    expect(await imagesOf(output)).toEqual(await imagesOf(stream));
    const checked = await runStream(["check", "-", "--all"], { stdin: [output] });
    expect([checked.status, checked.stdout.toString()]).toEqual([0, expect.stringMatching(/^sound: .*records\n$/)]);
    const devices = ({ sections }: StreamSummary) => sections.filter((section) => section.name !== "ram");
    expect(devices(await summaryOf(output))).toEqual(devices(await summaryOf(stream)));
    expect(output.subarray(-29_000).equals(stream.subarray(-29_000))).toBe(true);
  });

  test("is smaller, and has the records that it is for", async () => {
    const output = await rewrite(command, stream);
    const before = await summaryOf(stream);
    const { records, blocks } = await summaryOf(output);
    if (command === "flatten") {
      const pageCount = blocks.reduce((sum, block) => sum + block.pageCount, 0);
      expect(records.zero.count + records.page.count).toBe(pageCount);
      expect([records.xbzrle.count, records.compressed.count]).toEqual([0, 0]);
    } else {
      expect(output.length).toBeLessThanOrEqual(stream.length);
      expect(before.records.xbzrle.count).toBeLessThanOrEqual(records.xbzrle.count);
      if (name === "plain") expect(output.length).toBeLessThan(0.5 * stream.length);
    }
  });

  test("done twice gives what it gives once", async () => {
    const once = await rewrite(command, stream);
    expect((await rewrite(command, once)).equals(once)).toBe(true);
  });
});

test.each(COMMANDS)("%s keeps the RAM of every vector that is accepted", async (command) => {
  const wrong: string[] = [];
  for (const { id, accept, stream } of loadReceiveVectors()) {
    if (accept.length !== 1 || accept[0]!.kind !== "ram") continue;
    const extract = async (from: Uint8Array) =>
      (await runStream(["extract", "-", "--block", "ram"], { stdin: [from] })).stdout;
    const { status, stdout, stderr } = await runStream([command, "-", "-"], { stdin: cut(stream, 997) });
    const isRefused = status === 1 && /postcopy|behind the last item/.test(stderr);
    if (!isRefused && !(await extract(stdout)).equals(await extract(stream))) wrong.push(`${id} ${stderr}`);
  }
  expect(wrong).toEqual([]);
});

test.each(COMMANDS)("%s of a damaged stream writes no file, and leaves one that was there", async (command) => {
  const { stream } = await readStream(STREAMS_FOLDER, "xbzrle");
  const path = file(folder, "damaged", stream.subarray(0, 600_000));
  const output = join(folder, `rewritten-${command}`);
  const { status, stderr } = await runStream([command, path, output]);
  expect([status, stderr]).toEqual([1, expect.stringContaining("; no stream is written\n")]);
  expect(existsSync(output)).toBe(false);
  file(folder, `rewritten-${command}`, Buffer.from("before"));
  await runStream([command, path, output]);
  expect(readFileSync(output, "utf8")).toBe("before");
  expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
});

test.each(COMMANDS)("%s may write over the file that it reads", async (command) => {
  const { stream } = await readStream(STREAMS_FOLDER, "plain");
  const path = file(folder, "in-place", stream);
  expect(await runStream([command, path, path])).toMatchObject({ status: 0 });
  expect(statSync(path).size).toBeLessThan(stream.length);
  expect(await imagesOf(readFileSync(path))).toEqual(await imagesOf(stream));
});

test.each(COMMANDS)("%s refuses postcopy in one line", async (command) => {
  const stream = joined(spell.header(), spell.start(65_536), spell.command(4, []), spell.end());
  const { status, stderr } = await runStream([command, "-", join(folder, "postcopy")], { stdin: [stream] });
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^xbzrle: postcopy begins .*; take a stream [^\n]*\n$/)]);
});

test.each(COMMANDS)("%s of a file that does not exist makes no output", async (command) => {
  const output = join(folder, "nothing");
  const { status, stderr } = await runStream([command, join(folder, "absent"), output]);
  expect([status, stderr, existsSync(output)]).toEqual([2, expect.stringContaining("does not exist"), false]);
});
