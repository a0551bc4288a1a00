/**
 * Which entries of a file of known failures a run has shown to be wrong.
 */

import { WORLDS } from "../../vectors/worlds.ts";
import type { Case } from "../harness/case.ts";
import { ASKED_OPERATIONS } from "../suites/asked-requirements.ts";
import { FUZZ_SECTION } from "../suites/fuzz-ids.ts";
import { staleSentences } from "../suites/known-failures.ts";
import { matchesId, mayBeginWith } from "../suites/select.ts";
import { vectorCases } from "../suites/vector-suite.ts";
import { worldSection } from "../suites/worlds.ts";
import type { RunReport } from "./model.ts";

/**
 * A sentence for each entry that no longer fails, or that matches nothing though all that it can be about was asked. The vectors are those
 * of all operations.
 */
export function staleKnownFailures(
  { options, counts }: Pick<RunReport, "options" | "counts">,
  uses: RunReport["evidence"]["knownFailures"],
  vectors: () => readonly Case[] = vectorCases,
): string[] {
  const { operations, run, skip, shard, exhaustive } = options;
  const wasComplete = run.length + skip.length === 0 && shard === null && counts["not-run"] === 0;
  const isEveryOperation = ASKED_OPERATIONS.every((operation) => operations.includes(operation));
  let others: Set<string> | undefined;
  const isOfOthers = (pattern: string) => {
    if (isEveryOperation) return false;
    others ??= new Set(vectors().flatMap(({ id, operation }) => (operations.includes(operation) ? [] : [id])));
    // Most entries are written by the program, and name one case.
    return others.has(pattern) || [...others].some(matchesId([pattern]));
  };
  const otherWorlds = WORLDS.filter(({ operation }) => !exhaustive || !operations.includes(operation));
  const isOfOtherDraws = (pattern: string) =>
    // There is always a fuzz case that was not drawn.
    [FUZZ_SECTION, ...otherWorlds.map(worldSection)].some((section) => mayBeDrawn(pattern, section));
  return staleSentences(uses, ({ pattern }) => wasComplete && !isOfOtherDraws(pattern) && !isOfOthers(pattern));
}

/** True if the pattern may match an id of a drawn case of the section. Such an id has no slash. */
function mayBeDrawn(pattern: string, section: string): boolean {
  const hasSlash = /^[^[\]{}()!+@\\|]*\//.test(pattern);
  return !hasSlash && mayBeginWith(pattern, `${section}:`);
}
