import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { adapterFile } from "../adapters/bundled.ts";
import { type FakeRun, failure, fakeReport } from "../report/fakes/report.ts";
import { jsonText } from "../report/json.ts";
import { runCommand as run } from "./fakes/streams.ts";

const folder = mkdtempSync(join(tmpdir(), "xbzrle-merge-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The files of two shards of such a run. */
function filesOf(name: string, fake: FakeRun): string[] {
  return [1, 2].map((number) => {
    const path = join(folder, `${name}-${number}.json`);
    writeFileSync(path, jsonText(fakeReport({ ...fake, options: { ...fake.options, shard: `${number}/2` } })));
    return path;
  });
}

const good = ["--", process.execPath, adapterFile("javascript/example.mjs")];

describe("merge", () => {
  test("exits as the whole run would have, and writes its reports", async () => {
    const merged = join(folder, "merged.json");
    const conformant = await run("merge", ...filesOf("good", {}), "--report", `json=${merged}`);
    expect(conformant).toMatchObject({ status: 0, stdout: expect.stringContaining("fake is conformant") });
    expect(readFileSync(merged, "utf8")).toBe(jsonText(fakeReport()));
    expect((await run("check-report", merged)).status).toBe(0);
    const bad = filesOf("bad", { outcome: (asked) => (asked.id === "fuzz:1:encode:1" ? failure(asked) : "pass") });
    expect((await run("merge", ...bad)).status).toBe(1);
    expect((await run("merge", ...filesOf("some", { options: { run: ["delta/edges/*"] } }))).status).toBe(4);
  });

  test("gives 2 and a line where reports cannot be merged, and leaves no earlier report behind", async () => {
    const [first, second] = filesOf("two", {}) as [string, string];
    const file = join(folder, "earlier.json");
    writeFileSync(file, "earlier");
    const { status, stdout, stderr } = await run("merge", first, "--report", `json=${file}`);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toBe("xbzrle-conformance: no report of shard 2/2; merge takes the reports of all 2 shards\n");
    expect(readFileSync(file, "utf8")).toBe("");
    expect((await run("merge", first, "/no/such/file")).status).toBe(2);
    expect((await run("merge")).status).toBe(2);
    const same = await run("merge", first, second, "--report", `json=${second}`);
    expect(same).toMatchObject({ status: 2, stderr: expect.stringContaining("name another file") });
    expect((await run("check-report", second)).status).toBe(4);
  });
});

describe("run --shard", () => {
  test("needs a seed that all shards share, and a shard that there is", async () => {
    const without = await run("run", "--shard", "1/2", ...good);
    expect(without).toMatchObject({ status: 2, stderr: expect.stringContaining("--shard needs --seed") });
    for (const shard of ["0/2", "3/2", "2", "1/1001", "a/b"]) {
      const { status, stderr } = await run("run", "--seed", "1", "--shard", shard, ...good);
      expect(status).toBe(2);
      expect(stderr).toContain("such as 2/4");
    }
  });

  test("asks its part alone, and is incomplete", async () => {
    const words = ["--run", "delta/edges/*", "--fuzz", "0", "--seed", "1", "--shard", "1/2"];
    const { status, stdout } = await run("run", ...words, ...good);
    expect(status).toBe(4);
    expect(stdout).toContain("level required, shard 1 of 2: 419 passed");
  });
});

describe("cases of small worlds", () => {
  test("are explained and replayed by their ids", async () => {
    expect((await run("explain", "world:encode-8:4095")).stdout).toMatch(/small world encode-8.*capacity/s);
    expect((await run("replay", "world:decode-8:1111110", ...good)).status).toBe(0);
    expect((await run("replay", "world:decode-8:1111111", ...good)).status).toBe(2);
  });
});
