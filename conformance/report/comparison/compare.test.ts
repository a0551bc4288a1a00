import { describe, expect, test } from "vitest";
import type { Verdict } from "../../harness/case.ts";
import { plain } from "../case-text.ts";
import { fakeComparison, named } from "../fakes/comparison.ts";
import { type FakeRun, failure, fakeReport } from "../fakes/report.ts";
import { MOST_CHARACTERS } from "../markdown-text.ts";
import type { RunReport } from "../model.ts";
import { compareReports, hasRegression } from "./compare.ts";
import { comparisonHtml } from "./html.ts";
import { comparisonMarkdown } from "./markdown.ts";
import { comparisonText } from "./text.ts";

const EDGES = { run: ["delta/edges/*"], fuzz: 0 };
const edges = (run: FakeRun = {}) => fakeReport({ ...run, options: { ...EDGES, ...run.options } });
const passing = edges();
const ids = Object.keys(passing.cases);
const first = ids[0]!;

/** The changes from the first report to the second. */
function changesOf(...reports: readonly RunReport[]) {
  const comparison = compareReports(named(...reports));
  expect(comparison.changes).toHaveLength(1);
  const [changes] = comparison.changes;
  const cases = changes!.groups.flatMap((group) => group.changes);
  return { ...changes!, cases, isRegression: hasRegression(comparison) };
}

/** A run in which the first case came to this. */
function firstIs(verdict: Verdict, known?: string) {
  const outcome: FakeRun["outcome"] = ({ id }) => (id === first ? verdict : "pass");
  return edges({ outcome, ...(known !== undefined && { known: (id) => (id === first ? known : undefined) }) });
}

describe("what passed in the first run of an implementation and does not in a later one is a regression", () => {
  test.each<[string, ReturnType<typeof firstIs>, string]>([
    ["it fails", firstIs("fail"), "failed"],
    ["it crashes", firstIs("crash"), "failed"],
    ["it is a known failure", firstIs("fail", "a reason"), "known"],
    ["it is unsupported", firstIs("unsupported"), "unsupported"],
    ["it was not run", firstIs("not-run"), "not run"],
    ["it was left out", edges({ options: { skip: [first] } }), "not run"],
  ])("because %s", (_, later, to) => {
    const { cases, isRegression } = changesOf(passing, later);
    expect(cases).toEqual([{ id: first, from: "passed", to }]);
    expect(isRegression).toBe(true);
    const back = changesOf(later, passing);
    expect(back.cases).toEqual([{ id: first, from: to, to: "passed" }]);
    expect(back.isRegression).toBe(false);
  });

  test("and nothing else is: not a failure that stays, nor one that has another cause", () => {
    expect(changesOf(firstIs("fail"), firstIs("crash"))).toMatchObject({ cases: [], isRegression: false });
    expect(changesOf(firstIs("fail"), firstIs("not-run"))).toMatchObject({ isRegression: false });
    expect(hasRegression(compareReports(named(passing, { ...firstIs("fail"), adapter: other("else") })))).toBe(false);
  });

  test("held against the first run, however many there are", () => {
    const { changes } = compareReports(named(passing, firstIs("fail"), passing, firstIs("crash")));
    expect(changes.map(({ first, later }) => `${first.label}-${later.label}`)).toEqual(["1-2", "1-3", "1-4"]);
    expect(changes.map(({ regressions }) => regressions.length)).toEqual([1, 0, 1]);
  });

  test("a SHOULD that is no longer met is one only where both runs count it", () => {
    const strict = { options: { level: "recommended" } } as const;
    const outcome: FakeRun["outcome"] = ({ id }) => (id === first ? "not-recommended" : "pass");
    expect(changesOf(passing, edges({ outcome })).isRegression).toBe(false);
    expect(changesOf(passing, edges({ ...strict, outcome })).isRegression).toBe(false);
    expect(changesOf(edges(strict), edges({ ...strict, outcome })).isRegression).toBe(true);
  });

  test("fuzzing counts as one case, because each run draws others", () => {
    const fuzz = (run: FakeRun = {}) => fakeReport({ ...run, options: { run: ["fuzz:*"], ...run.options } });
    const failing = fuzz({ options: { seed: 2 }, outcome: (asked, index) => (index < 3 ? failure(asked) : "pass") });
    const { cases, rows, isRegression } = changesOf(fuzz(), failing);
    expect(cases).toEqual([{ id: failing.failures[0]!.id, from: "passed", to: "failed" }]);
    expect(rows.find(({ name }) => name === "fuzz")).toMatchObject({ after: { text: "fail 3 of 20" } });
    expect(isRegression).toBe(true);
    expect(changesOf(fuzz(), fuzz({ options: { run: [], skip: ["fuzz:*"] } })).cases).toContainEqual({
      id: "fuzz",
      from: "passed",
      to: "not run",
    });
  });
});

