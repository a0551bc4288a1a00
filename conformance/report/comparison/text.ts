/**
 * A comparison as text, as wide as the terminal.
 */

import type { Style } from "../case-text.ts";
import { optionsText } from "../headline.ts";
import type { RunVerdict } from "../model.ts";
import { oneLine } from "../printable.ts";
import type { Cell, CellKind } from "./cell.ts";
import type { ChangeGroup } from "./changes.ts";
import type { Comparison, MatrixRow, RunChanges } from "./model.ts";
import { beforeText, conclusionText, groupText, pairText, titleText } from "./words.ts";

/** How many cases of a group are listed. */
const MOST_CASES = 5;
/** The least room in which the beginning of a requirement's text says anything. */
const LEAST_TEXT_WIDTH = 24;
const GAP = "  ";

type Colour = Parameters<Style>[0];

/** The colour of each cell; a pass is the background that others stand out from. */
export const CELL_COLOURS: Readonly<Record<CellKind, Colour>> = {
  pass: "green",
  fail: "red",
  recommended: "yellow",
  known: "yellow",
  partly: "yellow",
  unsupported: "dim",
  "not-run": "yellow",
  absent: "dim",
};

const VERDICT_COLOURS: Readonly<Record<RunVerdict, Colour>> = {
  conformant: "green",
  nonconformant: "red",
  incomplete: "yellow",
};

/** The comparison, ended by a line end; `width` is that of the terminal in characters. */
export function comparisonText(comparison: Comparison, style: Style, width: number): string {
  const { runs, notes, changes } = comparison;
  return [
    ...notes.map((note) => style("yellow", `note: ${note}`)),
    ...(notes.length === 0 ? [] : [""]),
    titleText(comparison),
    ...runs.flatMap(({ label, name, path, report }) => {
      const options = optionsText(report);
      return [`  ${label}  ${name}: ${oneLine(path)}`, ...(options === "" ? [] : [`     with ${oneLine(options)}`])];
    }),
    "",
    ...tables(comparison, style, width),
    ...changes.flatMap((change) => changesLines(change, style)),
  ]
    .join("\n")
    .concat("\n");
}

/** A line of the matrix: the name, a cell for each run, and the requirement's text. */
interface Line {
  readonly name: string;
  readonly cells: readonly { readonly text: string; readonly colour: Colour }[];
  readonly text: string;
}

/** The matrix, as several tables one below the other where the terminal is too narrow for all runs. */
function tables({ runs, rows }: Comparison, style: Style, width: number): string[] {
  const lines: Line[] = [
    { name: "", cells: runs.map(({ label }) => ({ text: label, colour: "bold" })), text: "" },
    {
      name: "verdict",
      cells: runs.map(({ report: { verdict } }) => ({ text: verdict, colour: VERDICT_COLOURS[verdict] })),
      text: "",
    },
    ...rows.map((row) => ({ name: row.name, cells: row.cells.map(cellPart), text: rowText(row) })),
  ];
  const nameWidth = Math.max(...lines.map(({ name }) => name.length));
  const widths = runs.map((_, run) => Math.max(...lines.map(({ cells }) => cells[run]!.text.length)));
  return blocksOf(widths, width - nameWidth).flatMap((block) => {
    const used = block.reduce((sum, run) => sum + GAP.length + widths[run]!, nameWidth);
    const room = width - used - GAP.length;
    const shown = lines.map(({ name, cells, text }) => {
      const parts = block.map((run) => style(cells[run]!.colour, cells[run]!.text.padEnd(widths[run]!)));
      const tail = room < LEAST_TEXT_WIDTH || text === "" ? [] : [style("dim", shortened(text, room))];
      return [name.padEnd(nameWidth), ...parts, ...tail].join(GAP).trimEnd();
    });
    return [...shown, ""];
  });
}

/** The runs of each table: as many as have room, and one at least. */
function blocksOf(widths: readonly number[], room: number): number[][] {
  const blocks: number[][] = [];
  let left = 0;
  for (const [run, width] of widths.entries()) {
    if (blocks.length === 0 || left < GAP.length + width) {
      blocks.push([]);
      left = room;
    }
    blocks.at(-1)!.push(run);
    left -= GAP.length + width;
  }
  return blocks;
}

function cellPart({ kind, text }: Cell): Line["cells"][number] {
  return { text, colour: CELL_COLOURS[kind] };
}

function rowText({ requirement }: MatrixRow): string {
  return requirement === undefined ? "" : oneLine(requirement.text);
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 3).trimEnd()}...`;
}

function changesLines(change: RunChanges, style: Style): string[] {
  const { rows, groups, regressions } = change;
  const nameWidth = Math.max(0, ...rows.map(({ name }) => name.length));
  return [
    style("bold", pairText(change)),
    ...rows.map(({ name, before, after }) => {
      const became = style(CELL_COLOURS[after.kind], after.text);
      return `  ${name.padEnd(nameWidth)}${GAP}${before.text} -> ${became}`;
    }),
    ...groups.flatMap(groupLines),
    style(regressions.length === 0 ? "green" : "red", conclusionText(change)),
    "",
  ];
}

function groupLines(group: ChangeGroup): string[] {
  const left = group.changes.length - MOST_CASES;
  const shown = group.changes.slice(0, MOST_CASES).map((change) => `    ${oneLine(change.id)}${beforeText(change)}`);
  const more = left <= 0 ? [] : [`    and ${left} more; --report html=FILE lists them`];
  return [`  ${groupText(group)}`, ...shown, ...more];
}
