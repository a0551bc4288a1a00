import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { type FakeRun, failure, fakeReport } from "./fakes/report.ts";
import { junitText } from "./junit.ts";
import type { RunReport } from "./model.ts";

const HOSTILE = "]]>]]><x>&\u0000\u001b[31m\ud800\u202e]]>";
const SOME = ["delta/edges/*", "delta/capacity/*", "fuzz:*"];

/** The first vectors, each with another verdict, and two of the fuzz cases. */
const OUTCOMES: readonly NonNullable<FakeRun["outcome"]>[] = [
  (asked) => failure(asked, HOSTILE),
  () => "error",
  () => "unsupported",
  () => "not-run",
  () => "not-recommended",
];
const knownId = Object.keys(fakeReport({ options: { run: SOME } }).cases)[1];
const report = fakeReport({
  options: { run: SOME, knownFailures: "known.json", seed: 5 },
  adapter: { name: `"<${HOSTILE}` },
  outcome: (asked, index) => (asked.id.endsWith(":3") ? failure(asked) : OUTCOMES[index]?.(asked, index)),
  known: (id) => (id === knownId ? `known ${HOSTILE}` : undefined),
});

/** A suite as Python's parser reads it: the state of each test, its message, and its text. */
interface Suite {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly tests: readonly {
    readonly name: string;
    readonly state: string;
    readonly message: string;
    readonly text: string;
  }[];
}

function suitesOf(written: RunReport): Suite[] {
  const program = `
import json, sys, xml.etree.ElementTree as tree
suites = []
for suite in tree.fromstring(sys.stdin.buffer.read()).findall("testsuite"):
    tests = []
    for test in suite.findall("testcase"):
        found = [child for child in test if child.tag in ("failure", "error", "skipped")]
        state = found[0].tag if found else "passed"
        message = found[0].get("message", "") if found else ""
        tests.append({"name": test.get("name"), "state": state, "message": message, "text": "".join(test.itertext()).strip()})
    for state in ("failure", "error", "skipped"):
        assert int(suite.get({"failure": "failures", "error": "errors", "skipped": "skipped"}[state])) == sum(test["state"] == state for test in tests)
    properties = {entry.get("name"): entry.get("value") for entry in suite.iter("property")}
    suites.append({"name": suite.get("name"), "properties": properties, "tests": tests})
print(json.dumps(suites))`;
  const output = execFileSync("python3", ["-c", program], { input: junitText(written), maxBuffer: 1 << 28 });
  return JSON.parse(output.toString());
}

describe.skipIf(!hasPython())("JUnit XML, read by Python (apt-get install python3)", () => {
  const suites = suitesOf(report);

  test("has a suite for the run and for each section, and a test for each listed case", () => {
    expect(suites.map(({ name }) => name)).toEqual(["run", ...report.sections.map(({ section }) => section)]);
    for (const { section, counts } of report.sections.filter(({ section }) => section !== "fuzz")) {
      const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
      expect(suites.find(({ name }) => name === section)?.tests).toHaveLength(total);
    }
  });

  test("shows failures with message and bytes, and skips what is known, unsupported or was not asked", () => {
    const [failed, known, unsupported, notRun, notRecommended, passed] = suites[1]!.tests;
    expect(failed).toMatchObject({ state: "failure" });
    expect(failed?.message).toContain("DELTA-");
    expect(failed?.text).toMatch(/expected .*\n/);
    expect(failed?.text).toContain("npx xbzrle-conformance replay");
    expect(known).toMatchObject({ state: "skipped" });
    expect(known?.text).toContain("known failure: known");
    expect(unsupported).toMatchObject({ state: "skipped" });
    expect(notRun).toMatchObject({ state: "skipped", text: "not-run" });
    expect(notRecommended).toMatchObject({ state: "passed" });
    expect(passed).toMatchObject({ state: "passed", text: "" });
  });

  test("shows what an adapter says, and obeys none of it", () => {
    const [failed] = suites[1]!.tests;
    expect(failed?.message).toContain("]]>]]><x>&\\x00\\x1b[31m\\ud800\\u202e]]>");
  });

  test("has fuzz failures by name, and one test for those that passed", () => {
    const fuzz = suites.at(-1)!.tests.map(({ name, state }) => [name, state]);
    expect(fuzz).toEqual([
      ["18 cases passed", "passed"],
      ["fuzz:5:encode:3", "failure"],
      ["fuzz:5:decode:3", "failure"],
    ]);
  });

  test("carries adapter, versions, seed, digest, options and every count", () => {
    expect(suites[0]!.properties).toMatchObject({
      seed: "5",
      "vectors digest": report.suite.vectors,
      "suite version": report.suite.version,
      "protocol version": "1",
      "not-run": "1",
      known: "1",
      verdict: "nonconformant",
    });
    expect(suites[0]!.properties.options).toContain("--run 'delta/edges/*'");
  });

  test.each([
    ["passed", fakeReport({ options: { fuzz: 0 } })],
    ["failure", fakeReport({ options: { fuzz: 0, skip: ["delta/edges/*"] } })],
    ["failure", fakeReport({ options: { fuzz: 0 }, ending: { stopped: "interrupted" } })],
  ])("is green only for a conformant run: %s (%#)", (state, written) => {
    const tests = suitesOf(written).flatMap((suite) => suite.tests);
    expect(tests[0]).toMatchObject({ name: "is conformant", state });
    expect(tests.slice(1).filter((other) => other.state !== "passed")).toEqual([]);
  });
});

function hasPython(): boolean {
  try {
    execFileSync("python3", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
