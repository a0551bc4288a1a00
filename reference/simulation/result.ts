/**
 * What came of a simulated migration. All counts are those of the whole guest: what was simulated, times the scale.
 */

import type { Counters } from "../session/counters.ts";
import { type Costs, costsByKind, type KindCost, type PageKind } from "./costs.ts";
import type { Measure } from "./scenario.ts";

/** One round. */
export interface SimulatedRound {
  /** Counted from 1. */
  readonly round: number;
  readonly isLastStage: boolean;
  readonly beganMs: number;
  readonly durationMs: number;
  /** How many pages were dirty at its begin. */
  readonly dirtyPageCount: number;
  /** How many bytes of the stream were written in it. */
  readonly streamBytes: number;
  /** How many pages were looked for in the cache. */
  readonly lookedUpCount: number;
  /** How many of them were missed: 0 to 1; 0 if none was looked for. */
  readonly missRate: number;
  readonly byKind: Readonly<Record<PageKind, KindCost>>;
}

/** Why a migration was given up: it had its time, or its rounds. */
export type GivenUp = "time" | "rounds";

/** One migration. */
export interface SimulatedMigration {
  readonly name: string;
  /**
   * Left out of a migration that came to where what is left fits the downtime limit. One that was given up was ended
   * all the same, in a longer last stage, so that the memories could be compared.
   */
  readonly givenUp?: GivenUp;
  readonly totalMs: number;
  readonly downtimeMs: number;
  /** How long the link was busy. */
  readonly linkMs: number;
  readonly counters: Counters;
  readonly byKind: Readonly<Record<PageKind, KindCost>>;
  readonly rounds: readonly SimulatedRound[];
  /** When XBZRLE went off or came back, and why. */
  readonly events: readonly string[];
  /** How many pages of the destination are not those of the source: 0, or the migration is wrong. Of the simulated pages. */
  readonly differingPageCount: number;
}

/** What is known of a round as it ends. */
export interface RoundFacts {
  readonly round: number;
  readonly isLastStage: boolean;
  readonly beganMs: number;
  readonly durationMs: number;
  readonly dirtyPageCount: number;
  readonly counted: Counters;
}

/** Gives counts of the whole guest. */
export function scaledCounters(counters: Readonly<Counters>, scale: number): Counters {
  const scaled = { ...counters };
  for (const name of Object.keys(scaled) as (keyof Counters)[]) scaled[name] *= scale;
  return scaled;
}

/** Gives a round of the whole guest from what is known of a part of it. */
export function simulatedRound(facts: RoundFacts, scale: number, pageSize: number, costs: Costs): SimulatedRound {
  const { counted, dirtyPageCount, ...rest } = facts;
  const whole = scaledCounters(counted, scale);
  const lookedUpCount = whole.cacheHits + whole.cacheMisses;
  return {
    ...rest,
    dirtyPageCount: dirtyPageCount * scale,
    streamBytes: whole.streamBytes,
    lookedUpCount,
    missRate: lookedUpCount === 0 ? 0 : whole.cacheMisses / lookedUpCount,
    byKind: costsByKind(whole, pageSize, costs),
  };
}

/**
 * Gives a measure of a migration, as `info migrate` has it.
 *
 * @param migration - The migration.
 * @param measure - Its name.
 * @returns In the unit of `MEASURES`.
 */
export function measured({ totalMs, downtimeMs, counters }: SimulatedMigration, measure: Measure): number {
  switch (measure) {
    case "total time":
      return totalMs;
    case "downtime":
      return downtimeMs;
    case "transferred":
      return counters.streamBytes / 1024;
    case "throughput":
      return (8 * counters.streamBytes) / (1000 * totalMs);
    case "duplicate":
      return counters.zeroRecords;
    case "normal":
      return counters.pageRecords;
    case "xbzrle transferred":
      return counters.xbzrleBytes / 1024;
    case "xbzrle pages":
      return counters.cacheHits;
    case "xbzrle cache miss":
      return counters.cacheMisses;
    case "xbzrle overflow":
      return counters.overflows;
  }
}
