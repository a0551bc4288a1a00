/**
 * The kill matrix as text: `matrix.jsonl`, one row a line, so that a diff shows which mutants changed; and `docs/kill-matrix.md`,
 * what people want to know of it.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../../spec/package.ts";
import { loadRequirements } from "../../spec/requirements.ts";
import { type KillMatrix, killLevel, type MutantRow } from "./matrix.ts";
import { RULES_OFF } from "./rules-off.ts";
import { VARIANTS } from "./variants.ts";

/** The absolute path of the matrix that is checked in. */
export const matrixFile: string = join(packageFolder, "conformance/mutants/matrix.jsonl");

/** The absolute path of its rendering for people. */
export const matrixPage: string = join(packageFolder, "docs/kill-matrix.md");

/** The matrix that is checked in. */
export function readMatrix(): KillMatrix {
  const [head, ...rows] = readFileSync(matrixFile, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const isRequirement = (row: object) => "isolating" in row;
  return { ...head, requirements: rows.filter(isRequirement), mutants: rows.filter((row) => !isRequirement(row)) };
}

/** The text of `matrix.jsonl`: what the matrix is of, then the requirements, then the mutants. */
export function matrixLines({ requirements, mutants, ...head }: KillMatrix): string {
  return [head, ...requirements, ...mutants].map((row) => `${JSON.stringify(row)}\n`).join("");
}

/** The text of `docs/kill-matrix.md`. */
export function matrixMarkdown(matrix: KillMatrix): string {
  const { mutants, vectorCount } = matrix;
  return `${[
    "# Kill matrix",
    "",
    "<!-- Written by `npm run mutants`. Do not edit. -->",
    "",
    `A mutant is an implementation with one mistake. The suite asks ${vectorCount} vectors of each of ${mutants.length} mutants, in this`,
    "process and without fuzzing, and kills all of them; `conformance/mutants/matrix.jsonl` has a row for each.",
    "`node dist/conformance/mutants/cli.js --list` lists them, and `node dist/conformance/mutants/adapter.js MUTANT` is one as an adapter.",
    "",
    "## Requirement by mutant",
    "",
    "A *rule off* is the mutant that breaks the requirement and, as far as that can be, nothing else. An *isolating* vector is one that this",
    "mutant fails, and the rule off of no other requirement.",
    "",
    "| requirement | rule off | mutants that break it | killed by at least | isolating vectors |",
    "| --- | --- | --- | --- | --- |",
    ...matrix.requirements.map(({ id, mutants: count, isolating, first }) => {
      const least = Math.min(...mutants.filter(({ breaks }) => breaks === id).map(({ kills }) => kills));
      const rule = RULES_OFF.find(({ breaks }) => breaks === id)!;
      return `| ${id} (${keyword(id)}) | ${rule.what} | ${count} | ${vectorsText(least)} | ${isolating}: \`${first[0]}\` |`;
    }),
    "",
    "Where a rule could not be switched off as a whole, this is why it is the mistake above:",
    "",
    ...RULES_OFF.flatMap(({ breaks, reason }) => (reason === undefined ? [] : [`- ${breaks}: ${reason}`])),
    "",
    "## Theme by theme",
    "",
    "| theme | mutants | killed by at least | requirements (DELTA) that they break |",
    "| --- | --- | --- | --- |",
    ...themesOf(mutants).map(([theme, rows]) => {
      const [least] = rows.toSorted((left, right) => left.kills - right.kills);
      return `| ${theme} | ${rows.length} | ${vectorsText(least!.kills)} (\`${least!.id}\`) | ${brokenText(rows)} |`;
    }),
    "",
    "The mutants of `unbounded` loop, or read and write outside of their memory. They are stopped, and answer `error`; as programs of",
    "their own they would be a `timeout` or a `crash`. A write past the capacity is an `error` too: the SDK for C finds it by its guard bytes.",
    "",
    "## Legal variants",
    "",
    "What the chapter leaves open is no mistake. These implementations conform, and the suite has to say so.",
    "",
    "| variant | left open by | conforms at | what is different |",
    "| --- | --- | --- | --- |",
    ...VARIANTS.map(({ id, allowedBy, level, what }) => `| ${id} | ${allowedBy} | ${level} | ${what} |`),
  ].join("\n")}\n`;
}

function keyword(id: string): string {
  return loadRequirements().get(id)?.level ?? killLevel(id);
}

function vectorsText(count: number): string {
  return `${count} vector${count === 1 ? "" : "s"}`;
}

function themesOf(mutants: readonly MutantRow[]): [theme: string, rows: MutantRow[]][] {
  const themes = new Map<string, MutantRow[]>();
  for (const row of mutants) {
    const theme = row.id.slice(0, row.id.indexOf("/"));
    themes.set(theme, [...(themes.get(theme) ?? []), row]);
  }
  return [...themes];
}

/** The numbers of the requirements that the theme's mutants break: `1 to 3, 8`. */
function brokenText(rows: readonly MutantRow[]): string {
  const numbers = new Set(rows.map(({ breaks }) => Number(breaks.slice(breaks.lastIndexOf("-") + 1))));
  const starts = [...numbers].filter((number) => !numbers.has(number - 1)).sort((left, right) => left - right);
  const ranges = starts.map((start) => {
    let end = start;
    while (numbers.has(end + 1)) end++;
    return start === end ? `${start}` : `${start} to ${end}`;
  });
  return ranges.join(", ");
}
