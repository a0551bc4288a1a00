/** The digests of the small worlds: what conforms, case by case, after the text of docs/xbzrle/delta.md and nothing else. */

import { createHash } from "node:crypto";
import { BLOCK_CASES, type DecodeInput, WORLDS, type World } from "../worlds.ts";
import { encodeOutcomes } from "./outcomes.ts";
import { canonicalDelta } from "./spell.ts";

/** The text of `vectors/json/worlds.json`. */
export function writeWorlds(): string {
  const digests = Object.fromEntries(WORLDS.map((world) => [world.id, blockDigests(world)]));
  return `${JSON.stringify({ formatVersion: 1, blockCases: BLOCK_CASES, digests }, null, 2)}\n`;
}

function blockDigests(world: World): string[] {
  const digests: string[] = [];
  for (let first = 0; first < world.caseCount; first += BLOCK_CASES) {
    const digest = createHash("sha256");
    const end = Math.min(first + BLOCK_CASES, world.caseCount);
    for (let index = first; index < end; index++) {
      digest.update(`${expected(world.input(index))}\n`);
    }
    digests.push(digest.digest("hex").slice(0, 16));
  }
  return digests;
}

/** What conforms at the level of every SHOULD, in the words of the adapter protocol; a choice is joined by "or". */
function expected(input: ReturnType<World["input"]>): string {
  if (input.operation === "decode") {
    return expectedOfDecoder(input);
  }
  const { oldPage, newPage, capacity } = input;
  const kinds = encodeOutcomes(oldPage, newPage, capacity)
    .accept.filter(({ level }) => level === "recommended")
    .map(({ kind }) => (kind === "delta" ? `delta ${hex(canonicalDelta(oldPage, newPage) ?? [])}` : kind));
  return kinds.join(" or ");
}

function expectedOfDecoder({ oldPage, delta }: DecodeInput): string {
  const page = Uint8Array.from(oldPage);
  const end = applied(page, 0, [...delta], true);
  if (end === "malformed") {
    return end;
  }
  const mayRefuse = delta.length === 0 || end === "longer form";
  return mayRefuse ? `page ${hex(page)} or malformed` : `page ${hex(page)}`;
}

type End = "well-formed" | "longer form" | "malformed";

/** Lays the pairs over the page from the offset on, one after the other. */
function applied(page: Uint8Array, offset: number, delta: readonly number[], isFirst: boolean): End {
  if (delta.length === 0) {
    return "well-formed";
  }
  const zrun = spelledLength(delta);
  if (zrun === undefined || (zrun.value === 0 && !isFirst) || page.length < offset + zrun.value) {
    return "malformed";
  }
  const nzrun = spelledLength(zrun.rest);
  const start = offset + zrun.value;
  if (nzrun === undefined || nzrun.value === 0 || page.length < start + nzrun.value) {
    return "malformed";
  }
  if (nzrun.rest.length < nzrun.value) {
    return "malformed";
  }
  page.set(nzrun.rest.slice(0, nzrun.value), start);
  const end = applied(page, start + nzrun.value, nzrun.rest.slice(nzrun.value), false);
  return end === "well-formed" && (zrun.isLonger || nzrun.isLonger) ? "longer form" : end;
}

/** The length at the beginning of the bytes and what follows it; `undefined` if there is none, or it is cut off or too long. */
function spelledLength(bytes: readonly number[]) {
  const [first, second, ...rest] = bytes;
  if (first === undefined) {
    return undefined;
  }
  if (first < 128) {
    return { value: first, rest: bytes.slice(1), isLonger: false };
  }
  if (second === undefined || 128 <= second) {
    return undefined;
  }
  return { value: first - 128 + 128 * second, rest, isLonger: second === 0 };
}

function hex(bytes: ArrayLike<number>): string {
  return Buffer.from(Uint8Array.from(bytes)).toString("hex");
}
