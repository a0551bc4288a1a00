/**
 * Carries a plan out, event by event, without a word of the planner: every migration begins and ends at its own time, and what is free on each host
 * is counted in bytes.
 */

import type { PlanRequest } from "../request.ts";

/** A migration as the plan states it. */
export interface StatedMigration {
  readonly guest: { readonly name: string };
  readonly from: string;
  readonly to: string;
  readonly cacheBytes: number;
}

/** What became of the guests and of the hosts' memory. */
export interface Outcome {
  /** The host of each guest at the end. */
  readonly hostOf: ReadonlyMap<string, string>;
  readonly free: ReadonlyMap<string, number>;
  /** The least that was free on each host. */
  readonly leastFree: ReadonlyMap<string, number>;
  /** How many ran at once, at most. */
  readonly mostAtOnce: number;
}

/**
 * Carries it out. Throws an Error if the plan cannot be: a guest that is not where it is said to be, or a cache that is none.
 *
 * @param below - Gives an integer from 0 to before a limit: which of the events that can be comes next.
 */
export function carryOut(
  request: PlanRequest,
  waves: readonly (readonly StatedMigration[])[],
  below: (limit: number) => number,
): Outcome {
  const hostOf = new Map(request.guests.map(({ name, host }) => [name, host]));
  const ramOf = new Map(request.guests.map(({ name, ramBytes }) => [name, ramBytes]));
  const free = new Map(request.hosts.map(({ name, freeBytes }) => [name, freeBytes]));
  const leastFree = new Map(free);
  let mostAtOnce = 0;
  const change = (host: string, byteCount: number) => {
    if (!free.has(host)) throw new Error(`no host ${host}`);
    free.set(host, free.get(host)! + byteCount);
    leastFree.set(host, Math.min(leastFree.get(host)!, free.get(host)!));
  };
  for (const wave of waves) {
    const waiting = [...wave];
    const running: StatedMigration[] = [];
    while (0 < waiting.length + running.length) {
      const choice = below(waiting.length + running.length);
      if (choice < waiting.length) {
        const [migration] = waiting.splice(choice, 1) as [StatedMigration];
        const { guest, from, to, cacheBytes } = migration;
        if (hostOf.get(guest.name) !== from || from === to) throw new Error(`${guest.name} does not go from ${from}`);
        if (cacheBytes !== 0 && (cacheBytes < 4096 || !Number.isInteger(Math.log2(cacheBytes)))) {
          throw new Error(`${cacheBytes} is no size of a cache`);
        }
        change(from, -cacheBytes - 24 * (cacheBytes / 4096));
        change(to, -ramOf.get(guest.name)!);
        running.push(migration);
        mostAtOnce = Math.max(mostAtOnce, running.length);
      } else {
        const [{ guest, from, to, cacheBytes }] = running.splice(choice - waiting.length, 1) as [StatedMigration];
        change(from, ramOf.get(guest.name)! + cacheBytes + 24 * (cacheBytes / 4096));
        hostOf.set(guest.name, to);
      }
    }
  }
  return { hostOf, free, leastFree, mostAtOnce };
}
