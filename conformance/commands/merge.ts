/**
 * `xbzrle-conformance merge`: the reports of all shards of a run as the report of the whole run.
 */

import { resolve } from "node:path";
import { printOutput, type StandardStreams, UsageError } from "../../reference/commands/streams.ts";
import { installedSuite } from "../report/check.ts";
import { REPORT_WRITERS } from "../report/formats.ts";
import { mergeReports } from "../report/merge.ts";
import { headText, reportText } from "../report/text.ts";
import { openReport, ReportFiles } from "./report-files.ts";
import { EXIT_STATUS, type ExitStatus } from "./status.ts";
import { styleFor } from "./style.ts";

/** The options of the command as they are parsed. */
export interface MergeCommandOptions {
  readonly report: readonly string[];
}

/** Prints the merged report, writes those that were asked for, and gives the exit status that the whole run would have had. */
export async function mergeCommand(
  paths: readonly string[],
  given: MergeCommandOptions,
  streams: StandardStreams,
): Promise<ExitStatus> {
  const files = new ReportFiles(given.report, REPORT_WRITERS);
  const written = new Set(given.report.map((text) => resolve(text.slice(text.indexOf("=") + 1))));
  const both = paths.find((path) => written.has(resolve(path)));
  if (both !== undefined) throw new UsageError(`${both} is to be merged and written at once; name another file`);
  const reports = paths.map((path) => ({ path, report: openReport(path) }));
  files.clear();
  const merged = mergeReports(reports, installedSuite());
  await printOutput(streams.stdout, headText(merged) + reportText(merged, styleFor(streams.stdout)));
  files.write(merged);
  return EXIT_STATUS[merged.verdict];
}