describe("runs that were not asked the same", () => {
  const otherVectors = (report: typeof passing) => ({
    ...report,
    suite: { ...report.suite, vectors: "0123456789abcdef" },
  });

  test("are compared, and what differs is said first of all", () => {
    const strict = edges({ options: { level: "recommended" } });
    const comparison = compareReports(
      named(passing, { ...otherVectors(strict), startedAt: "2024-01-31T12:00:00.000Z" }),
    );
    for (const text of [comparisonText(comparison, plain, 200), comparisonMarkdown(comparison)]) {
      const head = text.split(/2 with 0123456789abcdef/)[0]!;
      expect(head).toContain("They were made with different vectors: 1 with ");
      expect(head).not.toContain("verdict");
    }
    expect(comparison.notes).toHaveLength(3);
    expect(comparison.notes[1]).toContain("1 with required; 2 with recommended. All are shown at level required.");
    expect(comparison.notes[2]).toContain("Run 2 was made before run 1");
  });

  test("and a case that one set of vectors lacks is counted apart, unless the run left it out", () => {
    const whole = fakeReport({ options: { fuzz: 0 } });
    const { [first]: _, ...cases } = whole.cases;
    const lacking = otherVectors({ ...whole, cases });
    expect(changesOf(whole, lacking)).toMatchObject({ cases: [], incomparableCount: 1, isRegression: false });
    expect(changesOf(lacking, whole)).toMatchObject({ cases: [], incomparableCount: 1 });
    expect(changesOf(whole, { ...whole, cases }).isRegression).toBe(true);
    const skipping = fakeReport({ options: { fuzz: 0, skip: [first] } });
    expect(changesOf(whole, otherVectors(skipping)).isRegression).toBe(true);
  });
});

describe("the matrix", () => {
  const mixed = fakeComparison();

  test("says of each requirement and each run what became of it", () => {
    const { rows, runs } = mixed;
    const cells = (name: string) => rows.find((row) => row.name === name)!.cells.map(({ text }) => text);
    expect(rows.map(({ name }) => name)).toEqual([...passing.requirements.map(({ id }) => id), "fuzz"]);
    expect(cells("DELTA-1")).toEqual(["pass", expect.stringMatching(/^fail \d+ of \d+$/), "pass", "unsupported"]);
    expect(cells("DELTA-12")).toEqual(["pass", "known failure", "pass", "unsupported"]);
    expect(cells("DELTA-20")[0]).toBe("pass");
    expect(cells("fuzz")).toEqual(["pass", "fail 20 of 20", "pass", expect.stringMatching(/^pass \d+ of 20$/)]);
    expect(runs.map(({ label }) => label)).toEqual(["1", "2", "3", "4"]);
    const [notAsked] = compareReports(named(passing, passing)).rows.filter(({ name }) => name === "DELTA-13");
    expect(notAsked?.cells[0]).toEqual({ kind: "not-run", text: "not run" });
  });

  test("shows a requirement that a run's suite does not have as such", () => {
    const older = { ...passing, requirements: passing.requirements.slice(1) };
    expect(
      compareReports(named(older, passing))
        .rows.at(-2)
        ?.cells.map(({ kind }) => kind),
    ).toEqual(["absent", "not-run"]);
  });

  test.each([40, 80, 120, 400])("fits a terminal of %i columns, and holds every cell at any width", (width) => {
    const lines = comparisonText(mixed, plain, width).split("\n");
    const table = lines.filter((line) => /^(DELTA-\d+|fuzz|verdict) /.test(line));
    expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(table.join("\n").match(/\bunsupported\b/g)).toHaveLength(
      mixed.rows.flatMap(({ cells }) => cells).filter(({ kind }) => kind === "unsupported").length,
    );
  });
});

describe("a comparison as a file", () => {
  test("names every changed case in HTML, and some in text and Markdown with the number of the others", () => {
    const comparison = compareReports(named(passing, edges({ outcome: (asked) => failure(asked) })));
    const html = comparisonHtml(comparison);
    for (const id of ids) expect(html).toContain(`<code>${id}</code>`);
    const text = comparisonText(comparison, plain, 100);
    expect(text).toMatch(/newly failing: DELTA-\d+, \d+ cases\n {4}delta\/edges\//);
    expect(text).toMatch(/and \d+ more; --report html=FILE lists them/);
    expect(text).toMatch(/^regression: 838 cases that passed in run 1 no longer pass in run 2$/m);
    const markdown = comparisonMarkdown(comparison);
    expect(markdown).toMatch(/^- ❌ fake 1\.0 in run 1, fake 1\.0 in run 2: regression: 838 cases/m);
    expect(markdown).toContain(`- \` ${first} \``);
  });

  test("stays below what GitHub shows, as Markdown, with the regressions first", () => {
    const long = "x".repeat(5000);
    const run = (version: string) =>
      edges({ adapter: { name: long, version }, outcome: (asked) => failure(asked, long) });
    const reports = [edges({ adapter: { name: long } }), ...Array.from({ length: 12 }, (_, index) => run(`${index}`))];
    const text = comparisonMarkdown(compareReports(named(...reports)));
    expect(text.length).toBeLessThanOrEqual(MOST_CHARACTERS);
    expect(text.match(/regression: 838 cases/g)).toHaveLength(12);
    expect(text).toContain("The rest has no room here");
  });
});

function other(name: string) {
  return { ...passing.adapter, name };
}
