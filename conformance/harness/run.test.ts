import { describe, expect, test } from "vitest";
import type { Verdict } from "./case.ts";
import { type BadRun, numberedCase, numberedCases, runBad } from "./fakes/bad-run.ts";

const CASE_COUNT = 40;
const CULPRIT = "case/20";
/** A time in which a program that runs answers on a busy machine, and that a test can wait for. */
const SHORT_MS = 400;

/** The cases that did not pass. */
function notPassed({ results }: BadRun): string[] {
  return [...results.values()].filter(({ verdict }) => verdict !== "pass").map(({ case: { id } }) => id);
}

/** What is true of every run: every case has a result, and no process is left. */
function expectComplete(run: BadRun): void {
  expect(run.error).toBeUndefined();
  expect(run.ending).not.toHaveProperty("stopped");
  expect(run.results.size).toBe(CASE_COUNT);
  expect(run.survivors).toEqual([]);
}

describe.concurrent("an adapter that breaks at one request of many", () => {
  test.each<[mode: string, verdict: Verdict, finding: RegExp, timeoutMs?: number]>([
    [
      "exit-0",
      "crash",
      /ended with exit status 0 while 1 request was open; it should run until its standard input ends/,
    ],
    ["exit-3", "crash", /ended with exit status 3 while 1 request was open$/],
    ["segfault", "crash", /was killed by signal SIGSEGV/],
    ["half-line-and-exit", "crash", /exit status 0 .* leaving half a line: "case\/20 page 02a"/],
    ["grandchild-and-exit", "crash", /ended with exit status 4/],
    ["deaf-grandchild-and-exit", "crash", /ended with exit status 4/],
    ["grandchild-and-exit", "crash", /ended with exit status 4/, SHORT_MS],
    ["no-answer", "timeout", /^no answer in 0.4 s$/, SHORT_MS],
    ["hang", "timeout", /^no answer in 0.4 s$/, SHORT_MS],
    ["close-stdin", "timeout", /^no answer in 0.4 s$/, SHORT_MS],
    ["ignore-sigterm", "timeout", /^no answer in 0.4 s$/, SHORT_MS],
    [
      "half-line-and-hang",
      "timeout",
      /stops in the middle of a line: "case\/20 page 02a": end it with LF, and flush/,
      SHORT_MS,
    ],
    ["close-stdout", "protocol-fault", /closed its standard output and runs on; no answer can arrive/],
    ["close-stdout", "protocol-fault", /closed its standard output and runs on; no answer can arrive/, SHORT_MS],
    ["gigabyte", "protocol-fault", /a line of more than 16777216 bytes that begins with "aaaa.*an answer ends with LF/],
    [
      "text",
      "protocol-fault",
      /"decoding 21 bytes".*standard output must carry nothing but answers; write messages to standard error/,
    ],
    ["empty-line", "protocol-fault", /no answer: "": it is empty/],
    ["hello-again", "protocol-fault", /"hello 1 bad 1.0 encode decode": the handshake is over/],
    ["twice", "protocol-fault", /answered a request twice: "case\/20 page .*exactly one answer/],
    ["second-answer-later", "protocol-fault", /answered a request twice: "case\/20 page/],
    ["unknown-id", "protocol-fault", /answered a request that is not open: "nobody page/],
    ["id-and-more", "protocol-fault", /answered a request that is not open: "case\/20x page/],
    ["id-alone", "protocol-fault", /"case\/20": it is not an id, a space and an answer/],
    ["two-spaces", "protocol-fault", /"case\/20 {2}page [^"]+": "" is no answer/],
    ["space-at-end", "protocol-fault", /" " is not a byte in hexadecimal/],
    ["odd-digits", "protocol-fault", /15 digits are not whole bytes/],
    ["no-digit", "protocol-fault", /"ag" is not a byte in hexadecimal/],
    ["no-bytes", "protocol-fault", /there are none \("-" stands for no bytes\)/],
    ["other-kind", "protocol-fault", /gave decode an answer that it cannot have: "case\/20 unchanged"/],
    ["unknown-kind", "protocol-fault", /"success" is no answer/],
    ["said-more", "protocol-fault", /unchanged is the whole answer, and something follows it/],
    ["nul", "protocol-fault", /not open: "case\/20\\x00 page/],
    ["no-utf-8", "protocol-fault", /not open: "\\xff\\xfecase\/20 page/],
  ])(
    "%s: the case is found, the verdict is %s, and nothing else is lost",
    async (mode, verdict, finding, timeoutMs = 2000) => {
      const run = await runBad(mode, { culpritId: CULPRIT, timeoutMs });
      expectComplete(run);
      expect(notPassed(run)).toEqual([CULPRIT]);
      expect(run.results.get(CULPRIT)).toMatchObject({ verdict, detail: expect.stringMatching(finding) });
      // What is asked again to find the culprit among the requests in flight is no restart of its own.
      expect(run.ending!.restarts).toBeLessThanOrEqual(1);
      expect(run.results.get(CULPRIT)!.stderrTail).toBe(mode === "exit-3" ? "codec.c:17: Assertion `size' failed" : "");
      expect(run.ending).not.toHaveProperty("adapterFault");
      expect(run.durationMs).toBeLessThan(20_000);
    },
  );

  test.each<[mode: string, verdict: Verdict, culpritId: string, timeoutMs?: number]>([
    ["exit-3", "crash", "case/0"],
    ["exit-3", "crash", "case/39"],
    ["no-answer", "timeout", "case/0", SHORT_MS],
    ["no-answer", "timeout", "case/39", SHORT_MS],
    ["text", "protocol-fault", "case/0"],
    ["text", "protocol-fault", "case/39"],
    ["twice", "protocol-fault", "case/39"],
  ])(
    "%s: the %s is found at the first request and at the last, as it is in the middle",
    async (mode, verdict, culpritId, timeoutMs = 2000) => {
      const run = await runBad(mode, { culpritId, timeoutMs });
      expectComplete(run);
      expect(notPassed(run)).toEqual([culpritId]);
      expect(run.results.get(culpritId)).toMatchObject({ verdict });
      expect(run.ending!.restarts).toBeLessThanOrEqual(1);
    },
  );

  test.each<[mode: string, verdict: Verdict, finding: RegExp]>([
    ["wrong-size", "fail", /not the page/],
    ["wrong-bytes", "fail", /not the page/],
    ["empty-bytes", "fail", /not the page/],
    ["error", "error", /^the adapter answered error: \\x1b\[31massertion\\x00 failed\\x1b\[0m in x{400,500}\.\.\.$/],
  ])("%s: an answer that is only wrong ends nothing", async (mode, verdict, finding) => {
    const run = await runBad(mode, { culpritId: CULPRIT });
    expectComplete(run);
    expect(notPassed(run)).toEqual([CULPRIT]);
    expect(run.results.get(CULPRIT)).toMatchObject({ verdict, detail: expect.stringMatching(finding) });
    expect([run.ending!.restarts, run.startedCount]).toEqual([0, 1]);
  });

  test.each<[mode: string, finding: RegExp]>([
    ["answer-and-exit", /exit status 1 while/],
    ["grandchild-answers", /exit status 1 while/],
    ["text-after", /"decoded": .*nothing but answers/],
  ])("%s: a fault after an answer leaves the answer, and says that no request repeats it", async (mode, finding) => {
    const run = await runBad(mode, { culpritId: CULPRIT });
    expectComplete(run);
    expect(run.results.get(CULPRIT)!.verdict).toBe("pass");
    const [suspect] = notPassed(run);
    const { detail } = run.results.get(suspect!)!;
    expect(detail).toMatch(finding);
    expect(detail).toMatch(/; it did not happen again when the \d+ requests in flight were asked one at a time$/);
  });

  test("a fault while nothing is open has no case", async () => {
    const run = await runBad("text-after", { culpritId: CULPRIT, window: 1 });
    expectComplete(run);
    expect(notPassed(run)).toEqual([]);
    expect(run.ending).toMatchObject({ restarts: 1, adapterFault: { detail: expect.stringContaining('"decoded"') } });
  });

  test("a crash that needs two requests in flight is told once for each window, and all else is judged", async () => {
    const run = await runBad("not-two-at-once");
    expectComplete(run);
    expect(notPassed(run)).toEqual(["case/0", "case/16", "case/32"]);
    expect(run.results.get("case/0")).toMatchObject({
      verdict: "crash",
      detail: expect.stringContaining("did not happen again when the 16"),
    });
    expect(run.ending!.restarts).toBe(3);
  });
});

describe.concurrent("an adapter that is odd and right", () => {
  test.each([
    "good",
    "crlf",
    "hello-crlf",
    "hello-slow",
    "upper-case",
    "backwards",
    "slow",
    "stderr-megabytes",
    "end-close-stdout",
  ])("%s: everything passes, in one process", async (mode) => {
    const run = await runBad(mode, { timeoutMs: SHORT_MS, ...(mode === "stderr-megabytes" && { culpritId: CULPRIT }) });
    expectComplete(run);
    expect(notPassed(run)).toEqual([]);
    expect(run.recordCount).toBe(CASE_COUNT);
    expect(run.ending).toEqual({ hello: expect.anything(), restarts: 0, failedFast: false });
  });

  test("is not blamed for the time in which the harness itself is busy", async () => {
    const cases = numberedCases(CASE_COUNT).map((asked, index) => ({
      ...asked,
      judge: (answer: Parameters<typeof asked.judge>[0]) => {
        const startedAt = performance.now();
        while (index % 16 === 3 && performance.now() - startedAt < 2 * SHORT_MS);
        return asked.judge(answer);
      },
    }));
    const run = await runBad("slow", { cases, timeoutMs: SHORT_MS });
    expectComplete(run);
    expect(notPassed(run)).toEqual([]);
  });
});

describe.concurrent("an adapter that breaks when all is answered", () => {
  test.each<[mode: string, finding: RegExp]>([
    ["end-exit-3", /ended with exit status 3 after the end of standard input/],
    ["end-half-line", /after the end of standard input, leaving half a line: "goodbye"/],
    ["end-text", /"all requests answered".*nothing but answers/],
    [
      "end-runs-on",
      /runs on 2 s after the end of standard input; it should answer what is open and exit with status 0/,
    ],
  ])("%s: is told apart from the cases, which have all passed", async (mode, finding) => {
    const run = await runBad(mode, { timeoutMs: SHORT_MS });
    expectComplete(run);
    expect(notPassed(run)).toEqual([]);
    expect(run.ending).toMatchObject({ restarts: 0, adapterFault: { detail: expect.stringMatching(finding) } });
  });

  test("with a second answer to the last request: the case is found", async () => {
    const run = await runBad("end-twice");
    expectComplete(run);
    expect(notPassed(run)).toEqual(["case/39"]);
    expect(run.results.get("case/39")).toMatchObject({
      verdict: "protocol-fault",
      detail: expect.stringContaining("twice"),
    });
  });
});

describe.concurrent("an adapter that always breaks", () => {
  test.each([
    ["exit-0", /broke again after 20 restarts: the adapter ended with exit status 0/, 2000],
    [
      "no-flush",
      /broke again after 20 restarts: no answer in 0.15 s; answers came only when standard input was closed: flush/,
      150,
    ],
  ])("%s: is restarted 20 times, and each time a culprit is found and kept", async (mode, stopped, timeoutMs) => {
    const run = await runBad(mode, { timeoutMs });
    expect(run.ending).toMatchObject({ restarts: 20, stopped: expect.stringMatching(stopped) });
    // A restart, and a second start where the culprit was one of several.
    expect(run.startedCount).toBeLessThanOrEqual(1 + 2 * 20);
    expect(run.survivors).toEqual([]);
    expect(run.results.size).toBeGreaterThanOrEqual(20);
    expect(notPassed(run)).toHaveLength(run.results.size);
  });
});

describe.concurrent("a case with requests before it", () => {
  const cases = Array.from({ length: CASE_COUNT }, (_, index) =>
    numberedCase(`case/${index}`, index, index % 10 === 0 ? 20 : 0),
  );

  test.each([
    ["exit-3", "crash", 1],
    ["exit-3", "crash", 4],
    ["exit-3", "crash", 16],
    ["text-after", "protocol-fault", 1],
    ["twice", "protocol-fault", 1],
    ["other-kind", "protocol-fault", 16],
  ])("%s: has the %s of one of them for its own, with a window of %i", async (mode, verdict, window) => {
    const run = await runBad(mode, { culpritId: `${CULPRIT}:b3`, cases, window });
    expectComplete(run);
    expect(notPassed(run)).toEqual([CULPRIT]);
    expect(run.results.get(CULPRIT)).toMatchObject({ verdict });
    expect(run.ending!.restarts).toBeLessThanOrEqual(2);
    expect(run.ending).not.toHaveProperty("adapterFault");
  });

  test("is asked again from the first when the fault of another case shows in between", async () => {
    const run = await runBad("second-answer-with-next", { culpritId: "case/19", cases, window: 1 });
    expectComplete(run);
    expect(notPassed(run)).toEqual(["case/19"]);
    expect(run.ending!.restarts).toBe(1);
  });
});
