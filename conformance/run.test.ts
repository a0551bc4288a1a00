import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { adapterWith } from "./adapters/fakes/codec.ts";
import { checkReport, installedSuite } from "./report/check.ts";
import { failureKinds } from "./report/kinds.ts";
import { runConformance } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "xbzrle-run-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a run", () => {
  test("shrinks what fuzzing finds to the smallest page that fails", async () => {
    const encode = "if (oldPage.length > 4500 && oldPage.length < 5000) return { kind: 'overflow' }";
    const options = { run: ["fuzz:*"], fuzz: 3000 };
    const report = await runConformance({ command: adapterWith(folder, "sizes", { encode }), options });
    expect(report.verdict).toBe("nonconformant");
    const [smallest] = failureKinds(report.failures, "required").map(({ plainest }) => plainest);
    expect(smallest?.id).toMatch(/^fuzz:0:encode:\d+(:\d+)+$/);
    expect(smallest?.vector).toMatchObject({ operation: "encode", oldPage: { size: 4501, fill: "00" } });
  });

  test("says of a failure that passes alone that the implementation keeps state", async () => {
    const encode = "if (count++ > 50) return { kind: 'overflow' }";
    const command = adapterWith(folder, "state", { encode });
    const report = await runConformance({ command, options: { run: ["delta/edges/*"], fuzz: 0 } });
    expect(report.verdict).toBe("nonconformant");
    const [kind] = failureKinds(report.failures, "required");
    expect(kind).toMatchObject({ name: "DELTA-24", plainest: { verdict: "fail", passesAlone: true } });
    expect(report.failures.every(({ broken }) => broken === "DELTA-24")).toBe(true);
    expect(report.requirements.find(({ id }) => id === "DELTA-24")?.broken).toBe(report.counts.fail);
    expect(checkReport(report, installedSuite()).contradictions).toEqual([]);
  });

  test("says so too of an encoder whose deltas are right and not canonical", async () => {
    const encode = `
      const isOwn = oldPage.length < 100 && oldPage.length + 2 <= capacity && oldPage.some((byte, at) => byte !== newPage[at]);
      if (isOwn && count++ > 3) return { kind: "overflow" };
      if (isOwn) return { kind: "delta", delta: Uint8Array.of(0, oldPage.length, ...newPage) };`;
    const command = adapterWith(folder, "literal", { encode });
    const options = { run: ["delta/edges/*"], operations: ["encode"], fuzz: 0 };
    const { failures, counts } = await runConformance({ command, options });
    expect(counts["not-recommended"]).toBeGreaterThan(0);
    const [kind] = failureKinds(failures, "required");
    expect(kind).toMatchObject({ name: "DELTA-24", plainest: { verdict: "fail", passesAlone: true } });
  });

  test("says so too if the adapter takes so long to start again that there is no time to ask more", async () => {
    const encode = "if (count++ > 50) return { kind: 'overflow' }";
    const [program, file] = adapterWith(folder, "slow-third", { encode });
    const starts = join(folder, "starts");
    const script = `echo >> "$0"; if [ $(wc -l < "$0") -eq 3 ]; then exec sleep 60; fi; exec "$1" "$2"`;
    const command = ["sh", "-c", script, starts, program!, file!];
    const options = { run: ["delta/edges/*"], operations: ["encode"], fuzz: 0 };
    const { failures } = await runConformance({ command, options });
    expect(failures.some(({ passesAlone, broken }) => passesAlone && broken === "DELTA-24")).toBe(true);
  });

  test("says of a failure that needs the requests that belong before it that the implementation keeps state", async () => {
    const encode = "if (oldPage.length === 1 && count > 0) return { kind: 'overflow' }; count++";
    const report = await runConformance({
      command: adapterWith(folder, "small", { encode }),
      options: { run: ["delta/stateful/encode-small-after-encode-*"], fuzz: 0 },
    });
    expect(report.failures.length).toBeGreaterThan(0);
    for (const failure of report.failures) expect(failure).toMatchObject({ broken: "DELTA-24", passesAlone: false });
  });

  test("is incomplete if an operation is not offered, and conformant if it is not asked for", async () => {
    const command = adapterWith(folder, "encoder", { offers: "encode" });
    const both = await runConformance({ command, options: { fuzz: 100 } });
    expect(both.verdict).toBe("incomplete");
    expect(both.counts.unsupported).toBeGreaterThan(1000);
    expect(both.counts["not-run"]).toBe(0);
    const encoder = await runConformance({ command, options: { fuzz: 100, operations: ["encode"] } });
    expect(encoder.verdict).toBe("conformant");
  });

  test("is never conformant if cases are left out", async () => {
    const command = adapterWith(folder, "good", {});
    for (const options of [{ run: ["delta/edges/*"] }, { skip: ["delta/edges/*"] }, { skip: ["fuzz:*"] }]) {
      const report = await runConformance({ command, options: { ...options, fuzz: 10 } });
      expect(report.verdict).toBe("incomplete");
    }
  });

  test("accepts known failures, and fails for one that passes or matches nothing", async () => {
    const decode = "if (oldPage.length === 65536) throw new Error('too large')";
    const command = adapterWith(folder, "known", { decode });
    const entry = { pattern: "delta/*", verdict: "error", reason: "16-bit offsets" } as const;
    const options = { run: ["delta/page-sizes/*"], operations: ["decode"], fuzz: 0 };
    const without = await runConformance({ command, options });
    const ids = without.failures.map(({ id }) => id);
    expect(without.verdict).toBe("nonconformant");
    const knownFailures = ids.map((pattern) => ({ ...entry, pattern }));
    const known = await runConformance({ command, options, knownFailures });
    expect(known.counts).toMatchObject({ known: ids.length, error: 0 });
    expect(known.verdict).toBe("incomplete");
    const stale = await runConformance({ command, options, knownFailures: [entry] });
    expect(stale.verdict).toBe("nonconformant");
    expect(stale.reasons.join()).toContain("no longer fails");
    const none = { ...entry, pattern: "delta/no-such-family/*" };
    const unmatched = await runConformance({
      command,
      options: { operations: ["decode"], fuzz: 0 },
      knownFailures: [...knownFailures, none],
    });
    expect(unmatched.reasons).toContain('known failure "delta/no-such-family/*" matches no case; remove the entry');
    expect(unmatched.verdict).toBe("nonconformant");
  });

  test("stops at the first failure that is not known, if it is to stop at one", async () => {
    const decode = "if (oldPage.length === 65536) throw new Error('too large')";
    const command = adapterWith(folder, "fast", { decode });
    const options = { run: ["delta/page-sizes/*"], operations: ["decode"], fuzz: 0, failFast: true, window: 1 };
    const { evidence, failures } = await runConformance({ command, options });
    expect(evidence.failedFast).toBe(true);
    const knownFailures = [{ pattern: failures[0]!.id, verdict: "error", reason: "16-bit offsets" }] as const;
    const further = await runConformance({ command, options, knownFailures });
    expect(further.counts).toMatchObject({ known: 1, error: 1 });
  });

  test("leaves known failures alone that are about what was not asked", async () => {
    const command = adapterWith(folder, "encoder", { offers: "encode" });
    const about = (pattern: string) => ({ pattern, verdict: "fail", reason: "it is not asked" }) as const;
    const notAsked = ["record/flags/*", "fuzz:*", "fuzz:7:encode:3", "world:*", "*:decode:*"].map(about);
    const options = { operations: ["encode"], fuzz: 0 };
    const report = await runConformance({ command, options, knownFailures: [...notAsked, about("*/no-such/*")] });
    expect(report.evidence.staleKnownFailures).toEqual([
      'known failure "*/no-such/*" matches no case; remove the entry',
    ]);
    expect(checkReport(report, installedSuite()).contradictions).toEqual([]);
  });

  test("gives the same report for the same seed, but for times", async () => {
    const encode = "if (oldPage.length > 4500 && oldPage.length < 5000) return { kind: 'overflow' }";
    const command = adapterWith(folder, "seed", { encode });
    const options = { fuzz: 600, seed: 7, run: ["fuzz:*"] };
    const reports = [await runConformance({ command, options }), await runConformance({ command, options })];
    const [first, second] = reports.map((report) => ({ ...report, startedAt: "", durationMs: 0 }));
    expect(first).toEqual(second);
    expect(first?.failures.length).toBeGreaterThan(0);
  });
});
