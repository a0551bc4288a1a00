/**
 * A comparison as one HTML page, which needs nothing from anywhere else.
 */

import { type Html, html } from "../../../reference/markup.ts";
import { casesText } from "../counts.ts";
import { optionsText, scopeText, suiteText } from "../headline.ts";
import { chapterOf, inline } from "../page/chapter.ts";
import { chaptersHtml, chaptersOf, linkedIds, pageText } from "../page/document.ts";
import { iconUrl, RUN_TONES, type Tone, verdictHtml } from "../page/head.ts";
import { oneLine } from "../printable.ts";
import type { Cell, CellKind } from "./cell.ts";
import type { ChangeGroup } from "./changes.ts";
import { hasRegression } from "./compare.ts";
import type { ComparedRun, Comparison, MatrixRow, RunChanges } from "./model.ts";
import { beforeText, conclusionText, groupText, pairText, titleText } from "./words.ts";

const CELL_TONES: Readonly<Record<CellKind, Tone>> = {
  pass: "good",
  fail: "bad",
  recommended: "open",
  known: "noted",
  partly: "open",
  unsupported: "quiet",
  "not-run": "quiet",
  absent: "quiet",
};

/** The comparison as a page. */
export function comparisonHtml(comparison: Comparison): string {
  const { runs, rows, changes } = comparison;
  const chapters = chaptersOf(rows.flatMap(({ requirement }) => requirement ?? []));
  const main = [
    runsHtml(runs),
    ...(changes.length === 0 ? [] : [changesHtml(changes)]),
    matrixHtml(comparison, linkedIds(chapters)),
    chaptersHtml(chapters),
  ];
  return pageText({
    title: `${titleText(comparison)} (XBZRLE conformance)`,
    iconUrl: iconUrl(hasRegression(comparison) ? "nonconformant" : "conformant"),
    header: headHtml(comparison),
    sections: [
      ["runs", "Runs"],
      ...(changes.length === 0 ? [] : [["changes", "Changes"] as const]),
      ["matrix", "Requirements"],
      ["chapters", "Chapters"],
    ],
    skipTo: ["matrix", "requirements"],
    main: html`${main.map((section) => html`${section}\n`)}`,
    footer: `Written by xbzrle-conformance compare, of reports by ${suiteText(runs[0]!.report)}.`,
    modules: ["reveal"],
  });
}

function headHtml(comparison: Comparison): Html {
  const { notes, changes } = comparison;
  const title = titleText(comparison);
  const lost = changes.reduce((sum, { regressions }) => sum + regressions.length, 0);
  const sentence = lost === 0 ? "No regression" : `Regression: ${casesText(lost)} no longer pass`;
  const verdict = lost === 0 ? "conformant" : "nonconformant";
  const lines = changes.map((change) => `${pairText(change)}: ${conclusionText(change)}`);
  return html`<header class="top">
<p class="kind">XBZRLE conformance comparison</p>
<h1>${title}</h1>
${notes.length === 0 ? "" : html`<div class="verdict open" role="note"><p class="word"><strong>Not like with like</strong></p><ul>${notes.map((note) => html`<li>${note}</li>`)}</ul></div>`}
${changes.length === 0 ? "" : verdictHtml(verdict, sentence, "Each later run is held against the first of its implementation.", lines)}
</header>`;
}

function runsHtml(runs: readonly ComparedRun[]): Html {
  return html`<section id="runs" aria-labelledby="runs-title">
<h2 id="runs-title">Runs</h2>
<table role="table" class="families"><caption>What was run, and its verdict</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Run</th><th role="columnheader" scope="col">Verdict</th></tr></thead>
<tbody role="rowgroup">
${runs.map(runRow)}</tbody></table>
</section>`;
}

function runRow({ label, name, path, report }: ComparedRun): Html {
  const { verdict, startedAt, suite } = report;
  const options = optionsText(report);
  const about = `vectors ${suite.vectors}, ${startedAt.slice(0, 10)}${options === "" ? "" : `, ${oneLine(options)}`}`;
  return html`<tr role="row"><th role="rowheader" scope="row">${label}: ${name}</th>
<td role="cell" class="result"><span class="chip ${RUN_TONES[verdict]}">${verdict}</span> ${scopeText(report)}<br><span class="small"><code>${oneLine(path)}</code>, ${about}</span></td></tr>
`;
}

