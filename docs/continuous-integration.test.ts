import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { conformanceProgram } from "../conformance/commands/command-line.ts";
import { EXIT_STATUS } from "../conformance/commands/status.ts";
import { readKnownFailures } from "../conformance/suites/known-failures.ts";
import { packageFolder } from "../spec/package.ts";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string | number>>;
}

interface Job {
  readonly needs?: string;
  readonly strategy?: { readonly matrix: { readonly shard: readonly number[] } };
  readonly steps: readonly Step[];
}

const PAGES = ["README.md", "docs/continuous-integration.md", "docs/reports.md", "docs/adapter.md"];
const page = readFileSync(join(packageFolder, "docs/continuous-integration.md"), "utf8");
const workflow = parseDocument(blocks(page, "yaml")[0]!, { strict: true, version: "1.2" });
const jobs: Readonly<Record<string, Job>> = workflow.toJS().jobs;
const steps = Object.values(jobs).flatMap((job) => job.steps);
const scripts = steps.flatMap(({ run }) => run ?? []);

describe("the workflow of docs/continuous-integration.md", () => {
  test("is YAML without a mistake, and scripts that bash can read", () => {
    expect([...workflow.errors, ...workflow.warnings]).toEqual([]);
    expect(scripts.length).toBeGreaterThan(4);
    for (const script of scripts) execFileSync("bash", ["-n"], { input: filledIn(script) });
    for (const { uses, run } of steps) expect(run ?? uses).toMatch(run === undefined ? /^actions\/[a-z-]+@v\d+$/ : /./);
  });

  test("goes on after a shard with findings, and not after one that could not ask", () => {
    const asks = scripts.find((script) => script.includes("--shard"))!;
    const goesOn = [0, 1, 2, 3, 4, 70].filter((status) => {
      const script = `npx() { return ${status}; }\n${filledIn(asks)}`;
      return spawnSync("bash", ["-e", "-c", script]).status === 0;
    });
    expect(goesOn).toEqual([EXIT_STATUS.conformant, EXIT_STATUS.nonconformant, EXIT_STATUS.incomplete]);
  });

  test("asks as many shards as there are, with one seed, and merges what they write", () => {
    const { shard, conformance } = jobs;
    const { shard: numbers } = shard!.strategy!.matrix;
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    const asks = shard!.steps.find(({ run }) => run?.includes("--shard"))!.run!;
    expect(asks).toContain(`--shard \${{ matrix.shard }}/${numbers.length} --seed \${{ github.`);
    const written = /json=(.+?) -- /.exec(asks)![1];
    const upload = shard!.steps.find(({ uses }) => uses?.startsWith("actions/upload-artifact"))!.with!;
    expect(upload.path).toBe(written);
    const download = conformance!.steps.find(({ uses }) => uses?.startsWith("actions/download-artifact"))!.with!;
    const fits = (pattern: string, name: string) => name.startsWith(pattern.split("*")[0]!);
    expect(fits(String(download.pattern), String(upload.name))).toBe(true);
    const merges = conformance!.steps.find(({ run }) => run?.includes(" merge "))!.run!;
    expect(fits(/merge (\S+)/.exec(merges)![1]!, written!)).toBe(true);
    expect(conformance!.needs).toBe("shard");
  });
});

test("every command line of xbzrle-conformance in the documents is one that the program takes", async () => {
  const texts = [...scripts, ...PAGES.flatMap((path) => blocks(readFileSync(join(packageFolder, path), "utf8"), "sh"))];
  const commandLines = texts.flatMap(commandsIn);
  expect(new Set(commandLines.map(([command]) => command))).toEqual(
    new Set(["run", "merge", "compare", "check-report"]),
  );
  for (const words of commandLines) await expect(parse(words), words.join(" ")).resolves.toBeUndefined();
});

test("the example of a file of known failures is one", () => {
  const folder = mkdtempSync(join(tmpdir(), "xbzrle-ci-"));
  try {
    writeFileSync(join(folder, "known.json"), blocks(page, "json")[0]!);
    const [entry] = readKnownFailures(join(folder, "known.json"));
    expect(Object.keys(entry!)).toEqual(["pattern", "verdict", "reason", "link"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function blocks(markdown: string, language: string): string[] {
  return [...markdown.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, block]) => block!);
}

/** The script with a value in the place of each expression. */
function filledIn(script: string): string {
  return script.replaceAll(/\$\{\{.*?\}\}/g, "1");
}

/** The words after the program's name, up to what the shell does with it. */
function commandsIn(script: string): string[][] {
  const lines = filledIn(script).replaceAll("\\\n", " ").split("\n");
  return lines
    .filter((line) => line.startsWith("npx xbzrle-conformance "))
    .map((line) =>
      line
        .split(/ (?:\|\|?|&&|;|>>?|#) /)[0]!
        .match(/'[^']*'|"[^"]*"|[^\s'"]+/g)!
        .slice(2),
    )
    .map((words) => words.map((word) => word.replaceAll(/^['"]|['"]$/g, "")));
}

/** Lets the program take the words, without doing what they ask for. */
async function parse(words: readonly string[]): Promise<void> {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const program = conformanceProgram(
    streams,
    () => {},
    () => {},
  );
  for (const command of program.commands) command.action(() => {});
  await program.parseAsync(words, { from: "user" });
}
