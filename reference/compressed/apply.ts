/**
 * Compressed records are applied to the memory of a guest (docs/xbzrle/compressed.md).
 */

import { inflateSync } from "node:zlib";
import { MalformedStreamError, type StreamFault } from "../errors.ts";
import { placeInBody } from "../record/apply.ts";
import type { RamRecord } from "../record/record.ts";

/** What was found of a zlib stream that was applied. */
export interface Decompressed {
  /** How many bytes of the page it has set, from the first on. */
  readonly pageByteCount: number;
  /** How many bytes of the record stand behind its end. */
  readonly unusedByteCount: number;
}

/**
 * Applies a compressed record.
 *
 * @param record - A compressed record, as a reader gives it.
 * @param memory - Holds the page, which is changed: the block of the record, unless `pageStart` says otherwise.
 * @param pageSize - In bytes.
 * @param pageStart - Where the page begins in `memory`, in bytes; at its address unless told.
 * @returns What a sender has no reason to write, and a receiver may take (COMP-6, COMP-7).
 * @throws MalformedStreamError `compressed-damaged` or `page-exceeded`, and then the page is as it was.
 * Source: COMP-1, COMP-4 to COMP-7.
 */
export function applyCompressed(
  record: RamRecord,
  memory: Uint8Array,
  pageSize: number,
  pageStart: number = record.address,
): Decompressed {
  const { buffer, engine } = decompressed(record, pageSize);
  // COMP-1; COMP-6: of a page that is cut short the rest stays as it was.
  memory.set(buffer, pageStart);
  const unusedByteCount = record.end - record.start - engine.bytesWritten;
  return { pageByteCount: buffer.length, unusedByteCount };
}

/** What Node's zlib gives if it is asked for `info`; `bytesWritten` is how many bytes of the input it has taken. */
interface Inflated {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

/** What the zlib stream of a record decompresses to: no more than a page. */
function decompressed(record: RamRecord, pageSize: number): Inflated {
  try {
    const zlibStream = record.bytes.subarray(record.start, record.end);
    // The types of Node know nothing of `info`.
    return inflateSync(zlibStream, { ...inflateOptions(pageSize), info: true }) as unknown as Inflated;
  } catch (error) {
    throw inflateRefusal(error, record, pageSize);
  }
}

/**
 * Gives the options with which Node's zlib decompresses a page.
 *
 * @param pageSize - In bytes.
 * @returns COMP-5: no more than a page. One piece of output and one byte more: half the time of the default. COMP-7: zlib ends
 * where its stream ends, and takes no notice of what follows.
 */
export function inflateOptions(pageSize: number): { readonly maxOutputLength: number; readonly chunkSize: number } {
  return { maxOutputLength: pageSize, chunkSize: pageSize + 1 };
}

/**
 * Gives what is to be thrown where Node's zlib refuses a record.
 *
 * @param error - What zlib has thrown or given.
 * @param record - The compressed record.
 * @param pageSize - In bytes.
 * @returns A MalformedStreamError; the error itself, if it says nothing of the record.
 */
export function inflateRefusal(error: unknown, record: RamRecord, pageSize: number): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  // COMP-5
  if (code === "ERR_BUFFER_TOO_LARGE") return refusal("page-exceeded", record, `more than ${pageSize} bytes`);
  // COMP-4: everything else that zlib says of its input.
  if (code?.startsWith("Z_")) return refusal("compressed-damaged", record, message);
  return error;
}

function refusal(fault: StreamFault, record: RamRecord, found: string): MalformedStreamError {
  return new MalformedStreamError(fault, placeInBody(record, 0), found);
}
