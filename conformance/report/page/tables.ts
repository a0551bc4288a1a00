/**
 * The tables of the page: requirements, families, and what the run was.
 */

import { type Html, html } from "../../../reference/markup.ts";
import { claimText } from "../claims.ts";
import { COUNTED_AS, casesText, type RequirementStatus, requirementStatus, totalCount } from "../counts.ts";
import { optionsText } from "../headline.ts";
import type { Counts, RequirementReport, RunReport, SectionReport } from "../model.ts";
import { oneLine, shellWord } from "../printable.ts";
import { chapterOf, inline } from "./chapter.ts";
import { amount, TONES, type Tone, verdictTitle } from "./head.ts";

const STATUS_TONES: Readonly<Record<RequirementStatus, Tone>> = {
  broken: "bad",
  met: "good",
  "partly met": "open",
  "not shown": "open",
  unsupported: "quiet",
  "not asked": "quiet",
};

/** The requirements: first those that are not met, then the others in a part that can be opened. */
export function requirementsHtml({ requirements, failures }: RunReport, linked: ReadonlySet<string>): Html {
  const isMet = (requirement: RequirementReport) => requirementStatus(requirement) === "met";
  const met = requirements.filter(isMet);
  const open = requirements.filter((requirement) => !isMet(requirement));
  const rest = [...open.filter(({ broken }) => broken !== 0), ...open.filter(({ broken }) => broken === 0)];
  const kept = new Map<string, number>();
  for (const { broken } of failures) if (broken !== null) kept.set(broken, (kept.get(broken) ?? 0) + 1);
  const table = (rows: readonly RequirementReport[], caption: string) =>
    requirementTable(
      caption,
      rows.map((row) => requirementRow(row, linked, kept.get(row.id) ?? 0)),
    );
  return html`<section id="requirements" aria-labelledby="requirements-title">
<h2 id="requirements-title">Requirements</h2>
<p class="note">A requirement is met where every vector that shows it passed. Ids lead into the chapter, further down on this page.</p>
${rest.length === 0 ? "" : table(rest, "Requirements that are not met, or not fully shown")}
${met.length === 0 ? "" : html`<details${rest.length === 0 ? html` open` : ""}><summary>${met.length} of ${requirements.length} requirements are met</summary>${table(met, "Requirements that are met")}</details>`}
</section>`;
}

// Roles are given in full: a phone shows rows as blocks, and a table that is no longer laid out as one loses them.
function requirementTable(caption: string, rows: readonly Html[]): Html {
  return html`<table role="table" class="requirements"><caption>${caption}</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Id</th><th role="columnheader" scope="col">Requirement</th><th role="columnheader" scope="col">Result</th></tr></thead>
<tbody role="rowgroup">
${rows}</tbody></table>`;
}

/** A row; `keptCount` is how many cases of the list break the requirement. */
function requirementRow(row: RequirementReport, linked: ReadonlySet<string>, keptCount: number): Html {
  const { id, text, level, class: bound, link, counts, leftOut, broken } = row;
  const status = requirementStatus(row);
  const total = totalCount(counts);
  const passed = counts.pass + counts["not-recommended"];
  const shown = [
    ...(broken === 0 ? [] : [`broken by ${casesText(broken)}`]),
    total === 0 ? "no vector asked" : `${amount(passed)} of ${amount(total)} vectors passed`,
    ...(leftOut === 0 ? [] : [`${amount(leftOut)} left out`]),
  ].join("; ");
  return html`<tr role="row" id="row-${id}"><th role="rowheader" scope="row">${linked.has(id) ? html`<a href="#${id}" title="${link}">${id}</a>` : id}</th>
<td role="cell"><span class="level">${level}, ${bound}</span> ${inline(chapterOf(link), text)}</td>
<td role="cell" class="result"><span class="chip ${STATUS_TONES[status]}">${status}</span> ${showButton("requirement", id, keptCount, `that break ${id}`)}
${bar(counts)}<span class="small">${shown}</span></td></tr>
`;
}

