import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { packageFolder } from "../../spec/package.ts";
import { REPLACEMENT_NAMES } from "../session/cache/directory.ts";
import { type MigrationResult, simulateScenario } from "./comparison.ts";
import type { Scenario, ScenarioMigration, ScenarioOptions } from "./scenario.ts";
import { SCENARIOS } from "./scenarios/scenarios.ts";
import { simulate } from "./simulate.ts";

const FREE = { zeroTestNs: 0, copyNs: 0, encodeNs: 0, compressNs: 0 };

/** A guest of 256 pages, of which 64 are written to again and again. */
const SMALL: Scenario = {
  title: "small",
  guest: { blocks: [{ name: "pc.ram", byteCount: 2 ** 20, contents: { zero: 0.25, words: 0.5 } }] },
  load: [{ workload: "hot-cold", byteCount: 2 ** 18, bytesPerSecond: 500_000 }],
  link: { bytesPerSecond: 2 ** 22 },
  giveUp: { timeMs: 5000 },
  migrations: [{ name: "plain" }],
};

const [PLAIN, XBZRLE, COMPRESS] = [{}, { xbzrle: true }, { compress: true }].map(
  (options: ScenarioOptions): ScenarioMigration => ({ name: "one", options: { "downtime-limit": 5, ...options } }),
) as [ScenarioMigration, ScenarioMigration, ScenarioMigration];

