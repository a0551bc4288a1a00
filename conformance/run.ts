/**
 * A whole run: the vectors and the fuzz cases asked of one adapter, failures looked at again and shrunk, and the report.
 */

import type { Case, Verdict } from "./harness/case.ts";
import { runCases } from "./harness/run.ts";
import type { Repeat } from "./report/case-report.ts";
import { composeReport } from "./report/compose.ts";
import type { RunOptions, RunReport } from "./report/model.ts";
import { type FindKnown, Recorder } from "./report/recorder.ts";
import { vectorsDigest } from "./report/vectors-digest.ts";
import { lookAgain } from "./second-look.ts";
import { ASKED_OPERATIONS } from "./suites/asked-requirements.ts";
import { type KnownFailure, KnownFailures } from "./suites/known-failures.ts";
import { drawnCases, planOrder, planRun, planVectors, type RunPlan } from "./suites/plan.ts";
import { NothingSelectedError } from "./suites/select.ts";

/** What a run asks, and how, unless told. */
export const DEFAULT_OPTIONS: RunOptions = {
  level: "required",
  operations: ASKED_OPERATIONS,
  run: [],
  skip: [],
  fuzz: 20_000,
  seed: 0,
  timeoutMs: 10_000,
  window: 16,
  failFast: false,
  knownFailures: null,
  exhaustive: false,
  shard: null,
};

/** What is run, and who is told. */
export interface ConformanceRun {
  /** The adapter's program and arguments. */
  readonly command: readonly string[];
  /** What differs from {@link DEFAULT_OPTIONS}. */
  readonly options?: Partial<RunOptions>;
  /** Failures that are expected. */
  readonly knownFailures?: readonly KnownFailure[];
  /** The command that repeats a case, for the report; its id unless told. */
  readonly repeat?: Repeat;
  /** Ends the run early; what was answered is reported. */
  readonly signal?: AbortSignal;
  /** Told of the number of cases, of each result, and of each further step in a few words. */
  readonly progress?: RunProgress;
}

/** What came of one case. */
export interface CaseNote {
  readonly id: string;
  readonly section: string;
  readonly verdict: Verdict;
}

/** Who is told how a run gets on. */
export interface RunProgress {
  /** The run begins with this many cases before it. */
  begin(caseCount: number): void;
  /** A case has its verdict. */
  result(note: CaseNote): void;
  /** Something else is done now, in a few words. */
  step(what: string): void;
}

/** Runs the suite. Throws `AdapterStartError` if the adapter cannot be started, `NothingSelectedError` if no case is left. */
export async function runConformance(run: ConformanceRun): Promise<RunReport> {
  const startedAt = new Date();
  const options = { ...DEFAULT_OPTIONS, ...run.options };
  const { signal, progress } = run;
  const vectors = vectorsDigest();
  const plan = planRun(options);
  const { asked } = plan;
  const caseCount = plannedCount(plan);
  // A shard of few cases can be empty. It has a report all the same, because the others are merged with it.
  if (caseCount === 0 && (options.shard === null || plannedCount(planRun({ ...options, shard: null })) === 0)) {
    throw new NothingSelectedError(
      "no case is left by --operation, --run, --skip and --fuzz; xbzrle-conformance list shows the cases",
    );
  }
  const known = new KnownFailures(run.knownFailures ?? [], planOrder(asked.map(({ id }) => id)));
  const findKnown: FindKnown = (result) => known.find(result)?.reason;
  const recorder = new Recorder(plan, findKnown);
  progress?.begin(caseCount);
  const ending = await runCases(
    selectedCases(asked, options),
    {
      ...options,
      command: run.command,
      isKnown: (result) => known.find(result) !== undefined,
      ...(signal && { signal }),
    },
    (result) => {
      recorder.record(result);
      progress?.result({ id: result.case.id, section: result.case.section, verdict: result.verdict });
    },
  );
  const step = (what: string) => progress?.step(what);
  const cases = (among: RunOptions) => selectedCases(planVectors(among).asked, among);
  if (!signal?.aborted) await lookAgain({ command: run.command, options, cases, signal, step }, recorder);
  const { command, repeat = (id) => id } = run;
  const evidence = { leftOut: plan.leftOutCount, knownFailures: known.uses() };
  return composeReport({ command, repeat, options, vectors, recorder, ending, startedAt, ...evidence });
}

function plannedCount({ asked, draws }: RunPlan): number {
  return [...draws.values()].reduce((sum, count) => sum + count, asked.length);
}

/** The vectors, which are let go as they are asked, and then fuzz cases and small worlds. */
function* selectedCases(vectors: Case[], options: RunOptions): Generator<Case> {
  vectors.reverse();
  for (let next = vectors.pop(); next; next = vectors.pop()) yield next;
  yield* drawnCases(options);
}
