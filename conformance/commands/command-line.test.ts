import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { loadLedger } from "../../spec/ledger.ts";
import { adapterFile } from "../adapters/bundled.ts";
import type { RunReport } from "../report/model.ts";
import { runCommand as run } from "./fakes/streams.ts";

const folder = mkdtempSync(join(tmpdir(), "xbzrle-commands-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const good = ["--", process.execPath, adapterFile("javascript/example.mjs")];

/** An adapter that takes every literal for the XOR of old and new byte. */
function xorAdapter(): string[] {
  const file = join(folder, "xor.mjs");
  const source = `import * as codec from ${JSON.stringify(adapterFile("javascript/codec.mjs"))};
import { run } from ${JSON.stringify(adapterFile("javascript/xbzrle_adapter.mjs"))};
const xored = (oldPage, page) => page.map((byte, offset) => (byte === oldPage[offset] ? byte : byte ^ oldPage[offset]));
await run({
  name: "xor", version: "1",
  decode: (oldPage, delta) => xored(oldPage, codec.decode(oldPage, delta)),
  isMalformed: (error) => error instanceof codec.MalformedDeltaError,
});
`;
  writeFileSync(file, source);
  return ["--", process.execPath, file];
}

/** An adapter that gives what an expression gives in place of a right encoder's answer, where that is something. */
function encodingAdapter(expression: string): string[] {
  const file = join(folder, "encoding.mjs");
  const source = `import * as codec from ${JSON.stringify(adapterFile("javascript/codec.mjs"))};
import { run } from ${JSON.stringify(adapterFile("javascript/xbzrle_adapter.mjs"))};
let count = 0;
const overflow = { kind: "overflow" };
const stand = (durationMs) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
const longer = (oldPage, newPage, capacity) => {
  const right = codec.encode(oldPage, newPage, capacity);
  if (right.kind !== "delta" || 127 < right.delta[0] || capacity <= right.delta.length) return right;
  return { kind: "delta", delta: Uint8Array.of(right.delta[0] | 128, 0, ...right.delta.subarray(1)) };
};
const encode = (oldPage, newPage, capacity) => (${expression}) || codec.encode(oldPage, newPage, capacity);
await run({ name: "encoding", version: "1", encode });
`;
  writeFileSync(file, source);
  return ["--", process.execPath, file];
}

describe("run", () => {
  test("writes the reports that are asked for, and ends with the verdict's status", async () => {
    const [json, text] = [join(folder, "report.json"), join(folder, "report.txt")];
    const reports = ["--report", `json=${json}`, "--report", `text=${text}`];
    const { status, stdout } = await run("run", "--run", "delta/edges/*", "--fuzz", "0", ...reports, ...good);
    expect(status).toBe(4);
    expect(readFileSync(text, "utf8")).toBe(stdout);
    const report: RunReport = JSON.parse(readFileSync(json, "utf8"));
    expect(report).toMatchObject({ verdict: "incomplete", adapter: { name: "javascript-example" } });
    expect(Object.values(report.cases)).toHaveLength(report.counts.pass);
  });

  test("shows a failure with requirement, bytes, the likely mistake, and a command that repeats it", async () => {
    const adapter = xorAdapter();
    const options = ["--operation", "decode", "--run", "delta/edges/*", "--fuzz", "0"];
    const { status, stdout } = await run("run", ...options, ...adapter);
    expect(status).toBe(1);
    expect(stdout).toContain("DELTA-6  A decoder MUST give, at each offset of an nzrun, the literal itself");
    expect(stdout).toContain("the literals were taken for the XOR of old and new bytes");
    expect(stdout).toMatch(/first difference at page offset \d+: expected [0-9a-f]{2}, got [0-9a-f]{2}/);
    const id = /replay (\S+) -- /.exec(stdout)?.[1];
    const replayed = await run("replay", id!, ...adapter);
    expect(replayed.status).toBe(1);
    expect(replayed.stdout).toContain(`fail  ${id}`);
  });

  test.each([
    ["that breaks a SHOULD", ["--level", "recommended"], "longer(oldPage, newPage, capacity)"],
    ["that takes too long", ["--timeout", "0.5", "--run", "delta/isolating/overflow-after-zrun"], "stand(100000)"],
    ["that is due to the requests before", ["--window", "3"], "count++ > 300 && overflow"],
    ["that is due to all the requests before", [], "count++ > 616 && overflow"],
    ["of fuzzing that is due to the requests before", ["--run", "fuzz:*", "--fuzz", "99"], "count++ > 50 && overflow"],
  ])("prints, of a failure %s, a command that repeats it", async (_, given, bad) => {
    const adapter = encodingAdapter(bad);
    const some = given.includes("--run") ? [] : ["--run", "delta/edges/*", "--run", "delta/isolating/*", "--fuzz", "0"];
    const { status, stdout } = await run("run", "--operation", "encode", ...some, ...given, ...adapter);
    expect(status).toBe(1);
    const [, id] = /^(?:fail|not-recommended|timeout) {2}(\S+)$/m.exec(stdout) ?? [];
    const [, command] = /^ {2}repeat +.*?((?:replay|run) .*) -- /m.exec(stdout) ?? [];
    const words = command!.replaceAll("'", "").split(" ");
    const file = join(folder, "repeated.json");
    const report = words[0] === "run" ? ["--report", `json=${file}`] : [];
    const repeated = await run(...words, ...report, ...adapter);
    expect(repeated.status, command).toBe(1);
    const ids: string[] =
      words[0] === "run"
        ? JSON.parse(readFileSync(file, "utf8")).failures.map((failure: { id: string }) => failure.id)
        : [words[1]];
    expect(ids).toContain(id);
  });

  test.each([
    [["run", "--fuzz", "x"], "--fuzz"],
    [["run", "--window", "0"], "--window"],
    [["run", "--seed", "4294967296"], "--seed"],
    [["run", "--timeout", "0"], "--timeout"],
    [["run", "--level", "some"], "--level"],
    [["run", "--operation", "encrypt"], "--operation"],
    [["run", "--run", "no/such/case"], "no case is left"],
    [["run", "--report", "pdf=x"], "--report pdf=x"],
    [["run", "--report", "json=/no/such/folder/x"], "/no/such/folder/x"],
    [["run", "--known-failures", "/no/such/file"], "/no/such/file"],
    [["run", "--update-known-failures"], "--known-failures FILE"],
    [["run", "--update-known-failures", "--known-failures", "/no/such/folder/x"], "/no/such/folder/x"],
    [["replay", "no/such/case"], "no/such/case"],
    [["explain", "DELTA-999"], "DELTA-999"],
    [["fly"], "fly"],
    [[], "no command"],
  ])("%j is a mistake in one line that names it", async (words, named) => {
    const { status, stderr, stdout } = await run(...words);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    const message = stderr.split("\n").filter((line) => line.startsWith("xbzrle-conformance: "));
    expect(message).toHaveLength(1);
    expect(message[0]).toContain(named);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test.each([
    ["[", "cannot be read"],
    ["{}", "no array"],
    ['[{ "verdict": "fail", "reason": "r" }]', "entry 1 has no pattern"],
    ['[{ "pattern": "x", "verdict": "fail" }]', "entry 1 has no reason"],
    ['[{ "pattern": "x", "verdict": "pass", "reason": "r" }]', "entry 1 has no verdict"],
    ['[{ "pattern": "x", "verdict": "fail", "reason": " " }]', "entry 1 has no reason"],
    ['[{ "pattern": "x", "verdict": "fail", "reason": "r", "link": 1 }]', "entry 1 has a link that is no text"],
    ['[{ "pattern": "x", "verdict": "fail", "reason": "r", "note": "n" }]', 'entry 1 has "note", which means nothing'],
    [
      '[{ "pattern": "x", "verdict": "fail", "reason": "TO DO: why" }]',
      'entry 1 ("x") has a reason that is still to be',
    ],
  ])("tells what is wrong with a known-failures file of %s", async (content, wrong) => {
    const file = join(folder, "known.json");
    writeFileSync(file, content);
    const { status, stderr } = await run("run", "--known-failures", file);
    expect(status).toBe(2);
    expect(stderr).toContain(wrong);
  });
});

describe("replay", () => {
  test("takes a vector that a fuzz failure has printed, from a file", async () => {
    const adapter = xorAdapter();
    const { stdout } = await run(
      "run",
      "--operation",
      "decode",
      "--run",
      "fuzz:*",
      "--fuzz",
      "300",
      "--seed",
      "1",
      ...adapter,
    );
    const vector = /^ {2}vector +(\{.*\})$/m.exec(stdout)?.[1];
    const file = join(folder, "case.json");
    writeFileSync(file, vector!);
    expect((await run("replay", file, ...adapter)).status).toBe(1);
    expect((await run("replay", file, ...good)).status).toBe(0);
  });

  test("tells of an adapter that does not start, with status 3", async () => {
    const { status, stderr } = await run("replay", "fuzz:1:encode:0", "--", "/no/such/program");
    expect(status).toBe(3);
    expect(stderr).toContain("there is no program");
  });

  test("shows a file that holds no vector for what it is", async () => {
    const file = join(folder, "no-vector.json");
    writeFileSync(file, '{ "id": "delta/found/x", "operation": "encode" }');
    const { status, stderr } = await run("replay", file, ...good);
    expect(status).toBe(2);
    expect(stderr).toContain("holds no vector");
  });
});

describe("list and explain", () => {
  test("lists the cases that the patterns select, and each can be explained", async () => {
    const { stdout } = await run("list", "--operation", "decode", "--run", "delta/malformed/*", "--skip", "*cut*");
    const ids = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split("  ")[0]!);
    expect(ids.length).toBeGreaterThan(100);
    expect(ids.every((id) => id.startsWith("delta/malformed/") && !id.includes("cut"))).toBe(true);
    const explained = await run("explain", ids[0]!);
    expect(explained.stdout).toContain("A decoder MUST refuse");
    expect(explained.stdout).toContain("malformed (");
  });

  test("explains a requirement that no case shows by why there is none", async () => {
    const { status, stdout } = await run("explain", "SESSION-16");
    expect(status).toBe(0);
    expect(stdout).toContain(`\nNo case shows it: ${loadLedger()["SESSION-16"]!.untested}.\n`);
  });

  test("explains a requirement by its text, its place, and the cases that show it", async () => {
    const { status, stdout } = await run("explain", "delta-17");
    expect(status).toBe(0);
    expect(stdout).toContain("docs/xbzrle/delta.md#malformed-deltas");
    expect(stdout).toContain("A decoder MUST refuse an nzrun of length 0");
    expect(stdout).toMatch(/delta\/malformed +\d+/);
  });
});
