/**
 * What a run with given options has to ask: vectors by name, fuzz cases by number.
 */

import type { Case } from "../harness/case.ts";
import { FUZZ_OPERATIONS, type FuzzOperation, fuzzIds } from "./fuzz.ts";
import { type Selection, selects } from "./select.ts";
import { vectorCases } from "./vector-suite.ts";

/** What is asked of vectors, and of fuzzing. */
export interface PlanOptions extends Selection {
  /** The number of fuzz cases that are drawn, before the patterns leave some out. */
  readonly fuzz: number;
  readonly seed: number;
}

/** The vectors of the operations that a run is about. */
export interface VectorPlan {
  /** Those that are asked, in their order. */
  readonly asked: Case[];
  /** Those that the options leave out. */
  readonly leftOut: readonly Case[];
}

/** The plan for the vectors; for all there are, unless told. */
export function planVectors(options: PlanOptions, vectors: readonly Case[] = vectorCases()): VectorPlan {
  const isSelected = selects(options);
  const plan = { asked: [] as Case[], leftOut: [] as Case[] };
  for (const vector of vectors) {
    if (!options.operations.includes(vector.operation)) continue;
    (isSelected.id(vector.id) ? plan.asked : plan.leftOut).push(vector);
  }
  return plan;
}

/** How many fuzz cases the patterns leave. */
export function plannedDrawCount(options: PlanOptions): number {
  const operations = fuzzOperations(options);
  if (options.run.length + options.skip.length === 0) return operations.length === 0 ? 0 : options.fuzz;
  const isSelected = selects(options);
  let count = 0;
  for (const id of fuzzIds(options.fuzz, options.seed, operations)) if (isSelected.id(id)) count++;
  return count;
}

/** How many cases of its operations the options leave out: by patterns, or because another shard asks them. */
export function leftOutCount(options: PlanOptions, { leftOut }: VectorPlan): number {
  const drawnCount = fuzzOperations(options).length === 0 ? 0 : options.fuzz;
  return leftOut.length + drawnCount - plannedDrawCount(options);
}

/** The operations of the options that fuzz cases are drawn for. */
export function fuzzOperations({ operations }: Selection): FuzzOperation[] {
  return FUZZ_OPERATIONS.filter((operation) => operations.includes(operation));
}
