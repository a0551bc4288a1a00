/**
 * Shards: one part of several of everything that is asked, for many machines. A case is in exactly one of them, whatever the patterns
 * leave, and the parts are of one size.
 */

import type { Case } from "../harness/case.ts";

/** One of `count` parts, numbered from 1. */
export interface Shard {
  readonly number: number;
  readonly count: number;
}

/** The most parts. */
export const MOST_SHARDS = 1000;

/** The shard of a text such as `2/4`; nothing for another text. */
export function parseShard(text: string): Shard | undefined {
  const match = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(text);
  if (!match) return undefined;
  const [number, count] = [Number(match[1]), Number(match[2])];
  return number <= count && count <= MOST_SHARDS ? { number, count } : undefined;
}

/** `shard 2 of 4`. */
export function shardText(shard: string): string {
  return `shard ${shard.replace("/", " of ")}`;
}

/** A predicate over things that are dealt out by their number, counted from 0; every thing where there are no shards. */
export function holdsNumber(shard: string | null): (number: number) => boolean {
  if (shard === null) return () => true;
  const { number, count } = shardOf(shard);
  return (dealt) => dealt % count === number - 1;
}

/** How many of the numbers from 0 to below `end` the shard holds. */
export function heldBelow(shard: string | null, end: number): number {
  if (shard === null) return end;
  const { number, count } = shardOf(shard);
  return Math.ceil(Math.max(0, end - (number - 1)) / count);
}

/**
 * A predicate over vectors. They are dealt out one by one, those of each operation by themselves; but the vectors of a section in
 * which some are asked after others stay together, in their order.
 */
export function holdsVector(shard: string | null, vectors: readonly Case[]): (vector: Case) => boolean {
  if (shard === null) return () => true;
  const { number, count } = shardOf(shard);
  const sections = new Set(vectors.filter(({ before = [] }) => before.length !== 0).map(({ section }) => section));
  const together = [...sections];
  const sizes = new Map<string, number[]>();
  const deal = (operation: string, given?: number): number => {
    const counts = sizes.get(operation) ?? new Array<number>(count).fill(0);
    const to = given ?? counts.indexOf(Math.min(...counts));
    counts[to]!++;
    sizes.set(operation, counts);
    return to;
  };
  const ids = new Set<string>();
  const dealTo = (vector: Case, given?: number) => {
    if (deal(vector.operation, given) === number - 1) ids.add(vector.id);
  };
  for (const vector of vectors) {
    if (sections.has(vector.section)) dealTo(vector, together.indexOf(vector.section) % count);
  }
  for (const vector of vectors) if (!sections.has(vector.section)) dealTo(vector);
  return ({ id }) => ids.has(id);
}

function shardOf(text: string): Shard {
  const shard = parseShard(text);
  if (shard === undefined)
    throw new RangeError(`"${text}" is no shard: it is the number of one and of all, such as 2/4`);
  return shard;
}
