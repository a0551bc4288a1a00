/**
 * Program: the suite's part of `npm run bench`, how many cases a second the suite asks and judges.
 * All numbers of one run are taken in turn on one machine; what counts is the ratio.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adapterFile, compileC, hasTool } from "../adapters/bundled.ts";
import type { Case } from "../harness/case.ts";
import { runCases } from "../harness/run.ts";
import { runConformance } from "../run.ts";
import { fuzzCases } from "../suites/fuzz.ts";
import { machineText } from "./machine.ts";
import { median } from "./median.ts";

const PAGE_SIZE = 4096;
/** Drawn before the clock runs, and asked so many times over. */
const DRAWN_COUNT = 5000;
const ROUNDS = 6;
const TURNS = 5;
/** The fuzz cases of the run whose memory is measured. */
const LONG_RUN = 1_000_000;
const SEED = 1;

if (hasTool("gcc")) await bench();
else process.stdout.write("skipped: the benchmark needs gcc: apt-get install gcc libc6-dev\n");

async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "xbzrle-bench-"));
  try {
    const example = compileC(folder, "c-example", [adapterFile("c/example.c"), adapterFile("c/codec.c")]);
    const limit = compileC(folder, "transport-limit", [adapterFile("c/transport_limit.c")]);
    process.stdout.write(await longRun(example));
    const cases = casesOfPageSize(DRAWN_COUNT);
    const rates = { example: [] as number[], limit: [] as number[] };
    for (let turn = 0; turn < TURNS; turn++) {
      rates.example.push(await rate(example, cases));
      rates.limit.push(await rate(limit, cases));
    }
    const [exampleRate, limitRate] = [median(rates.example), median(rates.limit)];
    process.stdout.write(
      [
        `suite: ${DRAWN_COUNT * ROUNDS} fuzz cases, encode and decode in turn, pages of ${PAGE_SIZE} bytes, median of ${TURNS}; ${machineText()}`,
        `  C example                   ${thousands(exampleRate)} cases/s`,
        `  answers only "unsupported"  ${thousands(limitRate)} cases/s (the transport's limit)`,
        `  ratio                       ${(exampleRate / limitRate).toFixed(2)}`,
        "",
      ].join("\n"),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A whole run that is long enough to show whether memory grows with it. Before it nothing large is in memory. */
async function longRun(program: string): Promise<string> {
  const startedAt = performance.now();
  const { verdict } = await runConformance({ command: [program], options: { fuzz: LONG_RUN, seed: SEED } });
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const peak = Math.round(process.resourceUsage().maxRSS / 1000);
  return `run: the vectors and ${LONG_RUN} fuzz cases of all sizes: ${verdict} in ${seconds} s, peak memory ${peak} MB\n`;
}

/** The first cases with pages of the size, drawn before the clock runs. */
function casesOfPageSize(count: number): Case[] {
  const cases: Case[] = [];
  for (const drawn of fuzzCases(count * 4, SEED, ["encode", "decode"])) {
    if (drawn.request.operation !== "encode" && drawn.request.operation !== "decode") continue;
    if (drawn.request.oldPage.length === PAGE_SIZE) cases.push(drawn);
    if (cases.length === count) break;
  }
  return cases;
}

/** The cases so many times over. */
function* rounds(cases: readonly Case[]): Generator<Case> {
  for (let round = 0; round < ROUNDS; round++) yield* cases;
}

/** Cases a second, start and end of the adapter included. */
async function rate(program: string, cases: readonly Case[]): Promise<number> {
  const options = { command: [program], timeoutMs: 10_000, window: 16, level: "recommended", failFast: false } as const;
  const startedAt = performance.now();
  let passed = 0;
  const ending = await runCases(rounds(cases), options, ({ verdict }) => {
    if (verdict === "pass" || verdict === "unsupported") passed++;
  });
  const count = cases.length * ROUNDS;
  if (passed !== count) throw new Error(`${program}: ${passed} of ${count} passed: ${ending.stopped}`);
  return (count / (performance.now() - startedAt)) * 1000;
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString("en-US").padStart(7);
}
