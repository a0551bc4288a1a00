import { describe, expect, test } from "vitest";
import type { Case } from "../harness/case.ts";
import { checkReport } from "./check.ts";
import { type FakeRun, failure, fakeReport, fakeSuite, type Outcome } from "./fakes/report.ts";
import { REPORT_WRITERS } from "./formats.ts";
import { mergeReports } from "./merge.ts";
import type { NamedReport, RunOptions, RunReport } from "./model.ts";

/** The reports of all shards of a run. */
function shardsOf(run: FakeRun, count: number): NamedReport[] {
  return Array.from({ length: count }, (_, index) => {
    const shard = `${index + 1}/${count}`;
    return { path: `${index + 1}.json`, report: fakeReport({ ...run, options: { ...run.options, shard } }) };
  });
}

const WORLD = ["world:encode-8:*"];
const SOME = ["delta/edges/*", "delta/stateful/*", "fuzz:*", ...WORLD];
/** By its id alone, because a shard does not know how many cases come before. */
const some = (outcome: Outcome) => (asked: Case) => (/[37]$/.test(asked.id) ? outcome : "pass");

const RUNS: readonly [what: string, run: FakeRun][] = [
  ["that passes", {}],
  ["of an encoder", { options: { operations: ["encode"] }, adapter: { operations: ["encode"] } }],
  ["without fuzzing", { options: { fuzz: 0, skip: ["delta/runs/*"] } }],
  ["with an odd number of fuzz cases", { options: { run: ["fuzz:*"], fuzz: 77 } }],
  ["of so few cases that some shards are empty", { options: { run: ["delta/edges/*-3"], fuzz: 0 } }],
  ["with a small world", { options: { run: SOME, exhaustive: true } }],
  ["of failures", { options: { run: SOME, exhaustive: true, fuzz: 300 }, outcome: (asked) => failure(asked) }],
  ["of SHOULDs that are not met", { options: { run: SOME, level: "recommended" }, outcome: some("not-recommended") }],
  ["with crashes", { options: { run: SOME }, outcome: some("crash") }],
  ["with unsupported cases", { options: { run: SOME }, outcome: some("unsupported") }],
  ["with cases that were not run", { options: { run: SOME, exhaustive: true }, outcome: some("not-run") }],
  [
    "with known failures",
    {
      options: { run: SOME, knownFailures: "known.json" },
      outcome: (asked) => failure(asked),
      known: (id) => (id.endsWith("7") ? "a reason" : undefined),
      uses: [{ pattern: "*7", isMatched: true, passedId: null }],
    },
  ],
];

describe.each(RUNS)("a run %s", (_, run) => {
  test.each([1, 2, 3, 4, 5])("is the same in every format after merging the reports of %i shards", (count) => {
    const shards = shardsOf(run, count);
    for (const { report } of shards) {
      expect(checkReport(report, fakeSuite()).contradictions).toEqual([]);
      expect(report.verdict).not.toBe("conformant");
    }
    const [whole, merged] = [fakeReport(run), mergeReports(shards, fakeSuite())];
    for (const write of Object.values(REPORT_WRITERS)) expect(write(merged)).toBe(write(whole));
  });
});

describe("shards", () => {
  test("have every case exactly once, and parts of one size, whatever is asked", () => {
    const whole = { options: { exhaustive: true, run: ["delta/*", "fuzz:*", ...WORLD], fuzz: 400 } };
    for (const count of [2, 7]) {
      const reports = shardsOf(whole, count).map(({ report }) => report);
      const ids = reports.flatMap(({ cases }) => Object.keys(cases));
      expect(ids.toSorted()).toEqual(Object.keys(fakeReport(whole).cases).toSorted());
      for (const section of [undefined, "fuzz"]) {
        const sizes = reports.map(({ cases, sections }) =>
          section === undefined
            ? Object.keys(cases).length
            : sections.find((part) => part.section === section)!.counts.pass,
        );
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(2);
      }
    }
  });

  test("keep a family together in which cases are asked after others", () => {
    const reports = shardsOf({ options: { fuzz: 0 } }, 4).map(({ report }) => report);
    const holders = reports.filter(({ sections }) => sections.some(({ section }) => section === "delta/stateful"));
    expect(holders).toHaveLength(1);
  });

  test("are incomplete alone, and nonconformant where they have found a failure", () => {
    const [first, second] = shardsOf({ outcome: ({ id }) => (id === "fuzz:1:encode:0" ? "crash" : "pass") }, 2);
    expect(first!.report.verdict).toBe("nonconformant");
    expect(second!.report.verdict).toBe("incomplete");
    expect(second!.report.reasons.join()).toContain("only shard 2 of 2 was asked");
    expect(mergeReports([first!, second!], fakeSuite()).verdict).toBe("nonconformant");
  });

  test("that were cut short make the merged report incomplete, and it says which", () => {
    const [first, second] = shardsOf({}, 2);
    const ending = { stopped: "interrupted" };
    const cut = fakeReport({ options: { shard: "2/2" }, ending, outcome: (_, at) => (at < 9 ? "pass" : "not-run") });
    const merged = mergeReports([first!, { ...second!, report: cut }], fakeSuite());
    expect(merged.verdict).toBe("incomplete");
    expect(merged.reasons[0]).toBe("shard 2 of 2: interrupted");
    expect(checkReport(merged, fakeSuite()).contradictions).toEqual([]);
  });
});

