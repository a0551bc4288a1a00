/**
 * A run as one HTML page, which needs nothing from anywhere else: its style, its program, the cases and the chapters are in it.
 */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { suiteText } from "./headline.ts";
import type { RunReport } from "./model.ts";
import { casesHtml, pageData } from "./page/cases.ts";
import { type ChapterPage, chapterOf, chapterPage } from "./page/chapter.ts";
import { headHtml, iconUrl } from "./page/head.ts";
import { Html, html, jsonForScript } from "./page/markup.ts";
import { STYLE } from "./page/style.ts";
import { familiesHtml, requirementsHtml, runHtml } from "./page/tables.ts";
import { oneLine } from "./printable.ts";

/** The modules of the page's program, each after those that it imports. */
const MODULES = ["filter", "rows", "list"].map((name) => new URL(`./page/browser/${name}.mjs`, import.meta.url));

/** The report as a page. */
export function htmlText(report: RunReport): string {
  const chapters = chapterNames(report).map(chapterPage);
  const linked = new Set(chapters.flatMap(({ requirementIds }) => [...requirementIds]));
  const data = pageData(report, linked);
  const program = programText();
  // What an adapter says is in this page. Nothing but the page's own program may run in it, and nothing may be fetched.
  const policy = [
    "default-src 'none'",
    `script-src '${sourceHash(program)}'`,
    `style-src '${sourceHash(STYLE)}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${oneLine(report.adapter.name)}: ${report.verdict} (XBZRLE conformance)</title>
<link rel="icon" href="${iconUrl(report.verdict)}">
<style>${new Html(STYLE)}</style>
</head>
<body>
<a class="skip" href="#cases">Skip to the cases</a>
${headHtml(report)}
<nav aria-label="Parts of the report"><ul>
<li><a href="#requirements">Requirements</a></li><li><a href="#families">Families</a></li><li><a href="#run">The run</a></li>
<li><a href="#chapters">Chapters</a></li><li><a href="#cases">Cases</a></li>
</ul></nav>
<main>
${requirementsHtml(report, linked)}
${familiesHtml(report)}
${runHtml(report)}
${chaptersHtml(chapters)}
${casesHtml(report, data)}
</main>
<footer><p class="note">Written by ${suiteText(report)}.</p></footer>
<script type="application/json" id="data">${jsonForScript(data)}</script>
<script type="module">${new Html(program)}</script>
</body>
</html>
`.text;
}

function chapterNames({ requirements }: RunReport): string[] {
  return [...new Set(requirements.map(({ link }) => chapterOf(link)).filter((name) => name !== ""))];
}

function chaptersHtml(chapters: readonly ChapterPage[]): Html {
  return html`<section id="chapters" aria-labelledby="chapters-title">
<h2 id="chapters-title">Chapters of the specification</h2>
${chapters.map(({ chapter, title, content }) => html`<details id="chapter-${chapter}"><summary>${title} (docs/xbzrle/${chapter}.md)</summary><div>${content}</div></details>\n`)}</section>`;
}

/** The modules as one, because a page without a network has nothing to import from. */
function programText(): string {
  const sources = MODULES.map((url) => readFileSync(url, "utf8"));
  return sources
    .map((source) => source.replaceAll(/^import [^;]*;$/gm, "").replaceAll(/^export (?=function|const)/gm, ""))
    .join("\n");
}

function sourceHash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
