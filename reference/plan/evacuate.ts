/**
 * Where the guests of a host go that is to be emptied (docs/planning.md, "Evacuate").
 */

import type { Guest, Host, Move, PlanRequest } from "./request.ts";

/** How many placements are tried before the search is given up. */
const MAX_TRIAL_COUNT = 20_000;

/**
 * Gives each guest of the host another one that has room for it.
 *
 * @param request - In mode `evacuate`.
 * @returns The moves, in no order that means anything; or why there are none, in words.
 */
export function evacuationMoves({ from, hosts, guests }: PlanRequest): readonly Move[] | string {
  const leaving = guests.filter(({ host }) => host === from).sort((left, right) => right.ramBytes - left.ramBytes);
  const others = hosts.filter(({ name }) => name !== from);
  const search = new Search(leaving, others);
  const found = search.place(0);
  if (found) return leaving.map((guest, index) => ({ guest, from: guest.host, to: search.places[index]!.name }));
  return whyNone(leaving, others, search.isGivenUp);
}

/** Tries places, those with the most room first, the largest guest first. */
class Search {
  /** The host of each guest, as far as it has one. */
  readonly places: Host[] = [];
  readonly #leaving: readonly Guest[];
  readonly #others: readonly Host[];
  readonly #free: Map<Host, number>;
  #trialCount = 0;

  constructor(leaving: readonly Guest[], others: readonly Host[]) {
    this.#leaving = leaving;
    this.#others = others;
    this.#free = new Map(others.map((host) => [host, host.freeBytes]));
  }

  get isGivenUp(): boolean {
    return MAX_TRIAL_COUNT < this.#trialCount;
  }

  /** Places the guests from a number on; gives whether all have a place. */
  place(index: number): boolean {
    const guest = this.#leaving[index];
    if (guest === undefined) return true;
    const tried = new Set<number>();
    const byRoom = [...this.#others].sort((left, right) => this.#room(right) - this.#room(left));
    for (const host of byRoom) {
      const room = this.#room(host);
      // Of two hosts with the same room one is as good as the other.
      if (room < guest.ramBytes || tried.has(room)) continue;
      tried.add(room);
      this.#trialCount += 1;
      if (this.isGivenUp) return false;
      this.#free.set(host, room - guest.ramBytes);
      this.places[index] = host;
      if (this.place(index + 1)) return true;
      this.#free.set(host, room);
    }
    return false;
  }

  #room(host: Host): number {
    return this.#free.get(host) as number;
  }
}

function whyNone(leaving: readonly Guest[], others: readonly Host[], isGivenUp: boolean): string {
  const ramBytes = leaving.reduce((sum, guest) => sum + guest.ramBytes, 0);
  const freeBytes = others.reduce((sum, host) => sum + host.freeBytes, 0);
  const mostFree = Math.max(0, ...others.map((host) => host.freeBytes));
  const [largest] = leaving as readonly [Guest];
  if (freeBytes < ramBytes) {
    return `its guests have ${ramBytes} bytes of RAM, and all other hosts together ${freeBytes} free; free ${ramBytes - freeBytes} or add a host`;
  }
  if (mostFree < largest.ramBytes) {
    return `guest ${largest.name} has ${largest.ramBytes} bytes of RAM, and no other host more than ${mostFree} free; free memory on one`;
  }
  const outcome = isGivenUp ? `none of ${MAX_TRIAL_COUNT} placements that were tried has` : "no placement has";
  return `${outcome} room for all ${leaving.length} guests, though the other hosts have ${freeBytes} bytes free for ${ramBytes}; free memory on one`;
}
