/**
 * What came of scenarios, as a page: one file with tables and plots, which needs nothing from anywhere else and has no program.
 */

import { Html, html } from "../../markup.ts";
import type { MigrationResult, ScenarioResult } from "../../simulation/comparison.ts";
import { bytesPlot, kindPlot, missPlot } from "./plots.ts";
import { equalityText, notesOf, outcomeText, type Table, tablesOf } from "./text.ts";

const STYLE = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { max-width: 74rem; margin: 0 auto; padding: 1rem; background: #fff; color: #1b1f27; font: 1rem/1.5 system-ui, sans-serif;
  overflow-wrap: anywhere; }
h1, h2, h3 { line-height: 1.25; }
h2 { margin-top: 2.5rem; border-top: 1px solid #d5dae1; padding-top: 1rem; }
ul { padding-left: 1.25rem; } li { margin: .25rem 0; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 1rem; }
figure { margin: 0; } figcaption { font-weight: 600; } figure svg { width: 100%; height: auto; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: .5rem 0; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .75rem; border-bottom: 1px solid #d5dae1; text-align: right; white-space: nowrap; }
th:first-child { text-align: left; }
`;

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/**
 * Gives the page.
 *
 * @param results - Of all scenarios.
 * @returns HTML.
 */
export function pageOf(results: readonly ScenarioResult[]): string {
  return html`<!doctype html>
<html lang="en" data-ready>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Simulated migrations (xbzrle simulate)</title>
<link rel="icon" href="data:,">
<style>${new Html(STYLE)}</style>
</head>
<body>
<main>
<h1>Simulated migrations</h1>
<p>Made by <code>xbzrle simulate ${results.map(({ name }) => name).join(" ")}</code>, on a virtual clock.</p>
${results.map(section)}</main>
</body>
</html>
`.text;
}

function section(result: ScenarioResult): Html {
  const { name, scenario, migrations } = result;
  return html`<section>
<h2>${name}: ${scenario.title}</h2>
<ul>
${notesOf(result).map((note) => html`<li>${note}</li>\n`)}</ul>
<div class="plots">
${plots(migrations)}</div>
${migrations.map(migrationPart)}</section>
`;
}

function plots(migrations: readonly MigrationResult[]): Html[] {
  const misses = missPlot(migrations);
  return [
    figure("Bytes a round", bytesPlot(migrations)),
    ...(misses === undefined ? [] : [figure("Miss rate of the page cache", misses)]),
    figure(
      "What the records of each kind cost the link",
      kindPlot(migrations, "MiB", ({ byKind }, kind) => byKind[kind].byteCount / 2 ** 20),
    ),
    figure(
      "What the pages of each kind cost the processor of the sender, its threads included",
      kindPlot(migrations, "ms", ({ byKind }, kind) => byKind[kind].cpuMs + byKind[kind].threadMs),
    ),
  ];
}

/** The plot is that of the library, which has escaped the names in it. */
function figure(caption: string, svg: string): Html {
  return html`<figure><figcaption>${caption}</figcaption><div role="img" aria-label="${caption}; the tables have the numbers">${new Html(svg)}</div></figure>
`;
}

function migrationPart(migration: MigrationResult): Html {
  return html`<h3>${migration.name}</h3>
<p>${outcomeText(migration)}; ${equalityText(migration)}.</p>
${migration.events.map((event) => html`<p>${event}</p>\n`)}${tablesOf(migration).map(table)}`;
}

function table([head = [], ...rows]: Table): Html {
  return html`<div class="wide"><table>
<thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>
${rows.map(([first = "", ...rest]) => html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</tbody>
</table></div>
`;
}
