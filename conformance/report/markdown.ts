/**
 * A run as Markdown, for the page of a CI job or a comment: the verdict, the families, and what is broken.
 */

import { caseText, plain } from "./case-text.ts";
import { COLUMNS, casesText, columnCounts, NOT_RECOMMENDED_NOTE } from "./counts.ts";
import { adapterText, optionsText, reasonLines, scopeText, suiteText, verdictSentence } from "./headline.ts";
import { type FailureKind, failureKinds } from "./kinds.ts";
import type { RunReport } from "./model.ts";
import { oneLine } from "./printable.ts";

/** The most characters. GitHub cuts a job summary at 1 MiB and refuses a comment of more than 65,536 characters. */
export const MOST_CHARACTERS = 60_000;
/** The most of a text in the head or in a summary, and of a failing case. */
const MOST_LINE_CHARACTERS = 400;
const MOST_BLOCK_CHARACTERS = 6_000;
/** The most reasons. A file of known failures can be wrong in each of its entries. */
const MOST_REASONS = 20;

/** The report as Markdown, ended by a line end, of at most {@link MOST_CHARACTERS}. */
export function markdownText(report: RunReport): string {
  const kinds = failureKinds(report.failures, report.options.level);
  const options = optionsText(report);
  const head = [
    `## ${ICONS[report.verdict]} ${escaped(verdictSentence(report))}`,
    "",
    `${escaped(scopeText(report))}.`,
    "",
    ...reasonList(reasonLines(report)),
    ...familyTable(report),
    "",
    "",
    ...(kinds.length === 0 ? [] : ["### Broken", "", ""]),
  ].join("\n");
  const foot = [
    `Asked by ${escaped(suiteText(report))}, of ${code(adapterText(report))}${options === "" ? "" : `, with ${code(options)}`}.`,
    "",
  ].join("\n");
  const texts = new Map(report.requirements.map(({ id, text, link }) => [id, `${text} (${link})`]));
  return head + brokenBlocks(kinds, texts, MOST_CHARACTERS - head.length - foot.length) + foot;
}

function reasonList(reasons: readonly string[]): string[] {
  if (reasons.length === 0) return [];
  const left = reasons.length - MOST_REASONS;
  const shown = reasons.slice(0, MOST_REASONS).map((reason) => `- ${escaped(reason)}`);
  return [...shown, ...(left <= 0 ? [] : [`- and ${left} more`]), ""];
}

const ICONS = { conformant: "✅", nonconformant: "❌", incomplete: "⚠️" } as const;

/** The counts by section; columns without a count are left out, but for the first and the last. */
function familyTable({ sections, counts, options }: RunReport): string[] {
  const total = columnCounts(counts);
  const isShown = (_: unknown, column: number) => column === 0 || column === COLUMNS.length - 1 || total[column] !== 0;
  const row = (first: string, cells: readonly (string | number)[]) =>
    `| ${[first, ...cells.filter(isShown)].join(" | ")} |`;
  const titles = COLUMNS.map(({ title }) => title);
  return [
    row("family", titles),
    row(
      "---",
      titles.map(() => "---:"),
    ),
    ...sections.map(({ section, counts }) => row(escaped(section), columnCounts(counts))),
    row("**all**", total),
    ...(options.level === "required" && total[1] !== 0 ? ["", `${NOT_RECOMMENDED_NOTE}.`] : []),
  ];
}

/** What is broken, each with the plainest case and the command that repeats it, as far as there is room. */
function brokenBlocks(kinds: readonly FailureKind[], texts: ReadonlyMap<string, string>, room: number): string {
  let blocks = "";
  for (const [index, kind] of kinds.entries()) {
    const block = brokenBlock(kind, texts.get(kind.name) ?? "");
    const left = `And ${kinds.length - index} more kinds of failure, which have no room here.\n\n`;
    if (room < blocks.length + block.length + left.length) return blocks + left;
    blocks += block;
  }
  return blocks;
}

function brokenBlock({ name, failures, plainest }: FailureKind, text: string): string {
  const count = casesText(failures.length);
  return [
    `<details><summary><b>${htmlEscaped(name)}</b>: ${count}, for example ${htmlEscaped(plainest.id)}</summary>`,
    "",
    ...(text === "" ? [] : [escaped(text), ""]),
    fenced(caseText(plainest, plain).trimEnd()),
    "",
    fenced(plainest.repeat),
    "",
    "</details>",
    "",
    "",
  ].join("\n");
}

/** Text that Markdown takes for nothing else, in one line. */
function escaped(text: string): string {
  return htmlEscaped(text).replace(/[\\`*_[\]|~]/g, "\\$&");
}

/** Text within an HTML element, where Markdown has no say, in one line. */
function htmlEscaped(text: string): string {
  return shortened(oneLine(text), MOST_LINE_CHARACTERS)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

/** Text as code, in one line. */
function code(text: string): string {
  const line = shortened(oneLine(text), MOST_LINE_CHARACTERS);
  const fence = fenceFor(line, 1);
  return `${fence} ${line} ${fence}`;
}

/** Text as a block of code, which a fence within it does not end. */
function fenced(text: string): string {
  const block = shortened(text, MOST_BLOCK_CHARACTERS);
  const fence = fenceFor(block, 3);
  return [`${fence}text`, block, fence].join("\n");
}

/** More back-quotes than stand anywhere in the text. */
function fenceFor(text: string, least: number): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((quotes) => quotes.length));
  return "`".repeat(Math.max(least, longest + 1));
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)} ... (${text.length - most} more characters)`;
}
