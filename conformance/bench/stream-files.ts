/**
 * The streams that are measured: files that a `StreamWriter` writes, of a guest that runs the synthetic load (every 1024th
 * byte of its RAM becomes one more in each round) with one RAM block and no devices.
 */

import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { encodeDelta, newRecord, type RamBlock, type Section, StreamWriter } from "../../reference/index.ts";

/** In bytes. */
const PAGE_SIZE = 4096;
/** The load changes a byte in so many. */
const STRIDE = 1024;

const RAM: Section = { name: "ram", id: 2, instance: 0, version: 4 };
/** The name of the machine type, and that of its block. */
export const GUEST_NAMES = { machine: "pc", block: "pc.ram" } as const;

/** How a stream is made. */
export interface StreamPlan {
  readonly name: string;
  /** The RAM of the guest in bytes, a multiple of the page size. */
  readonly ramSize: number;
  /** How often each page is sent, the first time in full. */
  readonly roundCount: number;
  /** Whether it is sent as a delta after the first round. */
  readonly isXbzrle: boolean;
}

/** 1 GB of pages, and 6 million deltas. */
export const STREAM_PLANS: readonly StreamPlan[] = [
  { name: "plain", ramSize: 2 ** 28, roundCount: 4, isXbzrle: false },
  { name: "XBZRLE", ramSize: 2 ** 26, roundCount: 367, isXbzrle: true },
];

/** Writes the stream of a plan to a file. Returns the SHA-256 of the RAM that a receiver has to hold, hexadecimal. */
export function writeStreamFile(path: string, { ramSize, roundCount, isXbzrle }: StreamPlan): string {
  const file = openSync(path, "w");
  const writer = new StreamWriter((piece) => writeSync(file, piece));
  const block: RamBlock = { name: GUEST_NAMES.block, usedLength: ramSize, pageSize: undefined, address: undefined };
  const ram = new Uint8Array(ramSize);
  new Uint32Array(ram.buffer).forEach((_, index, words) => {
    words[index] = Math.imul(index + 1, 0x9e37_79b1);
  });
  writer.configuration(GUEST_NAMES.machine);
  writer.section(RAM, "start");
  writer.record({ ...newRecord(), kind: "memory-sizes", address: ramSize });
  writer.record({ ...newRecord(), kind: "block", block });
  endItem(writer);
  for (let round = 0; round < roundCount; round++) {
    writer.section(RAM, round === roundCount - 1 ? "last" : "part");
    for (let address = 0; address < ramSize; address += PAGE_SIZE) {
      const oldPage = isXbzrle && 0 < round ? ram.slice(address, address + PAGE_SIZE) : undefined;
      for (let offset = 0; offset < PAGE_SIZE; offset += STRIDE) ram[address + offset]! += 1;
      writePage(writer, block, ram, address, oldPage);
    }
    endItem(writer);
  }
  writer.end();
  writer.flush();
  closeSync(file);
  return createHash("sha256").update(ram).digest("hex");
}

/** Writes a page as a delta if its old page is given. */
function writePage(
  writer: StreamWriter,
  block: RamBlock,
  ram: Uint8Array,
  address: number,
  oldPage: Uint8Array | undefined,
): void {
  const newPage = ram.subarray(address, address + PAGE_SIZE);
  const outcome = oldPage && encodeDelta(oldPage, newPage, PAGE_SIZE);
  const [kind, bytes] = outcome?.kind === "delta" ? (["xbzrle", outcome.delta] as const) : (["page", newPage] as const);
  const isContinued = writer.continues(block);
  writer.record({ ...newRecord(), kind, address, isContinued, block, bytes, start: 0, end: bytes.length });
}

function endItem(writer: StreamWriter): void {
  writer.record(newRecord());
  writer.footer(RAM);
}
