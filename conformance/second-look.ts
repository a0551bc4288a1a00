/**
 * A second look at failures: the plainest of each kind is asked again of a fresh adapter, and those of fuzzing are shrunk.
 * One that passes alone shows that the implementation keeps something; then it is found out among which cases it fails.
 */

import { AdapterStartError } from "./adapter/fault.ts";
import { Asker } from "./harness/asker.ts";
import { type Case, type CaseResult, isFailure, type Level } from "./harness/case.ts";
import { runCases } from "./harness/run.ts";
import { caseReport } from "./report/case-report.ts";
import { lookGroups, MOST_SHRUNK } from "./report/looks.ts";
import type { CaseReport, RunOptions } from "./report/model.ts";
import type { Recorder } from "./report/recorder.ts";
import { shrink } from "./suites/fuzz.ts";
import { FUZZ_SECTION, isFuzzSection } from "./suites/fuzz-ids.ts";
import { isDrawnSection } from "./suites/plan.ts";
import { WORLD_PREFIX } from "./suites/worlds.ts";

/** How many failures of a kind are looked at again if all are due to state. */
const MOST_OF_A_KIND = 5;
/** How long failures are asked again at most, in milliseconds, without the time in which they are shrunk. */
const LIMIT_MS = 10_000;

/** Who is asked, and how. */
export interface SecondLook {
  readonly command: readonly string[];
  readonly options: RunOptions;
  /** The cases that a run with such options asks. */
  readonly cases: (options: RunOptions) => Iterable<Case>;
  readonly signal?: AbortSignal | undefined;
  /** Told of each shrinking. */
  readonly step: (what: string) => void;
}

/** Improves the recorder's failures. If the adapter does not start any more, they stay as they are. */
export async function lookAgain(look: SecondLook, recorder: Recorder): Promise<void> {
  try {
    await new Looking(look, recorder).all();
  } catch (error) {
    if (!(error instanceof AdapterStartError)) throw error;
  }
}

class Looking {
  readonly #look: SecondLook;
  readonly #recorder: Recorder;
  /** The ids of the cases that fail again when those of a pattern are asked. */
  readonly #failing = new Map<string, ReadonlySet<string>>();
  #leftMs = LIMIT_MS;
  #shrinksLeft = MOST_SHRUNK;

  constructor(look: SecondLook, recorder: Recorder) {
    this.#look = look;
    this.#recorder = recorder;
  }

