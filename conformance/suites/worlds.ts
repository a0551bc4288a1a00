/**
 * The small worlds as cases: three million of them, judged one by one, and checked block by block against the digests that the
 * vectors publish, so that the reference cannot be wrong alone.
 */

import { createHash } from "node:crypto";
import { BLOCK_CASES, loadWorldDigests, WORLDS, type World } from "../../vectors/worlds.ts";
import type { Case } from "../harness/case.ts";
import type { Answer, DecodeRequest, EncodeRequest } from "../protocol.ts";
import { decodeCase, encodeCase } from "./delta-cases.ts";
import { decodeOutcomes, encodeOutcomes } from "./fuzz-build.ts";

/** The section of a report that the cases of small worlds are counted in. */
export const WORLD_SECTION = "exhaustive";

/** How many cases the worlds of the operations have. */
export function worldCaseCount(operations: readonly string[]): number {
  return worldsOf(operations).reduce((sum, { caseCount }) => sum + caseCount, 0);
}

/** The case of an id `world:WORLD:INDEX`; nothing for another text. */
export function worldCase(id: string): Case | undefined {
  const [, worldId, index] = /^world:([a-z0-9-]+):(\d+)$/.exec(id) ?? [];
  const world = WORLDS.find((candidate) => candidate.id === worldId);
  return world && Number(index) < world.caseCount ? caseOf(world, Number(index), () => {}) : undefined;
}

/** Cases of small worlds, and what has come of their blocks. */
export class WorldRun {
  readonly #digests = loadWorldDigests();
  readonly #worlds: readonly World[];

  /** Takes the operations that are asked. */
  constructor(operations: readonly string[]) {
    this.#worlds = worldsOf(operations);
  }

  /** All cases in order. Judging the last of a block throws an Error if all of it conforms and its digest is not the published one. */
  *cases(): Generator<Case> {
    for (const world of this.#worlds) {
      for (let first = 0; first < world.caseCount; first += BLOCK_CASES) {
        const block = new Block(world, first, this.#digests[world.id][first / BLOCK_CASES]!);
        for (let index = first; index < block.end; index++) {
          yield caseOf(world, index, (token) => block.add(index, token));
        }
      }
    }
  }
}

/** The answers of one block as they come, in the words of the published digest. */
class Block {
  readonly end: number;
  readonly #world: World;
  readonly #first: number;
  readonly #digest: string;
  readonly #tokens: string[] = [];
  #open: number;
  #conforms = true;

  constructor(world: World, first: number, digest: string) {
    this.#world = world;
    this.#first = first;
    this.#digest = digest;
    this.end = Math.min(first + BLOCK_CASES, world.caseCount);
    this.#open = this.end - first;
  }

  /** Takes what was expected of a case that conforms, and nothing for one that does not. */
  add(index: number, token: string | undefined): void {
    if (token === undefined) this.#conforms = false;
    if (this.#tokens[index - this.#first] === undefined) this.#open--;
    this.#tokens[index - this.#first] = token ?? "";
    if (this.#open !== 0 || !this.#conforms) return;
    const digest = createHash("sha256")
      .update(`${this.#tokens.join("\n")}\n`)
      .digest("hex")
      .slice(0, 16);
    if (digest === this.#digest) return;
    const cases = `world:${this.#world.id}:${this.#first} to ${this.end - 1}`;
    throw new Error(`the reference and the vectors disagree in ${cases}: digest ${digest}, published ${this.#digest}`);
  }
}

type Note = (token: string | undefined) => void;

function worldsOf(operations: readonly string[]): World[] {
  return WORLDS.filter(({ operation }) => operations.includes(operation));
}

function caseOf(world: World, index: number, note: Note): Case {
  const request = world.input(index);
  const why = `case ${index} of the small world ${world.id}`;
  const head = { id: `world:${world.id}:${index}`, section: WORLD_SECTION, why };
  return request.operation === "encode" ? encoderCase(head, request, note) : decoderCase(head, request, note);
}

type Head = Pick<Case, "id" | "section" | "why">;

function encoderCase(head: Head, request: EncodeRequest, note: Note): Case {
  const accept = encodeOutcomes(request);
  const inner = encodeCase(
    { ...head, requirements: ["DELTA-23", "DELTA-27"] },
    () => request,
    () => accept,
  );
  const token = () =>
    accept
      .filter(({ level }) => level === "recommended")
      .map(encodeToken)
      .join(" or ");
  return noted(inner, token, note);
}

function decoderCase(head: Head, request: DecodeRequest, note: Note): Case {
  const { accept, requirement } = decodeOutcomes(request);
  const inner = decodeCase(
    { ...head, requirements: [requirement] },
    () => request,
    () => accept,
  );
  const token = () =>
    accept.map((outcome) => (outcome.kind === "page" ? `page ${hex(outcome.newPage)}` : "malformed")).join(" or ");
  return noted(inner, token, note);
}

/** The case, with a note of what was expected each time that an answer meets every MUST. */
function noted(inner: Case, token: () => string, note: Note): Case {
  const judgeInner = inner.judge.bind(inner);
  const judge = (answer: Answer) => {
    const judgement = judgeInner(answer);
    const isMet = judgement.kind === "pass" || judgement.level === "recommended";
    note(isMet ? token() : undefined);
    return judgement;
  };
  return Object.assign(inner, { judge });
}

function encodeToken(outcome: { readonly kind: string; readonly delta?: Uint8Array }): string {
  return outcome.delta ? `delta ${hex(outcome.delta)}` : outcome.kind;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
