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
import { FUZZ_OPERATIONS, FUZZ_SECTION, fuzzCases } from "./suites/fuzz.ts";
import { type KnownFailure, KnownFailures } from "./suites/known-failures.ts";
import { fuzzOperations, leftOutCount, plannedDrawCount, planVectors } from "./suites/plan.ts";
import { NothingSelectedError, selects } from "./suites/select.ts";

/** What a run asks, and how, unless told. */
export const DEFAULT_OPTIONS: RunOptions = {
  level: "required",
  operations: FUZZ_OPERATIONS,
  run: [],
  skip: [],
  fuzz: 20_000,
  seed: 0,
  timeoutMs: 10_000,
  window: 16,
  failFast: false,
  knownFailures: null,
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
  const known = new KnownFailures(run.knownFailures ?? []);
  const options = { ...DEFAULT_OPTIONS, ...run.options };
  const { signal, progress } = run;
  const vectors = vectorsDigest();
  const plan = planVectors(options);
  const { asked } = plan;
  const drawnCount = plannedDrawCount(options);
  if (asked.length + drawnCount === 0) {
    throw new NothingSelectedError(
      "no case is left by --operation, --run, --skip and --fuzz; xbzrle-conformance list shows the cases",
    );
  }
  const findKnown: FindKnown = (result) => known.find(result)?.reason;
  const recorder = new Recorder(asked, findKnown, plan.leftOut);
  const leftOut = leftOutCount(options, plan);
  progress?.begin(asked.length + drawnCount);
  const ending = await runCases(
    selectedCases(asked, options, drawnCount),
    { ...options, command: run.command, ...(signal && { signal }) },
    (result) => {
      recorder.record(result);
      progress?.result({ id: result.case.id, section: result.case.section, verdict: result.verdict });
    },
  );
  recorder.notRun(FUZZ_SECTION, drawnCount - recorder.recordedCount(FUZZ_SECTION));
  const step = (what: string) => progress?.step(what);
  const cases = (among: RunOptions) => selectedCases(planVectors(among).asked, among, plannedDrawCount(among));
  if (!signal?.aborted) await lookAgain({ command: run.command, options, cases, signal, step }, recorder);
  const { command, repeat = (id) => id } = run;
  const wasComplete = isWhole(options) && recorder.sections().every(({ counts }) => counts["not-run"] === 0);
  const staleKnownFailures = known.stale(wasComplete);
  const evidence = { leftOut, staleKnownFailures };
  return composeReport({ command, repeat, options, vectors, recorder, ending, startedAt, ...evidence });
}

/** True if the options leave no case out. */
function isWhole({ run, skip, shard }: RunOptions): boolean {
  return run.length + skip.length === 0 && shard === null;
}

/** The vectors, which are let go as they are asked, and the fuzz cases. */
function* selectedCases(vectors: Case[], options: RunOptions, drawnCount: number): Generator<Case> {
  vectors.reverse();
  for (let next = vectors.pop(); next; next = vectors.pop()) yield next;
  if (drawnCount === 0) return;
  const isSelected = selects(options);
  for (const drawn of fuzzCases(options.fuzz, options.seed, fuzzOperations(options))) {
    if (isSelected.id(drawn.id)) yield drawn;
  }
}
