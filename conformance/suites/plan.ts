/**
 * What a run with given options has to ask: vectors by name, fuzz cases and the cases of small worlds by number.
 */

import type { Case } from "../harness/case.ts";
import { fuzzCases } from "./fuzz.ts";
import {
  countOfKind,
  fuzzDraws,
  fuzzId,
  fuzzOrdinal,
  fuzzSectionOf,
  isFuzzSection,
  kindGroups,
  parseFuzzId,
} from "./fuzz-ids.ts";
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
  return isFuzzSection(section) || section.startsWith(WORLD_PREFIX);
}

/** The cases without names, in the order in which they are asked. */
export function* drawnCases(options: PlanOptions): Generator<Case> {
  yield* fuzzCases(options.fuzz, options.seed, options.operations, asksFuzz(options));
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
  return new Map([...plannedFuzz(options), ...(options.exhaustive ? worldCounts(worldSelection(options)) : [])]);
}

/** How many fuzz cases there are, by section; without patterns they are not counted one by one. */
function plannedFuzz(options: PlanOptions): Map<string, number> {
  const { fuzz, seed, operations, run, skip, shard } = options;
  const counts = new Map<string, number>();
  const add = (section: string, count: number) => {
    if (count !== 0) counts.set(section, (counts.get(section) ?? 0) + count);
  };
  if (run.length + skip.length !== 0) {
    const isAsked = asksFuzz(options);
    for (const draw of fuzzDraws(fuzz, seed, operations)) if (isAsked(fuzzId(draw))) add(fuzzSectionOf(draw.kind), 1);
    return counts;
  }
  for (const group of kindGroups(fuzz, operations)) {
    for (const kind of group.kinds) add(fuzzSectionOf(kind), heldBelow(shard, countOfKind(group, kind)));
  }
  return counts;
}

/** A predicate over the ids of fuzz cases: by patterns and by shard. */
function asksFuzz(options: PlanOptions): (id: string) => boolean {
  const isSelected = selects(options);
  const isHeld = holdsNumber(options.shard);
  return (id) => isHeld(parseFuzzId(id)!.index) && isSelected.id(id);
}

function worldSelection(options: PlanOptions): WorldSelection {
  const { operations, run, skip, shard } = options;
  const [isSelected, isHeld] = [selects(options), holdsNumber(shard)];
  const isBlockAsked = (block: number, section: string) => isHeld(block) && isSelected.mayBegin(`${section}:`);
  return { operations, isBlockAsked, isAsked: run.length + skip.length === 0 ? undefined : isSelected.id };
}

function sum(counts: Iterable<number>): number {
  return [...counts].reduce((total, count) => total + count, 0);
}
