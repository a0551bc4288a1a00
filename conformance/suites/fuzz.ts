/**
 * Seeded cases beyond the vectors. A case is found again by its id, `fuzz:SEED:OPERATION:INDEX`, and after shrinking by the
 * path of the shrinks behind it.
 */

import fc from "fast-check";
import { type Case, type CaseResult, isFailure, type Level } from "../harness/case.ts";
import type { CodecRequest } from "../protocol.ts";
import { bytesText } from "./annotate.ts";
import { decodeCase, encodeCase } from "./delta-cases.ts";
import { buildDecodeRequest, buildEncodeRequest, decodeOutcomes, encodeOutcomes } from "./fuzz-build.ts";
import { decodePlan, encodePlan, type FuzzPlan } from "./fuzz-plans.ts";

/** The operations that have fuzz cases. */
export const FUZZ_OPERATIONS = ["encode", "decode"] as const;

/** One of {@link FUZZ_OPERATIONS}. */
export type FuzzOperation = (typeof FUZZ_OPERATIONS)[number];

/** The section of a report that fuzz cases are counted in. */
export const FUZZ_SECTION = "fuzz";

/** How many plans are drawn at a time, each chunk from a seed of its own, so that a million cases are never in memory. */
const CHUNK_CASES = 256;
/** How long one failure is shrunk, in milliseconds. */
const SHRINK_LIMIT_MS = 15_000;

/** Where a case was drawn: `path` is its index in the chunk, and the shrinks after it. */
interface Draw {
  readonly operation: FuzzOperation;
  readonly seed: number;
  readonly index: number;
  readonly path: string;
}

/** `count` cases, the operations in turn, and of those only what is asked by its id. */
export function* fuzzCases(
  count: number,
  seed: number,
  operations: readonly FuzzOperation[],
  isAsked: (id: string) => boolean = () => true,
): Generator<Case<CodecRequest>> {
  const sources = operations.map((operation) => operationPlans(seed, operation));
  for (let drawn = 0; drawn < count && sources.length !== 0; drawn++) {
    const next = sources[drawn % sources.length]!.next();
    if (next.done || !isAsked(idOf(next.value.draw))) continue;
    yield caseOf(next.value.plan, next.value.draw);
  }
}

/** The ids of the cases of {@link fuzzCases}, in the same order. */
export function* fuzzIds(count: number, seed: number, operations: readonly FuzzOperation[]): Generator<string> {
  for (let drawn = 0; drawn < count && operations.length !== 0; drawn++) {
    const operation = operations[drawn % operations.length]!;
    const index = Math.floor(drawn / operations.length);
    yield idOf({ operation, seed, index, path: "" });
  }
}

/** The index of a fuzz case among those of its operation, by its id; nothing for another text. */
export function fuzzIndex(id: string): number | undefined {
  return parseId(id)?.index;
}

/** Where a fuzz case stands among those of all operations, by its id; nothing for another text. */
export function fuzzOrdinal(id: string): number | undefined {
  const draw = parseId(id);
  return draw && draw.index * FUZZ_OPERATIONS.length + FUZZ_OPERATIONS.indexOf(draw.operation);
}

/** The case of an id of the form above; nothing for another text. */
export function fuzzCase(id: string): Case<CodecRequest> | undefined {
  const draw = parseId(id);
  if (draw === undefined) return undefined;
  const [plan] = fc.sample(planOf(draw.operation), { seed: chunkSeed(draw), path: draw.path, numRuns: 1 });
  return plan && caseOf(plan, draw);
}

/** Asks a case of a live adapter. */
export type Ask = (asked: Case) => Promise<CaseResult>;

/**
 * The smallest case that fails like `failure`, as fast-check's shrinking finds it against the live adapter, and its result.
 */
export async function shrink(failure: CaseResult, level: Level, ask: Ask): Promise<CaseResult> {
  const draw = parseId(failure.case.id);
  if (draw === undefined) return failure;
  let smallest = failure;
  const property = fc.asyncProperty(planOf(draw.operation), async (plan) => {
    const result = await ask(caseOf(plan, draw));
    const failsAlike =
      isFailure(result.verdict, level) && result.verdict === failure.verdict && result.broken === failure.broken;
    if (failsAlike) smallest = result;
    return !failsAlike;
  });
  const details = await fc.check(property, {
    seed: chunkSeed(draw),
    path: draw.path,
    numRuns: 1,
    interruptAfterTimeLimit: SHRINK_LIMIT_MS,
  });
  if (details.counterexamplePath === null) return failure;
  const shrunk = fuzzCase(idOf({ ...draw, path: details.counterexamplePath }));
  return { ...smallest, case: shrunk ?? failure.case };
}

function* operationPlans(seed: number, operation: FuzzOperation): Generator<{ plan: FuzzPlan; draw: Draw }, undefined> {
  for (let first = 0; ; first += CHUNK_CASES) {
    const chunk = { operation, seed, index: first };
    const plans = fc.sample<FuzzPlan>(planOf(operation), { seed: chunkSeed(chunk), numRuns: CHUNK_CASES });
    for (const [offset, plan] of plans.entries()) {
      yield { plan, draw: { operation, seed, index: first + offset, path: String(offset) } };
    }
  }
}

function planOf(operation: FuzzOperation): fc.Arbitrary<FuzzPlan> {
  return operation === "encode" ? encodePlan : decodePlan;
}

function caseOf(plan: FuzzPlan, draw: Draw): Case<CodecRequest> {
  const { pageSize } = plan.page;
  const why = `drawn with seed ${draw.seed}: a page of ${bytesText(pageSize)}`;
  const head = { id: idOf(draw), section: FUZZ_SECTION };
  if (plan.operation === "encode") {
    const { request, canonical } = buildEncodeRequest(plan);
    const requirements = ["DELTA-23", "DELTA-27"];
    return encodeCase(
      { ...head, requirements, why },
      () => request,
      () => encodeOutcomes(request, canonical),
    );
  }
  const request = buildDecodeRequest(plan);
  const { accept, requirement } = decodeOutcomes(request);
  return decodeCase(
    { ...head, requirements: [requirement], why },
    () => request,
    () => accept,
  );
}

/** Each chunk of each operation draws from a seed of its own, so that runs with neighbouring seeds share no cases. */
function chunkSeed({ seed, operation, index }: Omit<Draw, "path">): number {
  const chunk = Math.floor(index / CHUNK_CASES);
  const word = Math.imul(seed ^ (operation === "encode" ? 0 : 0x5bd1e995), 0x9e3779b1) + Math.imul(chunk, 0x85ebca6b);
  return (word ^ (word >>> 15)) | 0;
}

function idOf({ seed, operation, index, path }: Draw): string {
  const shrinks = path.split(":").slice(1);
  return ["fuzz", seed, operation, index, ...shrinks].join(":");
}

function parseId(id: string): Draw | undefined {
  const match = /^fuzz:(\d+):(encode|decode):(\d+)((?::\d+)*)$/.exec(id);
  if (!match) return undefined;
  const [, seed, operation, index, shrinks] = match;
  const path = `${Number(index) % CHUNK_CASES}${shrinks}`;
  return { seed: Number(seed), operation: operation as FuzzOperation, index: Number(index), path };
}
