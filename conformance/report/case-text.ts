/**
 * One case that did not pass, as a block of text: what was asked and why, what came, and how to repeat it.
 */

import { hexByte } from "../suites/cut.ts";
import type { CaseReport } from "./model.ts";
import { oneLine, printable } from "./printable.ts";

/** Colours text in the manner of `util.styleText`. */
export type Style = (format: "red" | "green" | "yellow" | "bold" | "dim", text: string) => string;

/** Text as it is. */
export const plain: Style = (_, text) => text;

const LABEL_WIDTH = 12;

/** The block of a case, ended by an empty line. */
export function caseText(report: CaseReport, style: Style): string {
  const requirements = report.requirements.map(({ id, text }) => ({ id, text: `${id}  ${text}` }));
  const isBroken = ({ id }: { id: string }) => id === report.broken;
  const rows: (readonly [label: string, lines: readonly string[]])[] = [
    ["broken", requirements.filter(isBroken).map(({ text }) => text)],
    ["shows", requirements.filter((shown) => !isBroken(shown)).map(({ text }) => style("dim", text))],
    ["why", [report.why]],
    ["request", report.request],
    ["expected", report.expected],
    ["got", report.got.map(printable)],
    ["finding", report.detail === "" ? [] : [oneLine(report.detail), ...differenceText(report)]],
    ["stderr", report.stderrTail === "" ? [] : report.stderrTail.split("\n").slice(-8).map(printable)],
    ["known", report.known === null ? [] : [report.known]],
    ["alone", report.passesAlone ? [ALONE] : []],
    ["vector", report.vector === null ? [] : [JSON.stringify(report.vector)]],
    ["repeat", [report.repeat]],
  ];
  const head = `${style(report.verdict === "pass" ? "green" : "red", report.verdict)}  ${style("bold", report.id)}`;
  return [head, ...rows.flatMap(([label, lines]) => rowText(label, lines, style)), "", ""].join("\n");
}

const ALONE =
  "asked of a fresh process it passes: the implementation keeps something from the requests before, which the command asks too";

function rowText(label: string, lines: readonly string[], style: Style): string[] {
  return lines.map((line, index) => {
    const margin = index === 0 ? style("dim", label.padEnd(LABEL_WIDTH)) : " ".repeat(LABEL_WIDTH);
    return `  ${margin}${line}`.trimEnd();
  });
}

/** The first byte that is not as expected, in a line. */
export function differenceText({ difference }: CaseReport): string[] {
  if (difference === null) return [];
  const { what, offset, expected, got } = difference;
  return [`first difference at ${what} offset ${offset}: expected ${byteText(expected)}, got ${byteText(got)}`];
}

function byteText(byte: number): string {
  return byte === -1 ? "the end" : hexByte(byte);
}
