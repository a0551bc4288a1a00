/**
 * Plans of several migrations: which guest goes where, in which order, and with how large a cache, so that no host goes over its memory
 * (docs/planning.md). The wish of openstack-dev, November 2015: turning compression on is the easy bit, the cache size is the hard one.
 */

import { balancingMoves } from "./balance.ts";
import { cacheFootprint, cacheNeed } from "./cache-need.ts";
import { evacuationMoves } from "./evacuate.ts";
import { type Host, type Move, type PlanRequest, requireNames, USUAL_BANDWIDTH } from "./request.ts";
import { type Wave, wavesOf } from "./waves.ts";

/** What is to be done. */
export interface MigrationPlan {
  readonly kind: "plan";
  readonly waves: readonly Wave[];
  /** In the order of the request. */
  readonly hosts: readonly HostOutlook[];
}

/** What becomes of a host's memory. */
export interface HostOutlook {
  readonly name: string;
  /** What is free at the end, in bytes. */
  readonly freeBytes: number;
  /** What is free at least, at any time, in bytes: 0 or more. */
  readonly leastFreeBytes: number;
}

/** There is nothing that could be done. */
export interface PlanRefusal {
  readonly kind: "refusal";
  /** Why, with numbers, and what to do. */
  readonly reason: string;
}

/**
 * Plans migrations.
 *
 * @param request - What is asked, by `spec/plan.schema.json`.
 * @returns A plan, of no waves if there is nothing to do; or a refusal.
 * @throws RangeError for names that are none.
 */
export function planMigrations(request: PlanRequest): MigrationPlan | PlanRefusal {
  requireNames(request);
  const moves = request.mode === "evacuate" ? orderedEvacuation(request) : balancingMoves(request);
  if (typeof moves === "string") return { kind: "refusal", reason: `${request.from} cannot be evacuated: ${moves}` };
  const waves = wavesOf(request, moves);
  if (typeof waves === "string") return { kind: "refusal", reason: `${request.from} cannot be evacuated: ${waves}` };
  return { kind: "plan", waves, hosts: request.hosts.map((host) => outlookOf(host, waves)) };
}

/** A wave takes all its memory when it begins, and gives back when it ends. */
function outlookOf({ name, freeBytes }: Host, waves: readonly Wave[]): HostOutlook {
  let [free, leastFree] = [freeBytes, freeBytes];
  for (const wave of waves) {
    const leaving = wave.filter(({ from }) => from === name);
    const coming = sum(wave.filter(({ to }) => to === name).map(({ guest }) => guest.ramBytes));
    const caches = sum(leaving.map(({ cacheBytes }) => cacheFootprint(cacheBytes)));
    leastFree = Math.min(leastFree, free - coming - caches);
    free += sum(leaving.map(({ guest }) => guest.ramBytes)) - coming;
  }
  return { name, freeBytes: free, leastFreeBytes: leastFree };
}

function sum(byteCounts: readonly number[]): number {
  return byteCounts.reduce((left, right) => left + right, 0);
}

/** Those that want the smallest cache go first: each leaves memory behind, for the caches of those that follow. */
function orderedEvacuation(request: PlanRequest): readonly Move[] | string {
  const { bandwidthBytesPerSecond = USUAL_BANDWIDTH } = request;
  const moves = evacuationMoves(request);
  if (typeof moves === "string") return moves;
  const wantedBytes = ({ guest }: Move) => cacheNeed(guest, bandwidthBytesPerSecond).wantedBytes;
  return [...moves].sort(
    (left, right) => wantedBytes(left) - wantedBytes(right) || right.guest.ramBytes - left.guest.ramBytes,
  );
}
