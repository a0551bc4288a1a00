/**
 * Which failures get a second look, and in what order: a run looks by this rule, and reports of shards are merged by it.
 */

import type { Level } from "../harness/case.ts";
import { isFuzzSection } from "../suites/fuzz-ids.ts";
import { failureKinds, plainestFirst } from "./kinds.ts";
import type { CaseReport } from "./model.ts";

/** How many groups of failures are looked at again. */
const MOST_GROUPS = 8;
/** How many failures of fuzzing are shrunk. */
export const MOST_SHRUNK = 3;

/**
 * The failures that count, by kind, those of fuzzing apart, the plainest first of each group and of all; timeouts would take too long.
 * What comes early among the failures of a whole run comes no later among those of its shard.
 */
export function lookGroups(failures: readonly CaseReport[], level: Level): CaseReport[][] {
  const quick = failures.filter(({ verdict }) => verdict !== "timeout");
  const groups = new Map<CaseReport, CaseReport[]>();
  for (const kind of failureKinds(quick, level)) {
    const ordered = plainestFirst(kind.failures);
    const isFuzz = ({ section }: CaseReport) => isFuzzSection(section);
    for (const group of [ordered.filter((failure) => !isFuzz(failure)), ordered.filter(isFuzz)]) {
      if (group[0]) groups.set(group[0], group);
    }
  }
  const firsts = quick.filter((failure) => groups.has(failure));
  return plainestFirst(firsts)
    .slice(0, MOST_GROUPS)
    .map((first) => groups.get(first)!);
}

/** The failures of several shards, shrunk where one run would have shrunk them, and otherwise as they were found. */
export function keptShrinks(failures: readonly CaseReport[], level: Level): CaseReport[] {
  const found = new Map(failures.map((failure) => [failure.asFound ?? failure, failure]));
  const asked = lookGroups([...found.keys()], level).map(([first]) => found.get(first!)!);
  const own = asked.filter(({ section, passesAlone }) => isFuzzSection(section) && !passesAlone);
  const kept = new Set(own.slice(0, MOST_SHRUNK));
  return failures.map((failure) => (kept.has(failure) ? failure : (failure.asFound ?? failure)));
}
