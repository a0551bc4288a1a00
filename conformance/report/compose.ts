/**
 * Composes the report of a run from what was recorded.
 */

import { packageVersion } from "../../spec/package.ts";
import { loadRequirements, type Requirement } from "../../spec/requirements.ts";
import type { Ending } from "../harness/run.ts";
import { PROTOCOL_VERSION } from "../protocol.ts";
import { FUZZ_SECTION } from "../suites/fuzz.ts";
import { readyVector } from "../suites/ready-vector.ts";
import { caseReport } from "./case-report.ts";
import { noCounts, sumCounts } from "./counts.ts";
import type { Counts, Evidence, RequirementReport, RunOptions, RunReport } from "./model.ts";
import type { Recorder } from "./recorder.ts";
import { vectorsDigest } from "./vectors-digest.ts";
import { verdictOf } from "./verdict.ts";

/** A run that has ended. */
export interface EndedRun {
  /** The adapter's program and arguments. */
  readonly command: readonly string[];
  /** The command that repeats a case. */
  readonly repeat: (id: string) => string;
  readonly options: RunOptions;
  readonly recorder: Recorder;
  readonly ending: Ending;
  readonly staleKnownFailures: readonly string[];
  readonly startedAt: Date;
}

/** The report of the run. */
export function composeReport(run: EndedRun): RunReport {
  const { command, options, recorder, ending, startedAt } = run;
  const requirements = loadRequirements();
  const sections = recorder.sections();
  const counts = sumCounts(sections);
  const evidence: Evidence = {
    stopped: ending.stopped ?? null,
    failedFast: ending.failedFast,
    adapterFault: ending.adapterFault?.detail ?? null,
    staleKnownFailures: run.staleKnownFailures,
  };
  return {
    formatVersion: 1,
    suite: { version: packageVersion, protocol: PROTOCOL_VERSION, vectors: vectorsDigest() },
    adapter: { command, ...ending.hello },
    options,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    restarts: ending.restarts,
    evidence,
    ...verdictOf({ counts, options, evidence }),
    counts,
    sections,
    requirements: requirementReports(
      [...requirements.values()],
      recorder.requirementCounts(),
      recorder.brokenCount.bind(recorder),
    ),
    cases: recorder.cases(),
    failures: recorder.failures().map((failure) => {
      const isDrawn = failure.result.case.section === FUZZ_SECTION;
      return caseReport(failure, requirements, run.repeat, isDrawn ? readyVector(failure.result.case) : null);
    }),
  };
}

/** A row for each requirement of the chapters that was not withdrawn, whether a case shows it or not. */
export function requirementReports(
  requirements: readonly Requirement[],
  counts: ReadonlyMap<string, Counts>,
  brokenCount: (id: string) => number,
): RequirementReport[] {
  return requirements.flatMap(({ id, chapter, anchor, class: bound, level, text }) => {
    if (bound === null || level === null) return [];
    const link = `docs/xbzrle/${chapter}.md#${anchor}`;
    return [{ id, text, class: bound, level, link, counts: counts.get(id) ?? noCounts(), broken: brokenCount(id) }];
  });
}
