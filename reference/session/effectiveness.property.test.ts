/** XBZRLE turns itself off where it does not pay, and costs nothing by that: loads of any kind, with a seed. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Effectiveness, type EffectivenessEvent, effectivenessText } from "./effectiveness.ts";
import { FakeGuest } from "./fakes/guest.ts";
import { generator, type Load, writeLoad } from "./fakes/load.ts";
import { FakeMigration, type FakeMigrationOptions } from "./fakes/migration.ts";
import type { RoundFigures } from "./round-figures.ts";

const PAGE_SIZE = 1024;
const PAGE_COUNT = 512;

const load = fc.record<Load>({
  seed: fc.nat(1_000_000),
  pageCount: fc.integer({ min: 20, max: 120 }),
  workingSet: fc.constantFrom(16, 128, 512),
  noisePercent: fc.oneof(fc.constantFrom(0, 100), fc.nat(100)),
  changedBytes: fc.constantFrom(1, 4, 64),
});

/** Plays loads, each for so many rounds; gives how many bytes that took, and what the sender told. */
function play(loads: readonly Load[], roundCount: number, options: FakeMigrationOptions, msPerRound = 0) {
  const events: EffectivenessEvent[] = [];
  const guest = new FakeGuest(PAGE_SIZE, { ram: PAGE_COUNT });
  const cacheSizeBytes = 256 * PAGE_SIZE;
  const migration = new FakeMigration(guest, { cacheSizeBytes, onEvent: (event) => events.push(event), ...options });
  migration.round();
  for (const load of loads) {
    const random = generator(load.seed);
    for (let round = 0; round < roundCount; round++) {
      writeLoad(guest, load, random);
      migration.round(msPerRound);
      expect(migration.wrongCachedPages).toEqual([]);
    }
  }
  migration.finish();
  return { events, streamBytes: migration.sender.counters.streamBytes, isOn: migration.sender.isXbzrleOn };
}

const NOISE: Load = { seed: 1, pageCount: 100, workingSet: 128, noisePercent: 100, changedBytes: 0 };
const COUNTERS: Load = { seed: 2, pageCount: 100, workingSet: 128, noisePercent: 0, changedBytes: 4 };

describe("XBZRLE that turns itself off (SESSION-17)", () => {
  test("never takes 2 % more bytes than none, whatever the load; on noise it is off", () => {
    fc.assert(
      fc.property(load, (load) => {
        const none = play([load], 25, { usesXbzrle: false });
        const adaptive = play([load], 25, { usesXbzrle: true });
        expect(adaptive.streamBytes).toBeLessThanOrEqual(1.02 * none.streamBytes);
        if (load.noisePercent === 100 && load.workingSet <= 128) expect(adaptive.isOn).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  test("takes 5 % more bytes than XBZRLE that stays on at most, whatever the load, as long as it is one", () => {
    fc.assert(
      fc.property(load, (load) => {
        const always = play([load], 30, { usesXbzrle: true, turnsItselfOff: false });
        const adaptive = play([load], 30, { usesXbzrle: true });
        expect(adaptive.streamBytes).toBeLessThanOrEqual(1.05 * always.streamBytes);
      }),
      { numRuns: 60 },
    );
  });

  test("goes off on noise and comes back with the counters, and says so with the numbers (SESSION-18)", () => {
    const { events, isOn } = play([NOISE, COUNTERS], 30, { usesXbzrle: true });
    expect(events.map(({ kind }) => kind)).toEqual(["xbzrle-off", "xbzrle-on"]);
    expect(isOn).toBe(true);
    const [off, on] = events as [EffectivenessEvent, EffectivenessEvent];
    expect(off).toMatchObject({ missCount: 0, overflowCount: off.pageCount, savedBytes: 0, gain: 0 });
    expect(on.round).toBeLessThan(31 + 20);
    expect(effectivenessText(off)).toMatch(
      /^xbzrle is off: it does not pay, gain 0\.0 %, less than 2\.0 % \(round \d+: 0 of \d+ bytes saved on \d+ pages: 0 missed, \d+ overflowed, 0\.0 ms\)$/,
    );
    expect(effectivenessText(on)).toMatch(/^xbzrle is on again: it would pay, gain \d+\.\d %, more than 4\.0 % /);
  });

  test("goes off where encoding takes longer than the link takes for what it saves", () => {
    const paysOff = { usesXbzrle: true, encodeMsPerPage: 0.001 };
    expect(play([COUNTERS], 20, paysOff, 10).events).toEqual([]);
    const { events } = play([COUNTERS], 20, { ...paysOff, encodeMsPerPage: 1 }, 10);
    expect(events[0]).toMatchObject({ kind: "xbzrle-off", missCount: 0, overflowCount: 0 });
    expect(events[0]?.savedBytes).toBeGreaterThan(0);
    expect(events[0]?.gain).toBeLessThan(0);
  });

  test("stays on while nothing but new pages comes", () => {
    const guest = new FakeGuest(PAGE_SIZE, { ram: PAGE_COUNT });
    const migration = new FakeMigration(guest, { usesXbzrle: true });
    migration.round();
    for (let page = 0; page < PAGE_COUNT; page++) {
      guest.write(page, 0, Uint8Array.of(1));
      if (page % 32 === 31) migration.round();
    }
    expect(migration.sender.isXbzrleOn).toBe(true);
    expect(migration.sender.counters).toMatchObject({ newPages: PAGE_COUNT, cacheMisses: PAGE_COUNT });
    migration.finish();
  });
});

describe("what weighs", () => {
  const figures = (gain: number): RoundFigures => {
    const rest = { missCount: 0, overflowCount: 0, spentMs: 0, linkBytesPerMs: 0 };
    return { round: 1, pageCount: 100, plainBytes: 1000, savedBytes: 1000 * gain, ...rest };
  };

  test("changes nothing between the two limits, neither off nor on", () => {
    const weighed = new Effectiveness(1024);
    const kindsOf = (gain: number) =>
      Array.from({ length: 20 }, () => weighed.judge(figures(gain))?.kind).filter(Boolean);
    const kinds = [0.03, 0.01, 0.03, 0.05, 0.03].map(kindsOf);
    expect(kinds).toEqual([[], ["xbzrle-off"], [], ["xbzrle-on"], []]);
  });

  test("waits twice as long after each return", () => {
    const weighed = new Effectiveness(1024);
    const countUntil = (gain: number) => {
      let count = 1;
      while (weighed.judge(figures(gain)) === undefined) count += 1;
      return count;
    };
    expect([0, 1, 0, 1, 0, 1, 0].map(countUntil)).toEqual([3, 1, 6, 1, 12, 1, 24]);
  });

  test.each([1, 2, 16, 64, 256, 1024, 2 ** 14])(
    "samples some of %d parts while it is off, and never none",
    (partCount) => {
      const weighed = new Effectiveness(partCount);
      while (weighed.judge(figures(0)) === undefined);
      const sampled = Array.from({ length: partCount }, (_, page) => page).filter(weighed.uses);
      const share = Math.min(32, Math.max(2, partCount / 16));
      expect(sampled.length).toBeGreaterThanOrEqual(Math.max(1, Math.floor(partCount / share) - 1));
      expect(sampled.length).toBeLessThanOrEqual(Math.ceil(partCount / share) + 1);
      // The pages of one part are sampled together.
      for (const page of sampled) expect(weighed.uses(page + 5 * partCount)).toBe(true);
    },
  );
});
