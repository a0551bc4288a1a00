/**
 * Moves become waves of migrations that run at once (docs/planning.md, "Waves").
 */

import { cacheFootprint, cacheNeed, largestCache } from "./cache-need.ts";
import { type Move, type PlanRequest, USUAL_BANDWIDTH, USUAL_MIGRATIONS_AT_ONCE } from "./request.ts";

/** A move with its cache. */
export interface Migration extends Move {
  /** `xbzrle-cache-size`: a power of two; 0 for a migration without XBZRLE. */
  readonly cacheBytes: number;
  /** What it would have with more memory. */
  readonly wantedCacheBytes: number;
}

/** Migrations that may all run at the same time, and end in any order; the next wave begins when all have. */
export type Wave = readonly Migration[];

/** What the hosts have free, by name. */
type Free = Map<string, number>;

/**
 * Gives waves of moves: a wave takes as many as there is room for, in their order. Where the next cannot begin although nothing else runs, the
 * first one that can goes before it.
 *
 * @param request - What was asked.
 * @param moves - In an order in which there is room for the RAM of each.
 * @returns The waves; or why there are none, in words.
 */
export function wavesOf(request: PlanRequest, moves: readonly Move[]): readonly Wave[] | string {
  const { migrationsAtOnce = USUAL_MIGRATIONS_AT_ONCE, bandwidthBytesPerSecond = USUAL_BANDWIDTH } = request;
  const free: Free = new Map(request.hosts.map(({ name, freeBytes }) => [name, freeBytes]));
  const waves: Wave[] = [];
  const waiting = [...moves];
  while (0 < waiting.length) {
    const first = waiting.findIndex((move) => migrationNow(move, free, bandwidthBytesPerSecond, true) !== undefined);
    if (first < 0) return whyStuck(waiting[0]!, free, bandwidthBytesPerSecond);
    waiting.unshift(...waiting.splice(first, 1));
    const wave: Migration[] = [];
    while (wave.length < migrationsAtOnce && 0 < waiting.length) {
      const migration = migrationNow(waiting[0]!, free, bandwidthBytesPerSecond, wave.length === 0);
      if (migration === undefined) break;
      take(free, migration.from, cacheFootprint(migration.cacheBytes));
      take(free, migration.to, migration.guest.ramBytes);
      wave.push(migration);
      waiting.shift();
    }
    for (const { from, guest, cacheBytes } of wave) take(free, from, -guest.ramBytes - cacheFootprint(cacheBytes));
    waves.push(wave);
  }
  return waves;
}

/** A migration that can begin now; nothing if there is no room. The first of a wave is content with a smaller cache than it wants. */
function migrationNow(move: Move, free: Free, bandwidth: number, isFirst: boolean): Migration | undefined {
  const { guest, from, to } = move;
  const { wantedBytes, isNeeded } = cacheNeed(guest, bandwidth);
  const cacheBytes = largestCache(free.get(from)!, wantedBytes);
  const isEnough = cacheBytes === wantedBytes || (isFirst && !isNeeded);
  if (!isEnough || free.get(to)! < guest.ramBytes) return undefined;
  return { ...move, cacheBytes, wantedCacheBytes: wantedBytes };
}

function take(free: Free, host: string, byteCount: number): void {
  free.set(host, free.get(host)! - byteCount);
}

/** There is room for the RAM of each move in its turn, so it is a cache that there is none for. */
function whyStuck({ guest, from }: Move, free: Free, bandwidth: number): string {
  const { wantedBytes } = cacheNeed(guest, bandwidth);
  const rates = `guest ${guest.name} writes ${guest.dirtyBytesPerSecond} bytes a second and the link sends ${bandwidth}`;
  const cache = `so it needs a cache of ${wantedBytes} bytes, ${cacheFootprint(wantedBytes)} with its table`;
  const advice =
    "free memory there, tell a smaller workingSetBytes if it has one, or give the migration more bandwidth";
  return `${rates}, ${cache}, and ${from} has ${free.get(from)} free when all other guests that can go have gone; ${advice}`;
}
