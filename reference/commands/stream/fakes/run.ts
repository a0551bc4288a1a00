/**
 * Runs the commands on streams in this process, with files in a folder of their own.
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { afterAll } from "vitest";
import { runProgram } from "../../program.ts";

/** What the program did. */
export interface Outcome {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** A folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "xbzrle-stream-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file to the folder and gives its path. */
export function file(folder: string, name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** Where a command's input is from, and the code with which its output fails. */
interface Pipes {
  readonly stdin?: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  readonly failureCode?: string;
}

/** Runs `xbzrle stream` with the words. */
export function runStream(words: readonly string[], pipes?: Pipes): Promise<Outcome> {
  return run(["stream", ...words], pipes);
}

/** Runs `xbzrle` with the words; standard input holds the chunks, and what is written may fail with a code. */
export async function run(words: readonly string[], { stdin = [], failureCode }: Pipes = {}): Promise<Outcome> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const status = await runProgram(words, {
    stdin: Readable.from(stdin),
    stdout: recorder(stdout, failureCode),
    stderr: recorder(stderr),
  });
  return { status, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() };
}

/** Chunks of a size. */
export function* cut(stream: Uint8Array, chunkSize: number): Generator<Uint8Array> {
  for (let at = 0; at < stream.length; at += chunkSize) yield stream.subarray(at, at + chunkSize);
}

/** A stream that keeps what is written to it, or fails with a code. */
export function recorder(chunks: Buffer[], failureCode?: string): Writable {
  return new Writable({
    write(chunk, _, done) {
      if (failureCode !== undefined) return done(Object.assign(new Error(failureCode), { code: failureCode }));
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
}
