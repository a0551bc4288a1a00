/**
 * `xbzrle-conformance check-report`: whether a report can be believed, and whether it is complete.
 */

import { printOutput, type StandardStreams } from "../../reference/commands/streams.ts";
import { checkReport, installedSuite, type ReportCheck } from "../report/check.ts";
import { claimText } from "../report/claims.ts";
import { sumCounts, totalCount } from "../report/counts.ts";
import { adapterText, optionsText, suiteText, verdictSentence } from "../report/headline.ts";
import type { RunReport } from "../report/model.ts";
import { oneLine } from "../report/printable.ts";
import { fuzzText } from "../suites/fuzz-ids.ts";
import { WORLD_PREFIX } from "../suites/worlds.ts";
import { openReport } from "./report-files.ts";
import { EXIT_STATUS, type ExitStatus } from "./status.ts";
import { styleFor } from "./style.ts";

/** Prints what was found, and gives 0 for a consistent and complete report of a conformant run, and for no other. */
export async function checkReportCommand(path: string, streams: StandardStreams): Promise<ExitStatus> {
  const report = openReport(path);
  const check = checkReport(report, installedSuite());
  const status = statusOf(check);
  const style = styleFor(streams.stdout);
  const colour = status === EXIT_STATUS.conformant ? "green" : "red";
  const options = optionsText(report);
  const lines = [
    `${path}: ${suiteText(report)}`,
    `adapter: ${adapterText(report)}`,
    ...(options === "" ? [] : [`options: ${options}`]),
    ...findings("consistent", check.contradictions, "counts, verdict and reasons follow from its cases"),
    ...(check.contradictions.length !== 0 && check.gaps.length === 0
      ? ["complete: not known, because of that"]
      : findings("complete", check.gaps, `${casesCount(report)} were asked, and none was left out`)),
    style("bold", style(colour, conclusion(report, check))),
  ];
  await printOutput(streams.stdout, `${lines.join("\n")}\n`);
  return status;
}

function findings(word: string, faults: readonly string[], otherwise: string): string[] {
  if (faults.length === 0) return [`${word}: ${otherwise}`];
  return [`not ${word}:`, ...faults.map((fault) => `  ${oneLine(fault)}`)];
}

function casesCount(report: RunReport): string {
  const { cases, options, sections } = report;
  const worlds = sections.filter(({ section }) => section.startsWith(WORLD_PREFIX));
  const parts = [
    `${Object.keys(cases).length} vectors`,
    fuzzText(options.fuzz, options.operations),
    ...(options.exhaustive ? [`${totalCount(sumCounts(worlds))} cases of small worlds`] : []),
  ];
  return `${parts.join(" and ")} for ${claimText(report)}`;
}

function conclusion(report: RunReport, { verdict, contradictions, gaps }: ReportCheck): string {
  if (contradictions.length !== 0) return "the report contradicts itself: it says nothing of the implementation";
  if (verdict === "conformant" && gaps.length !== 0) return "the report cannot be taken as complete";
  return `${verdictSentence(report)} (${claimText(report)}, level ${report.options.level})`;
}

function statusOf({ verdict, contradictions, gaps }: ReportCheck): ExitStatus {
  if (contradictions.length !== 0) return EXIT_STATUS.nonconformant;
  if (verdict === "conformant" && gaps.length !== 0) return EXIT_STATUS.incomplete;
  return EXIT_STATUS[verdict];
}
