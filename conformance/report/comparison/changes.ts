/**
 * What changed between two runs of one implementation, case by case. Cases that are drawn are not listed in reports, and those of fuzzing
 * are others in each run: all of fuzzing counts as one case.
 */

import { isFailure, type Level, type Verdict } from "../../harness/case.ts";
import { FUZZ_SECTION } from "../../suites/fuzz-ids.ts";
import { isDrawnSection } from "../../suites/plan.ts";
import { failureCount, noCounts, sectionOf } from "../counts.ts";
import { kindName } from "../kinds.ts";
import type { CaseReport, Counts, RunReport } from "../model.ts";

/** What a case came to; those after which it fails come first. */
export const OUTCOMES = ["failed", "known", "unsupported", "not run", "passed"] as const;

/** One of {@link OUTCOMES}. A known failure is `known`, and a case that was left out is `not run`. */
export type Outcome = (typeof OUTCOMES)[number];

/** A case that came to something else. */
export interface CaseChange {
  readonly id: string;
  readonly from: Outcome;
  readonly to: Outcome;
}

/** Cases that came to the same, and belong together. */
export interface ChangeGroup {
  readonly to: Outcome;
  /** What is broken, or was; the family of cases where nothing is. */
  readonly about: string;
  readonly changes: readonly CaseChange[];
}

/** What changed in cases. */
export interface CaseChanges {
  /** In the order of {@link OUTCOMES}. */
  readonly groups: readonly ChangeGroup[];
  /** How many cases only one of the two sets of vectors has. */
  readonly incomparableCount: number;
}

/** The cases that came to something else in the later run. */
export function caseChanges(first: RunReport, later: RunReport, level: Level): CaseChanges {
  const [before, after] = [outcomesOf(first, level), outcomesOf(later, level)];
  const groups = new Map<string, ChangeGroup & { readonly changes: CaseChange[] }>();
  const [describe, describeLater] = [describer(first, level), describer(later, level)];
  let incomparableCount = 0;
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const from = before.get(id) ?? outcomeOfAbsent(first, later);
    const to = after.get(id) ?? outcomeOfAbsent(later, first);
    if (from === undefined || to === undefined) incomparableCount++;
    if (from === undefined || to === undefined || from === to) continue;
    const failure = to === "passed" || to === "not run" ? describe(id) : describeLater(id);
    const about = failure === undefined || to === "not run" ? familyOf(id) : kindName(failure);
    const group = groups.get(`${to} ${about}`) ?? { to, about, changes: [] };
    // All of fuzzing is named by a case of it where one is described.
    group.changes.push({ id: failure?.id ?? id, from, to });
    groups.set(`${to} ${about}`, group);
  }
  const rank = ({ to }: ChangeGroup) => OUTCOMES.indexOf(to);
  return { groups: [...groups.values()].sort((left, right) => rank(left) - rank(right)), incomparableCount };
}

/** The sections whose cases are drawn: fuzzing, and what else is no family of vectors. */
export function drawnSections({ sections }: RunReport): string[] {
  return [...new Set([FUZZ_SECTION, ...sections.map(({ section }) => section).filter(isDrawnSection)])];
}

/** The counts of a section; none where the report does not have it. */
export function sectionCounts({ sections }: RunReport, name: string): Counts {
  return sections.find(({ section }) => section === name)?.counts ?? noCounts();
}

function outcomesOf(report: RunReport, level: Level): Map<string, Outcome> {
  const known = new Set(report.failures.filter((failure) => failure.known !== null).map(({ id }) => id));
  const cases = Object.entries(report.cases).map(
    ([id, verdict]) => [id, known.has(id) ? "known" : outcomeOf(verdict, level)] as const,
  );
  const drawn = drawnSections(report).map((name) => [name, drawnOutcome(sectionCounts(report, name), level)] as const);
  return new Map([...cases, ...drawn]);
}

function outcomeOf(verdict: Verdict, level: Level): Outcome {
  if (isFailure(verdict, level)) return "failed";
  if (verdict === "unsupported") return verdict;
  return verdict === "not-run" ? "not run" : "passed";
}

function drawnOutcome(counts: Counts, level: Level): Outcome {
  if (failureCount(counts, level) !== 0) return "failed";
  if (counts.known !== 0) return "known";
  if (counts.pass + counts["not-recommended"] !== 0) return "passed";
  return counts.unsupported === 0 ? "not run" : "unsupported";
}

/**
 * What a case came to that the report does not have: it was left out, unless the other report has other vectors and this one has left
 * nothing out, so that its vectors have no such case.
 */
function outcomeOfAbsent(report: RunReport, other: RunReport): Outcome | undefined {
  const hasAll = other.options.operations.every((operation) => report.options.operations.includes(operation));
  const isWhole = report.evidence.leftOut === 0 && hasAll;
  return isWhole && report.suite.vectors !== other.suite.vectors ? undefined : "not run";
}

/** Finds the failure of a case; that of a section whose cases are drawn is the first one of it. */
function describer({ failures }: RunReport, level: Level): (id: string) => CaseReport | undefined {
  const byName = new Map<string, CaseReport>();
  for (const failure of failures) {
    const { id, section, verdict, known } = failure;
    if (!isDrawnSection(section)) byName.set(id, failure);
    else if (!byName.has(section) && known === null && isFailure(verdict, level)) byName.set(section, failure);
  }
  return (name) => byName.get(name);
}

function familyOf(name: string): string {
  return isDrawnSection(name) ? name : sectionOf(name);
}