  async all(): Promise<void> {
    for (const kind of groupsOf(this.#recorder, this.#look.options)) {
      await this.#oneKind(kind);
      if (this.#look.signal?.aborted) return;
    }
  }

  /** Asks until one fails alone: a kind may have failures that are due to state, and others. */
  async #oneKind(kind: readonly CaseResult[]): Promise<void> {
    let asked = 0;
    for (; asked < Math.min(kind.length, MOST_OF_A_KIND) && 0 < this.#leftMs; asked++) {
      const result = kind[asked]!;
      const cause = await this.#causeOf(result);
      if (this.#look.signal?.aborted || cause === "itself") return;
      if (cause === "its run") await this.#tellState(result);
      else this.#recorder.improve(result.case.id, { ...result, ...brokenByState(result) });
    }
    if (asked === 0) return;
    // So many of a kind stand for the rest of it. Whether one of these fails alone is not known; the whole run repeats it either way.
    for (const result of kind.slice(asked)) {
      const broken = asked === MOST_OF_A_KIND ? brokenByState(result) : {};
      this.#recorder.improve(result.case.id, { ...result, ...broken, failsAmong: [] });
    }
  }

  /** Asks a failure of a fresh process: is it due to the case itself, to the requests that belong before it, or to the run? */
  async #causeOf(result: CaseResult): Promise<"itself" | "its requests before" | "its run"> {
    const { command, options, signal, step } = this.#look;
    const { id, section, before = [] } = result.case;
    const asker = new Asker(command, options.timeoutMs, signal);
    try {
      const again = await this.#timed(() => asker.ask(result.case));
      if (conforms(again, options.level)) return "its run";
      if (before.length !== 0) {
        await asker.close();
        const bare = await this.#timed(() => asker.ask(withoutBefore(result.case)));
        return conforms(bare, options.level) ? "its requests before" : "itself";
      }
      if (isFuzzSection(section) && 0 < this.#shrinksLeft && !signal?.aborted) {
        this.#shrinksLeft--;
        step(`shrinking ${id}`);
        this.#recorder.improve(id, await shrink(result, options.level, (asked) => asker.ask(asked)));
      }
      return "itself";
    } finally {
      await asker.close();
    }
  }

  /** Says of a failure that it is due to what was asked before, and among which cases it shows again. */
  async #tellState(result: CaseResult): Promise<void> {
    const { id } = result.case;
    const family = familyPattern(result.case);
    const isInFamily = (await this.#failingAmong(family)).has(id);
    const failsAmong = isInFamily ? [family] : [];
    this.#recorder.improve(id, { ...result, ...brokenByState(result), passesAlone: true, failsAmong });
  }

  /** Asks the cases of a pattern, as a run with this pattern would, as far as there is time. */
  async #failingAmong(pattern: string): Promise<ReadonlySet<string>> {
    const known = this.#failing.get(pattern);
    if (known) return known;
    const failing = new Set<string>();
    this.#failing.set(pattern, failing);
    const { command, cases, signal } = this.#look;
    const options = amongOptions(this.#look.options, [pattern]);
    this.#look.step(`asking ${pattern} again`);
    const limit = AbortSignal.timeout(Math.max(0, Math.ceil(this.#leftMs)));
    const either = signal ? AbortSignal.any([signal, limit]) : limit;
    try {
      await this.#timed(() =>
        runCases(cases(options), { ...options, command, signal: either }, ({ case: { id }, verdict }) => {
          if (isFailure(verdict, options.level)) failing.add(id);
          else failing.delete(id);
        }),
      );
    } catch (error) {
      // An adapter that has not said hello by then has shown nothing more.
      if (!(error instanceof AdapterStartError && limit.aborted)) throw error;
    }
    return failing;
  }

  async #timed<T>(act: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    try {
      return await act();
    } finally {
      this.#leftMs -= performance.now() - startedAt;
    }
  }
}

/** The options of the run that asks the cases of the patterns and no others; without patterns, of the same run again. */
export function amongOptions(options: RunOptions, patterns: readonly string[]): RunOptions {
  if (patterns.length === 0) return { ...options, failFast: false };
  const begin = (beginning: string) => patterns.some((pattern) => pattern.startsWith(beginning));
  const fuzz = begin(`${FUZZ_SECTION}:`) ? options.fuzz : 0;
  return { ...options, run: patterns, skip: [], fuzz, exhaustive: begin(WORLD_PREFIX), failFast: false };
}

/** The failures that are looked at, in their groups. */
function groupsOf(recorder: Recorder, { level }: RunOptions): CaseResult[][] {
  const results = new Map<CaseReport, CaseResult>();
  for (const failure of recorder.failures()) {
    results.set(
      caseReport(failure, new Map(), (id) => id, null),
      failure.result,
    );
  }
  return lookGroups([...results.keys()], level).map((group) => group.map((report) => results.get(report)!));
}

/** True if the answer is right at this level. */
function conforms({ verdict }: CaseResult, level: Level): boolean {
  return verdict === "pass" || (verdict === "not-recommended" && !isFailure(verdict, level));
}

/** The rule that an implementation breaks which answers by what was asked before; a protocol fault breaks none. */
function brokenByState({ case: { operation }, verdict }: CaseResult): Pick<CaseResult, "broken"> {
  if (verdict === "protocol-fault") return {};
  if (operation === "decode") return { broken: "DELTA-11" };
  return operation === "encode" ? { broken: "DELTA-24" } : {};
}

/** The case without the requests that belong before it. */
function withoutBefore(asked: Case): Case {
  const { id, section, requirements, why, operation, request } = asked;
  return {
    ...{ id, section, requirements, why, operation, request },
    judge: (answer) => asked.judge(answer),
    text: () => asked.text(),
    answerText: (answer) => asked.answerText(answer),
  };
}

/** The pattern of the cases that belong together with one: its family, or those that were drawn like it. */
function familyPattern({ section }: Case): string {
  if (isFuzzSection(section)) return `${FUZZ_SECTION}:*`;
  return isDrawnSection(section) ? `${section}:*` : `${section}/*`;
}
