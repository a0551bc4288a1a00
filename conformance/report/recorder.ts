/**
 * Keeps what comes of a run, and makes the report of it. Passes of fuzzing are only counted, so that memory does not grow with them.
 */

import type { Requirement } from "../../spec/requirements.ts";
import { type Case, type CaseResult, VERDICTS, type Verdict } from "../harness/case.ts";
import type { CaseReport, Counts, SectionReport } from "./model.ts";

/** How many failures of cases that are drawn, and not listed, are kept. */
const MOST_DRAWN_FAILURES = 100;
/** How many verdicts of drawn cases are remembered, to take one back that was given too early. */
const REMEMBERED_DRAWS = 256;

type MutableCounts = Record<CountedAs, number>;

/** Finds the reason why a failure is known. */
export type FindKnown = (result: CaseResult) => string | undefined;

/** A result that did not pass. */
export interface Failure {
  readonly result: CaseResult;
  /** Why it is known, if it is. */
  readonly known: string | undefined;
}

type CountedAs = Verdict | "known";

/** Counts verdicts by section, and keeps the verdict of each listed case and the failures. */
export class Recorder {
  /** The section of each listed case that has no verdict yet. */
  readonly #open: Map<string, string>;
  readonly #findKnown: FindKnown;
  readonly #sections = new Map<string, MutableCounts>();
  /** The verdicts of the listed cases, in their order. */
  readonly #listed: Map<string, Verdict>;
  /** What listed cases, and the last drawn ones, were counted as. */
  readonly #listedAs = new Map<string, CountedAs>();
  readonly #drawnAs = new Map<string, CountedAs>();
  readonly #failures = new Map<string, Failure>();
  #drawnFailureCount = 0;

  /** Takes the cases that are planned by name; what is not recorded of them was not run. */
  constructor(listed: readonly Pick<Case, "id" | "section">[], findKnown: FindKnown) {
    this.#open = new Map(listed.map(({ id, section }) => [id, section]));
    this.#listed = new Map(listed.map(({ id }) => [id, "not-run"]));
    this.#findKnown = findKnown;
  }

  /** Takes a result; a second one for a case takes the place of the first. */
  record(result: CaseResult): void {
    const { id, section } = result.case;
    const counts = this.#countsOf(section);
    const isListed = this.#listed.has(id);
    const countedAs = isListed ? this.#listedAs : this.#drawnAs;
    const earlier = countedAs.get(id);
    if (earlier !== undefined) counts[earlier]--;
    const known = this.#findKnown(result);
    const now = known === undefined ? result.verdict : "known";
    counts[now]++;
    countedAs.set(id, now);
    this.#open.delete(id);
    if (isListed) this.#listed.set(id, result.verdict);
    else this.#forgetOldDraw();
    this.#keepFailure({ result, known }, isListed);
  }

  /** Replaces a failure by a better description of it. */
  improve(id: string, result: CaseResult): void {
    const failure = this.#failures.get(id);
    if (failure) this.#failures.set(id, { ...failure, result });
  }

  /** Counts cases that were drawn by number and not asked. */
  notRun(section: string, count: number): void {
    if (count !== 0) this.#countsOf(section)["not-run"] += count;
  }

  /** How many cases of a section were recorded. */
  recordedCount(section: string): number {
    const counts = this.#sections.get(section) ?? noCounts();
    return [...VERDICTS, "known" as const].reduce((sum, verdict) => sum + counts[verdict], 0);
  }

  /** The results that did not pass, in the order in which they were found. */
  failures(): Failure[] {
    return [...this.#failures.values()];
  }

  /** The verdict of each listed case. */
  cases(): Record<string, Verdict> {
    return Object.fromEntries(this.#listed);
  }

  /** The counts of each section, listed cases that were not recorded among them. */
  sections(): SectionReport[] {
    const sections = new Map([...this.#sections].map(([section, counts]) => [section, { ...counts }]));
    for (const section of this.#open.values()) {
      const counts = sections.get(section) ?? noCounts();
      counts["not-run"]++;
      sections.set(section, counts);
    }
    return [...sections].map(([section, counts]) => ({ section, counts }));
  }

  #countsOf(section: string): MutableCounts {
    const counts = this.#sections.get(section) ?? noCounts();
    this.#sections.set(section, counts);
    return counts;
  }

  #keepFailure(failure: Failure, isListed: boolean): void {
    const { id } = failure.result.case;
    const isKept = this.#failures.has(id);
    if (failure.result.verdict === "pass") {
      this.#failures.delete(id);
      if (isKept && !isListed) this.#drawnFailureCount--;
    } else if (isListed || isKept) this.#failures.set(id, failure);
    else if (this.#drawnFailureCount < MOST_DRAWN_FAILURES) {
      this.#drawnFailureCount++;
      this.#failures.set(id, failure);
    }
  }

  #forgetOldDraw(): void {
    if (this.#drawnAs.size <= REMEMBERED_DRAWS) return;
    const [oldest] = this.#drawnAs.keys();
    this.#drawnAs.delete(oldest!);
  }
}

/** The sum of the sections' counts. */
export function sumCounts(sections: readonly SectionReport[]): Counts {
  const sum = noCounts();
  for (const { counts } of sections) {
    for (const verdict of [...VERDICTS, "known" as const]) sum[verdict] += counts[verdict];
  }
  return sum;
}

/** A result in the words that a person reads. */
export function caseReport(
  { result, known }: Failure,
  requirements: ReadonlyMap<string, Requirement>,
  repeat: (id: string) => string,
  vector: object | null,
): CaseReport {
  const { case: asked, answer } = result;
  const ids = [...new Set([...asked.requirements, ...(result.broken === undefined ? [] : [result.broken])])];
  const { request, expected } = asked.text();
  return {
    id: asked.id,
    section: asked.section,
    verdict: result.verdict,
    broken: result.broken ?? null,
    requirements: ids.map((id) => ({ id, text: requirements.get(id)?.text ?? "" })),
    why: asked.why,
    detail: result.detail,
    difference: result.difference ?? null,
    request,
    expected,
    got: answer === undefined ? [] : asked.answerText(answer),
    stderrTail: result.stderrTail ?? "",
    known: known ?? null,
    passesAlone: result.passesAlone ?? false,
    repeat: repeat(asked.id),
    vector,
  };
}

function noCounts(): MutableCounts {
  return Object.fromEntries([...VERDICTS, "known"].map((verdict) => [verdict, 0])) as MutableCounts;
}