/** The families, and how the cases of each ended. */
export function familiesHtml({ sections, failures }: RunReport): Html {
  const keptCount = (name: string) => failures.filter(({ section }) => section === name).length;
  return html`<section id="families" aria-labelledby="families-title">
<h2 id="families-title">Families</h2>
<table role="table" class="families"><caption>How the cases of each family of vectors, and of fuzzing, ended</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Family</th><th role="columnheader" scope="col">Cases</th></tr></thead>
<tbody role="rowgroup">
${sections.map((section) => familyRow(section, keptCount(section.section)))}</tbody></table>
</section>`;
}

function familyRow({ section, counts }: SectionReport, keptCount: number): Html {
  const words = COUNTED_AS.filter((name) => counts[name] !== 0).map(
    (name) => html`<span class="word-${TONES[name]}">${amount(counts[name])} ${verdictTitle(name)}</span>`,
  );
  return html`<tr role="row"><th role="rowheader" scope="row">${section}</th>
<td role="cell" class="result">${bar(counts)}<span class="small">${words.flatMap((word, index) => (index === 0 ? [word] : [", ", word]))}</span>${showButton("family", section, keptCount, `of ${section} that did not pass`)}</td></tr>
`;
}

/** A bar of the counts. It says nothing that the words beside it do not say. */
function bar(counts: Counts): Html {
  const total = totalCount(counts);
  let left = 0;
  const pieces = COUNTED_AS.filter((name) => counts[name] !== 0).map((name) => {
    // What is there can be seen, be it one case in thousands.
    const width = Math.max((counts[name] / total) * 100, 1);
    left += width;
    return html`<rect class="${TONES[name]}" x="${left - width}" width="${width}" height="4"/>`;
  });
  const size = Math.max(left, 1);
  return html`<svg class="bar" viewBox="0 0 ${size} 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">${pieces}</svg>`;
}

/** A button that filters the list of cases; the page's program takes `hidden` away. */
function showButton(filter: string, value: string, count: number, which: string): Html {
  if (count === 0) return html``;
  return html`<button type="button" class="show" hidden data-filter="${filter}" data-value="${value}">Show ${amount(count)}<span class="unseen"> cases ${which}</span></button>`;
}

/** What was run, and how. */
export function runHtml(report: RunReport): Html {
  const { adapter, suite, options, startedAt, durationMs, restarts } = report;
  const given = optionsText(report);
  const rows: readonly (readonly [name: string, value: Html | string])[] = [
    ["Implementation", oneLine(`${adapter.name} ${adapter.version}`)],
    ["Offers", oneLine(adapter.operations.join(", "))],
    ["Adapter", html`<code>${oneLine(adapter.command.map(shellWord).join(" "))}</code>`],
    ["Suite", `xbzrle-conformance ${suite.version}, protocol ${suite.protocol}`],
    ["Vectors", html`SHA-256 <code>${suite.vectors}</code>`],
    ["Asked", `${claimText(report)}, level ${options.level}`],
    ["Seed", String(options.seed)],
    ["Fuzz cases", amount(options.fuzz)],
    ["Options", given === "" ? "none that leaves cases out or ends a run early" : html`<code>${oneLine(given)}</code>`],
    ["Time for an answer", `${options.timeoutMs / 1000} s`],
    ["Requests in flight", `${options.window} at most`],
    ["Restarts", String(restarts)],
    ["Started", html`<time datetime="${startedAt}">${startedAt.replace("T", " ").replace(/\.\d+Z$/, " UTC")}</time>`],
    ["Took", `${(durationMs / 1000).toFixed(1)} s`],
  ];
  return html`<section id="run" aria-labelledby="run-title">
<h2 id="run-title">The run</h2>
<dl class="facts">
${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>
</section>`;
}
