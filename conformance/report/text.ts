/**
 * A run as text: the first failure of each kind in full, how many there are of each, the counts, and the verdict.
 */

import type { Level } from "../harness/case.ts";
import { caseText, type Style } from "./case-text.ts";
import { COLUMNS, casesText, columnCounts, NOT_RECOMMENDED_NOTE } from "./counts.ts";
import { adapterText, optionsText, reasonLines, scopeText, suiteText, verdictSentence } from "./headline.ts";
import { type FailureKind, failureKinds } from "./kinds.ts";
import type { RunReport, SectionReport } from "./model.ts";

/** How many failures are shown in full. */
const MOST_BLOCKS = 5;

/** The report, ended by a line end. */
export function reportText(report: RunReport, style: Style): string {
  const { level } = report.options;
  const kinds = failureKinds(report.failures, level);
  return [
    ...blocks(kinds, style),
    ...sectionTable(report.sections, level),
    "",
    ...brokenList(kinds),
    ...verdictLines(report, style),
    "",
  ].join("\n");
}

/** What a run begins with: who asks whom, and what. */
export function headText(report: Pick<RunReport, "suite" | "adapter" | "options">): string {
  const options = optionsText(report);
  return [
    suiteText(report),
    `adapter: ${adapterText(report)}`,
    ...(options === "" ? [] : [`options: ${options}`]),
    "",
    "",
  ].join("\n");
}

/** The plainest failure of each kind in full. */
function blocks(kinds: readonly FailureKind[], style: Style): string[] {
  const shown = kinds.slice(0, MOST_BLOCKS).map(({ plainest }) => plainest);
  const left = kinds.reduce((sum, { failures }) => sum + failures.length, 0) - shown.length;
  const more = left === 0 ? [] : [`${left} more failures are not shown; --report html=FILE shows all of them`, ""];
  return [...shown.map((failure) => caseText(failure, style)), ...more];
}

/** The counts by section; columns without a count are left out, but for the first. */
function sectionTable(sections: readonly SectionReport[], level: Level): string[] {
  const rows = sections.map(({ section, counts }) => ({ section, cells: columnCounts(counts) }));
  const shown = COLUMNS.map((_, column) => column === 0 || rows.some(({ cells }) => cells[column] !== 0));
  const width = Math.max(7, ...rows.map(({ section }) => section.length));
  const line = (first: string, cells: readonly (string | number)[]) =>
    [first.padEnd(width), ...cells.flatMap((cell, column) => (shown[column] ? [cellText(cell, column)] : []))].join(
      "  ",
    );
  const titles = COLUMNS.map(({ title }) => title);
  const note = level === "required" && shown[1] ? [NOT_RECOMMENDED_NOTE] : [];
  return [line("", titles), ...rows.map(({ section, cells }) => line(section, cells)), ...note];
}

function cellText(cell: string | number, column: number): string {
  return String(cell === 0 ? "" : cell).padStart(COLUMNS[column]!.title.length);
}

/** How many cases have shown each requirement to be broken. */
function brokenList(kinds: readonly FailureKind[]): string[] {
  const rows = kinds.map(({ name, failures }) => {
    return `  ${name.padEnd(10)}  ${casesText(failures.length)}, first ${failures[0]!.id}`;
  });
  return rows.length === 0 ? [] : ["broken:", ...rows, ""];
}

function verdictLines(report: RunReport, style: Style): string[] {
  const colour = { conformant: "green", nonconformant: "red", incomplete: "yellow" } as const;
  const verdict = style("bold", style(colour[report.verdict], verdictSentence(report)));
  return [`${verdict} (${scopeText(report)})`, ...reasonLines(report).map((reason) => `  ${reason}`)];
}
