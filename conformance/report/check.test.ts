import { describe, expect, test } from "vitest";
import { checkReport } from "./check.ts";
import type { CountedAs } from "./counts.ts";
import { type FakeRun, failure, fakeReport, fakeSuite } from "./fakes/report.ts";
import type { RunReport } from "./model.ts";
import { verdictOf } from "./verdict.ts";

const SOME = ["delta/edges/*", "delta/capacity/*", "fuzz:*"];

const whole = fakeReport();
const [firstId] = Object.keys(whole.cases);
const failing = fakeReport({ outcome: (asked) => (asked.id === firstId ? failure(asked) : "pass") });

describe("a report that is as the run made it", () => {
  test.each<[string, FakeRun]>([
    ["a run with SHOULDs that are not met", { options: { run: SOME }, outcome: () => "not-recommended" }],
    ["a run at the level of SHOULDs", { options: { level: "recommended" } }],
    ["a run without fuzzing", { options: { fuzz: 0 } }],
    ["a run of a decoder", { options: { operations: ["decode"] }, adapter: { operations: ["decode"] } }],
    ["a run in which nothing was asked", { outcome: () => "not-run" }],
    [
      "a run with many failures of fuzzing",
      { options: { run: ["fuzz:*"], fuzz: 150 }, outcome: (asked) => failure(asked) },
    ],
    ["a run that skips", { options: { skip: ["delta/edges/*", "fuzz:*:1"] } }],
    ["a run of some", { options: { run: ["delta/edges/*"] } }],
    ["a run of crashes", { options: { run: SOME }, ending: { restarts: 3 }, outcome: () => "crash" }],
    ["a run with a fault between cases", { ending: { restarts: 1, adapterFault: fault("it left") } }],
    [
      "a run with known failures",
      {
        options: { run: SOME, knownFailures: "known.json" },
        outcome: (asked) => failure(asked),
        known: () => "a reason",
      },
    ],
    [
      "a run with entries of known failures that are wrong",
      { uses: [{ pattern: "x", isMatched: false, passedId: null }] },
    ],
  ])("%s is consistent", (_, run) => {
    const report = fakeReport(run);
    const { contradictions, verdict } = checkReport(report, fakeSuite());
    expect(contradictions).toEqual([]);
    expect(verdict).toBe(report.verdict);
  });

  test("is complete if every vector and every fuzz case was asked", () => {
    expect(checkReport(whole, fakeSuite())).toEqual({ verdict: "conformant", contradictions: [], gaps: [] });
    expect(checkReport(failing, fakeSuite())).toEqual({ verdict: "nonconformant", contradictions: [], gaps: [] });
  });
});

describe("a run that left something out never says conformant", () => {
  test.each<[string, FakeRun]>([
    ["--skip", { options: { skip: ["delta/edges/*"] } }],
    ["--skip that matches nothing", { options: { skip: ["no/such/case"] } }],
    ["--run", { options: { run: ["delta/*"] } }],
    ["a shard", { options: { shard: "1/2" } }],
    ["an adapter that breaks again and again", { ending: { stopped: "it broke again after 20 restarts" } }],
    ["an interruption", { ending: { stopped: "interrupted" }, outcome: (_, at) => (at < 9 ? "pass" : "not-run") }],
    [
      "an operation that is not offered",
      {
        outcome: ({ request }) => (request.operation === "encode" ? "unsupported" : "pass"),
        adapter: { operations: ["decode"] },
      },
    ],
    ["one case that was not asked", { outcome: ({ id }) => (id === firstId ? "not-run" : "pass") }],
    ["one case that is unsupported", { outcome: ({ id }) => (id === firstId ? "unsupported" : "pass") }],
    ["one fuzz case that was not asked", { outcome: ({ id }) => (id === "fuzz:1:encode:3" ? "not-run" : "pass") }],
  ])("because of %s", (_, run) => {
    const report = fakeReport(run);
    expect(report.verdict).toBe("incomplete");
    const { verdict, gaps } = checkReport(report, fakeSuite());
    expect(verdict).toBe("incomplete");
    expect(gaps).not.toEqual([]);
  });

  test("because of a crash", () => {
    expect(fakeReport({ outcome: ({ id }) => (id === firstId ? "crash" : "pass") }).verdict).toBe("nonconformant");
  });
});

type Mutable<T> = { -readonly [Key in keyof T]: Mutable<T[Key]> };
type Draft = Mutable<RunReport>;