function changesHtml(changes: readonly RunChanges[]): Html {
  return html`<section id="changes" aria-labelledby="changes-title">
<h2 id="changes-title">Changes</h2>
${changes.map(
  (change) => html`<h3>${pairText(change)}</h3>
<p>${conclusionText(change)}.</p>
${change.rows.length === 0 ? "" : changedRows(change)}
${change.groups.map(groupHtml)}`,
)}</section>`;
}

function changedRows(change: RunChanges): Html {
  const { first, later, rows } = change;
  const head = [`In run ${first.label}`, `In run ${later.label}`].map((title) => html`<th scope="col">${title}</th>`);
  return scrolled(
    `Changed requirements: ${pairText(change)}`,
    html`<table class="matrix"><caption>Requirements that something else became of</caption><thead><tr><th scope="col">Requirement</th>${head}</tr></thead>
<tbody>${rows.map(({ name, before, after }) => html`<tr><th scope="row">${name}</th><td>${chip(before)}</td><td>${chip(after)}</td></tr>\n`)}</tbody></table>`,
  );
}

function groupHtml(group: ChangeGroup): Html {
  const items = group.changes.map((change) => html`<li><code>${oneLine(change.id)}</code>${beforeText(change)}</li>`);
  return html`<details><summary>${groupText(group)}</summary><ul class="ids">${items}</ul></details>\n`;
}

/** The matrix: first the rows in which not all is well, then the others in a part that can be opened. */
function matrixHtml({ runs, rows }: Comparison, linked: ReadonlySet<string>): Html {
  const passes = ({ cells }: MatrixRow) => cells.every(({ kind }) => kind === "pass");
  const [well, rest] = [rows.filter(passes), rows.filter((row) => !passes(row))];
  const summary = `${well.length} of ${rows.length} pass in every run`;
  return html`<section id="matrix" aria-labelledby="matrix-title">
<h2 id="matrix-title" tabindex="-1">Requirements</h2>
<p class="note">A requirement passes where every vector that shows it passed. Ids lead into the chapter, further down on this page.</p>
${rest.length === 0 ? "" : matrixTable("Requirements that do not pass in every run", runs, rest, linked)}
${well.length === 0 ? "" : html`<details${rest.length === 0 ? html` open` : ""}><summary>${summary}</summary>${matrixTable("Requirements that pass in every run", runs, well, linked)}</details>`}
</section>`;
}

function matrixTable(
  caption: string,
  runs: readonly ComparedRun[],
  rows: readonly MatrixRow[],
  linked: ReadonlySet<string>,
): Html {
  const heads = runs.map(({ label, name }) => html`<th scope="col">${label}: ${name}</th>`);
  return scrolled(
    caption,
    html`<table class="matrix"><caption>${caption}</caption>
<thead><tr><th scope="col">Id</th>${heads}<th scope="col" class="text">Text</th></tr></thead>
<tbody>
${rows.map((row) => matrixRow(row, linked))}</tbody></table>`,
  );
}

function matrixRow({ name, requirement, cells }: MatrixRow, linked: ReadonlySet<string>): Html {
  const text =
    requirement === undefined
      ? html`Cases that are none of the vectors`
      : html`<span class="level">${requirement.level}, ${requirement.class}</span> ${inline(chapterOf(requirement.link), requirement.text)}`;
  const id = linked.has(name) ? html`<a href="#${name}">${name}</a>` : name;
  return html`<tr id="row-${name}"><th scope="row">${id}</th>${cells.map((cell) => html`<td>${chip(cell)}</td>`)}<td class="text">${text}</td></tr>
`;
}

/** A table that scrolls within itself where it is wider than the screen, with the keyboard too. */
function scrolled(label: string, table: Html): Html {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${label}">${table}</div>`;
}

function chip({ kind, text }: Cell): Html {
  return html`<span class="chip ${CELL_TONES[kind]}">${text}</span>`;
}
