/**
 * Pages as rows and deltas as dumps; what is long is cut around a difference.
 */

import { type DumpLine, dumpDelta, dumpText, toHex } from "../../reference/index.ts";
import type { Difference } from "../harness/case.ts";

const ROW_BYTES = 16;
/** How many rows of a page, or pairs of rows of two, are shown at most. */
const MOST_ROWS = 4;
/** How many lines of a delta are shown at most: of its beginning and its end, and around a difference that is in neither. */
const MOST_DUMP_LINES = 12;
const END_LINES = 2;
/** How many bytes of a delta are shown from a fault on. */
const FAULT_BYTES = 8;

/** A page, and what it is. */
export type LabelledPage = readonly [label: string, page: Uint8Array];

/** The rows in which two pages differ, and that of the difference, one above the other; marks under the bytes that differ. */
export function pageRows(first: LabelledPage, second: LabelledPage, around?: Difference): string[] {
  const size = Math.max(first[1].length, second[1].length);
  const width = Math.max(first[0].length, second[0].length);
  const focus = around?.what === "page" ? rowStart(around.offset) : undefined;
  const offsets: number[] = [];
  for (let offset = 0; offset < size; offset += ROW_BYTES) {
    if (offset === focus || Buffer.compare(rowOf(first[1], offset), rowOf(second[1], offset)) !== 0)
      offsets.push(offset);
  }
  return cutRows(offsets, focus, (offset) => {
    const [top, bottom] = [rowOf(first[1], offset), rowOf(second[1], offset)];
    const marks = markText(width, top, bottom);
    return [
      rowText(first[0].padEnd(width), offset, top),
      rowText(second[0].padEnd(width), offset, bottom),
      ...(marks === "" ? [] : [marks]),
    ];
  });
}

/** The rows of one page around an offset. */
export function rowsAlone([label, page]: LabelledPage, pageOffset: number): string[] {
  const offsets = Array.from({ length: Math.ceil(page.length / ROW_BYTES) }, (_, row) => row * ROW_BYTES);
  const row = (offset: number) => [rowText(label, offset, rowOf(page, offset))];
  return cutRows(offsets, rowStart(pageOffset), row);
}

/** A delta byte by byte, its fault with the bytes that stand there. */
export function deltaLines(delta: Uint8Array, pageSize: number, around?: Difference): string[] {
  const lines = dumpDelta(delta, pageSize);
  const texts = (start: number, end: number) =>
    lines.slice(start, end).map((line) => (line.kind === "fault" ? faultText(delta, line.error) : dumpText(line)));
  const count = lines.length;
  if (count <= MOST_DUMP_LINES) return texts(0, count);
  const half = MOST_DUMP_LINES / 2;
  const focus = around === undefined ? 0 : lineAt(lines, around);
  if (focus < half || count - half <= focus) {
    return [...texts(0, half), leftOut(count - MOST_DUMP_LINES), ...texts(count - half, count)];
  }
  const middle = MOST_DUMP_LINES - 2 * END_LINES;
  const start = Math.min(Math.max(focus - middle / 2, END_LINES), count - END_LINES - middle);
  return [
    ...texts(0, END_LINES),
    ...(start === END_LINES ? [] : [leftOut(start - END_LINES)]),
    ...texts(start, start + middle),
    ...(start + middle === count - END_LINES ? [] : [leftOut(count - END_LINES - start - middle)]),
    ...texts(count - END_LINES, count),
  ];
}

/** Some rows, the one at the focus among them, and how many are left out before and after. */
function cutRows(
  offsets: readonly number[],
  focus: number | undefined,
  linesOf: (offset: number) => string[],
): string[] {
  const focusIndex = focus === undefined ? 0 : Math.max(0, offsets.indexOf(focus));
  const start = Math.max(0, Math.min(focusIndex - 1, offsets.length - MOST_ROWS));
  const after = offsets.length - start - MOST_ROWS;
  return [
    ...(start === 0 ? [] : [rowsLeftOut(start)]),
    ...offsets.slice(start, start + MOST_ROWS).flatMap(linesOf),
    ...(after <= 0 ? [] : [rowsLeftOut(after)]),
  ];
}

function rowsLeftOut(count: number): string {
  return `... ${count} more row${count === 1 ? "" : "s"} of ${ROW_BYTES} bytes`;
}

/** The line of a dump in which a byte of the delta stands, or which says what a byte of the page is. */
function lineAt(lines: readonly DumpLine[], { what, offset }: Difference): number {
  const isBefore = (line: DumpLine) => {
    if (line.kind === "fault") return what === "delta" && line.error.deltaOffset <= offset;
    return (what === "delta" ? line.deltaOffset : line.pageOffset) <= offset;
  };
  return lines.findLastIndex(isBefore);
}

/** The bytes at a fault in the manner of a dump, and the fault. */
function faultText(delta: Uint8Array, { deltaOffset, message }: { deltaOffset: number; message: string }): string {
  const bytes = Array.from(delta.subarray(deltaOffset, deltaOffset + FAULT_BYTES), hexByte);
  const more = deltaOffset + FAULT_BYTES < delta.length ? " ..." : "";
  const shown = bytes.length === 0 ? "the end" : `${bytes.join(" ")}${more}`;
  return `${String(deltaOffset).padStart(4)}  ${shown.padEnd(8)}  ${message}`;
}

function leftOut(count: number): string {
  return `... ${count} more line${count === 1 ? "" : "s"}`;
}

function rowStart(offset: number): number {
  return offset - (offset % ROW_BYTES);
}

function rowOf(page: Uint8Array, offset: number): Uint8Array {
  return page.subarray(offset, offset + ROW_BYTES);
}

function rowText(label: string, offset: number, row: Uint8Array): string {
  return `${label} ${String(offset).padStart(5)}  ${Array.from(row, hexByte).join(" ")}`;
}

function markText(width: number, top: Uint8Array, bottom: Uint8Array): string {
  const size = Math.max(top.length, bottom.length);
  const marks = Array.from({ length: size }, (_, index) => (top[index] === bottom[index] ? "  " : "^^"));
  return `${" ".repeat(width + 8)}${marks.join(" ")}`.trimEnd();
}

/** Two digits. */
export function hexByte(byte: number): string {
  return toHex(Uint8Array.of(byte));
}
