/** Plans, held against a simulation that knows nothing of the planner. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../guest/random.ts";
import { carryOut } from "./fakes/simulate.ts";
import { planMigrations } from "./plan.ts";
import type { Guest, PlanRequest } from "./request.ts";

const MEBIBYTE = 2 ** 20;
const sizes = fc
  .oneof(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 4096 }))
  .map((size) => size * MEBIBYTE);

/** About as much as some caches take with their tables, and a little more or less. */
const powers = fc.integer({ min: 12, max: 20 }).map((bits) => 2 ** bits);
const tight = fc
  .tuple(fc.integer({ min: 1, max: 4 }), powers, fc.integer({ min: -1, max: 1100 }))
  .map(([count, power, entryCount]) => count * power + 24 * entryCount);

const request = fc
  .record({
    mode: fc.constantFrom<PlanRequest["mode"]>("evacuate", "balance"),
    free: fc.array(fc.oneof(sizes, tight, fc.constant(0)), { minLength: 1, maxLength: 5 }),
    guests: fc.array(
      fc.record(
        {
          host: fc.nat(),
          ramBytes: sizes,
          dirtyBytesPerSecond: fc.oneof(fc.constant(0), fc.nat(4 * MEBIBYTE), fc.nat(200 * MEBIBYTE)),
          workingSetBytes: fc.oneof(fc.integer({ min: 1, max: 256 * MEBIBYTE }), powers),
        },
        { requiredKeys: ["host", "ramBytes", "dirtyBytesPerSecond"] },
      ),
      { maxLength: 9 },
    ),
    migrationsAtOnce: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
    bandwidthBytesPerSecond: fc.option(fc.integer({ min: MEBIBYTE, max: 1024 * MEBIBYTE }), { nil: undefined }),
  })
  .map(({ mode, free, guests, ...rest }): PlanRequest => {
    const hosts = free.map((freeBytes, index) => ({ name: `host-${index}`, freeBytes }));
    const named = guests.map(
      (guest, index): Guest => ({ ...guest, name: `guest-${index}`, host: hosts[guest.host % hosts.length]!.name }),
    );
    const told = Object.entries(rest).filter(([, value]) => value !== undefined);
    return { mode, ...(mode === "evacuate" && { from: "host-0" }), ...Object.fromEntries(told), hosts, guests: named };
  });

/** The sum of squares of what is free: the less, the nearer the hosts are to each other. */
const spread = (free: Iterable<number>) => [...free].reduce((sum, bytes) => sum + (bytes / MEBIBYTE) ** 2, 0);

