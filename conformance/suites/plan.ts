/**
 * What a run with given options has to ask: vectors by name, fuzz cases and the cases of small worlds by number.
 */

import type { Case } from "../harness/case.ts";
import type { CodecRequest } from "../protocol.ts";
import {
  FUZZ_OPERATIONS,
  FUZZ_SECTION,
  type FuzzOperation,
  fuzzCases,
  fuzzIds,
  fuzzIndex,
  fuzzOrdinal,
} from "./fuzz.ts";
import { type Selection, selects } from "./select.ts";
import { heldBelow, holdsNumber, holdsVector } from "./shard.ts";
import { vectorCases } from "./vector-suite.ts";
import { WORLD_PREFIX, type WorldSelection, worldCases, worldCounts, worldOrdinal } from "./worlds.ts";

/** What is asked of vectors, of fuzzing, and of small worlds. */
export interface PlanOptions extends Selection {
  /** The number of fuzz cases that are drawn, before the patterns leave some out. */
  readonly fuzz: number;
  readonly seed: number;
  /** True if the small worlds are asked too. */
  readonly exhaustive: boolean;
  /** The part that is asked, such as `2/4`; null for all of it. */
  readonly shard: string | null;
}

/** The vectors of the operations that a run is about. */
export interface VectorPlan {
  /** Those that are asked, in their order. */
  readonly asked: Case[];
  /** Those that the options leave out, by patterns or because another shard asks them. */
  readonly leftOut: readonly Case[];
}

/** Everything that a run has to ask. */
export interface RunPlan extends VectorPlan {
  /** How many cases are asked that have no name, by section: fuzz cases, and then small worlds. Sections without any are not there. */
  readonly draws: ReadonlyMap<string, number>;
  /** How many cases of its operations and kinds the options leave out. */
  readonly leftOutCount: number;
}

/** The plan for a run. */
export function planRun(options: PlanOptions, vectors?: readonly Case[]): RunPlan {
  const plan = planVectors(options, vectors);
  const draws = plannedDraws(options);
  const all = plannedDraws({ ...options, run: [], skip: [], shard: null });
  return { ...plan, draws, leftOutCount: plan.leftOut.length + sum(all.values()) - sum(draws.values()) };
}

/** The plan for the vectors; for all there are, unless told. */
export function planVectors(options: PlanOptions, vectors: readonly Case[] = vectorCases()): VectorPlan {
  const isSelected = selects(options);
  const isHeld = holdsVector(options.shard, vectors);
  const plan = { asked: [] as Case[], leftOut: [] as Case[] };
  for (const vector of vectors) {
    if (!options.operations.includes(vector.operation)) continue;
    (isSelected.id(vector.id) && isHeld(vector) ? plan.asked : plan.leftOut).push(vector);
  }
  return plan;
}

/** True for fuzzing and small worlds: their cases have numbers, and a report does not list them. */
export function isDrawnSection(section: string): boolean {
  return section === FUZZ_SECTION || section.startsWith(WORLD_PREFIX);
}

/** The cases without names, in the order in which they are asked. */
export function* drawnCases(options: PlanOptions): Generator<Case<CodecRequest>> {
  yield* fuzzCases(options.fuzz, options.seed, fuzzOperations(options), asksFuzz(options));
  if (options.exhaustive) yield* worldCases(worldSelection(options));
}

/** The place of a case in a whole run, by its id: the vectors in the order that is given here, fuzz cases, small worlds. */
export function planOrder(vectorIds: Iterable<string>): (id: string) => number {
  const places = new Map([...vectorIds].map((id, place) => [id, place]));
  return (id) => {
    const fuzz = fuzzOrdinal(id);
    const world = fuzz === undefined ? worldOrdinal(id) : undefined;
    if (fuzz !== undefined) return places.size + fuzz;
    return world === undefined ? (places.get(id) ?? Number.POSITIVE_INFINITY) : MOST_FUZZ_CASES + world;
  };
}

/** More than any run has vectors and fuzz cases. */
const MOST_FUZZ_CASES = 2 ** 40;

function plannedDraws(options: PlanOptions): Map<string, number> {
  const fuzzCount = plannedFuzzCount(options);
  return new Map([
    ...(fuzzCount === 0 ? [] : [[FUZZ_SECTION, fuzzCount] as const]),
    ...(options.exhaustive ? worldCounts(worldSelection(options)) : []),
  ]);
}

function plannedFuzzCount(options: PlanOptions): number {
  const operations = fuzzOperations(options);
  if (operations.length === 0) return 0;
  if (options.run.length + options.skip.length === 0) return heldFuzzCount(options, operations.length);
  const isAsked = asksFuzz(options);
  let count = 0;
  for (const id of fuzzIds(options.fuzz, options.seed, operations)) if (isAsked(id)) count++;
  return count;
}

/** Without patterns: a shard holds the cases of all operations with an index, and the last index may lack some operations. */
function heldFuzzCount({ fuzz, shard }: PlanOptions, operationCount: number): number {
  const whole = Math.floor(fuzz / operationCount);
  const rest = holdsNumber(shard)(whole) ? fuzz % operationCount : 0;
  return heldBelow(shard, whole) * operationCount + rest;
}

/** A predicate over the ids of fuzz cases: by patterns and by shard. */
function asksFuzz(options: PlanOptions): (id: string) => boolean {
  const isSelected = selects(options);
  const isHeld = holdsNumber(options.shard);
  return (id) => isHeld(fuzzIndex(id)!) && isSelected.id(id);
}

function worldSelection(options: PlanOptions): WorldSelection {
  const { operations, run, skip, shard } = options;
  const [isSelected, isHeld] = [selects(options), holdsNumber(shard)];
  const isBlockAsked = (block: number, section: string) => isHeld(block) && isSelected.mayBegin(`${section}:`);
  return { operations, isBlockAsked, isAsked: run.length + skip.length === 0 ? undefined : isSelected.id };
}

/** The operations of the options that fuzz cases are drawn for. */
function fuzzOperations({ operations }: Selection): FuzzOperation[] {
  return FUZZ_OPERATIONS.filter((operation) => operations.includes(operation));
}

function sum(counts: Iterable<number>): number {
  return [...counts].reduce((total, count) => total + count, 0);
}
