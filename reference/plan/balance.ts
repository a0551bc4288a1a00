/**
 * Which guests go where so that hosts have as much memory free as each other (docs/planning.md, "Balance").
 */

import { cacheFootprint, cacheNeed } from "./cache-need.ts";
import { type Guest, type Host, type Move, type PlanRequest, USUAL_BANDWIDTH } from "./request.ts";

/**
 * Gives moves, each of which brings two hosts nearer to each other: the one first that does so most. A guest moves once.
 *
 * @param request - In mode `balance`.
 * @returns The moves, in the order in which there is room for each; none if nothing is gained.
 */
export function balancingMoves(request: PlanRequest): readonly Move[] {
  const free = new Map(request.hosts.map(({ name, freeBytes }) => [name, freeBytes]));
  const waiting = new Set(request.guests);
  const moves: Move[] = [];
  for (;;) {
    const best = bestMove(request, waiting, free);
    if (best === undefined) return moves;
    moves.push(best);
    waiting.delete(best.guest);
    free.set(best.from, free.get(best.from)! + best.guest.ramBytes);
    free.set(best.to, free.get(best.to)! - best.guest.ramBytes);
  }
}

function bestMove(
  { hosts, bandwidthBytesPerSecond = USUAL_BANDWIDTH }: PlanRequest,
  waiting: ReadonlySet<Guest>,
  free: ReadonlyMap<string, number>,
): Move | undefined {
  const emptiest = hosts.reduce((left: Host, right) => (free.get(left.name)! < free.get(right.name)! ? right : left));
  let best: Guest | undefined;
  let mostGain = 0;
  for (const guest of waiting) {
    const gain = gainOf(guest, free.get(guest.host)!, free.get(emptiest.name)!);
    const isBetter = mostGain < gain || (mostGain === gain && isQuieter(guest, best));
    if (!isBetter || !hasCache(guest, free.get(guest.host)!, bandwidthBytesPerSecond)) continue;
    best = guest;
    mostGain = gain;
  }
  return best && { guest: best, from: best.host, to: emptiest.name };
}

/** By how much the sum of the squares of free memory becomes less: half of it, in units of the guest's RAM and bytes. */
function gainOf({ ramBytes }: Guest, freeAtSource: number, freeAtTarget: number): number {
  return ramBytes * (freeAtTarget - freeAtSource - ramBytes);
}

/** Of two guests that bring as much, the one moves that writes less. */
function isQuieter(guest: Guest, best: Guest | undefined): boolean {
  return best !== undefined && guest.dirtyBytesPerSecond < best.dirtyBytesPerSecond;
}

/** A guest that needs a cache stays where its host has no room for that. */
function hasCache(guest: Guest, freeAtSource: number, bandwidth: number): boolean {
  const { wantedBytes, isNeeded } = cacheNeed(guest, bandwidth);
  return !isNeeded || cacheFootprint(wantedBytes) <= freeAtSource;
}
