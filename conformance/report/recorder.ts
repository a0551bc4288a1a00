/**
 * Keeps what comes of a run. Passes of cases that have no name are only counted, so that memory does not grow with them.
 */

import type { Case, CaseResult, Verdict } from "../harness/case.ts";
import { planOrder, type RunPlan } from "../suites/plan.ts";
import { addTo, type CountedAs, type MutableCounts, noCounts, totalCount } from "./counts.ts";
import type { Counts, SectionReport } from "./model.ts";

/** How many failures of cases that are drawn, and not listed, are kept of a section: the first in the order of the plan. */
export const MOST_DRAWN_FAILURES = 100;
/** How many verdicts of drawn cases are remembered, to take one back that was given too early. */
const REMEMBERED_DRAWS = 256;

/** Finds the reason why a failure is known. */
export type FindKnown = (result: CaseResult) => string | undefined;

/** A result that did not pass. */
export interface Failure {
  readonly result: CaseResult;
  /** Why it is known, if it is. */
  readonly known: string | undefined;
  /** How it was found, if it was shrunk since. */
  readonly asFound?: CaseResult;
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
  /** The ids of the failures of drawn cases that are kept, by section, in the order of the plan. */
  readonly #drawnFailures = new Map<string, string[]>();
  readonly #draws: RunPlan["draws"];
  readonly #order: (id: string) => number;

  /** How many cases that show a requirement are not planned, by its id. */
  readonly #leftOutCounts = new Map<string, number>();

  /** Takes what is planned. What is not recorded of it was not run. */
  constructor({ asked, leftOut, draws }: Omit<RunPlan, "leftOutCount">, findKnown: FindKnown) {
    for (const id of leftOut.flatMap(({ requirements }) => requirements)) {
      this.#leftOutCounts.set(id, this.leftOutCount(id) + 1);
    }
    this.#listed = new Map(asked.map(({ id, section, requirements }) => [id, { id, section, requirements }]));
    this.#draws = draws;
    this.#order = planOrder(this.#listed.keys());
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
    const isShrunk = result.case.id !== id;
    this.#failures.set(id, { ...failure, result, ...(isShrunk && { asFound: failure.result }) });
    if (failure.known !== undefined) return;
    this.#countBroken(failure.result.broken, -1);
    this.#countBroken(result.broken, 1);
  }

  /** The results that did not pass, in the order of the plan. */
  failures(): Failure[] {
    const places = new Map([...this.#failures.keys()].map((id) => [id, this.#order(id)]));
    const ids = [...places.keys()].sort((left, right) => places.get(left)! - places.get(right)!);
    return ids.map((id) => this.#failures.get(id)!);
  }

  /** The verdict of each listed case. */
  cases(): Record<string, Verdict> {
    return Object.fromEntries([...this.#listed.keys()].map((id) => [id, this.#verdicts.get(id) ?? "not-run"]));
  }

  /** The counts of each section in the order of the plan, cases that were not recorded among them. */
  sections(): SectionReport[] {
    const sections = new Map<string, MutableCounts>();
    for (const { id, section } of this.#listed.values()) {
      if (!sections.has(section)) sections.set(section, { ...(this.#sections.get(section) ?? noCounts()) });
      if (!this.#listedAs.has(id)) addTo(sections, [section], "not-run");
    }
    for (const [section, plannedCount] of this.#draws) {
      const counts = { ...(this.#sections.get(section) ?? noCounts()) };
      sections.set(section, { ...counts, "not-run": counts["not-run"] + plannedCount - totalCount(counts) });
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
    const { id, section } = failure.result.case;
    if (failure.result.verdict === "pass") this.#dropFailure(id, section);
    else if (isListed || this.#failures.has(id) || this.#makeRoom(id, section)) this.#failures.set(id, failure);
  }

  #dropFailure(id: string, section: string): void {
    if (!this.#failures.delete(id)) return;
    const kept = this.#drawnFailures.get(section);
    if (kept)
      this.#drawnFailures.set(
        section,
        kept.filter((other) => other !== id),
      );
  }

  /** True if there is room for one more failure of a drawn case, or if it comes before one that is kept, which gives way. */
  #makeRoom(id: string, section: string): boolean {
    const kept = this.#drawnFailures.get(section) ?? [];
    const place = this.#order(id);
    const isLast = kept.length === 0 || this.#order(kept.at(-1)!) < place;
    if (isLast && MOST_DRAWN_FAILURES <= kept.length) return false;
    const after = isLast ? kept.length : kept.findIndex((other) => place < this.#order(other));
    kept.splice(after, 0, id);
    if (MOST_DRAWN_FAILURES < kept.length) this.#failures.delete(kept.pop()!);
    this.#drawnFailures.set(section, kept);
    return true;
  }

  #forgetOldDraw(): void {
    if (this.#drawnAs.size <= REMEMBERED_DRAWS) return;
    const [oldest] = this.#drawnAs.keys();
    this.#drawnAs.delete(oldest!);
  }
}
