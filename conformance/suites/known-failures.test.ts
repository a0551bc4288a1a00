import { describe, expect, test } from "vitest";
import type { CaseResult, Verdict } from "../harness/case.ts";
import { numberedCase } from "../harness/fakes/bad-run.ts";
import { type KnownFailure, KnownFailures, UNWRITTEN_REASON } from "./known-failures.ts";
import { updateKnownFailures } from "./known-failures-update.ts";

const known = (pattern: string, verdict: Verdict = "fail", reason = `why ${pattern}`): KnownFailure => ({
  pattern,
  verdict,
  reason,
  link: `https://example.org/${reason}`,
});
const added = (pattern: string, verdict: Verdict = "fail") => ({ pattern, verdict, reason: UNWRITTEN_REASON });

/** The entries after a run with these verdicts. */
function updated(before: readonly KnownFailure[], verdicts: Record<string, Verdict>, isStale = true) {
  const isDrawn = (id: string) => id.startsWith("fuzz:");
  return updateKnownFailures(before, {
    verdicts: new Map(Object.entries(verdicts)),
    isDrawn,
    level: "required",
    isStale: () => isStale,
  });
}

describe("known failures", () => {
  const result = (id: string, verdict: Verdict): CaseResult => ({ case: numberedCase(id, 0), verdict, detail: "" });
  const order = (id: string) => Number(id.split("/").at(-1));

  test("take back that a case passes when it is recorded again with a fault", () => {
    const entry = known("a/b/*", "protocol-fault");
    const all = new KnownFailures([entry], order);
    for (const id of ["a/b/2", "a/b/3", "a/b/1"]) expect(all.find(result(id, "pass"))).toBeUndefined();
    expect(all.uses()).toMatchObject([{ passedId: "a/b/1" }]);
    for (const id of ["a/b/1", "a/b/2"]) expect(all.find(result(id, "protocol-fault"))).toBe(entry);
    expect(all.uses()).toMatchObject([{ passedId: "a/b/3" }]);
    all.find(result("a/b/3", "crash"));
    expect(all.uses()).toEqual([{ pattern: "a/b/*", isMatched: true, passedId: null }]);
  });

  test("are met by an entry behind another one that expects the same of the case", () => {
    const [first, second] = [known("a/*"), known("a/b/1")];
    const all = new KnownFailures([first, second], order);
    expect(all.find(result("a/b/1", "fail"))).toBe(first);
    expect(all.uses().map(({ isMatched }) => isMatched)).toEqual([true, true]);
  });
});

describe("an update of known failures", () => {
  test("keeps what still fails, with reason and link, drops what no longer does, and adds the rest in order", () => {
    const before = [known("z/*"), known("a/b/2", "crash"), known("a/b/3"), known("no-such")];
    const { entries, ...counts } = updated(before, {
      "z/b/1": "fail",
      "a/b/9": "timeout",
      "a/b/2": "fail",
      "a/b/3": "pass",
      "a/b/1": "fail",
      "a/b/4": "unsupported",
      "a/b/5": "not-recommended",
    });
    expect(entries).toEqual([added("a/b/1"), added("a/b/2"), added("a/b/9", "timeout"), known("z/*")]);
    expect(counts).toEqual({ keptCount: 1, droppedCount: 3, addedCount: 3, unwrittenCount: 3 });
  });

  test("replaces a pattern that matches passing cases too by those that fail", () => {
    const before = [known("a/*", "fail", "16-bit offsets")];
    const { entries } = updated(before, { "a/b/1": "pass", "a/b/3": "fail", "a/b/2": "fail" });
    expect(entries).toEqual([known("a/b/2", "fail", "16-bit offsets"), known("a/b/3", "fail", "16-bit offsets")]);
  });

  test("keeps what a run of some cases has not met", () => {
    const before = [known("a/*"), known("b/*")];
    expect(updated(before, { "a/b/1": "pass" }, false).entries).toEqual([known("b/*")]);
  });

  test("adds no case that is drawn, because it does not come again, and keeps an entry that names one", () => {
    const before = [known("fuzz:1:encode:2")];
    expect(updated(before, { "fuzz:1:encode:2": "fail", "fuzz:1:encode:3": "fail" }).entries).toEqual(before);
    expect(updated([known("fuzz:*")], { "fuzz:1:encode:2": "fail", "fuzz:1:encode:3": "pass" }).entries).toEqual([]);
  });

  test("comes to the same when it is done again", () => {
    const verdicts = { "a/b/1": "fail", "a/b/2": "pass", "a/b/3": "crash", "c/d/1": "fail" } as const;
    const once = updated([known("a/*"), known("a/b/1"), known("c/*")], verdicts);
    expect(updated(once.entries, verdicts)).toMatchObject({ entries: once.entries, droppedCount: 0, addedCount: 0 });
  });
});
