import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adapterWith } from "./adapters/fakes/codec.ts";
import { checkReport, type InstalledSuite, installedSuite } from "./report/check.ts";
import { jsonText } from "./report/json.ts";
import { mergeReports } from "./report/merge.ts";
import type { RunOptions, RunReport } from "./report/model.ts";
import { readReport } from "./report/read.ts";
import { runConformance } from "./run.ts";
import type { KnownFailure } from "./suites/known-failures.ts";

const folder = mkdtempSync(join(tmpdir(), "xbzrle-shards-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SUITE: InstalledSuite = installedSuite();
const OPTIONS: Partial<RunOptions> = {
  run: ["delta/page-sizes/*", "delta/isolating/*", "fuzz:*", "world:encode-8:*"],
  fuzz: 500,
  seed: 3,
  exhaustive: true,
  knownFailures: "known.json",
};

/** Faults that fuzzing finds and shrinks, crashes, failures in a small world, and known ones. It writes nothing on standard error. */
const BAD = {
  encode: `
    if (oldPage.length > 2000 && oldPage.length < 3000) return { kind: "overflow" };
    if (oldPage.length === 8 && capacity === 9 && newPage[7] !== oldPage[7]) return { kind: "overflow" };`,
  decode: `
    if (oldPage.length === 2) process.exit(3);
    if (oldPage.length === 65536) return oldPage;
    if (oldPage.length > 4500 && oldPage.length < 5000) return oldPage;`,
};
const KNOWN: readonly KnownFailure[] = [
  { pattern: "delta/page-sizes/decode-65536*", verdict: "fail", reason: "16-bit offsets" },
  { pattern: "delta/page-sizes/*-17-*", verdict: "fail", reason: "it passes" },
  { pattern: "delta/no/*", verdict: "fail", reason: "nothing" },
];

async function run(command: readonly string[], shard: string | null): Promise<RunReport> {
  const report = await runConformance({ command, options: { ...OPTIONS, shard }, knownFailures: KNOWN });
  return readReport(jsonText(report));
}

function withoutTimes(report: RunReport): RunReport {
  return { ...report, startedAt: "2025-01-31T12:00:00.000Z", durationMs: 0 };
}

describe.each([
  ["a good adapter", "good", {}],
  ["a bad adapter", "bad", BAD],
] as const)("the shards of a run of %s", (_, name, wrongness) => {
  const command = adapterWith(folder, name, wrongness);
  let whole: RunReport;
  beforeAll(async () => {
    whole = await run(command, null);
  });

  test("merge to its report, byte for byte but for times", async () => {
    const shards = [await run(command, "1/3"), await run(command, "2/3"), await run(command, "3/3")];
    for (const shard of shards) expect(checkReport(shard, SUITE).contradictions).toEqual([]);
    // Files are given in any order.
    const named = shards.map((report, index) => ({ path: `${index}.json`, report })).reverse();
    const merged = mergeReports(named, SUITE);
    expect(checkReport(merged, SUITE).contradictions).toEqual([]);
    expect(jsonText(withoutTimes(merged))).toBe(jsonText(withoutTimes(whole)));
  });

  test("have a world whose failures are narrowed to their inputs, and show all else that is to be merged", () => {
    const { failures, counts, restarts, evidence } = whole;
    expect(counts["not-run"]).toBe(0);
    expect(evidence.staleKnownFailures).toHaveLength(2);
    if (name === "good") return;
    expect(restarts).toBeGreaterThan(0);
    for (const count of [counts.fail, counts.crash, counts.known]) expect(count).toBeGreaterThan(0);
    expect(failures.some(({ section, asFound }) => section === "fuzz" && asFound !== null)).toBe(true);
    const narrowed = failures.filter(({ section }) => section === "world:encode-8");
    expect(narrowed.length).toBeGreaterThan(20);
    for (const { id, request } of narrowed) {
      expect(Number(id.split(":").at(-1)) % 16).toBe(9);
      expect(request.join()).toContain("a capacity of 9 bytes");
    }
  });
});
