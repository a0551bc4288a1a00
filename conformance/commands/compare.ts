/**
 * `xbzrle-conformance compare`: several reports beside each other, and what changed between runs of one implementation.
 */

import { printOutput, type StandardStreams, UsageError } from "../../reference/commands/streams.ts";
import { compareReports, hasRegression } from "../report/comparison/compare.ts";
import { COMPARISON_WRITERS } from "../report/comparison/formats.ts";
import { comparisonText } from "../report/comparison/text.ts";
import { openReport, ReportFiles } from "./report-files.ts";
import { EXIT_STATUS, type ExitStatus } from "./status.ts";
import { styleFor } from "./style.ts";

/** The width of what is no terminal. */
const PIPED_WIDTH = 120;

/** The options of the command as they are parsed. */
export interface CompareCommandOptions {
  readonly report: readonly string[];
}

/** Prints the comparison, and gives 1 if something that passed in the first run of an implementation does not pass in a later one. */
export async function compareCommand(
  paths: readonly string[],
  given: CompareCommandOptions,
  streams: StandardStreams,
): Promise<ExitStatus> {
  if (paths.length < 2) throw new UsageError("compare needs two reports at least");
  const files = new ReportFiles(given.report, COMPARISON_WRITERS);
  const comparison = compareReports(paths.map((path) => ({ path, report: openReport(path) })));
  const width = streams.stdout.columns ?? PIPED_WIDTH;
  await printOutput(streams.stdout, comparisonText(comparison, styleFor(streams.stdout), width));
  files.write(comparison);
  return hasRegression(comparison) ? EXIT_STATUS.nonconformant : EXIT_STATUS.conformant;
}