describe("a simulated migration", () => {
  test.each([PLAIN, XBZRLE, COMPRESS])("is the same for the same seed, and another for another: %o", (migration) => {
    const first = simulate(SMALL, migration);
    expect(simulate(SMALL, migration)).toEqual(first);
    expect(simulate({ ...SMALL, seed: 2 }, migration)).not.toEqual(first);
  });

  test("takes as long as the link has for its bytes, if the processor costs nothing", () => {
    const { totalMs, counters } = simulate({ ...SMALL, costs: FREE }, PLAIN);
    expect(totalMs).toBeCloseTo((1000 * counters.streamBytes) / SMALL.link.bytesPerSecond, 6);
  });

  test("takes as long as the processor has for its pages, if the link is much faster", () => {
    const scenario = {
      ...SMALL,
      load: [],
      link: { bytesPerSecond: 1e12 },
      costs: { ...FREE, zeroTestNs: 1e6, copyNs: 2e6 },
    };
    const { totalMs, counters } = simulate(scenario, PLAIN);
    expect(totalMs).toBeCloseTo(256 + 2 * counters.pageRecords, 2);
  });

  test("takes as long as all threads together have, if compression is what is slow", () => {
    const scenario = { ...SMALL, load: [], link: { bytesPerSecond: 1e12 }, costs: { ...FREE, compressNs: 1e6 } };
    const [four, eight] = [4, 8].map((threadCount) =>
      simulate(scenario, { name: "threads", options: { compress: true, "compress-threads": threadCount } }),
    ) as [ReturnType<typeof simulate>, ReturnType<typeof simulate>];
    expect(four.totalMs).toBeCloseTo(Math.ceil(four.counters.compressedRecords / 4), 0);
    expect(eight.totalMs).toBeCloseTo(Math.ceil(eight.counters.compressedRecords / 8), 0);
  });

  test("adds up: the rounds to the whole, and the kinds of records to nearly all bytes", () => {
    const { rounds, counters, byKind, totalMs } = simulate(SMALL, XBZRLE);
    const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
    const recordBytes = sum(Object.values(byKind).map(({ byteCount }) => byteCount));
    expect(sum(rounds.map(({ durationMs }) => durationMs))).toBeCloseTo(totalMs, 6);
    expect(recordBytes).toBeLessThan(counters.streamBytes);
    expect(recordBytes).toBeGreaterThan(0.98 * counters.streamBytes);
  });

  test("gives about the same numbers at any scale", () => {
    const whole: Scenario = {
      ...(SCENARIOS["bulk-stage"] as Scenario),
      guest: { blocks: [{ name: "pc.ram", byteCount: 2 ** 26, contents: { zero: 0.4, words: 0.4 } }] },
      load: [{ workload: "synthetic", start: 2 ** 25, byteCount: 2 ** 22, bytesPerSecond: 16_384 * 20 }],
      scale: 1,
    };
    const part = simulate({ ...whole, scale: 8 }, XBZRLE);
    const all = simulate(whole, XBZRLE);
    expect(part.totalMs / all.totalMs).toBeGreaterThan(0.9);
    expect(part.totalMs / all.totalMs).toBeLessThan(1.1);
    expect(part.counters.streamBytes / all.counters.streamBytes).toBeGreaterThan(0.9);
    expect(part.counters.streamBytes / all.counters.streamBytes).toBeLessThan(1.1);
  });

  const anyOptions = fc.record<ScenarioOptions>(
    {
      "downtime-limit": fc.integer({ min: 0, max: 100 }),
      xbzrle: fc.boolean(),
      "xbzrle-cache-size": fc.integer({ min: 12, max: 20 }).map((power) => 2 ** power),
      compress: fc.boolean(),
      "compress-level": fc.integer({ min: 0, max: 9 }),
      "compress-threads": fc.integer({ min: 1, max: 16 }),
      "compress-wait-thread": fc.boolean(),
      replacement: fc.constantFrom(...REPLACEMENT_NAMES),
      turnsItselfOff: fc.boolean(),
      cachesInBulkStage: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  const anyLoad = fc.record({
    workload: fc.constantFrom("idle", "synthetic", "random-writers", "hot-cold", "database", "counters", "streaming"),
    bytesPerSecond: fc.integer({ min: 0, max: 4_000_000 }),
  });
  property.prop([anyOptions, fc.array(anyLoad, { maxLength: 3 }), fc.nat()], { numRuns: 40 })(
    "ends with the destination as the source, whatever it is told",
    (options, load, seed) => {
      const scenario = { ...SMALL, load, seed, giveUp: { timeMs: 2000 } };
      expect(simulate(scenario, { name: "any", options }).differingPageCount).toBe(0);
    },
    60_000,
  );
});

const DOCUMENT = readFileSync(join(packageFolder, "docs/simulation.md"), "utf8");

/** The cells of a row of the document's table of a scenario: a number that was simulated and one that was published, for each migration. */
function documentedRow(name: string, title: string): number[][] {
  const table = DOCUMENT.slice(DOCUMENT.indexOf(`| \`${name}\` |`));
  const cells = table
    .slice(table.indexOf(`| ${title} |`))
    .split("\n", 1)[0]!
    .split("|")
    .slice(2, -1);
  return cells.map((cell) =>
    cell
      .replaceAll(",", "")
      .match(/[\d.]+/g)!
      .map(Number),
  );
}

describe.each(Object.entries(SCENARIOS))("the published result %s", (name, scenario) => {
  test("has the same winner on the virtual clock, equal memories, and stands in the document", {
    timeout: 120_000,
  }, () => {
    const { migrations } = simulateScenario(scenario);
    for (const { givenUp, published, differingPageCount } of migrations) {
      expect(differingPageCount).toBe(0);
      expect(givenUp === undefined).toBe(published!.completes);
    }
    const [first, second] = migrations as [MigrationResult, MigrationResult];
    for (const [index, { measure, unit, published, simulated }] of first.comparisons.entries()) {
      const other = second.comparisons[index]!;
      const row = documentedRow(name, `${measure}, ${unit}`);
      expect(row.map(([, told]) => told)).toEqual([published, other.published].map(Math.round));
      // Another zlib may make other sizes.
      for (const [column, { simulated }] of [first.comparisons[index]!, other].entries()) {
        expect(Math.abs(row[column]![0]! - simulated)).toBeLessThanOrEqual(0.02 * simulated + 0.01);
      }
      if (!["total time", "transferred", "throughput", "xbzrle cache miss"].includes(measure)) continue;
      expect(Math.sign(simulated - other.simulated), measure).toBe(Math.sign(published - other.published));
    }
  });
});