/** Each lie, the contradiction that it leads to, and how a report is made to tell it. */
const LIES: readonly [lie: string, contradiction: string, report: RunReport, tell: (draft: Draft) => void][] = [
  [
    "the verdict",
    "its counts, options and evidence say nonconformant",
    failing,
    (draft) => {
      draft.verdict = "conformant";
    },
  ],
  [
    "the reasons",
    "its reasons are not those of its verdict",
    failing,
    (draft) => {
      draft.reasons = ["no reason"];
    },
  ],
  ["the counts", "its counts are not the sum of its families", failing, ({ counts }) => move(counts, "fail", "pass")],
  ["the counts of a family", "delta/capacity has counts that are not those of its cases", failing, passInCounts],
  ["a case and the counts", "is described with a verdict that the list of cases does not have", failing, passInCases],
  [
    "everything but what is said of requirements",
    "counts that are not its own",
    failing,
    (draft) => {
      passInCases(draft);
      draft.failures = [];
    },
  ],
  [
    "a failure that is left out",
    `${firstId} did not pass and is not described so`,
    failing,
    (draft) => {
      draft.failures = [];
    },
  ],
  [
    "a failure that is called known",
    "it has known failures, and no file of them among its options",
    failing,
    (draft) => {
      draft.failures[0]!.known = "a reason";
      for (const counts of [draft.counts, draft.sections[0]!.counts]) move(counts, "fail", "known");
    },
  ],
  [
    "a vector that is left out",
    `${firstId} is selected by the options, and left out`,
    whole,
    (draft) => {
      draft.cases = withoutCases(draft, (id) => id === firstId);
      for (const counts of [draft.counts, draft.sections[0]!.counts]) counts.pass--;
    },
  ],
  [
    "a family that is left out",
    "is selected by the options, and left out (and ",
    whole,
    (draft) => {
      const [gone] = draft.sections.splice(0, 1);
      draft.counts.pass -= gone!.counts.pass;
      draft.cases = withoutCases(draft, (id) => id.startsWith(`${gone!.section}/`));
    },
  ],
  [
    "fuzz cases that are left out",
    "it counts 0 cases of fuzz, and its options ask for 20",
    whole,
    (draft) => {
      const [fuzz] = draft.sections.splice(-1);
      draft.counts.pass -= fuzz!.counts.pass;
    },
  ],
  [
    "a pattern that is taken away",
    "is selected by the options, and left out",
    fakeReport({ options: { skip: ["delta/edges/*"] } }),
    (draft) => {
      draft.options.skip = [];
    },
  ],
  [
    "a shard that is called the whole",
    "is selected by the options, and left out",
    fakeReport({ options: { skip: ["delta/edges/*"], shard: "1/2" } }),
    (draft) => {
      draft.options.skip = [];
      draft.options.shard = null;
    },
  ],
  [
    "a case that nobody knows",
    "delta/edges/no-such is not selected by the options",
    whole,
    (draft) => {
      draft.cases = { ...draft.cases, "delta/edges/no-such": "pass" };
    },
  ],
  ["a requirement that is left out", "DELTA-1 is missing", whole, ({ requirements }) => requirements.shift()],
  [
    "a requirement's text",
    "DELTA-1 is missing, or has a text or counts that are not its own",
    whole,
    ({ requirements }) => {
      requirements[0]!.text = "A decoder MAY do what it likes.";
    },
  ],
  [
    "how often a requirement is broken",
    "is broken by more cases than are counted",
    failing,
    ({ requirements }) => {
      for (const requirement of requirements) requirement.broken = 0;
    },
  ],
  [
    "restarts without a reason",
    "the adapter was restarted 2 times, and nothing says why",
    whole,
    (draft) => {
      draft.restarts = 2;
    },
  ],
  [
    "an operation that was not offered",
    "was answered, and the adapter does not offer the operation",
    whole,
    (draft) => {
      draft.adapter.operations = ["encode"];
    },
  ],
  [
    "how many cases were left out",
    "it says that 0 cases were left out, and its options leave out ",
    fakeReport({ options: { skip: ["delta/edges/*"] } }),
    (draft) => {
      draft.evidence.leftOut = 0;
    },
  ],
  [
    "an empty run",
    "it holds no case",
    whole,
    (draft) => {
      Object.assign(draft, { cases: {}, sections: [], options: { ...draft.options, operations: [] } });
      for (const name of Object.keys(draft.counts) as CountedAs[]) draft.counts[name] = 0;
    },
  ],
];

describe("a report that lies contradicts itself", () => {
  test.each(LIES)("about %s", (lie, contradiction, report, tell) => {
    const draft = structuredClone(report) as Draft;
    tell(draft);
    // Who forges a report gives it the verdict that follows from the rest.
    if (!["the verdict", "the reasons"].includes(lie)) Object.assign(draft, verdictOf(draft));
    expect(checkReport(draft, fakeSuite()).contradictions.join("\n")).toContain(contradiction);
  });
});

test("A report of other vectors cannot be known to be complete.", () => {
  const other = { ...whole, suite: { ...whole.suite, vectors: "0123456789abcdef" } };
  const { verdict, contradictions, gaps } = checkReport(other, fakeSuite());
  expect({ verdict, contradictions }).toEqual({ verdict: "conformant", contradictions: [] });
  expect(gaps.join()).toContain("0123456789abcdef");
});

function move(counts: Mutable<RunReport["counts"]>, from: CountedAs, to: CountedAs): void {
  counts[from]--;
  counts[to]++;
}

function passInCounts(draft: Draft): void {
  for (const counts of [draft.counts, draft.sections[0]!.counts]) move(counts, "fail", "pass");
}

function passInCases(draft: Draft): void {
  passInCounts(draft);
  draft.cases = { ...draft.cases, [firstId!]: "pass" };
}

function withoutCases({ cases }: Draft, isGone: (id: string) => boolean): Draft["cases"] {
  return Object.fromEntries(Object.entries(cases).filter(([id]) => !isGone(id)));
}

function fault(detail: string) {
  return { verdict: "crash", detail, stderrTail: "" } as const;
}
