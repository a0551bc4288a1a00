/**
 * The result of the XBZRLE proposal: a migration that does not complete, and completes with XBZRLE.
 */

import type { Scenario } from "../scenario.ts";

export const PROPOSAL: Scenario = {
  title: "the proposal's result: without XBZRLE the migration does not complete",
  notes: [
    "Published: qemu-devel, August 2011, patch v4: 110 s with XBZRLE; without, it could not complete.",
    "The guest and the load were not published. Assumed: 4 GiB, of which a quarter is zero, at 32 MiB/s, QEMU's max-bandwidth of that time; a database in 256 MiB and the proposal's synthetic load.",
  ],
  scale: 16,
  guest: { blocks: [{ name: "pc.ram", byteCount: 2 ** 32, contents: { zero: 0.25, words: 0.5 } }] },
  load: [
    { workload: "database", start: 2 ** 30, byteCount: 2 ** 28, bytesPerSecond: 210_000 },
    { workload: "synthetic", start: 2 ** 31, byteCount: 2 ** 24, bytesPerSecond: 16_384 * 20 },
  ],
  link: { bytesPerSecond: 2 ** 25 },
  giveUp: { timeMs: 330_000 },
  migrations: [
    {
      name: "without XBZRLE",
      options: { "downtime-limit": 30 },
      published: { completes: false },
    },
    {
      name: "with XBZRLE",
      options: { "downtime-limit": 30, xbzrle: true },
      published: { completes: true, "total time": 110_000 },
    },
  ],
};
