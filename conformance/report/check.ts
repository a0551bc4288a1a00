/**
 * Whether a report can be believed: what it says is computed again from what it is made of, and compared with the installed vectors.
 * A report that was changed with care is still consistent; who has to be certain runs the suite.
 */

import { isDeepStrictEqual } from "node:util";
import type { Requirement } from "../../spec/requirements.ts";
import type { Case, Verdict } from "../harness/case.ts";
import { askedRequirements } from "../suites/asked-requirements.ts";
import { isDrawnSection, planRun, planVectors, type RunPlan } from "../suites/plan.ts";
import { vectorCases } from "../suites/vector-suite.ts";
import { requirementReports } from "./compose.ts";
import { addTo, type CountedAs, type MutableCounts, noCounts, sectionOf, sumCounts, totalCount } from "./counts.ts";
import type { RunReport, RunVerdict } from "./model.ts";
import { staleKnownFailures } from "./stale.ts";
import { vectorsDigest } from "./vectors-digest.ts";
import { reasonsOpen, verdictOf } from "./verdict.ts";

/** What was found out about a report. */
export interface ReportCheck {
  /** The verdict that follows from counts, options and evidence. */
  readonly verdict: RunVerdict;
  /** What in the report does not fit, a sentence each; none if it is consistent. */
  readonly contradictions: readonly string[];
  /** Why it does not cover everything that could be asked, a sentence each; none if it is complete. */
  readonly gaps: readonly string[];
}

/** What a report is held against. */
export interface InstalledSuite {
  /** The digest of the vectors. */
  readonly digest: string;
  /** All vectors. */
  readonly vectors: readonly Case[];
  readonly requirements: readonly Requirement[];
}

/** The suite of this package. */
export function installedSuite(): InstalledSuite {
  return { digest: vectorsDigest(), vectors: vectorCases(), requirements: [...askedRequirements().values()] };
}

/** Checks a report against itself and against the installed suite. */
export function checkReport(report: RunReport, installed: InstalledSuite): ReportCheck {
  const { verdict, reasons } = verdictOf(report);
  const isSame = report.suite.vectors === installed.digest;
  const plan = planRun(report.options, installed.vectors);
  const otherVectors = `it was made with the vectors ${report.suite.vectors}, and ${installed.digest} are installed: what was left out is not known`;
  return {
    verdict,
    contradictions: [
      ...contradictionIf(
        report.verdict !== verdict,
        `it says ${report.verdict}, and its counts, options and evidence say ${verdict}`,
      ),
      ...contradictionIf(!isDeepStrictEqual([...report.reasons], reasons), "its reasons are not those of its verdict"),
      ...caseFaults(report),
      ...countFaults(report),
      ...drawFaults(report, plan),
      ...offerFaults(report, installed.vectors),
      ...(isSame ? vectorFaults(report, plan, installed) : []),
    ],
    gaps: [...reasonsOpen(report), ...(isSame ? [] : [otherVectors])],
  };
}

/** The cases that did not pass are described, each once and with its verdict, and no other. */
function caseFaults({ cases, failures, options }: RunReport): string[] {
  const described = new Map(failures.map(({ id, verdict }) => [id, verdict]));
  const silent = Object.entries(cases).filter(
    ([id, verdict]) => verdict !== "pass" && verdict !== "not-run" && described.get(id) !== verdict,
  );
  const wrong = failures.filter(({ id, section, verdict }) => !isDrawnSection(section) && cases[id] !== verdict);
  const hasKnown = failures.some(({ known }) => known !== null);
  return [
    ...contradictionIf(described.size !== failures.length, "it describes a failure twice"),
    ...naming(silent, "did not pass and is not described so", ([id]) => id),
    ...naming(wrong, "is described with a verdict that the list of cases does not have", ({ id }) => id),
    ...contradictionIf(
      hasKnown && options.knownFailures === null,
      "it has known failures, and no file of them among its options",
    ),
  ];
}

/** The counts are those of the cases. */
function countFaults(report: RunReport): string[] {
  const { cases, counts, sections, options, evidence, restarts } = report;
  const countedAs = countedCases(report);
  const expected = new Map<string, MutableCounts>();
  for (const [id, counted] of countedAs) addTo(expected, [sectionOf(id)], counted);
  const listed = sections.filter(({ section }) => !isDrawnSection(section));
  const given = new Map(listed.map((section) => [section.section, section.counts]));
  const names = [...new Set([...expected.keys(), ...given.keys()])];
  const wrong = names.filter((name) => !isDeepStrictEqual(given.get(name) ?? noCounts(), expected.get(name)));
  const isBroken = counts.crash + counts.timeout + counts["protocol-fault"] + counts.known !== 0;
  const isEmpty = options.shard === null && Object.keys(cases).length === 0 && totalCount(counts) === 0;
  return [
    ...contradictionIf(!isDeepStrictEqual(counts, sumCounts(sections)), "its counts are not the sum of its families"),
    ...naming(wrong, "has counts that are not those of its cases", (name) => name),
    ...contradictionIf(
      restarts !== 0 && !isBroken && evidence.adapterFault === null && evidence.stopped === null,
      `the adapter was restarted ${restarts} times, and nothing says why`,
    ),
    ...contradictionIf(
      evidence.failedFast && evidence.stopped === null,
      "it stopped at the first failure, and not at all",
    ),
    ...contradictionIf(isEmpty, "it holds no case"),
  ];
}

