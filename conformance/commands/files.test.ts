import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, describe, expect, test } from "vitest";
import { loadReceiveVectors, loadSendVectors, loadVectors } from "../../vectors/index.ts";
import { BUNDLED_ADAPTERS, hasTool } from "../adapters/bundled.ts";
import { runConformance } from "../run.ts";
import { runCommandLine } from "./command-line.ts";

const folder = mkdtempSync(join(tmpdir(), "xbzrle-files-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...words: readonly string[]): Promise<number> {
  const sink = () => new PassThrough().resume();
  return runCommandLine(words, { stdin: new PassThrough(), stdout: sink(), stderr: sink() });
}

describe("copy", () => {
  test("writes every vector as files whose names are their digests, and not into a folder that is in use", async () => {
    const target = join(folder, "copy");
    expect(await run("copy", target)).toBe(0);
    const manifest = JSON.parse(readFileSync(join(target, "manifest.json"), "utf8"));
    const vectors = loadVectors();
    const receiveVectors = loadReceiveVectors();
    const sendVectors = loadSendVectors();
    expect(manifest.cases).toHaveLength(vectors.length + receiveVectors.length + sendVectors.length);
    const streams = manifest.cases.slice(vectors.length, -sendVectors.length);
    const guests = manifest.cases.slice(-sendVectors.length);
    expect(guests.map(({ id }: { id: string }) => id)).toEqual(sendVectors.map(({ id }) => id));
    const [written] = sendVectors[0]!.steps;
    const copied = readFileSync(join(target, "bytes", guests[0].steps[0].bytes));
    expect(written?.kind === "write" && Buffer.compare(copied, written.bytes)).toBe(0);
    expect(streams.map(({ id }: { id: string }) => id)).toEqual(receiveVectors.map(({ id }) => id));
    const stream = readFileSync(join(target, "bytes", streams[0].stream));
    expect(Buffer.compare(stream, receiveVectors[0]!.stream)).toBe(0);
    for (const index of [0, 5000, 10_000]) {
      const [copied, vector] = [manifest.cases[index], vectors[index]!];
      expect(copied.id).toBe(vector.id);
      const oldPage = readFileSync(join(target, "bytes", copied.oldPage));
      expect(Buffer.compare(oldPage, vector.oldPage)).toBe(0);
      expect(copied.oldPage).toBe(`${createHash("sha256").update(oldPage).digest("hex").slice(0, 32)}.bin`);
    }
    expect(await run("copy", target)).toBe(2);
  });
});

describe("init", () => {
  const languages = [
    { language: "c", build: "cc -std=c99 -O2 -o my_adapter example.c codec.c", command: ["./my_adapter"] },
    {
      language: "c receiver",
      build: "cc -std=c99 -O2 -o my_receiver receiver_example.c receiver.c codec.c",
      command: ["./my_receiver"],
    },
    { language: "python", build: "true", command: ["python3", "example.py"] },
    {
      language: "rust",
      build: "rustc --edition 2021 -O -o my_adapter example.rs",
      command: ["./my_adapter"],
    },
    { language: "javascript", build: "true", command: ["node", "example.mjs"] },
  ];
  for (const { language, build, command } of languages) {
    const { tool, install } = BUNDLED_ADAPTERS.find(({ name }) => name === language)!;
    test.skipIf(!hasTool(tool))(
      `writes an adapter in ${language} that conforms once it is built (${install})`,
      async () => {
        const target = join(folder, language);
        const [named = ""] = language.split(" ");
        expect(await run("init", named, target)).toBe(0);
        execFileSync("sh", ["-c", build], { cwd: target, stdio: "ignore" });
        const words = command.map((word) => (/^\.\/|example/.test(word) ? join(target, word) : word));
        const report = await runConformance({ command: words, options: { fuzz: 100, run: ["fuzz:*"] } });
        const { pass, unsupported } = report.counts;
        expect(pass + unsupported).toBe(100 + 10 + 5);
        expect(pass).toBeGreaterThanOrEqual(100);
        expect(await run("init", named, target)).toBe(2);
      },
    );
  }
});
