/**
 * The small worlds as cases: three million of them. The answers to a block of them have to have the digest that the vectors publish,
 * and where they have not, judging each has told the inputs that differ. So neither the judge nor the vectors can be wrong alone.
 */

import { createHash } from "node:crypto";
import { toHex } from "../../reference/index.ts";
import { BLOCK_CASES, loadWorldDigests, WORLDS, type World } from "../../vectors/worlds.ts";
import type { Case } from "../harness/case.ts";
import type { Answer, CodecRequest, DecodeRequest, EncodeRequest } from "../protocol.ts";
import { decodeCase, encodeCase } from "./delta-cases.ts";
import { decodeOutcomes, encodeOutcomes } from "./fuzz-build.ts";

/** How the ids of the cases of small worlds begin, and the sections that they are counted in. */
export const WORLD_PREFIX = "world:";

/** Which cases of small worlds are asked. */
export interface WorldSelection {
  /** The operations that are asked. */
  readonly operations: readonly string[];
  /** True if any of a block is asked, by its number, which counts through all worlds, and the section that it is in. */
  readonly isBlockAsked: (block: number, section: string) => boolean;
  /** True if the case is asked; nothing if every case of such a block is. */
  readonly isAsked: ((id: string) => boolean) | undefined;
}

/** The section of a report that the cases of a world are counted in. */
export function worldSection(world: World): string {
  return `${WORLD_PREFIX}${world.id}`;
}

/** How many cases there are of each section. */
export function worldCounts({ operations, isBlockAsked, isAsked }: WorldSelection): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { world, number, first, end } of blocksOf(operations)) {
    if (!isBlockAsked(number, worldSection(world))) continue;
    let count = isAsked ? 0 : end - first;
    for (let index = first; isAsked && index < end; index++) if (isAsked(idOf(world, index))) count++;
    const section = worldSection(world);
    if (count !== 0) counts.set(section, (counts.get(section) ?? 0) + count);
  }
  return counts;
}

/** The case of an id `world:WORLD:INDEX`; nothing for another text. */
export function worldCase(id: string): Case<CodecRequest> | undefined {
  const place = placeOf(id);
  return place && caseOf(place.world, place.index, () => {});
}

/** Where the case of an id `world:WORLD:INDEX` stands among the cases of all worlds; nothing for another text. */
export function worldOrdinal(id: string): number | undefined {
  const place = placeOf(id);
  if (place === undefined) return undefined;
  const earlier = WORLDS.slice(0, WORLDS.indexOf(place.world));
  return earlier.reduce((sum, { caseCount }) => sum + caseCount, place.index);
}

/**
 * The cases in order. Judging the last of a block throws an Error if the answers of the block have not the published digest, and not
 * even with those put right that were judged to fail: then the judge is wrong, or the vectors are.
 */
export function* worldCases(
  { operations, isBlockAsked, isAsked }: WorldSelection,
  digests = loadWorldDigests(),
): Generator<Case<CodecRequest>> {
  for (const { world, number, first, end } of blocksOf(operations)) {
    if (!isBlockAsked(number, worldSection(world))) continue;
    const block = new Block(world, first, end, digests[world.id][first / BLOCK_CASES]!);
    for (let index = first; index < end; index++) {
      if (!isAsked || isAsked(idOf(world, index))) yield caseOf(world, index, (token) => block.add(index, token));
    }
  }
}

/** Cases that share a digest: those of a world from `first` to before `end`. */
interface BlockPlace {
  readonly world: World;
  /** Counted through all worlds, from 0. */
  readonly number: number;
  readonly first: number;
  readonly end: number;
}

function* blocksOf(operations: readonly string[]): Generator<BlockPlace> {
  let number = 0;
  for (const world of WORLDS) {
    for (let first = 0; first < world.caseCount; first += BLOCK_CASES, number++) {
      const end = Math.min(first + BLOCK_CASES, world.caseCount);
      if (operations.includes(world.operation)) yield { world, number, first, end };
    }
  }
}

/** The answers to one block as they come, in the words of the published digest. */
class Block {
  readonly #world: World;
  readonly #first: number;
  readonly #digest: string;
  readonly #tokens: string[] = [];
  /** What was expected where the answer is a failure, by the place in the block. */
  readonly #corrections = new Map<number, string>();
  #open: number;

  constructor(world: World, first: number, end: number, digest: string) {
    this.#world = world;
    this.#first = first;
    this.#digest = digest;
    this.#open = end - first;
  }

