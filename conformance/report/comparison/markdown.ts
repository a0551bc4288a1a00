/**
 * A comparison as Markdown, for the page of a CI job or a comment.
 */

import { ICONS } from "../markdown.ts";
import { code, escaped, htmlEscaped, MOST_CHARACTERS } from "../markdown-text.ts";
import type { Cell, CellKind } from "./cell.ts";
import type { ChangeGroup } from "./changes.ts";
import type { Comparison, RunChanges } from "./model.ts";
import { beforeText, conclusionText, groupText, pairText, titleText } from "./words.ts";

/** How many cases of a group are listed. */
const MOST_CASES = 50;

const SIGNS: Readonly<Record<CellKind, string>> = {
  pass: "✅",
  fail: "❌",
  recommended: "⚠️",
  known: "⚠️",
  partly: "⚠️",
  unsupported: "➖",
  "not-run": "➖",
  absent: "➖",
};

/** The comparison as Markdown, ended by a line end, of at most {@link MOST_CHARACTERS}. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { notes, changes } = comparison;
  return withinRoom([
    `## ${escaped(titleText(comparison))}\n\n`,
    ...notes.map((note) => `> ${escaped(note)}\n\n`),
    ...changes.map((change) => `- ${sign(change)} ${escaped(pairText(change))}: ${escaped(conclusionText(change))}\n`),
    "\n",
    ...tableLines(comparison),
    ...changes.flatMap(changeBlocks),
  ]);
}

/** The parts as far as there is room. */
function withinRoom(parts: readonly string[]): string {
  const left = "\n\nThe rest has no room here; --report html=FILE has all of it.\n";
  let text = "";
  for (const part of parts) {
    if (MOST_CHARACTERS < text.length + part.length + left.length) return text + left;
    text += part;
  }
  return text;
}

function tableLines({ runs, rows }: Comparison): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  const verdicts = runs.map(({ report: { verdict } }) => `${ICONS[verdict]} ${verdict}`);
  return [
    line(["requirement", ...runs.map(({ label, name }) => `${label}: ${escaped(name)}`)]),
    line(["---", ...runs.map(() => "---")]),
    line(["**verdict**", ...verdicts]),
    ...rows.map(({ name, cells }) => line([escaped(name), ...cells.map(cellText)])),
    "\n",
    ...runs.map(({ label, path }) => `- run ${label}: ${code(path)}\n`),
    "\n",
  ];
}

function cellText({ kind, text }: Cell): string {
  return `${SIGNS[kind]} ${escaped(text)}`;
}

function changeBlocks(change: RunChanges): string[] {
  const { rows, groups } = change;
  if (rows.length + groups.length === 0) return [];
  return [
    `### ${escaped(pairText(change))}\n\n`,
    ...rows.map(({ name, before, after }) => `- ${escaped(name)}: ${cellText(before)} → ${cellText(after)}\n`),
    "\n",
    ...groups.map(groupBlock),
  ];
}

function groupBlock(group: ChangeGroup): string {
  const left = group.changes.length - MOST_CASES;
  return [
    `<details><summary>${htmlEscaped(groupText(group))}</summary>`,
    "",
    ...group.changes.slice(0, MOST_CASES).map((change) => `- ${code(change.id)}${beforeText(change)}`),
    ...(left <= 0 ? [] : [`- and ${left} more`]),
    "",
    "</details>",
    "",
    "",
  ].join("\n");
}

function sign({ regressions }: RunChanges): string {
  return regressions.length === 0 ? "✅" : "❌";
}
