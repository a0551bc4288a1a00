import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { failure, fakeReport } from "../report/fakes/report.ts";
import { jsonText } from "../report/json.ts";
import type { RunReport } from "../report/model.ts";
import { runCommand } from "./fakes/streams.ts";

const folder = mkdtempSync(join(tmpdir(), "xbzrle-compare-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options = { run: ["delta/edges/*"], fuzz: 0 };
const good = fileOf("good", fakeReport({ options }));
const bad = fileOf("bad", fakeReport({ options, adapter: { version: "2" }, outcome: (asked) => failure(asked) }));

function fileOf(name: string, report: RunReport): string {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, jsonText(report));
  return file;
}

describe("compare", () => {
  test("gives 1 for a regression, 0 for none, and writes what was asked for", async () => {
    const [html, markdown] = [join(folder, "x.html"), join(folder, "x.md")];
    const reports = ["--report", `html=${html}`, "--report", `markdown=${markdown}`];
    const worse = await runCommand("compare", good, bad, ...reports);
    expect(worse.status).toBe(1);
    expect(worse.stdout).toContain("regression: 838 cases that passed in run 1 no longer pass in run 2");
    expect(readFileSync(html, "utf8")).toContain("<h1>2 runs of 1 implementation, compared at level required</h1>");
    expect(readFileSync(markdown, "utf8")).toContain("| requirement | 1: fake 1.0 | 2: fake 2 |");
    const better = await runCommand("compare", bad, good);
    expect(better.status).toBe(0);
    expect(better.stdout).toMatch(/newly passing: DELTA-\d+/);
  });

  test("is as wide as the terminal, and 120 columns elsewhere", async () => {
    const narrow = await runCommand({ isTTY: true, columns: 40 }, "compare", good, bad, good);
    const piped = await runCommand("compare", good, bad, good);
    expect(narrow.stdout.match(/^verdict/gm)!.length).toBeGreaterThan(1);
    expect(piped.stdout.match(/^verdict/gm)).toHaveLength(1);
    expect(piped.stdout).toMatch(/^DELTA-20 .* An encoder MUST report/m);
    expect(Math.max(...piped.stdout.match(/^DELTA.*/gm)!.map((line) => line.length))).toBe(120);
  });

  test.each([
    [["compare", good], "two reports"],
    [["compare"], "missing required argument"],
    [["compare", good, join(folder, "no-such.json")], "no-such.json holds no report"],
    [["compare", good, "package.json"], "package.json holds no report"],
    [["compare", good, bad, "--report", "json=x"], "a format of markdown, html"],
    [["compare", good, bad, "--report", "html=/no/such/folder/x"], "/no/such/folder/x"],
  ])("%j is a mistake in one line that names it", async (words, named) => {
    const { status, stderr } = await runCommand(...words);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^xbzrle-conformance: .*\n$/);
    expect(stderr).toContain(named);
  });
});
