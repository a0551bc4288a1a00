import { describe, expect, test } from "vitest";
import { numberedCases, runBad } from "./fakes/bad-run.ts";

/** Longer than a test waits. */
const LONG_MS = 60_000;

describe.concurrent("an interrupted run ends soon, keeps what was answered, and leaves no process", () => {
  test.each<[when: string, mode: string, limitMs: number, answeredCount: number]>([
    ["while an adapter is silent", "hang", 1500, 20],
    ["while an adapter is silent and deaf to SIGTERM", "ignore-sigterm", 4000, 20],
    ["while an adapter answers", "slow", 1500, 5],
    ["while it is started again", "hello-once-then-silent", 1500, 20],
    ["while it should end", "end-runs-on", 1500, 40],
  ])("%s", async (_, mode, limitMs, answeredCount) => {
    const interruption = new AbortController();
    let abortedAt = Number.POSITIVE_INFINITY;
    const run = await runBad(mode, {
      culpritId: "case/20",
      timeoutMs: LONG_MS,
      signal: interruption.signal,
      record: ({ case: { id } }) => {
        if (id !== `case/${answeredCount - 1}`) return;
        setTimeout(() => {
          abortedAt = performance.now();
          interruption.abort();
        }, 300);
      },
    });
    expect(performance.now() - abortedAt).toBeLessThan(limitMs);
    expect(run.ending).toMatchObject({ stopped: "interrupted", failedFast: false });
    expect(run.results.size).toBeGreaterThanOrEqual(answeredCount);
    const verdicts = [...run.results.values()].slice(0, answeredCount).map(({ verdict }) => verdict);
    expect(new Set(verdicts)).toEqual(new Set(["pass"]));
    expect(run.survivors).toEqual([]);
  });

  test("while the requests in flight are asked one at a time", async () => {
    const interruption = new AbortController();
    const run = await runBad("not-two-at-once", {
      timeoutMs: LONG_MS,
      signal: interruption.signal,
      record: ({ case: { id } }) => {
        if (id === "case/5") interruption.abort();
      },
    });
    expect(run.ending).toMatchObject({ stopped: "interrupted", restarts: 1 });
    expect([...run.results].map(([id, { verdict }]) => `${id} ${verdict}`)).toEqual(
      [0, 1, 2, 3, 4, 5].map((index) => `case/${index} pass`),
    );
    expect(run.survivors).toEqual([]);
  });

  test("before it has begun", async () => {
    const run = await runBad("good", { signal: AbortSignal.abort() });
    expect(run.error).toMatchObject({ name: "AdapterStartError", message: expect.stringContaining("interrupted") });
    expect([run.results.size, run.survivors]).toEqual([0, []]);
  });
});

test("one signal serves a run with many restarts without a warning", async () => {
  const warnings: Error[] = [];
  const warn = (warning: Error) => warnings.push(warning);
  process.on("warning", warn);
  const run = await runBad("not-two-at-once", { signal: new AbortController().signal });
  // Warnings are told in a later turn.
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", warn);
  expect(run.ending!.restarts).toBe(3);
  expect(warnings).toEqual([]);
});

describe.concurrent("a run with --fail-fast", () => {
  test.each(["exit-3", "hang", "twice", "wrong-bytes"])("%s: stops at the first failure, and says so", async (mode) => {
    const run = await runBad(mode, {
      culpritId: "case/5",
      failFast: true,
      timeoutMs: 400,
      window: 4,
      cases: numberedCases(400),
    });
    const failures = [...run.results.values()].filter(({ verdict }) => verdict !== "pass");
    expect(failures.map(({ case: { id } }) => id)).toEqual(["case/5"]);
    expect(run.ending).toMatchObject({
      failedFast: true,
      stopped: expect.stringContaining("stopped at the first failure"),
    });
    expect(run.results.size).toBeLessThan(40);
    expect(run.survivors).toEqual([]);
  });

  test("text-after: a fault that has no case is a failure too", async () => {
    const run = await runBad("text-after", { culpritId: "case/5", failFast: true, window: 1 });
    expect(run.ending).toMatchObject({ failedFast: true, restarts: 1, adapterFault: expect.anything() });
    expect([run.results.size, run.survivors]).toEqual([6, []]);
  });
});

describe.concurrent("a run that cannot go on", () => {
  test("tells why the adapter did not start again, and keeps what was answered", async () => {
    const run = await runBad("hello-once", { culpritId: "case/20" });
    expect(run.ending!.stopped).toMatch(
      /^the adapter ended with exit status 1 while \d+ requests were open; the adapter could not be started again: the adapter ended with exit status 5 before it had said hello; its standard error ends with "the licence is in use"$/,
    );
    expect([run.ending!.restarts, run.results.size, run.survivors]).toEqual([1, 20, []]);
  });

  test.each(["next", "judge", "record"])(
    "throws an error of the harness itself to its caller, and ends the adapter: %s",
    async (where) => {
      const broken = new Error(`a fault of ${where}`);
      const fail = () => {
        throw broken;
      };
      function* cases() {
        for (const [index, asked] of numberedCases(40).entries()) {
          if (index === 20 && where === "next") fail();
          yield index === 20 && where === "judge" ? { ...asked, judge: fail } : asked;
        }
      }
      const run = await runBad("good", {
        cases: cases(),
        record: ({ case: { id } }) => {
          if (id === "case/20" && where === "record") fail();
        },
      });
      expect(run.error).toBe(broken);
      expect(run.survivors).toEqual([]);
    },
  );
});
