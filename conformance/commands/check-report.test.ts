import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { adapterFile } from "../adapters/bundled.ts";
import { failure, fakeReport } from "../report/fakes/report.ts";
import { jsonText } from "../report/json.ts";
import type { RunReport } from "../report/model.ts";
import { readReport } from "../report/read.ts";
import { runCommand as run } from "./fakes/streams.ts";

const folder = mkdtempSync(join(tmpdir(), "xbzrle-check-report-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(content: RunReport | string): string {
  const file = join(folder, "report.json");
  writeFileSync(file, typeof content === "string" ? content : jsonText(content));
  return file;
}

const good = ["--", process.execPath, adapterFile("javascript/example.mjs")];

describe("check-report", () => {
  test("gives 0 for a whole run that is conformant, and says what was asked", async () => {
    const { status, stdout } = await run("check-report", fileOf(fakeReport()));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^consistent: /m);
    expect(stdout).toMatch(/^complete: \d+ vectors and 20 fuzz cases for encode and decode were asked/m);
    expect(stdout).toMatch(/^fake is conformant \(encode and decode, level required\)$/m);
  });

  test("gives 1 for a run that is not, and 4 for one that left something out", async () => {
    const failing = fakeReport({ outcome: (asked, index) => (index === 0 ? failure(asked) : "pass") });
    expect((await run("check-report", fileOf(failing))).status).toBe(1);
    const { status, stdout } = await run("check-report", fileOf(fakeReport({ options: { skip: ["delta/edges/*"] } })));
    expect(status).toBe(4);
    expect(stdout).toContain("not complete:\n  cases were left out by --run or --skip");
    expect(stdout).toMatch(/^fake is incomplete \(/m);
    const shard = await run("check-report", fileOf(fakeReport({ options: { shard: "2/4" } })));
    expect(shard).toMatchObject({ status: 4, stdout: expect.stringContaining("only shard 2 of 4 was asked") });
  });

  test("gives 1 for a report that lies, and says where", async () => {
    const failing = fakeReport({ outcome: (asked, index) => (index === 0 ? failure(asked) : "pass") });
    const { status, stdout } = await run("check-report", fileOf({ ...failing, verdict: "conformant", reasons: [] }));
    expect(status).toBe(1);
    expect(stdout).toContain("it says conformant, and its counts, options and evidence say nonconformant");
    expect(stdout).toContain("complete: not known");
    expect(stdout).toContain("the report contradicts itself");
    expect(stdout).not.toContain("is conformant");
  });

  test("gives 4 for a report of other vectors than those that are installed", async () => {
    const report = fakeReport();
    const other = { ...report, suite: { ...report.suite, vectors: "0123456789abcdef" } };
    const { status, stdout } = await run("check-report", fileOf(other));
    expect(status).toBe(4);
    expect(stdout).toContain("what was left out is not known");
    expect(stdout).not.toContain("is conformant");
  });

  test("shows nothing that a terminal would obey", async () => {
    const { stdout } = await run("check-report", fileOf(fakeReport({ adapter: { name: "\u001b[2J\u202e" } })));
    expect(stdout).toContain("\\x1b[2J\\u202e");
    expect(stdout).not.toContain("\u001b[2J");
  });

  test.each([
    ["", "did not end"],
    ["no JSON", "JSON"],
    ["{}", "formatVersion"],
  ])("gives 2 for a file that is no report: %j", async (content, what) => {
    const { status, stdout, stderr } = await run("check-report", fileOf(content));
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(what);
    expect((await run("check-report", "/no/such/file")).status).toBe(2);
  });
});

describe("run --report", () => {
  test("writes every format, and JSON that check-report takes", async () => {
    const formats = ["text", "json", "junit", "markdown", "html"];
    const files = formats.map((format) => join(folder, `all.${format}`));
    const reports = formats.flatMap((format, index) => ["--report", `${format}=${files[index]}`]);
    const { status } = await run("run", "--run", "delta/edges/*", "--fuzz", "0", ...reports, ...good);
    expect(status).toBe(4);
    const [text, json, junit, markdown, html] = files.map((file) => readFileSync(file, "utf8"));
    expect(readReport(json!).verdict).toBe("incomplete");
    for (const written of [text, junit, markdown, html]) expect(written).toContain("javascript-example is incomplete");
    expect((await run("check-report", files[1]!)).status).toBe(4);
  });

  test("leaves no earlier report behind when the adapter does not start", async () => {
    const file = fileOf(fakeReport());
    const { status } = await run("run", "--report", `json=${file}`, "--", "/no/such/program");
    expect(status).toBe(3);
    expect((await run("check-report", file)).stderr).toContain("the run that was to write it did not end");
  });
});
