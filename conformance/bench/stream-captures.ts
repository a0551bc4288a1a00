/**
 * The streams that are measured, taken on the spot: of a QEMU whose guest has filled its RAM with numbers, and goes on to add 1
 * to every 1024th byte of a part of it.
 */

import { FILLED_ADDRESS, filling } from "../../vectors/capture/loads.ts";
import { Machine } from "../../vectors/capture/machine.ts";
import { type Migration, migrate, romGuest } from "../../vectors/capture/migrate.ts";

const MEBIBYTE = 1024 * 1024;

/** How a stream is taken. */
export interface StreamPlan {
  readonly migration: Migration;
  /** Of the guest. */
  readonly memoryBytes: number;
  /** How much of it changes all the time. */
  readonly countedBytes: number;
}

/** As fast as can be. */
const BANDWIDTH = 100_000_000_000;

/** 1 GB of pages; and millions of deltas. */
export const STREAM_PLANS: readonly StreamPlan[] = [
  {
    migration: { name: "plain", capabilities: [], slowBandwidth: BANDWIDTH },
    memoryBytes: 1024 * MEBIBYTE,
    countedBytes: MEBIBYTE,
  },
  {
    migration: {
      name: "XBZRLE",
      capabilities: ["xbzrle"],
      slowBandwidth: BANDWIDTH,
      roundCount: 300,
      parameters: { "xbzrle-cache-size": 128 * MEBIBYTE },
    },
    memoryBytes: 66 * MEBIBYTE,
    countedBytes: 64 * MEBIBYTE,
  },
];

/** Takes the stream, and to another file the memory of its source from `FILLED_ADDRESS` on. Rejects as `Machine` does. */
export async function captureFile(path: string, memoryPath: string, plan: StreamPlan): Promise<void> {
  const { migration, memoryBytes, countedBytes } = plan;
  const load = filling(memoryBytes, countedBytes);
  // Without a pace.
  const guest = romGuest(load, memoryBytes, ["-icount", "shift=0,align=off"]);
  const machine = await Machine.start({ ...guest, lifetimeMs: 300_000 });
  try {
    await machine.execute("cont");
    await machine.untilDotCount(1);
    await migrate(machine, migration, path);
    const size = memoryBytes - FILLED_ADDRESS;
    await machine.execute("pmemsave", { val: FILLED_ADDRESS, size, filename: memoryPath });
  } finally {
    await machine.end();
  }
}
