/**
 * Records are applied to the memory of a guest (docs/xbzrle/record.md, "Zero", "Page", "XBZRLE").
 */

import { patchPage } from "../delta/patch.ts";
import { MalformedDeltaError, MalformedStreamError, type StreamPlace } from "../errors.ts";
import type { RamRecord } from "./record.ts";

/**
 * Applies a zero, page or XBZRLE record.
 *
 * @param record - Of one of these kinds, as a reader gives it.
 * @param memory - Holds the page, which is changed: the block of the record, unless `pageStart` says otherwise.
 * @param pageSize - In bytes.
 * @param pageStart - Where the page begins in `memory`, in bytes; at its address unless told.
 * @throws MalformedStreamError `delta-malformed`, and then the page is as it was; TypeError for a record of another kind.
 * Source: RECORD-15, RECORD-16, RECORD-18, RECORD-19, RECORD-22.
 */
export function applyRecord(
  record: RamRecord,
  memory: Uint8Array,
  pageSize: number,
  pageStart: number = record.address,
): void {
  const { kind, bytes, start, end } = record;
  switch (kind) {
    case "zero":
      // RECORD-15, RECORD-16: whatever the fill is, the page becomes it.
      memory.fill(record.fill, pageStart, pageStart + pageSize);
      return;
    case "page":
      // RECORD-18
      memory.set(bytes.subarray(start, end), pageStart);
      return;
    case "xbzrle":
      applyDeltaRecord(record, memory, pageSize, pageStart);
      return;
    default:
      throw new TypeError(`a record of a page is applied, and not one of kind ${kind}`);
  }
}

/** RECORD-19: the old page is what the memory holds. */
function applyDeltaRecord(record: RamRecord, memory: Uint8Array, pageSize: number, pageStart: number): void {
  const { bytes, start, end } = record;
  try {
    patchPage(memory, pageStart, pageSize, bytes.subarray(start, end));
  } catch (error) {
    if (!(error instanceof MalformedDeltaError)) throw error;
    // RECORD-22
    const place = placeInBody(record, error.deltaOffset);
    throw new MalformedStreamError(
      "delta-malformed",
      place,
      `${error.fault} at delta byte ${error.deltaOffset}: ${error.found}`,
    );
  }
}

/**
 * Says where a byte of a delta or of a zlib stream stands.
 *
 * @param record - A record with CONTINUE or without.
 * @param offset - From the first byte of the delta or the zlib stream, in bytes.
 * @returns The place in the stream, with block and page.
 */
export function placeInBody(record: RamRecord, offset: number): StreamPlace {
  const nameBytes = record.isContinued ? 0 : 1 + record.block.name.length;
  const lengthBytes = record.kind === "xbzrle" ? 3 : 4;
  const streamOffset = record.streamOffset + 8 + nameBytes + lengthBytes + offset;
  return { streamOffset, block: record.block.name, pageAddress: record.address };
}
