/**
 * Streams for a guest with one block, put together record by record.
 */

import { newRecord, type RamBlock, type RamRecord } from "../../record/record.ts";
import type { Section } from "../../stream/stream.ts";
import { StreamWriter } from "../../stream/write.ts";

const RAM: Section = { name: "ram", id: 2, instance: 0, version: 4 };

/** The page size of the streams, in bytes. */
export const PAGE_SIZE = 1024;

/** The one block of the guest. */
export const BLOCK: RamBlock = { name: "ram", usedLength: 8 * PAGE_SIZE, pageSize: undefined, address: undefined };

/** What of a record of a page is told. */
export type RecordOfPage = Pick<RamRecord, "kind" | "address"> & { readonly body: Uint8Array };

/** Writes a stream whose `ram` section has these records, in two parts. */
export function streamOf(records: readonly RecordOfPage[]): Buffer {
  const pieces: Uint8Array[] = [];
  const writer = new StreamWriter((piece) => pieces.push(piece));
  const inItem = (item: "start" | "part" | "last", write: () => void) => {
    writer.section(RAM, item);
    write();
    writer.record(newRecord());
    writer.footer(RAM);
  };
  writer.configuration("none");
  inItem("start", () => {
    writer.record({ ...newRecord(), kind: "memory-sizes", address: BLOCK.usedLength });
    writer.record({ ...newRecord(), kind: "block", block: BLOCK });
  });
  const half = records.length >> 1;
  inItem("part", () => {
    for (const record of records.slice(0, half)) writer.record(whole(writer, record));
  });
  inItem("last", () => {
    for (const record of records.slice(half)) writer.record(whole(writer, record));
  });
  writer.end();
  writer.flush();
  return Buffer.concat(pieces);
}

/** A guest whose block holds these bytes, or zeros. */
export function guestWith(memory: Uint8Array = new Uint8Array(BLOCK.usedLength)) {
  return { machine: "none", pageSize: PAGE_SIZE, blocks: new Map([[BLOCK.name, memory]]) };
}

/** Chunks of a size. */
export function* chunksOf(stream: Uint8Array, chunkSize: number): Generator<Uint8Array> {
  for (let at = 0; at < stream.length; at += chunkSize) yield stream.subarray(at, at + chunkSize);
}

function whole(writer: StreamWriter, { kind, address, body }: RecordOfPage): RamRecord {
  const place = { block: BLOCK, address, isContinued: writer.continues(BLOCK) };
  return { ...newRecord(), kind, ...place, bytes: body, start: 0, end: body.length };
}