const RUN: FakeRun = { options: { run: ["delta/edges/*"], fuzz: 0 } };
const withOptions = (options: Partial<RunOptions>) =>
  fakeReport({ options: { ...RUN.options, shard: "2/2", ...options } });
const [FIRST, SECOND] = shardsOf(RUN, 2).map(({ report }) => report) as [RunReport, RunReport];

describe("reports are not merged", () => {
  test.each<[why: string, what: string, reports: readonly RunReport[]]>([
    ["a shard is missing", "no report of shard 2/2; merge takes the reports of all 2 shards", [FIRST]],
    ["two are missing", "no report of shard 1/3, 3/3", [withOptions({ shard: "2/3" })]],
    ["one is there twice", "1.json and 3.json are both shard 1 of 2", [FIRST, SECOND, FIRST]],
    [
      "they are of different numbers of shards",
      "the number of shards is 3 in 2.json and 2",
      [FIRST, withOptions({ shard: "2/3" })],
    ],
    ["one is whole", "2.json is the report of a whole run", [FIRST, withOptions({ shard: null })]],
    [
      "seeds differ",
      "--seed is 2 in 2.json and 1 in 1.json; give every shard the same",
      [FIRST, withOptions({ seed: 2 })],
    ],
    ["levels differ", '--level is "recommended" in 2.json', [FIRST, withOptions({ level: "recommended" })]],
    ["patterns differ", "--run is", [FIRST, withOptions({ run: ["delta/edges/*-1"] })]],
    [
      "implementations differ",
      'the implementation is "other" in 2.json and "fake" in 1.json',
      [FIRST, adapted({ name: "other" })],
    ],
    ["versions differ", `the implementation's version is "2.0"`, [FIRST, adapted({ version: "2.0" })]],
    ["commands differ", "the adapter's command is", [FIRST, adapted({ command: ["./other"] })]],
    ["suites differ", "the suite's version is", [FIRST, { ...SECOND, suite: { ...SECOND.suite, version: "9.9.9" } }]],
    ["protocols differ", "the protocol's version is", [FIRST, { ...SECOND, suite: { ...SECOND.suite, protocol: 9 } }]],
    [
      "vectors differ",
      "are installed; merge with xbzrle-conformance",
      [FIRST, { ...SECOND, suite: { ...SECOND.suite, vectors: "0123456789abcdef" } }],
    ],
    ["files of known failures differ", "the entries of the file of known failures", [FIRST, used()]],
    [
      "one is damaged",
      "2.json contradicts itself: its counts are not the sum",
      [FIRST, { ...SECOND, sections: SECOND.sections.slice(1) }],
    ],
  ])("because %s", (_, what, reports) => {
    const named = reports.map((report, index) => ({ path: `${index + 1}.json`, report }));
    expect(() => mergeReports(named, fakeSuite())).toThrow(what);
  });
});

function adapted(adapter: Partial<RunReport["adapter"]>): RunReport {
  return { ...SECOND, adapter: { ...SECOND.adapter, ...adapter } };
}

function used(): RunReport {
  const uses = [{ pattern: "delta/edges/*", isMatched: true, passedId: null }];
  return fakeReport({ ...RUN, options: { ...RUN.options, shard: "2/2" }, uses });
}
