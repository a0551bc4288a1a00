/**
 * Composes the report of a run from what was recorded.
 */

import { packageVersion } from "../../spec/package.ts";
import type { Requirement } from "../../spec/requirements.ts";
import type { Ending } from "../harness/run.ts";
import { PROTOCOL_VERSION } from "../protocol.ts";
import { askedRequirements } from "../suites/asked-requirements.ts";
import type { KnownFailureUse } from "../suites/known-failures.ts";
import { readyVector } from "../suites/ready-vector.ts";
import { caseReport, type Repeat, wasAsked } from "./case-report.ts";
import { noCounts, sumCounts } from "./counts.ts";
import type { Evidence, RequirementReport, RunOptions, RunReport } from "./model.ts";
import type { Recorder } from "./recorder.ts";
import { staleKnownFailures } from "./stale.ts";
import { verdictOf } from "./verdict.ts";

/** A run that has ended. */
export interface EndedRun {
  /** The adapter's program and arguments. */
  readonly command: readonly string[];
  /** The command that repeats a case. */
  readonly repeat: Repeat;
  readonly options: RunOptions;
  /** The digest of the vectors that were loaded. */
  readonly vectors: string;
  readonly recorder: Recorder;
  readonly ending: Ending;
  /** How many cases the options have left out. */
  readonly leftOut: number;
  readonly knownFailures: readonly KnownFailureUse[];
  readonly startedAt: Date;
}

/** The report of the run. */
export function composeReport(run: EndedRun): RunReport {
  const { command, options, recorder, ending, startedAt } = run;
  const requirements = askedRequirements();
  const requirementCounts = recorder.requirementCounts();
  const listed = recorder.cases();
  return concluded({
    formatVersion: 1,
    suite: { version: packageVersion, protocol: PROTOCOL_VERSION, vectors: run.vectors },
    adapter: { command, ...ending.hello },
    options,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    restarts: ending.restarts,
    evidence: {
      leftOut: run.leftOut,
      stopped: ending.stopped ?? null,
      failedFast: ending.failedFast,
      adapterFault: ending.adapterFault?.detail ?? null,
      knownFailures: run.knownFailures,
    },
    sections: recorder.sections(),
    requirements: requirementReports([...requirements.values()], (id) => ({
      counts: requirementCounts.get(id) ?? noCounts(),
      leftOut: recorder.leftOutCount(id),
      broken: recorder.brokenCount(id),
    })),
    cases: listed,
    failures: recorder.failures().map(({ result, known, asFound }) => {
      const isDrawn = !Object.hasOwn(listed, result.case.id);
      const vector = isDrawn && wasAsked(result) ? readyVector(result.case) : null;
      const found =
        asFound &&
        caseReport({ result: asFound, known }, requirements, run.repeat, vector && readyVector(asFound.case));
      return { ...caseReport({ result, known }, requirements, run.repeat, vector), asFound: found ?? null };
    }),
  });
}

/** What the rest of a report follows from. */
export type ReportGrounds = Omit<RunReport, "verdict" | "reasons" | "counts" | "evidence"> & {
  readonly evidence: Omit<RunReport["evidence"], "staleKnownFailures">;
};

/** The report with all that follows from the rest: counts, what is wrong in the file of known failures, verdict, reasons. */
export function concluded(grounds: ReportGrounds): RunReport {
  const { sections, requirements, cases, failures, ...head } = grounds;
  const { options } = head;
  const counts = sumCounts(sections);
  const stale = staleKnownFailures({ options, counts }, grounds.evidence.knownFailures);
  const evidence: Evidence = { ...grounds.evidence, staleKnownFailures: stale };
  return {
    ...head,
    evidence,
    ...verdictOf({ counts, options, evidence, sections, adapter: head.adapter }),
    counts,
    sections,
    requirements,
    cases,
    failures,
  };
}

/** What a run says of one requirement. */
export type RequirementFinding = Pick<RequirementReport, "counts" | "leftOut" | "broken">;

/** A row for each requirement that was not withdrawn, whether a case shows it or not. */
export function requirementReports(
  requirements: readonly Requirement[],
  find: (id: string) => RequirementFinding,
): RequirementReport[] {
  return requirements.flatMap(({ id, chapter, anchor, class: bound, level, text }) => {
    if (bound === null || level === null) return [];
    const link = `docs/xbzrle/${chapter}.md#${anchor}`;
    return [{ id, text, class: bound, level, link, ...find(id) }];
  });
}