/** Of cases without names there are as many as the options ask for, and those that did not pass are described, the first of them. */
function drawFaults({ sections, failures }: RunReport, { draws }: RunPlan): string[] {
  const drawn = sections.filter(({ section }) => isDrawnSection(section));
  const given = new Map(drawn.map(({ section, counts }) => [section, counts]));
  return [...new Set([...draws.keys(), ...given.keys()])].flatMap((section) => {
    const counts = given.get(section) ?? noCounts();
    const [count, planned] = [totalCount(counts), draws.get(section) ?? 0];
    const notPassed = count - counts.pass - counts["not-run"];
    const described = failures.filter((failure) => failure.section === section).length;
    return [
      ...contradictionIf(
        count !== planned,
        `it counts ${count} cases of ${section}, and its options ask for ${planned}`,
      ),
      ...contradictionIf(
        notPassed < described || (notPassed !== 0 && described === 0),
        `it describes ${described} cases of ${section} that did not pass, and counts ${notPassed}`,
      ),
    ];
  });
}

/** What an adapter does not offer cannot have been answered. */
function offerFaults({ adapter, cases, options }: RunReport, vectors: readonly Case[]): string[] {
  const missing = options.operations.filter((operation) => !adapter.operations.includes(operation));
  if (missing.length === 0) return [];
  const answered = planVectors({ ...options, operations: missing }, vectors).asked.filter(({ id }) => {
    const verdict: Verdict | undefined = cases[id];
    return verdict !== undefined && verdict !== "unsupported" && verdict !== "not-run";
  });
  return naming(answered, "was answered, and the adapter does not offer the operation", ({ id }) => id);
}

/** Every vector that the options select is there, no other is, and what is said of requirements and known failures follows from them. */
function vectorFaults(report: RunReport, plan: RunPlan, { vectors, requirements }: InstalledSuite): string[] {
  const { cases, evidence } = report;
  const plannedIds = new Set(plan.asked.map(({ id }) => id));
  const missing = plan.asked.filter(({ id }) => cases[id] === undefined);
  const stale = staleKnownFailures(report, evidence.knownFailures, () => vectors);
  const foreign = Object.keys(cases).filter((id) => !plannedIds.has(id));
  return [
    ...naming(missing, "is selected by the options, and left out", ({ id }) => id),
    ...naming(foreign, "is not selected by the options", (id) => id),
    ...contradictionIf(
      evidence.leftOut !== plan.leftOutCount,
      `it says that ${evidence.leftOut} cases were left out, and its options leave out ${plan.leftOutCount}`,
    ),
    ...contradictionIf(
      !isDeepStrictEqual([...evidence.staleKnownFailures], stale),
      "what it says is wrong in the file of known failures does not follow from what became of the entries",
    ),
    ...requirementFaults(report, plan, requirements),
  ];
}

function requirementFaults(report: RunReport, plan: RunPlan, requirements: readonly Requirement[]): string[] {
  const countedAs = countedCases(report);
  const counts = new Map<string, MutableCounts>();
  const leftOut = new Map<string, number>();
  for (const { id, requirements } of [...plan.asked, ...plan.leftOut]) {
    const counted = countedAs.get(id);
    if (counted !== undefined) addTo(counts, requirements, counted);
    else for (const shown of requirements) leftOut.set(shown, (leftOut.get(shown) ?? 0) + 1);
  }
  const given = new Map(report.requirements.map((requirement) => [requirement.id, requirement]));
  const expected = requirementReports(requirements, (id) => ({
    counts: counts.get(id) ?? noCounts(),
    leftOut: leftOut.get(id) ?? 0,
    broken: 0,
  }));
  const wrong = expected.filter(
    (requirement) => !isDeepStrictEqual({ ...given.get(requirement.id), broken: 0 }, requirement),
  );
  const least = new Map<string, number>();
  for (const { broken, known } of report.failures) {
    if (broken !== null && known === null) least.set(broken, (least.get(broken) ?? 0) + 1);
  }
  const hidden = [...least].filter(([id, count]) => (given.get(id)?.broken ?? 0) < count);
  return [
    ...naming(wrong, "is missing, or has a text or counts that are not its own", ({ id }) => id),
    ...naming(hidden, "is broken by more cases than are counted", ([id]) => id),
    ...contradictionIf(given.size !== expected.length, "it has other requirements than the chapters"),
  ];
}

/** What each listed case is counted as. */
function countedCases({ cases, failures }: RunReport): Map<string, CountedAs> {
  const known = new Set(failures.filter((failure) => failure.known !== null).map(({ id }) => id));
  return new Map(Object.entries(cases).map(([id, verdict]) => [id, known.has(id) ? "known" : verdict]));
}

function contradictionIf(holds: boolean, contradiction: string): string[] {
  return holds ? [contradiction] : [];
}

/** One sentence for any number of things of one kind. */
function naming<T>(found: readonly T[], what: string, name: (one: T) => string): string[] {
  if (found.length === 0) return [];
  const more = found.length === 1 ? "" : ` (and ${found.length - 1} more)`;
  return [`${name(found[0]!)} ${what}${more}`];
}
