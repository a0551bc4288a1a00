import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { expect, test } from "vitest";
import { runCommandLine } from "../commands/command-line.ts";
import { vectorCases } from "../suites/vector-suite.ts";
import { badAdapter, inProcessFolder } from "./fakes/bad-run.ts";

/** Deltas that the bad adapter decodes right. */
const WORDS = ["run", "--operation", "decode", "--run", "delta/edges/*", "--fuzz", "0", "--timeout", "0.4", "--"];
const CASES = vectorCases().filter(
  ({ section, request }) => section === "delta/edges" && request.operation === "decode",
);
const CULPRIT = CASES[100]!.id;
const COUNT = CASES.length;

/** Runs the program in this process. */
async function run(words: readonly string[]) {
  const printed = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof printed) =>
    new Writable({
      write(chunk, _, done) {
        printed[name] += chunk;
        done();
      },
    });
  const streams = { stdin: Readable.from([]), stdout: stream("stdout"), stderr: stream("stderr") };
  return { status: await runCommandLine(words, streams), ...printed };
}

function passedAndFailed(passedCount: number, failedCount: number): RegExp {
  return new RegExp(`^bad is .*: ${passedCount} passed, ${failedCount} failed in `, "m");
}

/** A stack trace is for those who make the harness. */
const STACK_TRACE = /^ +at .+:\d+:\d+\)?$/m;

test.each<[mode: string, status: number, lines: RegExp[]]>([
  [
    "exit-3",
    1,
    [
      /^crash {2}delta\/edges\/decode-\S+$/m,
      /^ +finding +the adapter ended with exit status 3 while 1 request was open$/m,
      /^ +stderr +codec\.c:17: Assertion `size' failed$/m,
      passedAndFailed(COUNT - 1, 1),
    ],
  ],
  [
    "end-exit-3",
    1,
    [passedAndFailed(COUNT, 0), /^ +the adapter ended with exit status 3 after the end of standard input$/m],
  ],
])("%s: the run ends with status %i, and the report says why", async (mode, status, lines) => {
  const { value, survivors } = await inProcessFolder((folder) => run([...WORDS, ...badAdapter(folder, mode, CULPRIT)]));
  expect(value).toMatchObject({ status });
  for (const line of lines) expect(value!.stdout).toMatch(line);
  expect(value!.stdout + value!.stderr).not.toMatch(STACK_TRACE);
  expect(survivors).toEqual([]);
});

test("an adapter that always breaks makes the run incomplete, and what was found is reported", async () => {
  const { value, survivors } = await inProcessFolder((folder) => run([...WORDS, ...badAdapter(folder, "exit-0")]));
  expect(value).toMatchObject({
    status: 4,
    stdout: expect.stringMatching(
      /^bad is incomplete, and 2\d cases failed before the run stopped .*: 0 passed, 2\d failed in /m,
    ),
  });
  expect(value!.stdout).toMatch(/^ +the adapter broke again after 20 restarts: the adapter ended with exit status 0 /m);
  expect(survivors).toEqual([]);
});

test.each<[what: string, adapter: (folder: string) => string[], message: string]>([
  ["is missing", () => ["./no-such-adapter"], 'there is no program "./no-such-adapter"; give its path'],
  [
    "ends at once",
    (folder) => badAdapter(folder, "hello-exit"),
    "exit status 5 before it had said hello\nits standard error ends with:\ncannot find the codec",
  ],
])("an adapter that %s: status 3, and a sentence on standard error", async (_, adapter, message) => {
  const { value, survivors } = await inProcessFolder((folder) => run([...WORDS, ...adapter(folder)]));
  expect(value).toMatchObject({ status: 3, stdout: "" });
  expect(value!.stderr).toContain("xbzrle-conformance: the adapter did not start: ");
  expect(value!.stderr).toContain(message);
  expect(value!.stderr).not.toMatch(STACK_TRACE);
  expect(survivors).toEqual([]);
});

test("^C ends the run soon, with status 4, a report of what was answered, and no process left", async () => {
  const listeners = process.listenerCount("SIGINT");
  const { value, durationMs, survivors } = await inProcessFolder((folder) => {
    const words = [...WORDS, ...badAdapter(folder, "hang", CULPRIT)];
    const patience = setInterval(() => {
      if (!readdirSync(folder).some((pid) => readFileSync(join(folder, pid), "utf8") === "hangs")) return;
      clearInterval(patience);
      // The answers before have come out of the pipe by then.
      setTimeout(() => process.emit("SIGINT"), 200);
    }, 20);
    return run(words.map((word) => (word === "0.4" ? "60" : word)));
  });
  expect(value).toMatchObject({
    status: 4,
    stdout: expect.stringMatching(/^bad is incomplete .*: \d{2,3} passed, 0 failed in /m),
  });
  expect(value!.stdout).toMatch(/^ +interrupted$/m);
  expect(durationMs).toBeLessThan(10_000);
  expect([process.listenerCount("SIGINT"), survivors]).toEqual([listeners, []]);
});