describe("a plan", () => {
  test("never lets a host go over its memory, whichever of the migrations that run at once begins or ends first", () => {
    let plannedCount = 0;
    fc.assert(
      fc.property(request, fc.nat(), (request, seed) => {
        const planned = planMigrations(request);
        if (planned.kind === "refusal") {
          expect(request.mode).toBe("evacuate");
          return;
        }
        plannedCount += 1;
        const random = new Random(seed);
        const outcome = carryOut(request, planned.waves, (limit) => random.below(limit));
        expect(Math.min(...outcome.leastFree.values())).toBeGreaterThanOrEqual(0);
        expect(outcome.mostAtOnce).toBeLessThanOrEqual(request.migrationsAtOnce ?? 2);
        for (const { name, freeBytes, leastFreeBytes } of planned.hosts) {
          expect(outcome.free.get(name)).toBe(freeBytes);
          expect(outcome.leastFree.get(name)).toBeGreaterThanOrEqual(leastFreeBytes);
        }
        const moved = planned.waves.flat().map(({ guest }) => guest.name);
        expect(new Set(moved).size).toBe(moved.length);
        if (request.mode === "evacuate") expect([...outcome.hostOf.values()]).not.toContain("host-0");
        else if (0 < moved.length) {
          expect(spread(outcome.free.values())).toBeLessThan(spread(request.hosts.map(({ freeBytes }) => freeBytes)));
        }
      }),
      { numRuns: 2000 },
    );
    expect(plannedCount).toBeGreaterThan(500);
  });

  test("gives a guest that outruns its link the whole cache that it wants, and no guest more than it wants", () => {
    fc.assert(
      fc.property(request, (request) => {
        const planned = planMigrations(request);
        if (planned.kind === "refusal") return;
        for (const { guest, cacheBytes, wantedCacheBytes } of planned.waves.flat()) {
          const bandwidth = request.bandwidthBytesPerSecond ?? 134_217_728;
          if (bandwidth <= guest.dirtyBytesPerSecond) expect(cacheBytes).toBe(wantedCacheBytes);
          expect(cacheBytes).toBeLessThanOrEqual(wantedCacheBytes);
          const held = Math.min(
            guest.ramBytes,
            guest.workingSetBytes ?? guest.ramBytes,
            guest.dirtyBytesPerSecond * (guest.ramBytes / bandwidth),
          );
          expect(held <= wantedCacheBytes && (wantedCacheBytes <= 4096 || wantedCacheBytes / 2 < held)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("is refused for small evacuations only if there is none, as trying every order and place shows", () => {
    let refusedCount = 0;
    fc.assert(
      fc.property(request, (request) => {
        const leaving = request.guests.filter(({ host }) => host === "host-0");
        fc.pre(request.mode === "evacuate" && leaving.length <= 4 && request.hosts.length <= 4);
        const planned = planMigrations({ ...request, migrationsAtOnce: 1 });
        if (planned.kind === "refusal") refusedCount += 1;
        expect(planned.kind === "plan").toBe(isPossible(request, leaving));
      }),
      { numRuns: 2000 },
    );
    expect(refusedCount).toBeGreaterThan(50);
  });

  const host = (name: string, freeBytes: number) => ({ name, freeBytes });
  const guest = (name: string, ramBytes: number, more: Partial<Guest> = {}) => ({
    ...{ name, host: "a", ramBytes, dirtyBytesPerSecond: 0 },
    ...more,
  });
  const evacuate = { mode: "evacuate", from: "a" } as const;
  test.each([
    [
      { ...evacuate, hosts: [host("a", 0), host("b", 5)], guests: [guest("x", 4), guest("y", 4)] },
      "a cannot be evacuated: its guests have 8 bytes of RAM, and all other hosts together 5 free; free 3 or add a host",
    ],
    [
      { ...evacuate, hosts: [host("a", 0), host("b", 5), host("c", 5)], guests: [guest("x", 6)] },
      "a cannot be evacuated: guest x has 6 bytes of RAM, and no other host more than 5 free; free memory on one",
    ],
    [
      {
        ...evacuate,
        hosts: [host("a", 0), host("b", 5), host("c", 5)],
        guests: [guest("x", 3), guest("y", 3), guest("z", 3)],
      },
      "a cannot be evacuated: no placement has room for all 3 guests, though the other hosts have 10 bytes free for 9; free memory on one",
    ],
    [
      {
        ...evacuate,
        bandwidthBytesPerSecond: 100,
        hosts: [host("a", 4096), host("b", 10_000)],
        guests: [guest("x", 5000, { dirtyBytesPerSecond: 100, workingSetBytes: 4000 })],
      },
      "a cannot be evacuated: guest x writes 100 bytes a second and the link sends 100, so it needs a cache of 4096 bytes, 4120 with its table, " +
        "and a has 4096 free when all other guests that can go have gone; " +
        "free memory there, tell a smaller workingSetBytes if it has one, or give the migration more bandwidth",
    ],
  ])("is refused in words that say what is short: %#", (request, reason) => {
    expect(planMigrations(request)).toEqual({ kind: "refusal", reason });
  });

  test("lets as many guests go at once as their caches with their tables fit, and their RAM, to the byte", () => {
    fc.assert(
      fc.property(fc.array(powers, { minLength: 1, maxLength: 4 }), (caches) => {
        const ramBytes = caches.reduce((sum, cache) => sum + cache);
        const needed = caches.reduce((sum, cache) => sum + cache + (cache / 4096) * 24, 0);
        const guests = caches.map((cache, index) =>
          guest(`x${index}`, cache, { dirtyBytesPerSecond: 200, workingSetBytes: cache }),
        );
        const firstWave = (freeBytes: number) => {
          const hosts = [host("a", freeBytes), host("b", ramBytes)];
          const planned = planMigrations({
            ...evacuate,
            migrationsAtOnce: 4,
            bandwidthBytesPerSecond: 100,
            hosts,
            guests,
          });
          return planned.kind === "plan" ? planned.waves[0]!.length : 0;
        };
        expect([firstWave(needed), firstWave(needed - 1)]).toEqual([caches.length, caches.length - 1]);
      }),
    );
  });

  test("lets a guest go first that needs less, where the next needs what that leaves behind", () => {
    const outrunning = guest("x", 8192, { dirtyBytesPerSecond: 200, workingSetBytes: 4096 });
    const large = guest("y", 100_000, { dirtyBytesPerSecond: 99 });
    const request = {
      ...evacuate,
      bandwidthBytesPerSecond: 100,
      hosts: [host("a", 0), host("b", 200_000)],
      guests: [outrunning, large],
    };
    const planned = planMigrations(request);
    expect(planned.kind === "plan" && planned.waves.map((wave) => wave.map(({ guest }) => guest.name))).toEqual([
      ["y"],
      ["x"],
    ]);
  });

  test("gives up a search that has no end, and says so", () => {
    const hosts = [host("a", 0), ...Array.from({ length: 12 }, (_, index) => host(`b${index}`, 900 + index))];
    const guests = Array.from({ length: 13 }, (_, index) => guest(`x${index}`, 501 + (index % 7)));
    const planned = planMigrations({ ...evacuate, hosts, guests });
    expect(planned).toMatchObject({
      kind: "refusal",
      reason: expect.stringContaining("of 20000 placements that were tried"),
    });
  });

  test("has no migrations where nothing is to be done or gained", () => {
    const hosts = [host("a", 1000), host("b", 1000)];
    expect(planMigrations({ ...evacuate, hosts, guests: [] })).toMatchObject({ kind: "plan", waves: [] });
    expect(planMigrations({ mode: "balance", hosts, guests: [guest("x", 10)] })).toMatchObject({
      kind: "plan",
      waves: [],
    });
  });
});

/** Whether some order and some places do it, one migration at a time, each with the least cache that it comes to an end with. */
function isPossible(request: PlanRequest, leaving: readonly Guest[]): boolean {
  const bandwidth = request.bandwidthBytesPerSecond ?? 134_217_728;
  const leastCache = (guest: Guest) => {
    if (guest.dirtyBytesPerSecond < bandwidth) return 0;
    const size =
      2 ** Math.ceil(Math.log2(Math.max(4096, Math.min(guest.ramBytes, guest.workingSetBytes ?? guest.ramBytes))));
    return size + (size / 4096) * 24;
  };
  const go = (left: readonly Guest[], free: readonly number[]): boolean =>
    left.length === 0 ||
    left.some((guest) =>
      free.some((room, index) => {
        if (index === 0 || room < guest.ramBytes || free[0]! < leastCache(guest)) return false;
        const after = free.map((bytes, at) => bytes + (at === 0 ? guest.ramBytes : at === index ? -guest.ramBytes : 0));
        return go(
          left.filter((other) => other !== guest),
          after,
        );
      }),
    );
  return go(
    leaving,
    request.hosts.map(({ freeBytes }) => freeBytes),
  );
}
