/**
 * A run as Markdown, for the page of a CI job or a comment: the verdict, the families, and what is broken.
 */

import { caseText, plain } from "./case-text.ts";
import { COLUMNS, casesText, columnCounts, NOT_RECOMMENDED_NOTE } from "./counts.ts";
import { adapterText, optionsText, reasonLines, scopeText, suiteText, verdictSentence } from "./headline.ts";
import { type FailureKind, failureKinds } from "./kinds.ts";
import { code, escaped, fenced, htmlEscaped, MOST_CHARACTERS } from "./markdown-text.ts";
import type { RunReport } from "./model.ts";

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

/** The sign of each verdict. */
export const ICONS = { conformant: "✅", nonconformant: "❌", incomplete: "⚠️" } as const;

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
