/**
 * `xbzrle-conformance run`: asks an adapter everything, prints the report, and writes the reports that were asked for.
 */

import { randomInt } from "node:crypto";
import { interruptible } from "../../reference/commands/interruption.ts";
import { type OutputStream, printOutput, type StandardStreams, UsageError } from "../../reference/commands/streams.ts";
import { AdapterStartError } from "../adapter/fault.ts";
import type { Level } from "../harness/case.ts";
import { REPORT_WRITERS } from "../report/formats.ts";
import type { RunOptions } from "../report/model.ts";
import { headText, reportText } from "../report/text.ts";
import { DEFAULT_OPTIONS, runConformance } from "../run.ts";
import { readKnownFailures } from "../suites/known-failures.ts";
import { adapterCommand, repeatCommand } from "./adapter-command.ts";
import { KnownFailuresFile } from "./known-failures-file.ts";
import { Progress } from "./progress.ts";
import { ReportFiles } from "./report-files.ts";
import { EXIT_STATUS, type ExitStatus } from "./status.ts";
import { styleFor } from "./style.ts";

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
  readonly exhaustive?: true;
  /** Such as `2/4`. */
  readonly shard?: string;
  readonly updateKnownFailures?: true;
  readonly report: readonly string[];
}

const SHARD_WITHOUT_SEED =
  "--shard needs --seed, the same number for every shard: they share the fuzz cases that are drawn from it";

/** Runs the command; the result is the exit status of the program. */
export async function runCommand(
  adapter: readonly string[],
  given: RunCommandOptions,
  streams: StandardStreams,
): Promise<ExitStatus> {
  const files = new ReportFiles(given.report, REPORT_WRITERS);
  const options = runOptions(given);
  if (options.shard !== null && given.seed === undefined) throw new UsageError(SHARD_WITHOUT_SEED);
  const update = KnownFailuresFile.toUpdate(given);
  const knownFailures =
    update?.entries ?? (given.knownFailures === undefined ? [] : readKnownFailures(given.knownFailures));
  files.clear();
  const progress = new Progress(streams.stderr, (note) => update?.note(note));
  try {
    const [command, repeat] = [adapterCommand(adapter), repeatCommand(adapter, options)];
    const report = await interruptible((signal) =>
      runConformance({ command, options, knownFailures, repeat, signal, progress }),
    );
    progress.end();
    await printOutput(streams.stdout, headText(report) + reportText(report, styleFor(streams.stdout)));
    files.write(report);
    if (update) streams.stderr.write(`xbzrle-conformance: ${update.write(report)}\n`);
    return EXIT_STATUS[report.verdict];
  } catch (error) {
    progress.end();
    if (!(error instanceof AdapterStartError)) throw error;
    return tellStartError(error, streams.stderr);
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
    exhaustive: given.exhaustive ?? DEFAULT_OPTIONS.exhaustive,
    shard: given.shard ?? DEFAULT_OPTIONS.shard,
  };
}
