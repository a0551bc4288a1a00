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

/** The failures that count at the level and are not known, by kind, in the order in which the kinds were found. */
export function failureKinds(failures: readonly CaseReport[], level: Level): FailureKind[] {
  const byName = new Map<string, CaseReport[]>();
  for (const failure of failures) {
    if (failure.known !== null || !isFailure(failure.verdict, level)) continue;
    const name = failure.broken ?? `${failure.verdict}, ${failure.requirements[0]?.id ?? ""}`;
    const earlier = byName.get(name);
    if (earlier) earlier.push(failure);
    else byName.set(name, [failure]);
  }
  return [...byName].map(([name, found]) => ({
    name,
    failures: found,
    plainest: found.reduce((best, next) => (rank(next) < rank(best) ? next : best)),
  }));
}

/** A case that is about the requirement that is broken, and that has few lines, is the easiest to read. */
function rank({ broken, requirements, request, expected, got }: CaseReport): number {
  const isAbout = broken === null || requirements[0]?.id === broken;
  return request.length + expected.length + got.length + (isAbout ? 0 : 1000);
}
