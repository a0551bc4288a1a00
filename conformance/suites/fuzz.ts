/**
 * Seeded cases beyond the vectors. A case is found again by its id, `fuzz:SEED:KIND:INDEX` (`fuzz-ids.ts`), and after shrinking by
 * the path of the shrinks behind it.
 */

import fc from "fast-check";
import { type Case, type CaseResult, isFailure, type Level } from "../harness/case.ts";
import type { CodecRequest } from "../protocol.ts";
import { bytesText } from "./annotate.ts";
import { decodeCase, encodeCase } from "./delta-cases.ts";
import { buildDecodeRequest, buildEncodeRequest, decodeOutcomes, encodeOutcomes } from "./fuzz-build.ts";
import { drawnGuest, type GuestPlan, guestPlan } from "./fuzz-guests.ts";
import { type Draw, type FuzzKind, fuzzDraws, fuzzId, fuzzSectionOf, parseFuzzId } from "./fuzz-ids.ts";
import { decodePlan, encodePlan, type FuzzPlan } from "./fuzz-plans.ts";
import { compressedPlan, receivePlan, type StreamPlan } from "./fuzz-stream-plans.ts";
import { drawnStream } from "./fuzz-streams.ts";
import { ReceiveCase } from "./receive-cases.ts";
import { SendCase } from "./send-cases.ts";

/** How many plans are drawn at a time, each chunk from a seed of its own, so that a million cases are never in memory. */
const CHUNK_CASES = 256;
/** How long one failure is shrunk, in milliseconds. */
const SHRINK_LIMIT_MS = 15_000;

/** The cases for the operations, as many as `kindGroups` says of `count`, and of those only what is asked by its id. */
export function* fuzzCases(
  count: number,
  seed: number,
  operations: readonly string[],
  isAsked: (id: string) => boolean = () => true,
): Generator<Case> {
  const plans = new Plans();
  for (const draw of fuzzDraws(count, seed, operations)) {
    if (isAsked(fuzzId(draw))) yield caseOf(draw, () => plans.plan(draw));
  }
}

/** The case of an id of the form above; nothing for another text. */
export function fuzzCase(id: string): Case | undefined {
  const draw = parseFuzzId(id);
  if (draw === undefined) return undefined;
  const [plan] = fc.sample(PLANS[draw.kind], { seed: chunkSeed(draw), path: pathOf(draw), numRuns: 1 });
  return plan && caseOf(draw, () => plan);
}

/** Asks a case of a live adapter. */
export type Ask = (asked: Case) => Promise<CaseResult>;

/**
 * The smallest case that fails like `failure`, as fast-check's shrinking finds it against the live adapter, and its result.
 */
export async function shrink(failure: CaseResult, level: Level, ask: Ask): Promise<CaseResult> {
  const draw = parseFuzzId(failure.case.id);
  if (draw === undefined) return failure;
  let smallest = failure;
  const property = fc.asyncProperty(PLANS[draw.kind], async (plan) => {
    const result = await ask(caseOf(draw, () => plan));
    const failsAlike =
      isFailure(result.verdict, level) && result.verdict === failure.verdict && result.broken === failure.broken;
    if (failsAlike) smallest = result;
    return !failsAlike;
  });
  const details = await fc.check(property, {
    seed: chunkSeed(draw),
    path: pathOf(draw),
    numRuns: 1,
    interruptAfterTimeLimit: SHRINK_LIMIT_MS,
  });
  if (details.counterexamplePath === null) return failure;
  const [, ...shrinks] = details.counterexamplePath.split(":");
  const shrunk = fuzzCase(fuzzId({ ...draw, shrinks }));
  return { ...smallest, case: shrunk ?? failure.case };
}

/** What a fuzz case of any kind is made of. */
type AnyPlan = FuzzPlan | StreamPlan | GuestPlan;

/** What draws the plans of each kind. */
const PLANS: Readonly<Record<FuzzKind, fc.Arbitrary<AnyPlan>>> = {
  encode: encodePlan,
  decode: decodePlan,
  receive: receivePlan,
  compressed: compressedPlan,
  send: guestPlan,
};

/** Draws plans by the chunk, and keeps the last chunk of each kind. */
class Plans {
  readonly #chunks = new Map<FuzzKind, { readonly seed: number; readonly plans: readonly AnyPlan[] }>();

  plan(draw: Draw): AnyPlan {
    const seed = chunkSeed(draw);
    let chunk = this.#chunks.get(draw.kind);
    if (chunk?.seed !== seed) {
      chunk = { seed, plans: fc.sample(PLANS[draw.kind], { seed, numRuns: CHUNK_CASES }) };
      this.#chunks.set(draw.kind, chunk);
    }
    return chunk.plans[draw.index % CHUNK_CASES]!;
  }
}

/** A stream or a guest is drawn and built when it is asked: who offers no `receive` or `send` does not wait for it. */
function caseOf(draw: Draw, drawPlan: () => AnyPlan): Case {
  const head = { id: fuzzId(draw), section: fuzzSectionOf(draw.kind) };
  const drawnWith = `drawn with seed ${draw.seed}`;
  if (draw.kind === "receive" || draw.kind === "compressed") {
    return new ReceiveCase(
      head,
      drawnStream(() => drawPlan() as StreamPlan, drawnWith),
    );
  }
  if (draw.kind === "send") {
    return new SendCase(
      head,
      drawnGuest(() => drawPlan() as GuestPlan, drawnWith),
    );
  }
  return codecCase(drawPlan() as FuzzPlan, head, drawnWith);
}

function codecCase(plan: FuzzPlan, head: Pick<Case, "id" | "section">, drawnWith: string): Case<CodecRequest> {
  const why = `${drawnWith}: a page of ${bytesText(plan.page.pageSize)}`;
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

/** What sets the kinds of one seed apart. */
const KIND_SALT = {
  encode: 0,
  decode: 0x5bd1e995,
  receive: 0x1b873593,
  compressed: 0x27d4eb2f,
  send: 0x165667b1,
} as const;

/** Each chunk of each kind draws from a seed of its own, so that runs with neighbouring seeds share no cases. */
function chunkSeed({ seed, kind, index }: Draw): number {
  const chunk = Math.floor(index / CHUNK_CASES);
  const word = Math.imul(seed ^ KIND_SALT[kind], 0x9e3779b1) + Math.imul(chunk, 0x85ebca6b);
  return (word ^ (word >>> 15)) | 0;
}

/** Where fast-check finds the plan: its place in the chunk, and the shrinks. */
function pathOf({ index, shrinks }: Draw): string {
  return [index % CHUNK_CASES, ...shrinks].join(":");
}
