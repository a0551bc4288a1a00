/**
 * `xbzrle-conformance run`: asks an adapter everything, prints the report, and writes the reports that were asked for.
 */

import { randomInt } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type OutputStream, printOutput, type StandardStreams, UsageError } from "../../reference/commands/streams.ts";
import { AdapterStartError } from "../adapter/fault.ts";
import type { Level } from "../harness/case.ts";
import { jsonText } from "../report/json.ts";
import type { RunOptions, RunReport } from "../report/model.ts";
import { headText, reportText } from "../report/text.ts";
import { DEFAULT_OPTIONS, runConformance } from "../run.ts";
import { readKnownFailures } from "../suites/known-failures.ts";
import { adapterCommand, repeatCommand } from "./adapter-command.ts";
import { Progress } from "./progress.ts";
import { EXIT_STATUS, type ExitStatus } from "./status.ts";
import { plain, styleFor } from "./style.ts";

/** The options of the command as they are parsed. */
export interface RunCommandOptions {
  readonly operation?: readonly string[];
  readonly run: readonly string[];
  readonly skip: readonly string[];
  readonly level: Level;
  readonly fuzz: number;
  readonly seed?: number;
  /** In seconds. */
  readonly timeout: number;
  readonly window: number;
  readonly failFast?: true;
  readonly knownFailures?: string;
  readonly report: readonly string[];
}

const WRITERS = {
  json: jsonText,
  text: (report: RunReport) => headText(report) + reportText(report, plain),
} as const;

/** Runs the command; the result is the exit status of the program. */
export async function runCommand(
  adapter: readonly string[],
  given: RunCommandOptions,
  streams: StandardStreams,
): Promise<ExitStatus> {
  const outputs = given.report.map(parseReport);
  const options = runOptions(given);
  const knownFailures = given.knownFailures === undefined ? [] : readKnownFailures(given.knownFailures);
  const progress = new Progress(streams.stderr);
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  try {
    const report = await runConformance({
      command: adapterCommand(adapter),
      options,
      knownFailures,
      repeat: (id) => repeatCommand(id, adapter),
      signal: interruption.signal,
      progress,
    });
    progress.end();
    await printOutput(streams.stdout, headText(report) + reportText(report, styleFor(streams.stdout)));
    for (const { format, path } of outputs) writeReport(path, WRITERS[format](report));
    return EXIT_STATUS[report.verdict];
  } catch (error) {
    progress.end();
    if (!(error instanceof AdapterStartError)) throw error;
    return tellStartError(error, streams.stderr);
  } finally {
    process.removeListener("SIGINT", interrupt);
    process.removeListener("SIGTERM", interrupt);
  }
}

/** Tells why an adapter could not be started. */
export function tellStartError(error: AdapterStartError, stderr: OutputStream): ExitStatus {
  const said = error.stderrTail === "" ? "" : `\nits standard error ends with:\n${error.stderrTail}`;
  stderr.write(`xbzrle-conformance: the adapter did not start: ${error.message}${said}\n`);
  return EXIT_STATUS.adapter;
}

function runOptions(given: RunCommandOptions): RunOptions {
  return {
    level: given.level,
    operations: given.operation ?? DEFAULT_OPTIONS.operations,
    run: given.run,
    skip: given.skip,
    fuzz: given.fuzz,
    seed: given.seed ?? randomInt(2 ** 32),
    timeoutMs: given.timeout * 1000,
    window: given.window,
    failFast: given.failFast ?? DEFAULT_OPTIONS.failFast,
    knownFailures: given.knownFailures ?? null,
  };
}

function parseReport(text: string): { format: keyof typeof WRITERS; path: string } {
  const [, format, path] = /^([a-z]+)=(.+)$/.exec(text) ?? [];
  const known = Object.keys(WRITERS).find((name) => name === format) as keyof typeof WRITERS | undefined;
  if (known === undefined || path === undefined) {
    throw new UsageError(`--report ${text} is not FORMAT=FILE with a format of ${Object.keys(WRITERS).join(" or ")}`);
  }
  if (existsSync(dirname(path))) return { format: known, path };
  throw new UsageError(`the report cannot be written to ${path}: there is no folder ${dirname(path)}`);
}

function writeReport(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(`the report cannot be written to ${path}: ${(error as Error).message}`);
  }
}
