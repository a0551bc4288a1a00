/**
 * From counts to the verdict of a run.
 */

import { isFailure, VERDICTS } from "../harness/case.ts";
import type { Counts, RunOptions, RunVerdict } from "./model.ts";

/** What a verdict is made of. */
export interface Evidence {
  readonly counts: Counts;
  readonly options: Pick<RunOptions, "level" | "run" | "skip">;
  /** Why the run stopped before its last case. */
  readonly stopped: string | undefined;
  /** True if the run stopped because the user has asked for no more than the first failure. */
  readonly failedFast: boolean;
  /** What the adapter did wrong apart from cases. */
  readonly adapterFault: string | undefined;
  /** Entries of the known-failures file that are wrong. */
  readonly staleKnownFailures: readonly string[];
}

/** The verdict and its reasons. A run that has stopped by itself is incomplete, whatever it found until then. */
export function verdictOf(evidence: Evidence): { verdict: RunVerdict; reasons: string[] } {
  const against = reasonsAgainst(evidence);
  const open = reasonsOpen(evidence);
  const stoppedByItself = evidence.stopped !== undefined && !evidence.failedFast;
  if (stoppedByItself) return { verdict: "incomplete", reasons: [...open, ...against] };
  if (against.length !== 0) return { verdict: "nonconformant", reasons: [...against, ...open] };
  if (open.length !== 0) return { verdict: "incomplete", reasons: open };
  return { verdict: "conformant", reasons: [] };
}

/** The number of failures that count at the level and are not known. */
export function failureCount(counts: Counts, level: RunOptions["level"]): number {
  const failures = VERDICTS.filter((verdict) => isFailure(verdict, level)).map((verdict) => counts[verdict]);
  return failures.reduce((sum, count) => sum + count, 0);
}

function reasonsAgainst({ counts, options, adapterFault, staleKnownFailures }: Evidence): string[] {
  const failures = failureCount(counts, options.level);
  return [
    ...(failures === 0 ? [] : [`${casesText(failures)} failed`]),
    ...(adapterFault === undefined ? [] : [adapterFault]),
    ...staleKnownFailures,
  ];
}

function reasonsOpen({ counts, options, stopped }: Evidence): string[] {
  const reasons = stopped === undefined ? [] : [stopped];
  if (options.run.length !== 0 || options.skip.length !== 0) reasons.push("cases were left out by --run or --skip");
  if (counts.unsupported !== 0) reasons.push(`${casesText(counts.unsupported)} unsupported`);
  if (counts["not-run"] !== 0) reasons.push(`${casesText(counts["not-run"])} not run`);
  return reasons;
}

function casesText(count: number): string {
  return count === 1 ? "1 case" : `${count} cases`;
}
