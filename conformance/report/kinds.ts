/**
 * Failures by kind: those that break the same requirement, or ended in the same way, belong together.
 */

import { isFailure, type Level } from "../harness/case.ts";
import type { CaseReport } from "./model.ts";

/** The failures of one kind. */
export interface FailureKind {
  /** `DELTA-6`, or `crash, DELTA-2` where no requirement was found broken. */
  readonly name: string;
  /** In the order in which they were found. */
  readonly failures: readonly CaseReport[];
  /** The one that is the easiest to read. */
  readonly plainest: CaseReport;
}

/** The families, those first in which a failure is the easiest to understand; what they do not name comes after them. */
const SIMPLEST_FIRST = [
  "lengths",
  "values",
  "runs",
  "edges",
  "page-sizes",
  "malformed",
  "isolating",
  "noncanonical",
  "many-runs",
  "crossings",
  "lookalikes",
  "capacity",
  "stateful",
  "real-pages",
]
  .map((family) => `delta/${family}`)
  .concat(["record/pages", "record/flags", "record/blocks", "stream/header", "stream/sections"]);

/** The failures that count at the level and are not known, by kind, those kinds first that simple families show. */
export function failureKinds(failures: readonly CaseReport[], level: Level): FailureKind[] {
  const byName = new Map<string, CaseReport[]>();
  for (const failure of failures) {
    if (failure.known !== null || !isFailure(failure.verdict, level)) continue;
    const name = kindName(failure);
    const earlier = byName.get(name);
    if (earlier) earlier.push(failure);
    else byName.set(name, [failure]);
  }
  const kinds = [...byName].map(([name, found]) => ({ name, failures: found, plainest: plainestFirst(found)[0]! }));
  return kinds.sort((left, right) => familyRank(left.plainest) - familyRank(right.plainest));
}

/** The name of a failure's kind: what is broken, or how it ended and what it was about. */
export function kindName({ broken, verdict, requirements }: CaseReport): string {
  return broken ?? `${verdict}, ${requirements[0]?.id ?? ""}`;
}

/** Failures of one kind, those of simple families first, and of one family those with few lines. */
export function plainestFirst(failures: readonly CaseReport[]): CaseReport[] {
  return failures.toSorted((left, right) => familyRank(left) - familyRank(right) || lineCount(left) - lineCount(right));
}

function familyRank({ section }: CaseReport): number {
  const rank = SIMPLEST_FIRST.indexOf(section);
  return rank === -1 ? SIMPLEST_FIRST.length : rank;
}

function lineCount({ request, expected, got }: CaseReport): number {
  return request.length + expected.length + got.length;
}
