/**
 * A run as text: the first failure of each kind in full, how many there are of each, the counts, and the verdict.
 */

import { isFailure, type Level } from "../harness/case.ts";
import { caseText, type Style } from "./case-text.ts";
import type { CaseReport, RunReport, SectionReport } from "./model.ts";
import { failureCount } from "./verdict.ts";

/** How many failures are shown in full. */
const MOST_BLOCKS = 5;

/** The report, ended by a line end. */
export function reportText(report: RunReport, style: Style): string {
  const { level } = report.options;
  const failures = report.failures.filter(({ verdict, known }) => known === null && isFailure(verdict, level));
  return [
    ...blocks(failures, style),
    ...sectionTable(report.sections, level),
    "",
    ...brokenList(report.failures, level),
    ...verdictLines(report, style),
    "",
  ].join("\n");
}

/** What a run begins with: who asks whom, and what. */
export function headText({ suite, adapter, options }: Pick<RunReport, "suite" | "adapter" | "options">): string {
  const fuzz = options.fuzz === 0 ? "no fuzzing" : `${options.fuzz} fuzz cases with seed ${options.seed}`;
  return [
    `xbzrle-conformance ${suite.version}, protocol ${suite.protocol}, vectors ${suite.vectors}, ${fuzz}`,
    `adapter: ${adapter.name} ${adapter.version} (${adapter.operations.join(", ")}): ${adapter.command.join(" ")}`,
    "",
    "",
  ].join("\n");
}

/** The plainest failure of each kind in full. */
function blocks(failures: readonly CaseReport[], style: Style): string[] {
  const plainest = new Map<string, CaseReport>();
  for (const failure of failures) {
    const earlier = plainest.get(kindOf(failure));
    if (earlier === undefined || rank(failure) < rank(earlier)) plainest.set(kindOf(failure), failure);
  }
  const shown = [...plainest.values()].slice(0, MOST_BLOCKS);
  const left = failures.length - shown.length;
  const more = left === 0 ? [] : [`${left} more failures are not shown; --report json=FILE has all of them`, ""];
  return [...shown.map((failure) => caseText(failure, style)), ...more];
}

/** A case that is about the requirement that is broken, and that has few lines, is the easiest to read. */
function rank({ broken, requirements, request, expected, got }: CaseReport): number {
  const isAbout = broken === null || requirements[0]?.id === broken;
  return request.length + expected.length + got.length + (isAbout ? 0 : 1000);
}

function kindOf({ verdict, broken, requirements }: CaseReport): string {
  return broken ?? `${verdict}, ${requirements[0]?.id ?? ""}`;
}

const COLUMNS = [
  { title: "passed", verdicts: ["pass"] },
  { title: "not recommended", verdicts: ["not-recommended"] },
  { title: "failed", verdicts: ["fail", "error", "timeout", "crash", "protocol-fault"] },
  { title: "known", verdicts: ["known"] },
  { title: "unsupported", verdicts: ["unsupported"] },
  { title: "not run", verdicts: ["not-run"] },
] as const;

/** The counts by section; columns without a count are left out, but for the first. */
function sectionTable(sections: readonly SectionReport[], level: Level): string[] {
  const rows = sections.map(({ section, counts }) => ({
    section,
    cells: COLUMNS.map(({ verdicts }) => verdicts.reduce((sum, verdict) => sum + counts[verdict], 0)),
  }));
  const shown = COLUMNS.map((_, column) => column === 0 || rows.some(({ cells }) => cells[column] !== 0));
  const width = Math.max(7, ...rows.map(({ section }) => section.length));
  const line = (first: string, cells: readonly (string | number)[]) =>
    [first.padEnd(width), ...cells.flatMap((cell, column) => (shown[column] ? [cellText(cell, column)] : []))].join(
      "  ",
    );
  const titles = COLUMNS.map(({ title }) => title);
  const note =
    level === "required" && shown[1]
      ? ["not recommended: meets every MUST and breaks a SHOULD; --level recommended counts it"]
      : [];
  return [line("", titles), ...rows.map(({ section, cells }) => line(section, cells)), ...note];
}

function cellText(cell: string | number, column: number): string {
  return String(cell === 0 ? "" : cell).padStart(COLUMNS[column]!.title.length);
}

/** How many cases have shown each requirement to be broken. */
function brokenList(failures: readonly CaseReport[], level: Level): string[] {
  const byRequirement = new Map<string, CaseReport[]>();
  for (const failure of failures) {
    if (failure.known !== null || !isFailure(failure.verdict, level)) continue;
    const kind = kindOf(failure);
    byRequirement.set(kind, [...(byRequirement.get(kind) ?? []), failure]);
  }
  const rows = [...byRequirement].map(([kind, found]) => {
    return `  ${kind.padEnd(10)}  ${found.length} ${found.length === 1 ? "case" : "cases"}, first ${found[0]!.id}`;
  });
  return rows.length === 0 ? [] : ["broken:", ...rows, ""];
}

function verdictLines({ verdict, reasons, options, counts, adapter, durationMs }: RunReport, style: Style): string[] {
  const colour = { conformant: "green", nonconformant: "red", incomplete: "yellow" } as const;
  const seconds = (durationMs / 1000).toFixed(1);
  const known = counts.known === 0 ? "" : ` but for ${counts.known} known failures`;
  const scope = `${options.operations.join(" and ")}, level ${options.level}`;
  const failed = failureCount(counts, options.level);
  const sum = `${counts.pass + (options.level === "required" ? counts["not-recommended"] : 0)} passed, ${failed} failed`;
  return [
    `${style("bold", style(colour[verdict], `${adapter.name} is ${verdict}${known}`))} (${scope}): ${sum} in ${seconds} s`,
    ...reasons.map((reason) => `  ${reason}`),
    ...advice(adapter.operations, options.operations),
  ];
}

function advice(offered: readonly string[], asked: readonly string[]): string[] {
  const missing = asked.filter((operation) => !offered.includes(operation));
  const offer = asked.filter((operation) => offered.includes(operation));
  if (missing.length === 0 || offer.length === 0) return [];
  return [
    `  the adapter does not offer ${missing.join(", ")}; --operation ${offer.join(" --operation ")} asks for the rest alone`,
  ];
}
