/**
 * Lines of a trace become writes (docs/guests.md, "Traces"). The mirror of `write.ts`.
 */

import { fromHex } from "../../bytes.ts";
import { type Range, requireInRange } from "../../range.ts";
import { requireTargetPageSize } from "../../record/record.ts";
import {
  MalformedTraceError,
  TRACE_FORMAT,
  TRACE_TIMES,
  TRACE_VERSION,
  TRACE_WRITE_SIZES,
  type Trace,
  type TraceBlock,
  type TraceHead,
  type TraceWrite,
} from "./trace.ts";

/** What a block's length, and an address in it, may be. */
const LENGTHS: Range = { least: 1, most: Number.MAX_SAFE_INTEGER };

/** An object out of a line: what its members are is not known. */
type Members = Readonly<Record<string, unknown>>;

/**
 * Reads a trace, line by line as they are asked for.
 *
 * @param lines - Without their ends; empty lines say nothing.
 * @returns The head, and the writes, which are read as they are gone through; that throws as this does.
 * @throws MalformedTraceError at the first line that is none of a trace.
 */
export function readTrace(lines: Iterable<string>): Trace {
  const numbered = numberedLines(lines);
  const first = numbered.next();
  if (first.done) throw new MalformedTraceError(1, "there is no line");
  const { number, text } = first.value;
  const head = atLine(number, () => readHead(parseMembers(text)));
  return { head, writes: readWrites(head, numbered) };
}

/** A line and its number, counted from 1. */
interface NumberedLine {
  readonly number: number;
  readonly text: string;
}

function* numberedLines(lines: Iterable<string>): Generator<NumberedLine, undefined> {
  let number = 0;
  for (const text of lines) {
    number += 1;
    if (text.trim() !== "") yield { number, text };
  }
}

function* readWrites({ blocks }: TraceHead, lines: Iterable<NumberedLine>): Generator<TraceWrite> {
  const byteCounts = new Map(blocks.map(({ name, byteCount }) => [name, byteCount]));
  let lastUs = TRACE_TIMES.least;
  for (const { number, text } of lines) {
    const write = atLine(number, () => readWrite(parseMembers(text), byteCounts, lastUs));
    lastUs = write.timeUs;
    yield write;
  }
}

function readHead(members: Members): TraceHead {
  const { format, version, pageSize, blocks } = requireOnly(members, ["format", "version", "pageSize", "blocks"]);
  if (format !== TRACE_FORMAT)
    throw new RangeError(`format has to be "${TRACE_FORMAT}", not ${JSON.stringify(format)}`);
  requireInRange("version", version as number, { least: TRACE_VERSION, most: TRACE_VERSION });
  requireTargetPageSize(pageSize as number);
  if (!Array.isArray(blocks) || blocks.length === 0)
    throw new RangeError("blocks has to be a list of one block or more");
  const read = blocks.map((block) => readBlock(block, pageSize as number));
  if (new Set(read.map(({ name }) => name)).size < read.length) throw new RangeError("two blocks have the same name");
  return { pageSize: pageSize as number, blocks: read };
}

function readBlock(value: unknown, pageSize: number): TraceBlock {
  const { name, byteCount } = requireOnly(requireMembers(value, "a block"), ["name", "byteCount"]);
  if (!/^[\0-\xff]{1,255}$/.test(requireText(name, "name"))) throw new RangeError("name has to have 1 to 255 bytes");
  requireInRange("byteCount", byteCount as number, LENGTHS);
  if ((byteCount as number) % pageSize === 0) return { name: name as string, byteCount: byteCount as number };
  throw new RangeError(`byteCount has to be a multiple of the page size ${pageSize}, not ${byteCount}`);
}

function readWrite(members: Members, byteCounts: ReadonlyMap<string, number>, lastUs: number): TraceWrite {
  const { timeUs, block, address, bytes: hex } = requireOnly(members, ["timeUs", "block", "address", "bytes"]);
  requireInRange("timeUs", timeUs as number, { ...TRACE_TIMES, least: lastUs });
  const byteCount = byteCounts.get(requireText(block, "block"));
  if (byteCount === undefined) throw new RangeError(`the first line has no block ${JSON.stringify(block)}`);
  const bytes = fromHex(requireText(hex, "bytes"));
  requireInRange("the number of bytes", bytes.length, TRACE_WRITE_SIZES);
  requireInRange("address", address as number, { least: 0, most: byteCount - bytes.length });
  return { timeUs: timeUs as number, block: block as string, address: address as number, bytes };
}

function parseMembers(text: string): Members {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RangeError("no JSON");
  }
  return requireMembers(value, "a line");
}

function requireMembers(value: unknown, what: string): Members {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Members;
  throw new RangeError(`${what} has to be an object`);
}

/** Checks that an object has these members and no others. */
function requireOnly<Name extends string>(members: Members, names: readonly Name[]): Record<Name, unknown> {
  const missing = names.find((name) => !Object.hasOwn(members, name));
  if (missing !== undefined) throw new RangeError(`${missing} is missing`);
  const unknown = Object.keys(members).find((name) => !(names as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new RangeError(`${JSON.stringify(unknown)} is no member; there are ${names.join(", ")}`);
  return members as Record<Name, unknown>;
}

function requireText(value: unknown, name: string): string {
  if (typeof value === "string") return value;
  throw new RangeError(`${name} has to be text`);
}

/** Runs something of a line; what it finds wrong is told with the line. */
function atLine<Result>(number: number, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new MalformedTraceError(number, error.message);
  }
}
