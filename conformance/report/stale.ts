/**
 * Which entries of a file of known failures a run has shown to be wrong.
 */

import { staleSentences } from "../suites/known-failures.ts";
import { WORLD_PREFIX } from "../suites/worlds.ts";
import type { RunReport } from "./model.ts";

/** A sentence for each entry that no longer fails, or that matches nothing though all that it can be about was asked. */
export function staleKnownFailures(
  { options, counts }: Pick<RunReport, "options" | "counts">,
  uses: RunReport["evidence"]["knownFailures"],
): string[] {
  const { run, skip, shard, exhaustive } = options;
  const wasComplete = run.length + skip.length === 0 && shard === null && counts["not-run"] === 0;
  return staleSentences(uses, ({ pattern }) => wasComplete && (exhaustive || !pattern.startsWith(WORLD_PREFIX)));
}
