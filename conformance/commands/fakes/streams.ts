/**
 * Runs the command line within a test, and keeps what it prints.
 */

import { PassThrough, Writable } from "node:stream";
import { runCommandLine } from "../command-line.ts";

/** What came of a command line. */
export interface CommandOutput {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the words after the program's name; standard output is no terminal unless it is told to be one. */
export async function runCommand(
  ...words: readonly (string | { isTTY: true; columns: number })[]
): Promise<CommandOutput> {
  const [stdout, stderr] = [new TextSink(), new TextSink()];
  for (const terminal of words) if (typeof terminal !== "string") Object.assign(stdout, terminal);
  const given = words.filter((word) => typeof word === "string");
  const status = await runCommandLine(given, { stdin: new PassThrough(), stdout, stderr });
  return { status, stdout: stdout.text, stderr: stderr.text };
}

class TextSink extends Writable {
  text = "";

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
