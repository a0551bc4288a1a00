/** How a stream comes: files, pipes, progress on a terminal, ^C. */

import { spawnSync } from "node:child_process";
import { createWriteStream, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, expect, test, vi } from "vitest";
import { readStream, STREAMS_FOLDER } from "../../../vectors/capture/stored-stream.ts";
import { runProgram } from "../program.ts";
import { file, recorder, runStream, temporaryFolder } from "./fakes/run.ts";

const folder = temporaryFolder();
const { stream } = await readStream(STREAMS_FOLDER, "xbzrle");
const path = file(folder, "stream", stream);

afterEach(() => vi.unstubAllEnvs());

/** The program with standard error as a terminal. */
async function runOnTerminal(words: readonly string[]): Promise<string> {
  const stderr: Buffer[] = [];
  const terminal = Object.assign(recorder(stderr), { isTTY: true, columns: 80 });
  const status = await runProgram(words, { stdin: Readable.from([]), stdout: recorder([]), stderr: terminal });
  expect(status).toBe(0);
  return Buffer.concat(stderr).toString();
}

test("a file shows how far it is read on a terminal, and the bar is gone in the end", async () => {
  const shown = await runOnTerminal(["stream", "check", path]);
  expect(shown).toContain("MiB");
  expect(shown.lastIndexOf("\u001b[?25h")).toBeGreaterThan(shown.lastIndexOf("\u001b[?25l"));
});

test("elsewhere nothing is shown", async () => {
  expect((await runStream(["check", path])).stderr).toBe("");
});

test("a named pipe is read as a file is", async () => {
  const pipe = join(folder, "pipe");
  expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
  const checked = runStream(["check", pipe]);
  createWriteStream(pipe).end(stream);
  expect((await checked).stdout.toString()).toContain(`sound: ${stream.length} bytes`);
});

test("^C ends the wait for somebody who writes to a named pipe", async () => {
  const pipe = join(folder, "lonely");
  expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
  const checked = runStream(["check", pipe]);
  setTimeout(() => process.emit("SIGINT"), 100);
  expect(await checked).toMatchObject({ status: 130, stderr: "" });
});

test.each([
  ["flatten", (output: string) => [output]],
  ["compress", (output: string) => [output]],
  ["extract", (output: string) => ["--block", "pc.ram", "-o", output]],
])("^C ends %s with 130, and leaves nothing half written", async (command, outputWords) => {
  async function* chunks() {
    yield stream.subarray(0, 900_000);
    process.emit("SIGINT");
    await new Promise(() => {});
  }
  const output = file(folder, "output", Buffer.from("before"));
  const { status, stderr } = await runStream([command, "-", ...outputWords(output)], { stdin: chunks() });
  expect([status, stderr]).toEqual([130, ""]);
  expect(readFileSync(output, "utf8")).toBe("before");
  expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
});
