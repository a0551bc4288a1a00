/**
 * A chapter of `docs/xbzrle` as HTML, so that a report can show a requirement where it stands. Knows the Markdown that the chapters
 * use: headings, paragraphs, lists of one level, tables, fences, code, emphasis and links.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Html, html } from "../../../reference/markup.ts";
import { packageFolder } from "../../../spec/package.ts";
import { headingAnchor } from "../../../spec/requirements.ts";

/** A chapter, ready for a page. */
export interface ChapterPage {
  readonly chapter: string;
  readonly title: string;
  readonly content: Html;
  /** The ids of the requirements that can be linked to: `#DELTA-12`. */
  readonly requirementIds: ReadonlySet<string>;
}

/** The name of the chapter that a requirement's link leads to: `docs/xbzrle/delta.md#lengths` stands in `delta`. */
export function chapterOf(link: string): string {
  return /^docs\/xbzrle\/([a-z]+)\.md#/.exec(link)?.[1] ?? "";
}

/** The chapters of the installed package that have these names. A report can be of another version, which has others. */
export function chapterPages(chapters: Iterable<string>): ChapterPage[] {
  const files = [...chapters].map((chapter) => ({ chapter, path: join(packageFolder, `docs/xbzrle/${chapter}.md`) }));
  return files
    .filter(({ path }) => existsSync(path))
    .map(({ chapter, path }) => renderChapter(chapter, readFileSync(path, "utf8")));
}

/** The chapter of this text. */
export function renderChapter(chapter: string, markdown: string): ChapterPage {
  const requirementIds = new Set<string>();
  const blocks = blocksOf(markdown).map((block) => {
    const requirement = /^\*\*([A-Z]+-\d+)\*\* /.exec(block);
    if (!requirement) return blockHtml(chapter, block);
    const id = requirement[1]!;
    requirementIds.add(id);
    const text = inline(chapter, block.slice(requirement[0].length));
    return html`<p class="requirement" id="${id}"><a href="#row-${id}">${id}</a> ${text}</p>\n`;
  });
  const title = /^# (.*)/.exec(markdown)?.[1] ?? chapter;
  return { chapter, title, content: html`${blocks}`, requirementIds };
}

/** Blocks are parted by empty lines, but for those in a fence. */
function blocksOf(markdown: string): string[] {
  const blocks = markdown.match(/^```[\s\S]*?^```$|(?:^(?!```).+$\n?)+/gm) ?? [];
  return blocks.map((block) => block.trimEnd());
}

function blockHtml(chapter: string, block: string): Html {
  const lines = block.split("\n");
  const heading = /^(#+) (.*)/.exec(block);
  if (heading) return headingHtml(chapter, heading[1]!.length, heading[2]!);
  if (block.startsWith("```")) return html`<pre tabindex="0">${lines.slice(1, -1).join("\n")}</pre>\n`;
  if (block.startsWith("| ")) return tableHtml(chapter, lines);
  if (block.startsWith("- ")) {
    const items = block.slice(2).split(/\n- /);
    return html`<ul>${items.map((item) => html`<li>${inline(chapter, item)}</li>`)}</ul>\n`;
  }
  return html`<p>${inline(chapter, block)}</p>\n`;
}

/** The page has headings of its own above: the chapter's own title is one of the second level there. */
function headingHtml(chapter: string, depth: number, text: string): Html {
  if (depth === 1) return html``;
  return html`<h3 id="${headingId(chapter, headingAnchor(text))}">${inline(chapter, text)}</h3>\n`;
}

function tableHtml(chapter: string, lines: readonly string[]): Html {
  const [head, , ...rows] = lines.map((line) => line.slice(2, -2).split(" | "));
  return html`<table><thead><tr>${head!.map((cell) => html`<th scope="col">${inline(chapter, cell)}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${inline(chapter, cell)}</td>`)}</tr>`)}</tbody></table>\n`;
}

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*|\[([^\]]+)\]\(([^)\s]+)\)/g;

/** A line of the chapter's Markdown; links lead to the chapter's part of the page. */
export function inline(chapter: string, text: string): Html {
  const parts: Html[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, strong, emphasis, label, target] = match;
    parts.push(html`${text.slice(end, match.index)}`);
    if (code !== undefined) parts.push(html`<code>${code}</code>`);
    else if (strong !== undefined) parts.push(html`<strong>${inline(chapter, strong)}</strong>`);
    else if (emphasis !== undefined) parts.push(html`<em>${inline(chapter, emphasis)}</em>`);
    else parts.push(linkHtml(chapter, label!, target!));
    end = match.index + whole.length;
  }
  return html`${parts}${text.slice(end)}`;
}

/** A link within the chapter, or to the web; other files are not in the page. */
function linkHtml(chapter: string, label: string, target: string): Html {
  const text = inline(chapter, label);
  if (target.startsWith("#")) return html`<a href="#${headingId(chapter, target.slice(1))}">${text}</a>`;
  return target.startsWith("https://") ? html`<a href="${target}" rel="noreferrer">${text}</a>` : text;
}

function headingId(chapter: string, anchor: string): string {
  return `${chapter}--${anchor}`;
}
