/**
 * From counts to the verdict of a run.
 */

import { shardText } from "../suites/shard.ts";
import { type ClaimGrounds, unclaimedCount } from "./claims.ts";
import { casesText, failureCount } from "./counts.ts";
import type { RunReport, RunVerdict } from "./model.ts";

/** What a verdict follows from. */
export type VerdictGrounds = Pick<RunReport, "counts" | "evidence"> &
  ClaimGrounds & { readonly options: Pick<RunReport["options"], "level" | "run" | "skip" | "shard"> };

/** The verdict and its reasons. A run that has stopped by itself is incomplete, whatever it found until then. */
export function verdictOf(grounds: VerdictGrounds): { verdict: RunVerdict; reasons: string[] } {
  const { stopped, failedFast } = grounds.evidence;
  const against = reasonsAgainst(grounds);
  const open = reasonsOpen(grounds);
  const stoppedByItself = stopped !== null && !failedFast;
  if (stoppedByItself) return { verdict: "incomplete", reasons: [...open, ...against] };
  if (against.length !== 0) return { verdict: "nonconformant", reasons: [...against, ...open] };
  if (open.length !== 0) return { verdict: "incomplete", reasons: open };
  return { verdict: "conformant", reasons: [] };
}

/** What keeps a run from being complete, a sentence each. */
export function reasonsOpen(grounds: VerdictGrounds): string[] {
  const { counts, options, evidence } = grounds;
  const unsupported = counts.unsupported - unclaimedCount(grounds);
  const reasons = evidence.stopped === null ? [] : [evidence.stopped];
  if (options.run.length !== 0 || options.skip.length !== 0) reasons.push("cases were left out by --run or --skip");
  if (options.shard !== null)
    reasons.push(`only ${shardText(options.shard)} was asked; xbzrle-conformance merge joins the reports of all`);
  if (evidence.leftOut !== 0) reasons.push(`${casesText(evidence.leftOut)} left out`);
  if (unsupported !== 0) reasons.push(`${casesText(unsupported)} unsupported`);
  if (counts["not-run"] !== 0) reasons.push(`${casesText(counts["not-run"])} not run`);
  return reasons;
}

function reasonsAgainst({ counts, options, evidence }: VerdictGrounds): string[] {
  const failures = failureCount(counts, options.level);
  return [
    ...(failures === 0 ? [] : [`${casesText(failures)} failed`]),
    ...(evidence.adapterFault === null ? [] : [evidence.adapterFault]),
    ...evidence.staleKnownFailures,
  ];
}
