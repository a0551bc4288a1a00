import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { adapterFile, BUNDLED_ADAPTERS, hasTool } from "../conformance/adapters/bundled.ts";
import { EXIT_STATUS } from "../conformance/commands/status.ts";
import { MAX_ANSWER_BYTES } from "../conformance/protocol.ts";
import { runConformance } from "../conformance/run.ts";
import { packageFolder } from "../spec/package.ts";
import { loadRequirements } from "../spec/requirements.ts";

const folder = mkdtempSync(join(tmpdir(), "xbzrle-docs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (path: string) => readFileSync(join(packageFolder, path), "utf8");
const block = (path: string, language: string) => {
  const found = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "ms").exec(read(path))?.[1];
  if (found === undefined) throw new Error(`${path} has no block of ${language}`);
  return found;
};

describe("README.md", () => {
  test("has an example for the reference that runs and says what comes out", () => {
    const check = 'if (Buffer.from(outcome.delta).toString("hex") !== "020109") throw new Error("another delta");';
    const program = block("README.md", "ts")
      .replace('if (outcome.kind === "delta") ', "const given = ")
      .concat(check, 'if (Buffer.compare(given, newPage) !== 0) throw new Error("another page");');
    const file = join(packageFolder, "dist", "readme-example.mjs");
    writeFileSync(file, program);
    try {
      execFileSync(process.execPath, [file], { stdio: "pipe" });
    } finally {
      rmSync(file);
    }
  });

  test("fits one screen", () => {
    expect(read("README.md").split("\n").length).toBeLessThanOrEqual(50);
  });
});

describe("docs/adapter.md", () => {
  const needs = "apt-get install python3";
  test.skipIf(!hasTool("python3"))(`has an adapter in Python that conforms (${needs})`, async () => {
    writeFileSync(join(folder, "my_adapter.py"), block("docs/adapter.md", "python"));
    writeFileSync(join(folder, "my_codec.py"), MY_CODEC);
    copyFileSync(adapterFile("python/codec.py"), join(folder, "example_codec.py"));
    const command = ["python3", join(folder, "my_adapter.py")];
    const report = await runConformance({ command, options: { level: "recommended", fuzz: 500 } });
    expect(report.reasons).toEqual([]);
    expect(report.verdict).toBe("conformant");
  });

  test("has an example exchange that the reference's adapter answers so", () => {
    const lines = read("docs/adapter.md").split("\n");
    const asked = lines.filter((line) => line.startsWith("> ")).map((line) => line.slice(2));
    const answered = lines.filter((line) => line.startsWith("< ")).map((line) => line.slice(2));
    const [program, ...words] = BUNDLED_ADAPTERS[0]!.prepare(folder);
    const output = execFileSync(program!, words, { input: `${asked.join("\n")}\n`, encoding: "utf8" });
    const given = output.trimEnd().split("\n");
    expect(given[0]).toMatch(/^hello 1 reference \S+ encode decode receive send$/);
    const withoutReasons = given.slice(1).map((line) => line.replace(/malformed .*/, "malformed"));
    expect(withoutReasons).toEqual(answered.slice(1));
  });

  test("has the exit statuses and the limit of a line that the program has", () => {
    const text = read("docs/adapter.md");
    for (const verdict of ["conformant", "nonconformant", "incomplete"] as const) {
      expect(text).toContain(`| \`${verdict}\` | ${EXIT_STATUS[verdict]} |`);
    }
    expect(text).toContain(`${MAX_ANSWER_BYTES.toLocaleString("en-US")} bytes`);
  });
});

describe("docs/xbzrle/departures.md", () => {
  const [, ...entries] = read("docs/xbzrle/departures.md").split(/^## /m);

  test("has entries with the same fields in the same order, none of them empty", () => {
    const fields = (entry: string) => [...entry.matchAll(/^\| ([a-z]+) \| \S.* \|$/gm)].map(([, field]) => field);
    expect(entries.length).toBeGreaterThan(0);
    for (const entry of entries) {
      expect(fields(entry), entry).toEqual(["who", "what", "bytes", "requirement", "verdict"]);
    }
  });

  test("names requirements that the chapters have", () => {
    const named = entries.flatMap((entry) => entry.match(/DELTA-\d+/g) ?? []);
    expect(named.filter((id) => !loadRequirements().has(id))).toEqual([]);
  });
});

test("every link within the documents leads to a file", () => {
  const documents = ["README.md", "CHANGELOG.md", ...readdirSync(join(packageFolder, "docs"), { recursive: true })]
    .map(String)
    .filter((name) => name.endsWith(".md") && !name.startsWith("api/"))
    .map((name) => (name.includes("/") || !["README.md", "CHANGELOG.md"].includes(name) ? join("docs", name) : name));
  for (const document of documents) {
    for (const [, target] of read(document).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
      if (target!.startsWith("https://")) continue;
      expect(
        () => readFileSync(join(packageFolder, dirname(document), target!)),
        `${document}: ${target}`,
      ).not.toThrow();
    }
  }
});

/** The codec of a reader of docs/adapter.md: the example's, with the interface of the text. */
const MY_CODEC = `
import example_codec
from example_codec import MalformedDelta as Malformed

def encode(old_page, new_page, capacity):
    outcome = example_codec.encode(old_page, new_page, capacity)
    names = {example_codec.Outcome.UNCHANGED: None, example_codec.Outcome.OVERFLOW: "overflow"}
    return outcome if isinstance(outcome, bytes) else names[outcome]

def decode(old_page, delta):
    return example_codec.decode(old_page, delta)
`;
