/**
 * A trace of writes to the memory of a guest (docs/guests.md, "Traces"): lines of JSON.
 */

import { MAX_PAGE_SIZE } from "../../page.ts";
import type { Range } from "../../range.ts";

/** What the first line of a trace calls it, and the version that is read and written. */
export const TRACE_FORMAT = "xbzrle-trace";
export const TRACE_VERSION = 1;

/** When a write may be: to 2^53 - 1 microseconds. */
export const TRACE_TIMES: Range = { least: 0, most: Number.MAX_SAFE_INTEGER };

/** How many bytes a write may have; a longer one is several. */
export const TRACE_WRITE_SIZES: Range = { least: 1, most: MAX_PAGE_SIZE };

/** A block, as the first line of a trace states it. */
export interface TraceBlock {
  /** A character a byte. */
  readonly name: string;
  /** In bytes, a multiple of the page size. */
  readonly byteCount: number;
}

/** The first line: the guest that the trace is of. */
export interface TraceHead {
  /** In bytes, a power of two from 1024 to 65536. */
  readonly pageSize: number;
  /** One or more, each with a name of its own. */
  readonly blocks: readonly TraceBlock[];
}

/** Any other line: a write. */
export interface TraceWrite {
  /** In microseconds from the start of the trace; never less than that of the write before. */
  readonly timeUs: number;
  /** The name of the block. */
  readonly block: string;
  /** Where in the block it begins, in bytes. */
  readonly address: number;
  /** What is written, 1 to 65536 bytes, all of them in the block. */
  readonly bytes: Uint8Array;
}

/** A trace. */
export interface Trace {
  readonly head: TraceHead;
  /** To be gone through once. */
  readonly writes: Iterable<TraceWrite>;
}

/** A trace was refused. The message is where, what was found, and what to look at. */
export class MalformedTraceError extends Error {
  override readonly name = "MalformedTraceError";
  /** The line, counted from 1. */
  readonly line: number;

  /** Takes the line and what was found there. */
  constructor(line: number, found: string) {
    super(`trace line ${line}: ${found}; docs/guests.md says what a trace is`);
    this.line = line;
  }
}
