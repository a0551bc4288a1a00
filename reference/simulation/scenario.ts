/**
 * A scenario: a guest, what it does, a link, and migrations of it that are to be compared (docs/simulation.md, "Scenarios").
 */

import type { ContentShares } from "../guest/contents.ts";
import type { ReplacementName } from "../session/cache/directory.ts";
import type { Costs } from "./costs.ts";

/** A whole scenario, as a file of JSON holds one (spec/scenario.schema.json). */
export interface Scenario {
  /** What it is about, in a line. */
  readonly title: string;
  /** Where the published numbers come from, and what the scenario assumes beside them. */
  readonly notes?: readonly string[];
  /** Of all that is random: 1 unless told. */
  readonly seed?: number;
  /** How many pages of the guest each simulated page stands for, a power of two: 1 unless told. */
  readonly scale?: number;
  readonly guest: ScenarioGuest;
  /** What writes to its memory, each on its own; nothing unless told. */
  readonly load?: readonly ScenarioLoad[];
  /** Paths of traces (docs/guests.md) that are replayed beside the load; then the scale is 1. None unless told. */
  readonly traces?: readonly string[];
  readonly link: { readonly bytesPerSecond: number };
  /** What pages cost; those that are left out are `DEFAULT_COSTS`. */
  readonly costs?: Partial<Costs>;
  /** When a migration that does not come to its end is given up. */
  readonly giveUp?: GiveUp;
  /** One or more, of the same guest. */
  readonly migrations: readonly ScenarioMigration[];
}

/** The guest. */
export interface ScenarioGuest {
  /** In bytes: 4096 unless told. */
  readonly pageSize?: number;
  /** One RAM block or more. */
  readonly blocks: readonly [ScenarioBlock, ...ScenarioBlock[]];
}

/** A RAM block. */
export interface ScenarioBlock {
  readonly name: string;
  /** A multiple of page size and scale. */
  readonly byteCount: number;
  /** What it holds at first: all zero unless told. */
  readonly contents?: ContentShares;
}

/** A workload at a rate (docs/guests.md). */
export interface ScenarioLoad {
  readonly workload: string;
  readonly bytesPerSecond: number;
  /** The name of the block that it writes to: the first unless told. */
  readonly block?: string;
  /** Where it writes, in bytes: from 0, and to the end of the block, unless told. */
  readonly start?: number;
  readonly byteCount?: number;
  readonly parameters?: Readonly<Record<string, number>>;
}

/** Unless told: an hour, and 1000 rounds. */
export interface GiveUp {
  readonly timeMs?: number;
  readonly roundCount?: number;
}

/** One migration. */
export interface ScenarioMigration {
  readonly name: string;
  readonly options?: ScenarioOptions;
  /** What was published of it. */
  readonly published?: Published;
}

/** What the operator chooses, under the names of QMP; those below the line have none there. */
export interface ScenarioOptions {
  readonly "downtime-limit"?: number;
  readonly xbzrle?: boolean;
  readonly "xbzrle-cache-size"?: number;
  readonly compress?: boolean;
  readonly "compress-level"?: number;
  readonly "compress-threads"?: number;
  readonly "compress-wait-thread"?: boolean;
  // ---
  readonly replacement?: ReplacementName;
  readonly turnsItselfOff?: boolean;
  readonly cachesInBulkStage?: boolean;
}

/** What is measured, under the names of `info migrate`, with the unit; kbytes have 1024 bytes. */
export const MEASURES = {
  "total time": "ms",
  downtime: "ms",
  transferred: "kbytes",
  throughput: "mbps",
  duplicate: "pages",
  normal: "pages",
  "xbzrle transferred": "kbytes",
  "xbzrle pages": "pages",
  "xbzrle cache miss": "pages",
  "xbzrle overflow": "pages",
} as const;

/** The name of one. */
export type Measure = keyof typeof MEASURES;

/** What was published of a migration: whether it completes, and what was measured. */
export interface Published extends Readonly<Partial<Record<Measure, number>>> {
  readonly completes: boolean;
}
