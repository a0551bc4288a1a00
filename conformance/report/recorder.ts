/**
 * Keeps what comes of a run. Passes of fuzzing are only counted, so that memory does not grow with them.
 */

import type { Case, CaseResult, Verdict } from "../harness/case.ts";
import { addTo, type CountedAs, type MutableCounts, noCounts, totalCount } from "./counts.ts";
import type { Counts, SectionReport } from "./model.ts";

/** How many failures of cases that are drawn, and not listed, are kept. */
const MOST_DRAWN_FAILURES = 100;
/** How many verdicts of drawn cases are remembered, to take one back that was given too early. */
const REMEMBERED_DRAWS = 256;

/** Finds the reason why a failure is known. */
export type FindKnown = (result: CaseResult) => string | undefined;

/** A result that did not pass. */
export interface Failure {
  readonly result: CaseResult;
  /** Why it is known, if it is. */
  readonly known: string | undefined;
}

/** What is kept of a case that is planned by name. */
export type ListedCase = Pick<Case, "id" | "section" | "requirements">;

/** What a case was counted as, and the requirement that it was counted as breaking. */
interface Counted {
  readonly countedAs: CountedAs;
  readonly broken: string | undefined;
}

/** Counts verdicts by section and by requirement, and keeps the verdict of each listed case and the failures. */
export class Recorder {
  readonly #findKnown: FindKnown;
  /** The cases that are planned by name, in their order. */
  readonly #listed: ReadonlyMap<string, ListedCase>;
  /** What listed cases, and the last drawn ones, were counted as. */
  readonly #listedAs = new Map<string, Counted>();
  readonly #drawnAs = new Map<string, Counted>();
  readonly #verdicts = new Map<string, Verdict>();
  readonly #sections = new Map<string, MutableCounts>();
  readonly #brokenCounts = new Map<string, number>();
  readonly #failures = new Map<string, Failure>();
  #drawnFailureCount = 0;

  /** How many cases that show a requirement are not planned, by its id. */
  readonly #leftOutCounts = new Map<string, number>();

  /** Takes the cases that are planned by name, and those that are left out. What is not recorded of the planned ones was not run. */
  constructor(listed: readonly ListedCase[], findKnown: FindKnown, leftOut: readonly ListedCase[]) {
    for (const id of leftOut.flatMap(({ requirements }) => requirements)) {
      this.#leftOutCounts.set(id, this.leftOutCount(id) + 1);
    }
    this.#listed = new Map(listed.map(({ id, section, requirements }) => [id, { id, section, requirements }]));
    this.#findKnown = findKnown;
  }

  /** Takes a result; a second one for a case takes the place of the first. */
  record(result: CaseResult): void {
    const { id, section } = result.case;
    const isListed = this.#listed.has(id);
    const countedAs = isListed ? this.#listedAs : this.#drawnAs;
    const known = this.#findKnown(result);
    const now: Counted =
      known === undefined
        ? { countedAs: result.verdict, broken: result.broken }
        : { countedAs: "known", broken: undefined };
    this.#count(section, countedAs.get(id), -1);
    this.#count(section, now, 1);
    countedAs.set(id, now);
    if (isListed) this.#verdicts.set(id, result.verdict);
    else this.#forgetOldDraw();
    this.#keepFailure({ result, known }, isListed);
  }

  /** Replaces a failure by a better description of it, which may name another requirement that is broken. */
  improve(id: string, result: CaseResult): void {
    const failure = this.#failures.get(id);
    if (failure === undefined) return;
    this.#failures.set(id, { ...failure, result });
    if (failure.known !== undefined) return;
    this.#countBroken(failure.result.broken, -1);
    this.#countBroken(result.broken, 1);
  }

  /** Counts cases that were drawn by number and not asked. */
  notRun(section: string, count: number): void {
    if (count !== 0) this.#countsOf(section)["not-run"] += count;
  }

  /** How many cases of a section were recorded. */
  recordedCount(section: string): number {
    return totalCount(this.#sections.get(section) ?? noCounts());
  }

  /** The results that did not pass, in the order in which they were found. */
  failures(): Failure[] {
    return [...this.#failures.values()];
  }

  /** The verdict of each listed case. */
  cases(): Record<string, Verdict> {
    return Object.fromEntries([...this.#listed.keys()].map((id) => [id, this.#verdicts.get(id) ?? "not-run"]));
  }

  /** The counts of each section, listed cases that were not recorded among them. */
  sections(): SectionReport[] {
    const sections = new Map([...this.#sections].map(([section, counts]) => [section, { ...counts }]));
    for (const { id, section } of this.#listed.values()) {
      if (!this.#listedAs.has(id)) addTo(sections, [section], "not-run");
    }
    return [...sections].map(([section, counts]) => ({ section, counts }));
  }

  /** The counts of the listed cases that show a requirement, by its id. */
  requirementCounts(): ReadonlyMap<string, Counts> {
    const counts = new Map<string, MutableCounts>();
    for (const { id, requirements } of this.#listed.values()) {
      addTo(counts, requirements, this.#listedAs.get(id)?.countedAs ?? "not-run");
    }
    return counts;
  }

  /** How many cases that show the requirement are not planned. */
  leftOutCount(requirement: string): number {
    return this.#leftOutCounts.get(requirement) ?? 0;
  }

  /** How many cases have shown that the requirement is broken, without known failures. */
  brokenCount(requirement: string): number {
    return this.#brokenCounts.get(requirement) ?? 0;
  }

  #count(section: string, counted: Counted | undefined, step: 1 | -1): void {
    if (counted === undefined) return;
    const { countedAs, broken } = counted;
    this.#countsOf(section)[countedAs] += step;
    this.#countBroken(broken, step);
  }

  #countBroken(broken: string | undefined, step: 1 | -1): void {
    if (broken !== undefined) this.#brokenCounts.set(broken, this.brokenCount(broken) + step);
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