  add(index: number, { token, expected, isFailure }: AnswerNote): void {
    const at = index - this.#first;
    // A case that is asked again after a fault is not another one.
    if (this.#tokens[at] !== undefined) return;
    this.#tokens[at] = token;
    if (isFailure) this.#corrections.set(at, expected);
    this.#open--;
    if (this.#open === 0) this.#check();
  }

  /** A block passes by its digest. One that does not is narrowed to its failures: with them put right, it has to be as published. */
  #check(): void {
    if (digestOf(this.#tokens) === this.#digest) return;
    const digest = digestOf(this.#tokens.map((token, at) => this.#corrections.get(at) ?? token));
    if (digest === this.#digest) return;
    const cases = `${idOf(this.#world, this.#first)} and after it`;
    throw new Error(`the judge and the vectors disagree in ${cases}: digest ${digest}, published ${this.#digest}`);
  }
}

function digestOf(tokens: readonly string[]): string {
  return createHash("sha256")
    .update(`${tokens.join("\n")}\n`)
    .digest("hex")
    .slice(0, 16);
}

/** An answer in the words of the published digest, which stand for everything that conforms. */
interface AnswerNote {
  /** What is expected if the answer meets every MUST, and otherwise the answer itself. */
  readonly token: string;
  readonly expected: string;
  readonly isFailure: boolean;
}

type Note = (note: AnswerNote) => void;

function idOf(world: World, index: number): string {
  return `${worldSection(world)}:${index}`;
}

function placeOf(id: string): { world: World; index: number } | undefined {
  const [, worldId, digits] = /^world:([a-z0-9-]+):(0|[1-9]\d*)$/.exec(id) ?? [];
  const world = WORLDS.find((candidate) => candidate.id === worldId);
  const index = Number(digits);
  return world && index < world.caseCount ? { world, index } : undefined;
}

function caseOf(world: World, index: number, note: Note): Case<CodecRequest> {
  const request = world.input(index);
  const why = `case ${index} of the small world ${world.id}`;
  const head = { id: idOf(world, index), section: worldSection(world), why };
  return request.operation === "encode" ? encoderCase(head, request, note) : decoderCase(head, request, note);
}

type Head = Pick<Case, "id" | "section" | "why">;

function encoderCase(head: Head, request: EncodeRequest, note: Note): Case<CodecRequest> {
  const accept = encodeOutcomes(request);
  const inner = encodeCase(
    { ...head, requirements: ["DELTA-23", "DELTA-27"] },
    () => request,
    () => accept,
  );
  const recommended = () => accept.filter(({ level }) => level === "recommended").map(encodeToken);
  return noted(inner, recommended, note);
}

function decoderCase(head: Head, request: DecodeRequest, note: Note): Case<CodecRequest> {
  const { accept, requirement } = decodeOutcomes(request);
  const inner = decodeCase(
    { ...head, requirements: [requirement] },
    () => request,
    () => accept,
  );
  const accepted = () => accept.map((outcome) => (outcome.kind === "page" ? pageToken(outcome.newPage) : outcome.kind));
  return noted(inner, accepted, note);
}

/** The case, with a note of each answer that is judged. */
function noted(inner: Case<CodecRequest>, expectedTokens: () => readonly string[], note: Note): Case<CodecRequest> {
  const judgeInner = inner.judge.bind(inner);
  const judge = (answer: Answer) => {
    const judgement = judgeInner(answer);
    const tokens = expectedTokens();
    const [own, expected] = [answerToken(answer), tokens.join(" or ")];
    // An encoder may choose another well-formed delta: it is judged, and what breaks no more than a SHOULD stands for the expected one.
    const isChoice = judgement.kind === "fail" && judgement.level === "recommended";
    const isFailure = judgement.kind === "fail" && judgement.level === "required";
    note({ token: isChoice || tokens.includes(own) ? expected : own, expected, isFailure });
    return judgement;
  };
  return Object.assign(inner, { judge });
}

function answerToken(answer: Answer): string {
  if (answer.kind === "page") return pageToken(answer.page);
  return encodeToken(answer);
}

function encodeToken(outcome: { readonly kind: string; readonly delta?: Uint8Array }): string {
  return outcome.delta ? `delta ${toHex(outcome.delta)}` : outcome.kind;
}

function pageToken(page: Uint8Array): string {
  return `page ${toHex(page)}`;
}
