/**
 * A delta byte by byte: offset in the delta, bytes, offset in the page, and what they say
 * (docs/xbzrle/delta.md, "Worked examples").
 */

import { toHex } from "../bytes.ts";
import { MalformedDeltaError } from "../errors.ts";
import { readLength } from "./length.ts";
import { deltaRuns } from "./runs.ts";

/** The number of literals of a line. */
const LITERALS_A_LINE = 16;

/** One line of a dump. */
export type DumpLine = LengthLine | LiteralsLine | FaultLine;

/** The length of a run. */
export interface LengthLine {
  readonly kind: "zrun" | "nzrun";
  /** Where the line's bytes stand, in bytes from the start of the delta. */
  readonly deltaOffset: number;
  /** The one or two bytes of the length: a view of the delta. */
  readonly bytes: Uint8Array;
  /** Where the run begins, in bytes from the start of the page. */
  readonly pageOffset: number;
  /** The number of bytes of the run in the page. */
  readonly length: number;
}

/** The next literals of an nzrun. */
export interface LiteralsLine {
  readonly kind: "literals";
  /** Where the line's bytes stand, in bytes from the start of the delta. */
  readonly deltaOffset: number;
  /** The literals, 1 to 16: a view of the delta. */
  readonly bytes: Uint8Array;
  /** Where the literals go, in bytes from the start of the page. */
  readonly pageOffset: number;
}

/** The fault at which the dump of a malformed delta ends. */
export interface FaultLine {
  readonly kind: "fault";
  readonly error: MalformedDeltaError;
}

/**
 * Dumps a delta.
 *
 * @param delta - Any number of bytes.
 * @param pageSize - In bytes, 1 to 65536.
 * @returns A line for each length, and a line for each 16 literals of an nzrun or the rest of them; of a malformed
 * delta, the lines before the offset of the fault, and then the fault.
 * @throws TypeError or RangeError if an argument is not as above. Source: delta.md, "Worked examples".
 */
export function dumpDelta(delta: Uint8Array, pageSize: number): DumpLine[] {
  const lines: DumpLine[] = [];
  let deltaOffset = 0;
  let pageOffset = 0;
  try {
    for (const run of deltaRuns(delta, pageSize)) {
      deltaOffset = run.deltaOffset + run.lengthByteCount;
      pageOffset = run.pageOffset + run.length;
      lines.push(lengthLine(delta, run.kind, run.deltaOffset, deltaOffset, run.pageOffset));
      if (run.kind === "nzrun") lines.push(...literalsLines(run.literals, run.literalsOffset, run.pageOffset));
    }
  } catch (error) {
    if (!(error instanceof MalformedDeltaError)) throw error;
    // The length of an nzrun whose literals are missing is sound, and stands before the fault: behind the last zrun.
    if (error.fault === "nzrun-truncated") {
      lines.push(lengthLine(delta, "nzrun", deltaOffset, error.deltaOffset, pageOffset));
    }
    lines.push({ kind: "fault", error });
  }
  return lines;
}

/**
 * Gives a line of a dump as text, as the chapter writes it.
 *
 * @param line - A line of `dumpDelta`.
 * @returns The text, without a line end; for a fault, its message. Source: delta.md, "Worked examples".
 */
export function dumpText(line: DumpLine): string {
  if (line.kind === "fault") return line.error.message;
  const deltaOffset = String(line.deltaOffset).padStart(4);
  const bytes = [...line.bytes].map((byte) => toHex(Uint8Array.of(byte)));
  const says = line.kind === "literals" ? "literals" : `${line.kind} ${line.length}`;
  return `${deltaOffset}  ${bytes.join(" ").padEnd(8)}  page ${line.pageOffset}  ${says}`;
}

/** The line of the length that stands between two offsets of the delta. */
function lengthLine(
  delta: Uint8Array,
  kind: "zrun" | "nzrun",
  deltaOffset: number,
  endOffset: number,
  pageOffset: number,
): LengthLine {
  const bytes = delta.subarray(deltaOffset, endOffset);
  return { kind, deltaOffset, bytes, pageOffset, length: readLength(delta, deltaOffset) };
}

/** The lines of the literals of one nzrun. */
function literalsLines(literals: Uint8Array, literalsOffset: number, pageOffset: number): LiteralsLine[] {
  const lines: LiteralsLine[] = [];
  for (let index = 0; index < literals.length; index += LITERALS_A_LINE) {
    lines.push({
      kind: "literals",
      deltaOffset: literalsOffset + index,
      bytes: literals.subarray(index, index + LITERALS_A_LINE),
      pageOffset: pageOffset + index,
    });
  }
  return lines;
}
