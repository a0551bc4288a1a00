/**
 * A comparison in words, the same in every writer.
 */

import { casesText } from "../counts.ts";
import type { CaseChange, ChangeGroup, Outcome } from "./changes.ts";
import type { Comparison, RunChanges } from "./model.ts";

/** What is said of a case that came to this, and to something else before. */
const NEWLY: Readonly<Record<Outcome, string>> = {
  failed: "newly failing",
  known: "newly a known failure",
  unsupported: "newly unsupported",
  "not run": "newly not run",
  passed: "newly passing",
};

/** What is compared. */
export function titleText({ runs, level }: Comparison): string {
  const names = new Set(runs.map(({ report }) => report.adapter.name));
  const implementations = names.size === 1 ? "1 implementation" : `${names.size} implementations`;
  return `${runs.length} runs of ${implementations}, compared at level ${level}`;
}

/** `newly failing: DELTA-5, 3 cases`. */
export function groupText({ to, about, changes }: ChangeGroup): string {
  return `${NEWLY[to]}: ${about}, ${casesText(changes.length)}`;
}

/** What the case came to before, where it goes without saying neither that it passed nor that it failed. */
export function beforeText({ from, to }: CaseChange): string {
  return from === (to === "passed" ? "failed" : "passed") ? "" : ` (${BEFORE[from]})`;
}

const BEFORE: Readonly<Record<Outcome, string>> = {
  failed: "failed before",
  known: "a known failure before",
  unsupported: "unsupported before",
  "not run": "not run before",
  passed: "passed before",
};

/** The two runs. */
export function pairText({ first, later }: RunChanges): string {
  return `${first.name} in run ${first.label}, ${later.name} in run ${later.label}`;
}

/** What comes of two runs of one implementation. */
export function conclusionText({ first, later, regressions, incomparableCount }: RunChanges): string {
  const count = regressions.length;
  const verb = count === 1 ? "passes" : "pass";
  const finding =
    count === 0
      ? `no regression: all that passed in run ${first.label} passes in run ${later.label}`
      : `regression: ${casesText(count)} that passed in run ${first.label} no longer ${verb} in run ${later.label}`;
  return incomparableCount === 0
    ? finding
    : `${finding}; ${casesText(incomparableCount)} that only one of them has are not compared`;
}
