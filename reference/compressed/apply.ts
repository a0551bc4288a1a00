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
    // One piece of output and one byte more: half the time of the default.
    // COMP-7: zlib ends where its stream ends, and takes no notice of what follows.
    const options = { maxOutputLength: pageSize, chunkSize: pageSize + 1, info: true };
    // The types of Node know nothing of `info`.
    return inflateSync(record.bytes.subarray(record.start, record.end), options) as unknown as Inflated;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // COMP-5
    if (code === "ERR_BUFFER_TOO_LARGE") throw refusal("page-exceeded", record, `more than ${pageSize} bytes`);
    // COMP-4: everything else that zlib says of its input.
    if (code === undefined || !code.startsWith("Z_")) throw error;
    throw refusal("compressed-damaged", record, message);
  }
}

function refusal(fault: StreamFault, record: RamRecord, found: string): MalformedStreamError {
  return new MalformedStreamError(fault, placeInBody(record, 0), found);
}
