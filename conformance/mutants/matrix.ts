/**
 * The kill matrix: which vectors each mutant fails, asked in this process one after the other, as a run asks them of an
 * adapter; and which of them are isolating vectors of a requirement.
 */

import { loadRequirements } from "../../spec/requirements.ts";
import { loadVectors, type Vector } from "../../vectors/index.ts";
import { type Case, type CaseResult, isFailure, judgeAnswer, type Level } from "../harness/case.ts";
import type { Answer, CodecRequest } from "../protocol.ts";
import { vectorsDigest } from "../report/vectors-digest.ts";
import { vectorCase } from "../suites/vector-suite.ts";
import { answerOf, type Codec, type Mutant, PLAIN } from "./mutant.ts";

/** The chapters that mutants break. */
export const MUTATED_CHAPTERS: readonly string[] = ["delta"];

/** What the suite finds of one mutant. */
export interface MutantRow {
  readonly id: string;
  /** The requirement that it breaks. */
  readonly breaks: string;
  /** The level at which it has to be killed: `recommended` if it breaks a SHOULD, and then it has to conform at `required`. */
  readonly level: Level;
  /** The number of vectors that it fails at that level. */
  readonly kills: number;
  /** The same, by the requirement that was found broken; `error` where there was no answer to judge. */
  readonly broken: Readonly<Record<string, number>>;
  /** How many of those vectors name the requirement that it breaks, or were failed for it. */
  readonly named: number;
  /** The first of those vectors. */
  readonly first: readonly string[];
}

/** What shows one requirement. */
export interface RequirementRow {
  readonly id: string;
  /** The number of mutants that break it. */
  readonly mutants: number;
  /** The number of its isolating vectors: those that its rule switched off fails, and no other rule switched off. */
  readonly isolating: number;
  /** The first of them. */
  readonly first: readonly string[];
}

/** What the suite finds of all mutants. */
export interface KillMatrix {
  readonly formatVersion: 1;
  /** The digest of the vectors that were asked, as in a report. */
  readonly vectors: string;
  readonly vectorCount: number;
  readonly requirements: readonly RequirementRow[];
  readonly mutants: readonly MutantRow[];
}

/** How many vectors are named in a row. */
const FIRST_COUNT = 2;

/** The level at which a mutant that breaks this requirement has to be killed. */
export function killLevel(requirement: string): Level {
  const found = loadRequirements().get(requirement);
  if (found === undefined) throw new Error(`${requirement} is no requirement`);
  return found.level?.startsWith("SHOULD") ? "recommended" : "required";
}

/** Asks every vector of every mutant. `rulesOff` are those mutants that switch a rule off, one for each requirement. */
export function killMatrix(mutants: readonly Mutant[], rulesOff: readonly Mutant[]): KillMatrix {
  const rows = mutants.map((mutant) => new Tally(mutant));
  const offIds = new Set(rulesOff.map(({ id }) => id));
  const isolating = new Map(rulesOff.map(({ breaks }) => [breaks, [] as string[]]));
  let vectorCount = 0;
  for (const asked of expandedCases()) {
    vectorCount++;
    const killers = killersOf(asked, rows);
    const [first, ...others] = killers.filter(({ id }) => offIds.has(id));
    if (first && others.length === 0) isolating.get(first.breaks)!.push(asked.id);
  }
  return {
    formatVersion: 1,
    vectors: vectorsDigest(MUTATED_CHAPTERS),
    vectorCount,
    requirements: rulesOff.map(({ breaks: id }) => ({
      id,
      mutants: mutants.filter(({ breaks }) => breaks === id).length,
      isolating: isolating.get(id)!.length,
      first: isolating.get(id)!.toSorted(byPurpose).slice(0, FIRST_COUNT),
    })),
    mutants: rows.map((tally) => tally.row()),
  };
}

/** An implementation, and the ids of the vectors that it is asked; all of them if none are given. */
export interface Asked {
  readonly codec: Codec;
  readonly ids?: readonly string[];
}

/** The results of each implementation for the vectors that it does not pass, in their order. */
export function failuresOf(asked: readonly Asked[]): CaseResult[][] {
  const asksAll = asked.some(({ ids }) => ids === undefined);
  const ids = new Set(asked.flatMap((each) => each.ids ?? []));
  const failures: CaseResult[][] = asked.map(() => []);
  for (const planned of expandedCases(({ id }) => asksAll || ids.has(id))) {
    asked.forEach(({ codec, ids }, index) => {
      if (ids !== undefined && !ids.includes(planned.id)) return;
      const result = ask(codec, planned);
      if (result.verdict !== "pass") failures[index]!.push(result);
    });
  }
  return failures;
}

