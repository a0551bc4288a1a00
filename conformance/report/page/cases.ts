/**
 * The cases of the page: the form that filters them, and the cases as data, from which the page's program builds rows when they are
 * needed. A run can have five thousand failures of three kilobytes each.
 */

import { type Html, html } from "../../../reference/markup.ts";
import { isFailure, type Verdict } from "../../harness/case.ts";
import { isDrawnSection } from "../../suites/plan.ts";
import { differenceText } from "../case-text.ts";
import { COUNTED_AS, type CountedAs, sectionOf, totalCount } from "../counts.ts";
import { failureKinds } from "../kinds.ts";
import type { CaseReport, RunReport } from "../model.ts";
import { oneLine, printable } from "../printable.ts";
import { amount, TONES, type Tone, verdictTitle } from "./head.ts";

/** A case that did not pass, as the page's program has it. All text is fit to be shown. */
export interface PageFailure {
  readonly id: string;
  readonly section: string;
  readonly verdict: Verdict;
  readonly known: string;
  readonly broken: string;
  readonly requirements: readonly string[];
  readonly why: string;
  readonly detail: string;
  readonly request: readonly string[];
  readonly expected: readonly string[];
  readonly got: readonly string[];
  readonly stderr: string;
  readonly passesAlone: boolean;
  readonly repeat: string;
  /** Empty for a case of the vectors. */
  readonly vector: string;
}

/** Everything that the page's program knows. */
export interface PageData {
  readonly failures: readonly PageFailure[];
  /** The names of the other cases, by verdict and section. */
  readonly others: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly requirements: Readonly<
    Record<string, { readonly text: string; readonly level: string; readonly isLinked: boolean }>
  >;
  readonly titles: Readonly<Record<string, string>>;
  readonly tones: Readonly<Record<string, Tone>>;
}

/** The data of the page. */
export function pageData(report: RunReport, linked: ReadonlySet<string>): PageData {
  const { level } = report.options;
  const plainest = failureKinds(report.failures, level).map((kind) => kind.plainest);
  const places = new Map(plainest.map((failure, place) => [failure, place]));
  const rank = (failure: CaseReport) => {
    const counts = failure.known === null && isFailure(failure.verdict, level);
    return places.get(failure) ?? plainest.length + (counts ? 0 : 1);
  };
  const failures = [...report.failures].sort((left, right) => rank(left) - rank(right)).map(pageFailure);
  const requirements = report.requirements.map(({ id, text, level }) => {
    return [id, { text: printable(text), level, isLinked: linked.has(id) }] as const;
  });
  return {
    failures,
    others: otherCases(report, new Set(failures.map(({ id }) => id))),
    requirements: Object.fromEntries(requirements),
    titles: Object.fromEntries(COUNTED_AS.map((name) => [name, verdictTitle(name)])),
    tones: TONES,
  };
}

/** The listed cases but for those that are described as failures: their names by verdict and section. */
function otherCases({ cases }: RunReport, failedIds: ReadonlySet<string>): Record<string, Record<string, string[]>> {
  const others: Record<string, Record<string, string[]>> = {};
  for (const [id, verdict] of Object.entries(cases)) {
    if (failedIds.has(id)) continue;
    const section = sectionOf(id);
    const bySection = others[verdict] ?? {};
    const names = bySection[section] ?? [];
    names.push(id.slice(section.length + 1));
    bySection[section] = names;
    others[verdict] = bySection;
  }
  return others;
}

function pageFailure(failure: CaseReport): PageFailure {
  const { id, section, verdict, known, broken, requirements, vector } = failure;
  return {
    id: oneLine(id),
    section,
    verdict,
    known: oneLine(known ?? ""),
    broken: broken ?? "",
    requirements: requirements.map((shown) => shown.id),
    why: oneLine(failure.why),
    detail: [oneLine(failure.detail), ...differenceText(failure)].join("; "),
    request: failure.request.map(printable),
    expected: failure.expected.map(printable),
    got: failure.got.map(printable),
    stderr: printable(failure.stderrTail),
    passesAlone: failure.passesAlone,
    repeat: printable(failure.repeat),
    vector: vector === null ? "" : JSON.stringify(vector),
  };
}

/** The section of the page that the program fills. */
export function casesHtml(report: RunReport, { failures, others }: PageData): Html {
  const otherCount = (verdict: string) =>
    Object.values(others[verdict] ?? {}).reduce((sum, names) => sum + names.length, 0);
  const countOf = (result: CountedAs) =>
    failures.filter(({ known, verdict }) => (known === "" ? verdict : "known") === result).length + otherCount(result);
  const allCount = Object.keys(others).reduce((sum, verdict) => sum + otherCount(verdict), failures.length);
  const results: (readonly [value: string, title: string, count: number])[] = [
    ["", "did not pass", failures.length],
    ...COUNTED_AS.map((result) => [result, verdictTitle(result), countOf(result)] as const),
    ["all", "all", allCount],
  ];
  const blamed = report.requirements.filter(({ id }) => failures.some(({ broken }) => broken === id));
  return html`<section id="cases" aria-labelledby="cases-title">
<h2 id="cases-title" tabindex="-1">Cases</h2>
<noscript><p class="note">The list of cases needs JavaScript, which this page carries with it. The formats text, json, junit and markdown do without.</p></noscript>
<form role="search" aria-labelledby="cases-title" id="filter" hidden>
<div class="wide"><label for="words">Search in names, findings and reasons</label><input type="search" id="words" autocomplete="off" autocapitalize="off" spellcheck="false"></div>
<div><label for="result">Result</label><select id="result">${results
    .filter(([value, , size]) => size !== 0 || value === "")
    .map(([value, title, size]) => html`<option value="${value}">${title} (${amount(size)})</option>`)}</select></div>
<div><label for="family">Family</label><select id="family"><option value="">all</option>${report.sections.map(({ section }) => html`<option>${section}</option>`)}</select></div>
<div><label for="requirement">Broken requirement</label><select id="requirement"><option value="">any</option>${blamed.map(({ id }) => html`<option>${id}</option>`)}</select></div>
<div class="buttons"><button type="reset">Reset</button></div>
</form>
<p id="count" role="status"></p>
<p class="note">${listNote(report)}</p>
<ol id="list" class="cases"></ol>
</section>`;
}

/** What the list holds, and what it cannot hold. */
function listNote(report: RunReport): string {
  if (report.failures.length === 0) return "Every case that was asked passed.";
  const missing = report.sections
    .filter(({ section }) => isDrawnSection(section))
    .flatMap(({ section, counts }) => {
      const kept = report.failures.filter((failure) => failure.section === section).length;
      const notPassed = totalCount(counts) - counts.pass - counts["not-run"];
      if (notPassed <= kept) return [];
      return [`Of ${amount(notPassed)} cases of ${section} that did not pass, the first ${amount(kept)} are here.`];
    });
  return ["The plainest case of each kind of failure comes first.", ...missing].join(" ");
}
