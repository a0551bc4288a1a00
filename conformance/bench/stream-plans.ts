/**
 * The streams that are measured: pages that are taken of a real QEMU on the spot, whose guest has filled its RAM with numbers; and
 * deltas that a `StreamWriter` writes, as a QEMU on a busy machine gives its guest no time to make millions of them.
 */

import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import {
  encodeDelta,
  newRecord,
  type RamBlock,
  type RamRecord,
  type Section,
  StreamWriter,
} from "../../reference/index.ts";
import { FILLED_ADDRESS, filling } from "../../vectors/capture/loads.ts";
import { Machine } from "../../vectors/capture/machine.ts";
import { migrate, romGuest } from "../../vectors/capture/migrate.ts";

const MEBIBYTE = 1024 * 1024;
const PAGE_SIZE = 4096;
/** The synthetic load changes a byte in so many. */
const STRIDE = 1024;

/** A stream. */
export interface StreamPlan {
  readonly name: string;
  /** Of the guest. */
  readonly memoryBytes: number;
  /** Writes the stream, and to another file the memory of its source from `FILLED_ADDRESS` on. Rejects as `Machine` does. */
  readonly write: (path: string, memoryPath: string) => Promise<void>;
}

/** The block of both. */
export const BLOCK_NAME = "pc.ram";

/** 1 GB of pages, and 6 million deltas. */
export const STREAM_PLANS: readonly StreamPlan[] = [
  {
    name: "plain, of QEMU",
    memoryBytes: 1024 * MEBIBYTE,
    write: (path, memoryPath) => capture(path, memoryPath, 1024 * MEBIBYTE),
  },
  {
    name: "XBZRLE, written",
    memoryBytes: 64 * MEBIBYTE,
    write: async (path, memoryPath) => writeDeltas(path, memoryPath, 64 * MEBIBYTE, 367),
  },
];

async function capture(path: string, memoryPath: string, memoryBytes: number): Promise<void> {
  // Without a pace, and as fast as can be.
  const guest = romGuest(filling(memoryBytes, MEBIBYTE), memoryBytes, ["-icount", "shift=0,align=off"]);
  const machine = await Machine.start({ ...guest, lifetimeMs: 300_000 });
  try {
    await machine.execute("cont");
    await machine.untilDotCount(1);
    await migrate(machine, { name: "plain", capabilities: [], slowBandwidth: 100_000_000_000 }, `exec:cat > ${path}`);
    const size = memoryBytes - FILLED_ADDRESS;
    await machine.execute("pmemsave", { val: FILLED_ADDRESS, size, filename: memoryPath });
  } finally {
    await machine.end();
  }
}

/** Each page once in full, and then as a delta in each round: every 1024th byte has become one more. */
function writeDeltas(path: string, memoryPath: string, memoryBytes: number, roundCount: number): void {
  const memory = new Uint8Array(memoryBytes).map((_, address) => (address >> 4) % 251);
  writeRounds(path, memory, roundCount, (page, round) => {
    const oldPage = page.slice();
    for (let offset = 0; offset < PAGE_SIZE; offset += STRIDE) page[offset]! += 1;
    const outcome = encodeDelta(oldPage, page, PAGE_SIZE);
    return 0 < round && outcome.kind === "delta"
      ? { kind: "xbzrle", bytes: outcome.delta }
      : { kind: "page", bytes: page };
  });
  writeFileSync(memoryPath, memory.subarray(FILLED_ADDRESS));
}

/** Writes a stream with rounds of all pages of a memory; `change` gives a page its content in the round, and says what is sent of it. */
export function writeRounds(
  path: string,
  memory: Uint8Array,
  roundCount: number,
  change: (page: Uint8Array, round: number) => Pick<RamRecord, "kind" | "bytes">,
): void {
  const file = openSync(path, "w");
  const writer = new StreamWriter((piece) => writeSync(file, piece));
  const section: Section = { name: "ram", id: 2, instance: 0, version: 4 };
  const block: RamBlock = { name: BLOCK_NAME, usedLength: memory.length, pageSize: undefined, address: undefined };
  const record = (fields: Partial<RamRecord>) => writer.record({ ...newRecord(), block, ...fields });
  const endItem = () => {
    writer.record(newRecord());
    writer.footer(section);
  };
  writer.configuration("pc");
  writer.section(section, "start");
  record({ kind: "memory-sizes", address: memory.length });
  record({ kind: "block" });
  endItem();
  for (let round = 0; round < roundCount; round++) {
    writer.section(section, round === roundCount - 1 ? "last" : "part");
    for (let address = 0; address < memory.length; address += PAGE_SIZE) {
      const { kind, bytes } = change(memory.subarray(address, address + PAGE_SIZE), round);
      record({ kind, address, isContinued: writer.continues(block), bytes, start: 0, end: bytes.length });
    }
    endItem();
  }
  writer.end();
  writer.flush();
  closeSync(file);
}
