/**
 * Compares runs: what became of each requirement in each, and what changed between runs of one implementation.
 */

import type { Level } from "../../harness/case.ts";
import { failureCount } from "../counts.ts";
import type { NamedReport, RequirementReport, RunReport } from "../model.ts";
import { oneLine } from "../printable.ts";
import { cellOf } from "./cell.ts";
import { caseChanges, drawnSections, sectionCounts } from "./changes.ts";
import type { ComparedRun, Comparison, MatrixRow, RunChanges } from "./model.ts";
import { comparabilityNotes } from "./notes.ts";

/** Compares the runs, in the order in which they are given. */
export function compareReports(reports: readonly NamedReport[]): Comparison {
  const runs = reports.map(({ path, report }, index): ComparedRun => {
    const name = oneLine(`${report.adapter.name} ${report.adapter.version}`);
    return { path, report, label: String(index + 1), name };
  });
  // A verdict on a case says whether a SHOULD was broken at either level, so that runs of both can be held against MUSTs alone.
  const isStrict = runs.every(({ report }) => report.options.level === "recommended");
  const level: Level = isStrict ? "recommended" : "required";
  const rows = matrixRows(runs, level);
  const changes = runs.flatMap((later) => {
    const first = runs.find(({ report }) => report.adapter.name === later.report.adapter.name);
    return first === undefined || first === later ? [] : [runChanges(first, later, rows, level)];
  });
  return { level, runs, notes: comparabilityNotes(runs, level), rows, changes };
}

/** True if something that passed in the first run of an implementation does not pass in a later one. */
export function hasRegression({ changes }: Comparison): boolean {
  return changes.some(({ regressions }) => regressions.length !== 0);
}

/** The requirements of all runs, in the order in which they are first met, and what is drawn. */
function matrixRows(runs: readonly ComparedRun[], level: Level): MatrixRow[] {
  const requirements = new Map<string, RequirementReport>();
  for (const { report } of runs) {
    for (const row of report.requirements) if (!requirements.has(row.id)) requirements.set(row.id, row);
  }
  const known = runs.map(({ report }) => knownRequirements(report));
  const rows = [...requirements].map(([id, requirement]): MatrixRow => {
    const cells = runs.map(({ report }, index) => {
      const found = report.requirements.find((row) => row.id === id);
      return cellOf(found, known[index]!.has(id), level);
    });
    return { name: id, requirement, cells };
  });
  const drawn = new Set(runs.flatMap(({ report }) => drawnSections(report)));
  return [...rows, ...[...drawn].map((name) => drawnRow(name, runs, level))];
}

function drawnRow(name: string, runs: readonly ComparedRun[], level: Level): MatrixRow {
  const cells = runs.map(({ report }) => {
    const counts = sectionCounts(report, name);
    const broken = failureCount(counts, level);
    return cellOf({ counts, leftOut: 0, broken, level: "MUST" }, counts.known !== 0, level);
  });
  return { name, requirement: undefined, cells };
}

/** The requirements that known failures break; a failure without an answer is laid to what its case is about. */
function knownRequirements({ failures }: RunReport): ReadonlySet<string> {
  const known = failures.filter((failure) => failure.known !== null);
  return new Set(known.map(({ broken, requirements }) => broken ?? requirements[0]?.id ?? ""));
}

function runChanges(first: ComparedRun, later: ComparedRun, matrix: readonly MatrixRow[], level: Level): RunChanges {
  const cases = caseChanges(first.report, later.report, level);
  const rows = matrix.flatMap(({ name, cells }) => {
    const [before, after] = [cells[Number(first.label) - 1]!, cells[Number(later.label) - 1]!];
    return before.text === after.text ? [] : [{ name, before, after }];
  });
  const regressions = cases.groups.flatMap((group) => group.changes).filter(({ from }) => from === "passed");
  return { first, later, rows, ...cases, regressions };
}
