/**
 * Requests, expectations and answers in lines that a person reads; long pages and deltas are cut around what matters.
 */

import { dumpDelta, dumpText } from "../../reference/index.ts";
import type { DecodeOutcome, EncodeOutcome } from "../../vectors/index.ts";
import type { Answer, DecodeRequest, EncodeRequest } from "../protocol.ts";

const ROW_BYTES = 16;
/** How many rows of pages, and how many lines of a delta, are shown at most. */
const MOST_ROWS = 4;
const MOST_DUMP_LINES = 12;

/** An encode request: the rows in which the pages differ. */
export function encodeRequestText({ oldPage, newPage, capacity }: EncodeRequest): string[] {
  const changed = newPage.reduce((count, byte, offset) => count + (byte === oldPage[offset] ? 0 : 1), 0);
  const sizes = `a page of ${bytes(oldPage.length)}, ${changed} changed, and a capacity of ${bytes(capacity)}`;
  return [`encode ${sizes}`, ...pageRows(["old", oldPage], ["new", newPage])];
}

/** A decode request: the delta byte by byte. */
export function decodeRequestText({ oldPage, delta }: DecodeRequest): string[] {
  const sizes = `a delta of ${bytes(delta.length)} for a page of ${bytes(oldPage.length)}`;
  return [`decode ${sizes}`, ...deltaLines(delta, oldPage.length)];
}

/** The outcomes of an encoder that conform. */
export function encodeExpectedText({ oldPage }: EncodeRequest, accept: readonly EncodeOutcome[]): string[] {
  return accept.flatMap((outcome) => {
    if (outcome.kind !== "delta") return [`${outcome.kind} (${outcome.level})`];
    const { delta } = outcome;
    if (!delta) return [`any well-formed delta that fits and gives the new page (${outcome.level})`];
    return [`the canonical delta of ${bytes(delta.length)} (${outcome.level})`, ...deltaLines(delta, oldPage.length)];
  });
}

/** The outcomes of a decoder that conform. */
export function decodeExpectedText({ oldPage }: DecodeRequest, accept: readonly DecodeOutcome[]): string[] {
  return accept.flatMap((outcome) => {
    if (outcome.kind === "malformed") return [`malformed${outcome.fault ? ` (${outcome.fault})` : ""}`];
    const rows = pageRows(["old", oldPage], ["expected", outcome.newPage]);
    return rows.length === 0 ? ["the old page, unchanged"] : ["a page", ...rows];
  });
}

/** An answer; a page is shown where it differs from the one expected. */
export function answerText(answer: Answer, pageSize: number, expectedPage?: Uint8Array): string[] {
  switch (answer.kind) {
    case "delta":
      return [`a delta of ${bytes(answer.delta.length)}`, ...deltaLines(answer.delta, pageSize)];
    case "page":
      return [
        `a page of ${bytes(answer.page.length)}`,
        ...pageRows(["expected", expectedPage ?? new Uint8Array(0)], ["got", answer.page]),
      ];
    case "unchanged":
    case "overflow":
      return [answer.kind];
    default:
      return [`${answer.kind} ${answer.reason}`.trimEnd()];
  }
}

type LabelledPage = readonly [label: string, page: Uint8Array];

/** The rows in which two pages differ, one above the other, and marks under the bytes that do. */
function pageRows(first: LabelledPage, second: LabelledPage): string[] {
  const size = Math.max(first[1].length, second[1].length);
  const width = Math.max(first[0].length, second[0].length);
  const lines: string[] = [];
  let rowCount = 0;
  for (let offset = 0; offset < size; offset += ROW_BYTES) {
    const [top, bottom] = [
      first[1].subarray(offset, offset + ROW_BYTES),
      second[1].subarray(offset, offset + ROW_BYTES),
    ];
    if (Buffer.compare(top, bottom) === 0) continue;
    rowCount++;
    if (rowCount > MOST_ROWS) continue;
    lines.push(rowText(first[0].padEnd(width), offset, top), rowText(second[0].padEnd(width), offset, bottom));
    lines.push(markText(width, top, bottom));
  }
  if (MOST_ROWS < rowCount) lines.push(`... ${rowCount - MOST_ROWS} more rows of ${ROW_BYTES} bytes differ`);
  return lines;
}

function rowText(label: string, offset: number, row: Uint8Array): string {
  return `${label} ${String(offset).padStart(5)}  ${Array.from(row, hexByte).join(" ")}`;
}

function markText(width: number, top: Uint8Array, bottom: Uint8Array): string {
  const size = Math.max(top.length, bottom.length);
  const marks = Array.from({ length: size }, (_, index) => (top[index] === bottom[index] ? "  " : "^^"));
  return `${" ".repeat(width + 8)}${marks.join(" ")}`.trimEnd();
}

/** A delta byte by byte; of a long one the beginning and the end. */
function deltaLines(delta: Uint8Array, pageSize: number): string[] {
  const lines = dumpDelta(delta, pageSize).map(dumpText);
  if (lines.length <= MOST_DUMP_LINES) return lines;
  const left = lines.length - MOST_DUMP_LINES;
  return [...lines.slice(0, MOST_DUMP_LINES / 2), `... ${left} more lines`, ...lines.slice(-MOST_DUMP_LINES / 2)];
}

function bytes(count: number): string {
  return count === 1 ? "1 byte" : `${count} bytes`;
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
