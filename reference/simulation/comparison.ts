/**
 * A whole scenario: its migrations, beside what was published of them (docs/simulation.md, "Published results").
 */

import type { TraceLines } from "./guest.ts";
import { measured, type SimulatedMigration } from "./result.ts";
import { MEASURES, type Measure, type Published, type Scenario, type ScenarioMigration } from "./scenario.ts";
import { simulate } from "./simulate.ts";

/** A measure that was published, and what the simulation gives. */
export interface Comparison {
  readonly measure: Measure;
  readonly unit: string;
  readonly published: number;
  readonly simulated: number;
  /** Simulated to published; left out where that is 0. */
  readonly ratio?: number;
}

/** A migration of a scenario, and what came of it. */
export interface MigrationResult extends SimulatedMigration {
  readonly published?: Published;
  /** Of what was published of it. */
  readonly comparisons: readonly Comparison[];
}

/** A scenario, and what came of it. */
export interface ComparedScenario {
  readonly scenario: Scenario;
  readonly migrations: readonly MigrationResult[];
}

/** The same under a name: that of the scenario, or the path of its file. */
export interface ScenarioResult extends ComparedScenario {
  readonly name: string;
  /** Whether the costs of the scenario are those that were measured before it: then another run has other numbers. */
  readonly costsAreMeasured: boolean;
}

/** Simulates all migrations of a scenario. Throws as `simulate`. */
export function simulateScenario(scenario: Scenario, traces?: TraceLines): ComparedScenario {
  return { scenario, migrations: scenario.migrations.map((one) => migrationResult(scenario, one, traces)) };
}

function migrationResult(scenario: Scenario, migration: ScenarioMigration, traces?: TraceLines): MigrationResult {
  const simulated = simulate(scenario, migration, traces);
  const published: Partial<Record<Measure, number>> = migration.published ?? {};
  const comparisons = (Object.keys(MEASURES) as Measure[]).flatMap((measure): Comparison[] => {
    const value = published[measure];
    if (value === undefined) return [];
    const now = measured(simulated, measure);
    const ratio = 0 < value ? { ratio: now / value } : {};
    return [{ measure, unit: MEASURES[measure], published: value, simulated: now, ...ratio }];
  });
  return { ...simulated, ...(migration.published && { published: migration.published }), comparisons };
}
