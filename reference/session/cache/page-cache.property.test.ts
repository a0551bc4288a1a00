/** The page cache against a model of each replacement that is as plain as can be, whatever is put in, dropped and resized. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CacheDirectory, REPLACEMENT_NAMES, type ReplacementName } from "./directory.ts";
import { NO_SLOT, PageCache } from "./page-cache.ts";

const PAGE_SIZE = 1024;
const PAGE_COUNT = 50;

/** A cached page: its generation, when it was used, and what it holds. */
interface Cached {
  readonly generation: number;
  readonly use: number;
  readonly content: number;
}

/** Which page makes room: none, if `undefined`; and `refused`, if none may. */
type MakesRoom = (
  cached: Map<number, Cached>,
  size: number,
  page: number,
  generation: number,
) => number | undefined | "refused";

const MODELS: Record<ReplacementName, MakesRoom> = {
  "direct-mapped": (cached, size, page, generation) => {
    const rival = [...cached.keys()].find((other) => other % size === page % size);
    if (rival === undefined) return undefined;
    return cached.get(rival)!.generation + 2 <= generation ? rival : "refused";
  },
  lru: (cached, size) => (cached.size < size ? undefined : oldest(cached, [...cached.keys()])),
  "guarded-lru": (cached, size, _page, generation) => {
    if (cached.size < size) return undefined;
    const rival = oldest(cached, [...cached.keys()]);
    return cached.get(rival)!.generation + 2 <= generation ? rival : "refused";
  },
  "two-way": (cached, size, page) => {
    const [setCount, wayCount] = size === 1 ? [1, 1] : [size / 2, 2];
    const rivals = [...cached.keys()].filter((other) => other % setCount === page % setCount);
    return rivals.length < wayCount ? undefined : oldest(cached, rivals);
  },
};

const oldest = (cached: Map<number, Cached>, pages: readonly number[]) =>
  pages.reduce((left, right) => (cached.get(left)!.use < cached.get(right)!.use ? left : right));

class Model {
  readonly cached = new Map<number, Cached>();
  readonly size: number;
  readonly #makesRoom: MakesRoom;

  constructor(size: number, makesRoom: MakesRoom) {
    this.size = size;
    this.#makesRoom = makesRoom;
  }

  put(page: number, entry: Cached, isForced = false): boolean {
    if (!this.cached.has(page)) {
      const generation = isForced ? Number.POSITIVE_INFINITY : entry.generation;
      const leaving = this.#makesRoom(this.cached, this.size, page, generation);
      if (leaving === "refused") return false;
      if (leaving !== undefined) this.cached.delete(leaving);
    }
    this.cached.set(page, entry);
    return true;
  }

  resized(size: number): Model {
    const other = new Model(size, this.#makesRoom);
    const byUse = [...this.cached].sort(([, left], [, right]) => left.use - right.use);
    for (const [page, entry] of byUse) other.put(page, entry, true);
    return other;
  }
}

const action = fc.oneof(
  { weight: 20, arbitrary: fc.record({ kind: fc.constant("put" as const), page: fc.nat(PAGE_COUNT - 1) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("round" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("keepOnly" as const), modulus: fc.integer({ min: 2, max: 5 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("resize" as const), power: fc.nat(6) }) },
);

function newCache(replacement: ReplacementName, size: number): PageCache {
  const sizes = { sizeBytes: size * PAGE_SIZE, pageSize: PAGE_SIZE, pageCount: PAGE_COUNT, snapshotCount: 1 };
  return new PageCache({ ...sizes, replacement });
}

/** What the cache has: page, and the first two bytes of its slot. */
function contentOf(cache: PageCache): Map<number, number> {
  const { pages } = cache.arena;
  const contentAt = (slot: number) => pages[slot * PAGE_SIZE]! * 256 + pages[slot * PAGE_SIZE + 1]!;
  return new Map([...cache.cached()].map(([page, slot]) => [page, contentAt(slot)]));
}

function putSnapshot(cache: PageCache, page: number, content: number, round: number): boolean {
  const slot = cache.takeSlot();
  cache.arena.pages.set([content >> 8, content & 255], slot * PAGE_SIZE);
  const leaving = cache.put(page, slot, round);
  if (leaving !== NO_SLOT) cache.freeSlot(leaving);
  return leaving !== slot;
}

function newDirectory(replacement: ReplacementName): CacheDirectory {
  return new CacheDirectory(replacement, 16 * PAGE_SIZE, PAGE_SIZE, 64);
}

describe.each(REPLACEMENT_NAMES)("a cache with %s replacement", (replacement) => {
  test("has the pages that the model has, with what was put last", () => {
    fc.assert(
      fc.property(fc.nat(4), fc.array(action, { maxLength: 150, size: "max" }), (power, actions) => {
        let cache = newCache(replacement, 2 ** power);
        let model = new Model(2 ** power, MODELS[replacement]);
        let round = 0;
        for (const [use, action] of actions.entries()) {
          switch (action.kind) {
            case "round":
              round += 1;
              break;
            case "put": {
              const isPut = model.put(action.page, { generation: round, use, content: use });
              expect(putSnapshot(cache, action.page, use, round)).toBe(isPut);
              break;
            }
            case "keepOnly":
              for (const page of model.cached.keys()) if (page % action.modulus !== 0) model.cached.delete(page);
              cache.keepOnly((page) => page % action.modulus === 0);
              break;
            case "resize":
              cache = cache.resized(2 ** action.power * PAGE_SIZE);
              model = model.resized(2 ** action.power);
          }
          expect(contentOf(cache)).toEqual(new Map([...model.cached].map(([page, { content }]) => [page, content])));
          for (const page of model.cached.keys()) expect(cache.find(page)).not.toBe(NO_SLOT);
          expect(cache.isFull).toBe(model.cached.size === cache.entryCount);
        }
      }),
      { numRuns: 100 },
    );
  });

  test("that grows loses nothing, and keeps the pages used last when it shrinks to as many as fit (SESSION-15)", () => {
    const cache = newCache(replacement, 16);
    for (let page = 0; page < 16; page++) putSnapshot(cache, page, page, 1);
    for (let page = 4; page < 8; page++) putSnapshot(cache, page, 100 + page, 2);
    expect(contentOf(cache.resized(32 * PAGE_SIZE))).toEqual(contentOf(cache));
    const kept = [4, 5, 6, 7].map((page): [number, number] => [page, 100 + page]);
    expect(contentOf(cache.resized(4 * PAGE_SIZE))).toEqual(new Map(kept));
  });
});

test.each(["direct-mapped", "two-way"] as const)(
  "a part of a cache with %s replacement has the pages that it has if there are no others",
  (replacement) => {
    const puts = fc.array(fc.tuple(fc.nat(63), fc.nat(1)), { maxLength: 100, size: "max" });
    fc.assert(
      fc.property(puts, fc.nat(15), (puts, part) => {
        const [all, alone] = [newDirectory(replacement), newDirectory(replacement)];
        const isOfPart = (page: number) => page % all.partCount === part % all.partCount;
        let generation = 0;
        for (const [page, elapsed] of puts) {
          generation += elapsed;
          all.claim(page, generation);
          if (isOfPart(page)) alone.claim(page, generation);
        }
        const pagesOf = (directory: CacheDirectory) => Array.from(directory.cached(), ({ page }) => page).sort();
        expect(pagesOf(all).filter(isOfPart)).toEqual(pagesOf(alone));
      }),
    );
  },
);

test("a cache is never larger than the guest", () => {
  expect(newCache("lru", 2 ** 20).entryCount).toBe(64);
});
