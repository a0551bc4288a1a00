/**
 * How cases are counted, and the columns in which every report shows the counts.
 */

import { isFailure, type Level, VERDICTS, type Verdict } from "../harness/case.ts";
import type { Counts, RequirementReport, SectionReport } from "./model.ts";

/** What a case is counted as: its verdict, or `known` where its failure is known. */
export type CountedAs = Verdict | "known";

/** Every {@link CountedAs}. */
export const COUNTED_AS: readonly CountedAs[] = [...VERDICTS, "known"];

/** Counts that may still change. */
export type MutableCounts = Record<CountedAs, number>;

/** No case at all. */
export function noCounts(): MutableCounts {
  return Object.fromEntries(COUNTED_AS.map((countedAs) => [countedAs, 0])) as MutableCounts;
}

/** Counts one more case under each of the names. */
export function addTo(countsByName: Map<string, MutableCounts>, names: readonly string[], countedAs: CountedAs): void {
  for (const name of names) {
    const counts = countsByName.get(name) ?? noCounts();
    counts[countedAs]++;
    countsByName.set(name, counts);
  }
}

/** The sum of the sections' counts. */
export function sumCounts(sections: readonly Pick<SectionReport, "counts">[]): Counts {
  const sum = noCounts();
  for (const { counts } of sections) {
    for (const countedAs of COUNTED_AS) sum[countedAs] += counts[countedAs];
  }
  return sum;
}

/** The section of a case that is listed by name: `chapter/family/name` is counted in `chapter/family`. */
export function sectionOf(id: string): string {
  return id.slice(0, id.lastIndexOf("/"));
}

/** How many cases there are. */
export function totalCount(counts: Counts): number {
  return COUNTED_AS.reduce((sum, countedAs) => sum + counts[countedAs], 0);
}

/** The number of failures that count at the level and are not known. */
export function failureCount(counts: Counts, level: Level): number {
  const failures = VERDICTS.filter((verdict) => isFailure(verdict, level)).map((verdict) => counts[verdict]);
  return failures.reduce((sum, count) => sum + count, 0);
}

/** A number of cases in words. */
export function casesText(count: number): string {
  return count === 1 ? "1 case" : `${count} cases`;
}

/** The columns of a table of counts. */
export const COLUMNS = [
  { title: "passed", verdicts: ["pass"] },
  { title: "not recommended", verdicts: ["not-recommended"] },
  { title: "failed", verdicts: ["fail", "error", "timeout", "crash", "protocol-fault"] },
  { title: "known", verdicts: ["known"] },
  { title: "unsupported", verdicts: ["unsupported"] },
  { title: "not run", verdicts: ["not-run"] },
] as const satisfies readonly { title: string; verdicts: readonly CountedAs[] }[];

/** What `not recommended` means. */
export const NOT_RECOMMENDED_NOTE =
  "not recommended: meets every MUST and breaks a SHOULD; --level recommended counts it";

/** The counts in the order of {@link COLUMNS}. */
export function columnCounts(counts: Counts): number[] {
  return COLUMNS.map(({ verdicts }) => verdicts.reduce((sum, verdict) => sum + counts[verdict], 0));
}

/** What can be said of a requirement after a run. */
export type RequirementStatus = "broken" | "met" | "partly met" | "not shown" | "unsupported" | "not asked";

/**
 * What the cases say of a requirement. It is met where each vector that shows it passed, or broke nothing but a SHOULD;
 * partly where others of them crashed, failed for another requirement, were left out or not asked; not shown where all did.
 */
export function requirementStatus({
  counts,
  leftOut,
  broken,
}: Pick<RequirementReport, "counts" | "leftOut" | "broken">): RequirementStatus {
  const met = counts.pass + counts["not-recommended"];
  const total = totalCount(counts);
  if (broken !== 0) return "broken";
  if (met !== 0) return met === total && leftOut === 0 ? "met" : "partly met";
  if (counts["not-run"] === total) return "not asked";
  return counts.unsupported + counts["not-run"] === total ? "unsupported" : "not shown";
}