/** The vectors as cases whose pages are expanded once, and let go when the next one is asked for. */
function* expandedCases(isAsked: (vector: Vector) => boolean = () => true): Generator<Case<CodecRequest>> {
  const vectors = loadVectors();
  const byId = new Map(vectors.map((vector) => [vector.id, vector]));
  for (const vector of vectors.filter(isAsked)) {
    yield vectorCase(expanded(vector), byId);
  }
}

function expanded(vector: Vector): Vector {
  const { id, chapter, family, requirements, why, flags, after, pageSize, oldPage } = vector;
  const base = { id, chapter, family, requirements, why, flags, after, pageSize, oldPage };
  if (vector.operation === "encode") {
    const { operation, newPage, capacity, accept } = vector;
    return { ...base, operation, newPage, capacity, accept: accept.map((outcome) => ({ ...outcome })) };
  }
  const { operation, delta, accept } = vector;
  return { ...base, operation, delta, accept: accept.map((outcome) => ({ ...outcome })) };
}

/** The mutants that fail a case, at whatever level; and the case goes into their tallies. */
function killersOf(asked: Case<CodecRequest>, rows: readonly Tally[]): Mutant[] {
  const right = ask(PLAIN, asked);
  if (right.verdict !== "pass") throw new Error(`the plain codec fails ${asked.id}: ${right.detail}`);
  const killers: Mutant[] = [];
  for (const tally of rows) {
    if (!tally.answersOnItsOwn(asked.request)) continue;
    const result = ask(tally.codec, asked, right.answer);
    if (result.verdict === "pass") continue;
    killers.push(tally.mutant);
    tally.add(result);
  }
  return killers;
}

/** Asks a case, after the requests that come before it. What equals an answer known to be right is not judged again. */
function ask(codec: Codec, asked: Case<CodecRequest>, right?: Answer): CaseResult {
  for (const request of asked.before ?? []) answerOf(codec, request);
  const answer = answerOf(codec, asked.request);
  if (right && areEqual(answer, right)) return { case: asked, verdict: "pass", detail: "" };
  return judgeAnswer(asked, answer, "");
}

function areEqual(left: Answer, right: Answer): boolean {
  if (left.kind === "delta" && right.kind === "delta") return Buffer.compare(left.delta, right.delta) === 0;
  if (left.kind === "page" && right.kind === "page") return Buffer.compare(left.page, right.page) === 0;
  return left.kind === right.kind;
}

/** One mutant, running, and what it has failed. */
class Tally {
  readonly mutant: Mutant;
  readonly codec: Codec;
  readonly #level: Level;
  readonly #broken = new Map<string, number>();
  readonly #failed: string[] = [];
  #named = 0;

  constructor(mutant: Mutant) {
    this.mutant = mutant;
    this.codec = mutant.codec();
    this.#level = killLevel(mutant.breaks);
  }

  /** False if the plain codec answers such a request for the mutant: there is nothing to find. */
  answersOnItsOwn({ operation }: CodecRequest): boolean {
    return this.codec[operation] !== PLAIN[operation];
  }

  add({ case: { id, requirements }, verdict, broken = verdict }: CaseResult): void {
    if (!isFailure(verdict, this.#level)) return;
    // A mutant that breaks a SHOULD must meet every MUST: what it breaks besides is told apart.
    const key = this.#level === "recommended" && isFailure(verdict, "required") ? `required: ${broken}` : broken;
    this.#broken.set(key, (this.#broken.get(key) ?? 0) + 1);
    this.#failed.push(id);
    if (broken === this.mutant.breaks || requirements.includes(this.mutant.breaks)) this.#named++;
  }

  row(): MutantRow {
    const { id, breaks } = this.mutant;
    const broken = Object.fromEntries([...this.#broken].sort(([left], [right]) => compareIds(left, right)));
    const first = this.#failed.slice(0, FIRST_COUNT);
    return { id, breaks, level: this.#level, kills: this.#failed.length, broken, named: this.#named, first };
  }
}

/** Those first that were made to isolate. */
function byPurpose(left: string, right: string): number {
  const isMade = (id: string) => Number(id.startsWith("delta/isolating/"));
  return isMade(right) - isMade(left);
}

/** In order of number. */
function compareIds(left: string, right: string): number {
  return left.localeCompare(right, "en", { numeric: true });
}
