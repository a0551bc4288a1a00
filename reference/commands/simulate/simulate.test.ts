import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { DESK, hasChromium, LOW_CONTRAST, PageOpener, PHONE } from "../../../conformance/report/fakes/pages.ts";
import { packageFolder } from "../../../spec/package.ts";
import type { ScenarioResult } from "../../simulation/comparison.ts";
import type { Scenario } from "../../simulation/scenario.ts";
import { SCENARIOS } from "../../simulation/scenarios/scenarios.ts";
import { STANDARD_STREAM } from "../input.ts";
import { runProgram } from "../program.ts";
import { requireShape } from "../schema.ts";
import { recorder } from "../stream/fakes/run.ts";
import { pageOf } from "./page.ts";

const folder = mkdtempSync(join(tmpdir(), "xbzrle-simulate-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

/** The example of docs/simulation.md. */
const EXAMPLE: Scenario = JSON.parse(
  /```json scenario-example\n(.*?)```/s.exec(readFileSync(join(packageFolder, "docs/simulation.md"), "utf8"))![1]!,
);

/** Runs `xbzrle simulate` with a value on standard input. */
async function run(value: unknown, ...words: readonly string[]) {
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  const stdin = Readable.from([Buffer.from(JSON.stringify(value) ?? "")]);
  const streams = { stdin, stdout: recorder(stdout), stderr: recorder(stderr) };
  const status = await runProgram(["simulate", ...words], streams);
  return { status, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

async function results(...words: readonly string[]): Promise<readonly ScenarioResult[]> {
  return JSON.parse((await run(EXAMPLE, STANDARD_STREAM, ...words, "--json")).stdout).scenarios;
}

test("the example of the document is text, with published and simulated numbers and their ratio", async () => {
  const { status, stdout, stderr } = await run(EXAMPLE, STANDARD_STREAM);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("-: counters of a telephone exchange");
  expect(stdout).toMatch(/without XBZRLE\n {4}does not complete: given up after 10.\d s and \d+ rounds;/);
  expect(stdout).toMatch(
    /with XBZRLE\n {4}completes after .* \(published: completes\)\n {4}destination equals source\n/,
  );
  expect(stdout).toMatch(/ {6}total time, ms +3 000 +\d [0-9]{3} +\d\.\d\d\n/);
  expect(stdout).toMatch(/ {6}xbzrle +\d+/);
});

test("the same as JSON is the same in each run, and has every round", async () => {
  const [first, second] = [await results(), await results()];
  expect(first).toEqual(second);
  const { migrations } = first[0]!;
  expect(migrations.map(({ givenUp }) => givenUp)).toEqual(["time", undefined]);
  for (const { rounds, differingPageCount } of migrations) {
    expect(rounds.map(({ round }) => round)).toEqual(rounds.map((_, index) => index + 1));
    expect(rounds.filter(({ isLastStage }) => isLastStage)).toHaveLength(1);
    expect(differingPageCount).toBe(0);
  }
});

test("costs that are measured are told, and give the same numbers again when they are given", async () => {
  const measured = await run(EXAMPLE, STANDARD_STREAM, "--measure-costs", "--json");
  const [result] = JSON.parse(measured.stdout).scenarios as [ScenarioResult];
  expect(result.costsAreMeasured).toBe(true);
  const { costs } = result.scenario;
  expect(Object.keys(costs!)).toEqual(["zeroTestNs", "copyNs", "encodeNs", "compressNs"]);
  for (const ns of Object.values(costs!)) expect(ns).toBeGreaterThan(0);
  const given = await run({ ...EXAMPLE, costs }, STANDARD_STREAM, "--json");
  expect(JSON.parse(given.stdout).scenarios[0]).toEqual({ ...result, name: STANDARD_STREAM, costsAreMeasured: false });
  const notes =
    /Costs of a page, measured on this machine: zeroTestNs [\d ]+, copyNs .*Another run has other numbers\./;
  expect((await run(EXAMPLE, STANDARD_STREAM, "--measure-costs")).stdout).toMatch(notes);
  expect((await run(EXAMPLE, STANDARD_STREAM)).stdout).not.toMatch(notes);
});

test("a trace is replayed from the folder of the scenario, and refused where it is none or of another guest", async () => {
  const blocks = [{ name: "ram", byteCount: 8192 }];
  const trace = [
    { format: "xbzrle-trace", version: 1, pageSize: 4096, blocks },
    ...[0, 1, 2, 3].map((turn) => ({ timeUs: 5000 * turn, block: "ram", address: 4096 + turn, bytes: "07" })),
  ];
  writeFileSync(join(folder, "writes.jsonl"), trace.map((line) => JSON.stringify(line)).join("\n"));
  const options = { "downtime-limit": 0, xbzrle: true };
  const scenario = {
    ...EXAMPLE,
    guest: { blocks },
    load: [],
    traces: ["writes.jsonl"],
    migrations: [{ name: "one", options }],
  };
  const path = join(folder, "scenario.json");
  const simulate = (changed: object) => {
    writeFileSync(path, JSON.stringify({ ...scenario, ...changed }));
    return run(undefined, path, "--json");
  };
  const { counters, differingPageCount } = JSON.parse((await simulate({ link: { bytesPerSecond: 1000 } })).stdout)
    .scenarios[0].migrations[0];
  expect([counters.pageRecords, differingPageCount]).toEqual([1, 0]);
  expect((await simulate({ scale: 2 })).stderr).toContain("scale has to be 1 where there are traces");
  expect((await simulate({ traces: ["none.jsonl"] })).stderr).toContain(
    "none.jsonl does not exist; name a file of a trace",
  );
  expect((await simulate({ traces: ["scenario.json"] })).stderr).toMatch(/^xbzrle: SCENARIO .*scenario.json: .*line 1/);
  expect((await simulate({ guest: EXAMPLE.guest })).stderr).toContain(
    "block ram has 8388608 bytes, and the trace is of one with 8192",
  );
});

test("the help lists every scenario", async () => {
  const { status, stdout } = await run(undefined, "--help");
  expect(status).toBe(0);
  for (const [name, { title }] of Object.entries(SCENARIOS)) expect(stdout).toContain(`${name.padEnd(20)}${title}`);
});

test("every scenario that comes with the program is one by the schema", () => {
  for (const [path, scenario] of Object.entries(SCENARIOS)) {
    expect(requireShape(scenario, "scenario", { argument: "SCENARIO", path })).toBe(scenario);
  }
});

const HEAD = "xbzrle: SCENARIO from standard input: ";

test.each<[string, unknown, string]>([
  ["a member that is none", { ...EXAMPLE, speed: 1 }, "it must NOT have additional properties: speed; "],
  ["no link", { ...EXAMPLE, link: undefined }, "it must have required property 'link'; "],
  ["level 10", withOptions({ "compress-level": 10 }), "/migrations/0/options/compress-level must be <= 9; "],
  ["256 threads", withOptions({ "compress-threads": 256 }), "/migrations/0/options/compress-threads must be <= 255; "],
  ["a scale of 3", { ...EXAMPLE, scale: 3 }, "scale has to be a power of two, not 3; "],
  [
    "a scale that parts a page",
    { ...EXAMPLE, scale: 65_536 },
    "byteCount of block ram has to be a multiple of 268435456 ",
  ],
  [
    "a cache of 3 pages",
    withOptions({ xbzrle: true, "xbzrle-cache-size": 12_288 }),
    "xbzrle-cache-size has to be a power of two ",
  ],
  [
    "a workload that is none",
    { ...EXAMPLE, load: [{ workload: "party", bytesPerSecond: 1 }] },
    "workload has to be one of idle, ",
  ],
  [
    "a block that is none",
    { ...EXAMPLE, load: [{ workload: "idle", bytesPerSecond: 1, block: "x" }] },
    'the guest has no block "x"',
  ],
])("%s is refused with its name, and where to read on", async (_, scenario, message) => {
  const { status, stdout, stderr } = await run(scenario, STANDARD_STREAM);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr.startsWith(HEAD + message), stderr).toBe(true);
  expect(stderr).toMatch(
    /; (spec\/scenario.schema.json says what is to be there|docs\/simulation.md has an example)\n$/,
  );
});

test("a name that is neither a scenario nor a file is refused with the names that there are", async () => {
  const { status, stderr } = await run(undefined, "bulkstage");
  expect([status, stderr]).toEqual([
    2,
    "xbzrle: SCENARIO bulkstage does not exist; name a file of JSON, - for standard input, or one of proposal, bulk-stage, compression-idle, compression-random\n",
  ]);
});

test("a page that cannot be written is refused with the option", async () => {
  const { status, stderr } = await run(EXAMPLE, STANDARD_STREAM, "--html", join(folder, "none", "page.html"));
  expect(status).toBe(2);
  expect(stderr).toMatch(/^xbzrle: --html .*page.html is in a directory that does not exist; /);
});

test("a destination that is not what its source is ends the program with 1", async () => {
  const driver = await import("../../session/receiver.ts");
  vi.spyOn(driver.Receiver.prototype, "end").mockImplementation(function (this: InstanceType<typeof driver.Receiver>) {
    for (const memory of this.guest.blocks.values()) memory[5000]! ^= 1;
  });
  const { status, stdout, stderr } = await run(EXAMPLE, STANDARD_STREAM);
  expect([status, stderr]).toEqual([
    1,
    "xbzrle: -, without XBZRLE: 1 pages of the destination are not those of the source\n",
  ]);
  expect(stdout).toContain("1 pages of the destination are wrong");
});

describe.skipIf(!hasChromium)("the page in Chromium (apt-get install chromium)", () => {
  test("has plots and tables, is no wider than the screen, runs nothing and fetches nothing", async () => {
    const path = join(folder, "page.html");
    expect((await run(EXAMPLE, STANDARD_STREAM, "--html", path)).status).toBe(0);
    const opener = await PageOpener.start();
    try {
      for (const [name, screen] of [
        ["desk", DESK],
        ["phone", PHONE],
      ] as const) {
        const unwanted = await opener.show(`simulation-${name}`, readFileSync(path, "utf8"), screen, async (page) => {
          await opener.picture(page, `simulation-${name}`);
          const captions = await page.locator("figure:has(svg path) figcaption").allTextContents();
          expect(captions.map((caption) => caption.split(" ").slice(0, 2).join(" "))).toEqual([
            "Bytes a",
            "Miss rate",
            "What the",
            "What the",
          ]);
          expect(await page.locator("table").count()).toBe(3);
          expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(screen.viewport!.width);
          expect(await page.evaluate(LOW_CONTRAST)).toEqual([]);
        });
        expect(unwanted).toEqual([]);
      }
    } finally {
      await opener.end();
    }
  }, 60_000);

  test("gives nothing that a scenario says to the browser as HTML", async () => {
    const said = `</style><script>alert(1)</script><img src=x onerror=alert(2)>"'`;
    const [result] = await results();
    const [migration] = result!.migrations;
    const hostile = pageOf([
      {
        name: said,
        costsAreMeasured: false,
        scenario: { ...EXAMPLE, title: said, notes: [said] },
        migrations: [{ ...migration!, name: said, events: [said] }],
      },
    ]);
    expect(hostile).not.toMatch(/<script|<img/);
    expect(hostile.split("&lt;img src=x onerror=alert(2)&gt;").length).toBeGreaterThan(6);
  });
});

function withOptions(options: object): unknown {
  return { ...EXAMPLE, migrations: [{ name: "one", options }] };
}
