/**
 * A page as one file, which needs nothing from anywhere else: its style, its program and the chapters are in it.
 */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Html, html, jsonForScript } from "../../../reference/markup.ts";
import type { RequirementReport } from "../model.ts";
import { type ChapterPage, chapterOf, chapterPages } from "./chapter.ts";
import { STYLE } from "./style.ts";

/** What makes a page. */
export interface PageParts {
  readonly title: string;
  readonly iconUrl: string;
  readonly header: Html;
  /** The sections, by id and title, in the order in which they stand in `main`. */
  readonly sections: readonly (readonly [id: string, title: string])[];
  /** The section that the keyboard can go to at once. */
  readonly skipTo: readonly [id: string, title: string];
  readonly main: Html;
  readonly footer: string;
  /** What the page's program knows, if it knows anything. */
  readonly data?: unknown;
  /** The modules of the page's program in `browser/`, each after those that it imports. */
  readonly modules: readonly string[];
}

/** The page. */
export function pageText(page: PageParts): string {
  const program = programText(page.modules);
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
  const [skipId, skipTitle] = page.skipTo;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${page.title}</title>
<link rel="icon" href="${page.iconUrl}">
<style>${new Html(STYLE)}</style>
</head>
<body>
<a class="skip" href="#${skipId}">Skip to the ${skipTitle}</a>
${page.header}
<nav aria-label="Parts of the report"><ul>
${page.sections.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>\n`)}</ul></nav>
<main>
${page.main}
</main>
<footer><p class="note">${page.footer}</p></footer>
${page.data === undefined ? "" : html`<script type="application/json" id="data">${jsonForScript(page.data)}</script>\n`}<script type="module">${new Html(program)}</script>
</body>
</html>
`.text;
}

/** The chapters that requirements stand in. */
export function chaptersOf(requirements: readonly Pick<RequirementReport, "link">[]): ChapterPage[] {
  return chapterPages(new Set(requirements.map(({ link }) => chapterOf(link))));
}

/** The ids of the requirements that a page with these chapters can link to. */
export function linkedIds(chapters: readonly ChapterPage[]): ReadonlySet<string> {
  return new Set(chapters.flatMap(({ requirementIds }) => [...requirementIds]));
}

/** The section of the chapters, each folded. */
export function chaptersHtml(chapters: readonly ChapterPage[]): Html {
  return html`<section id="chapters" aria-labelledby="chapters-title">
<h2 id="chapters-title">Chapters of the specification</h2>
${chapters.map(({ chapter, title, content }) => html`<details id="chapter-${chapter}"><summary>${title} (docs/xbzrle/${chapter}.md)</summary><div>${content}</div></details>\n`)}</section>`;
}

/** The modules as one, because a page without a network has nothing to import from. */
function programText(modules: readonly string[]): string {
  const sources = modules.map((name) => readFileSync(new URL(`./browser/${name}.mjs`, import.meta.url), "utf8"));
  return sources
    .map((source) => source.replaceAll(/^import [^;]*;$/gm, "").replaceAll(/^export (?=function|const)/gm, ""))
    .join("\n");
}

function sourceHash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
