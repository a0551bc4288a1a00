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

/** What a run is given. */
export interface Given {
  /** The chunks of standard input. */
  readonly stdin?: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** What a write to standard output fails with. */
  readonly failureCode?: string;
  /** Is told what is written to standard error, when it is. */
  readonly onStderr?: (text: string) => void;
}

/** Runs `xbzrle` with the words. */
export async function run(
  words: readonly string[],
  { stdin = [], failureCode, onStderr }: Given = {},
): Promise<Outcome> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const status = await runProgram(words, {
    stdin: Readable.from(stdin),
    stdout: recorder(stdout, failureCode),
    stderr: recorder(stderr, undefined, onStderr),
  });
  return { status, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() };
}

/** Runs `xbzrle stream` with the words. */
export function runStream(words: readonly string[], given?: Given): Promise<Outcome> {
  return run(["stream", ...words], given);
}

/** Chunks of a size. */
export function* cut(stream: Uint8Array, chunkSize: number): Generator<Uint8Array> {
  for (let at = 0; at < stream.length; at += chunkSize) yield stream.subarray(at, at + chunkSize);
}

/** A stream that keeps what is written to it, and tells it, or fails with a code. */
export function recorder(chunks: Buffer[], failureCode?: string, onText?: (text: string) => void): Writable {
  return new Writable({
    write(chunk, _, done) {
      if (failureCode !== undefined) return done(Object.assign(new Error(failureCode), { code: failureCode }));
      chunks.push(Buffer.from(chunk));
      onText?.(chunk.toString());
      done();
    },
  });
}
