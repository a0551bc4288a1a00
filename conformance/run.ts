/**
 * A whole run: the vectors and the fuzz cases asked of one adapter, failures looked at again and shrunk, and the report.
 */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder, packageVersion } from "../spec/package.ts";
import { loadRequirements } from "../spec/requirements.ts";
import { Asker } from "./harness/asker.ts";
import { type Case, type CaseResult, isFailure, type Verdict } from "./harness/case.ts";
import { type Ending, runCases } from "./harness/run.ts";
import { PROTOCOL_VERSION } from "./protocol.ts";
import type { RunOptions, RunReport } from "./report/model.ts";
import { caseReport, Recorder, sumCounts } from "./report/recorder.ts";
import { verdictOf } from "./report/verdict.ts";
import { FUZZ_OPERATIONS, FUZZ_SECTION, fuzzCases, fuzzIds, shrink } from "./suites/fuzz.ts";
import { type KnownFailure, KnownFailures } from "./suites/known-failures.ts";
import { readyVector } from "./suites/ready-vector.ts";
import { NothingSelectedError, selects } from "./suites/select.ts";
import { vectorCases } from "./suites/vector-suite.ts";

/** How many failures are looked at again, and how many of fuzzing are shrunk. */
const MOST_SECOND_LOOKS = 8;
const MOST_SHRUNK = 3;

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
  readonly repeat?: (id: string) => string;
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
  const isSelected = selects(options);
  const vectors = vectorCases().filter((planned) => isSelected(planned));
  const drawnCount = countDrawn(options, isSelected.id);
  if (vectors.length + drawnCount === 0) {
    throw new NothingSelectedError(
      "no case is left by --operation, --run, --skip and --fuzz; xbzrle-conformance list shows the cases",
    );
  }
  const recorder = new Recorder(vectors, (result) => known.find(result)?.reason);
  progress?.begin(vectors.length + drawnCount);
  const ending = await runCases(
    selectedCases(vectors, options, isSelected.id, drawnCount),
    { ...options, command: run.command, ...(signal && { signal }) },
    (result) => {
      recorder.record(result);
      progress?.result({ id: result.case.id, section: result.case.section, verdict: result.verdict });
    },
  );
  recorder.notRun(FUZZ_SECTION, drawnCount - recorder.recordedCount(FUZZ_SECTION));
  if (!signal?.aborted) await lookAgain(run, options, recorder);
  return report(run, options, recorder, ending, known, startedAt);
}

/** How many fuzz cases the patterns leave. */
function countDrawn(options: RunOptions, isSelectedId: (id: string) => boolean): number {
  if (options.run.length + options.skip.length === 0) return fuzzOperations(options).length === 0 ? 0 : options.fuzz;
  let count = 0;
  for (const id of fuzzIds(options.fuzz, options.seed, fuzzOperations(options))) if (isSelectedId(id)) count++;
  return count;
}

/** The vectors, which are let go as they are asked, and the fuzz cases. */
function* selectedCases(
  vectors: Case[],
  options: RunOptions,
  isSelectedId: (id: string) => boolean,
  drawnCount: number,
): Generator<Case> {
  vectors.reverse();
  for (let next = vectors.pop(); next; next = vectors.pop()) yield next;
  if (drawnCount === 0) return;
  for (const drawn of fuzzCases(options.fuzz, options.seed, fuzzOperations(options))) {
    if (isSelectedId(drawn.id)) yield drawn;
  }
}

/** Asks the first failure of each kind again, alone; and shrinks those of fuzzing. */
async function lookAgain(run: ConformanceRun, options: RunOptions, recorder: Recorder): Promise<void> {
  const { level, timeoutMs } = options;
  const firsts = new Map<string, CaseResult>();
  for (const { result, known } of recorder.failures()) {
    if (known !== undefined || !isFailure(result.verdict, level) || result.verdict === "timeout") continue;
    const isDrawn = result.case.section === FUZZ_SECTION;
    const kind = `${isDrawn} ${result.verdict} ${result.broken ?? ""}`;
    if (!firsts.has(kind)) firsts.set(kind, result);
  }
  let shrunkCount = 0;
  for (const result of [...firsts.values()].slice(0, MOST_SECOND_LOOKS)) {
    const asker = new Asker(run.command, timeoutMs);
    try {
      const isDrawn = result.case.section === FUZZ_SECTION;
      const again = await asker.ask(result.case);
      if (again.verdict === "pass") recorder.improve(result.case.id, { ...result, passesAlone: true });
      else if (isDrawn && shrunkCount++ < MOST_SHRUNK) {
        run.progress?.step(`shrinking ${result.case.id}`);
        recorder.improve(result.case.id, await shrink(result, level, (asked) => asker.ask(asked)));
      }
    } finally {
      await asker.close();
    }
  }
}

function report(
  { command, repeat = (id) => id }: ConformanceRun,
  options: RunOptions,
  recorder: Recorder,
  ending: Ending,
  known: KnownFailures,
  startedAt: Date,
): RunReport {
  const sections = recorder.sections();
  const counts = sumCounts(sections);
  const requirements = loadRequirements();
  const wasComplete = options.run.length + options.skip.length === 0 && counts["not-run"] === 0;
  return {
    formatVersion: 1,
    suite: { version: packageVersion, protocol: PROTOCOL_VERSION, vectors: vectorsDigest() },
    adapter: { command, ...ending.hello },
    options,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    restarts: ending.restarts,
    ...verdictOf({
      counts,
      options,
      stopped: ending.stopped,
      failedFast: ending.failedFast,
      adapterFault: ending.adapterFault?.detail,
      staleKnownFailures: known.stale(wasComplete),
    }),
    counts,
    sections,
    cases: recorder.cases(),
    failures: recorder.failures().map((failure) => {
      const isDrawn = failure.result.case.section === FUZZ_SECTION;
      return caseReport(failure, requirements, repeat, isDrawn ? readyVector(failure.result.case) : null);
    }),
  };
}

function fuzzOperations({ operations }: RunOptions) {
  return FUZZ_OPERATIONS.filter((operation) => operations.includes(operation));
}

/** The SHA-256 of the vectors' files, names and contents, in order of name: the first 16 digits. */
function vectorsDigest(): string {
  const folder = join(packageFolder, "vectors/json");
  const digest = createHash("sha256");
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    if (name.endsWith(".json"))
      digest
        .update(name)
        .update("\0")
        .update(readFileSync(join(folder, name)));
  }
  return digest.digest("hex").slice(0, 16);
}
