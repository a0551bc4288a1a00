/**
 * Program: the streams' part of `npm run bench`. It writes streams, one of them with a real QEMU, and runs `xbzrle stream` on them in processes of
 * their own, beside `cat` and `sha256sum` on the same file. Times are those of the processor, unless it says otherwise.
 */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { runProgram } from "../../reference/commands/program.ts";
import type { StreamSummary } from "../../reference/commands/stream/summary.ts";
import { FILLED_ADDRESS } from "../../vectors/capture/loads.ts";
import { INSTALL_COMMAND, QEMU } from "../../vectors/capture/machine.ts";
import { hasTool } from "../adapters/bundled.ts";
import { machineText } from "./machine.ts";
import { median } from "./median.ts";
import { childrenCpuMs } from "./shell-times.ts";
import { BLOCK_NAME, STREAM_PLANS, type StreamPlan } from "./stream-plans.ts";
import { table } from "./table.ts";

const TURNS = 3;
const COMMANDS = ["inspect", "extract", "flatten"] as const;
type Command = (typeof COMMANDS)[number];
const HEADING = ["stream", "MB", "cat", "sha256sum", ...COMMANDS, "extract by the clock"];
const RATIOS = ["stream", "inspect / cat", "inspect / sha256sum", "extract / cat", "extract / sha256sum"];
const DETAILS = ["stream", "deltas", "inspected a second", "extracted a second", "RAM", ...COMMANDS.map(peakOf)];

/** What a process that has run a command says of it. */
interface Reading {
  readonly cpuMs: number;
  readonly wallMs: number;
  /** In bytes, as the system counts it. */
  readonly peakMemory: number;
  /** Of `inspect`: the number of deltas. */
  readonly deltaCount: number;
}

const [task, path, planName] = process.argv.slice(2);
const plan = STREAM_PLANS.find(({ name }) => name === planName);
if (plan !== undefined) await plan.write(path!, memoryOf(path!));
else if (path !== undefined) process.stdout.write(JSON.stringify(await run(task as Command, path)));
else if (hasTool(QEMU)) bench();
else process.stdout.write(`skipped: the benchmark of streams needs QEMU: ${INSTALL_COMMAND}\n`);

function bench(): void {
  const folder = mkdtempSync(join(tmpdir(), "xbzrle-bench-"));
  try {
    const rows = STREAM_PLANS.map((plan) => measure(join(folder, "stream"), plan));
    process.stdout.write(
      [
        `streams: processor time with start-up of the program, medians of ${TURNS}; ${machineText()}`,
        `GB/s:\n\n${table([HEADING, ...rows.map(({ rates }) => rates)])}`,
        table([RATIOS, ...rows.map(({ ratios }) => ratios)]),
        `${table([DETAILS, ...rows.map(({ details }) => details)])}\n`,
      ].join("\n\n"),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The cells of one stream in the tables. */
function measure(file: string, plan: StreamPlan): Readonly<Record<"rates" | "ratios" | "details", string[]>> {
  const { name } = plan;
  startSelf("write", file, name);
  const byteCount = statSync(file).size;
  const turns = Array.from({ length: TURNS }, () => ({
    cat: cpuMsOf("cat", file),
    sha256sum: cpuMsOf("sha256sum", file),
    inspect: ask("inspect", file),
    extract: ask("extract", file),
    flatten: ask("flatten", file),
  }));
  requireMemory(file, name);
  rmSync(memoryOf(file));
  const rate = (timeOf: (turn: (typeof turns)[number]) => number) => byteCount / median(turns.map(timeOf)) / 1e6;
  const [cat, sha256sum] = [rate((turn) => turn.cat), rate((turn) => turn.sha256sum)];
  const inspect = rate((turn) => turn.inspect.cpuMs);
  const extract = rate((turn) => turn.extract.cpuMs);
  const flatten = rate((turn) => turn.flatten.cpuMs);
  const clock = rate((turn) => turn.extract.wallMs);
  const { deltaCount } = turns[0]!.inspect;
  const millions = (rate: number) =>
    deltaCount === 0 ? "" : `${((rate * deltaCount * 1e3) / byteCount).toFixed(1)} million`;
  const peak = (command: Command) => megabytes(Math.max(...turns.map((turn) => turn[command].peakMemory)));
  const gigabytes = [cat, sha256sum, inspect, extract, flatten, clock].map((rate) => rate.toFixed(2));
  const ratios = [inspect / cat, inspect / sha256sum, extract / cat, extract / sha256sum];
  return {
    rates: [name, (byteCount / 1e6).toFixed(0), ...gigabytes],
    ratios: [name, ...ratios.map((ratio) => ratio.toFixed(2))],
    details: [
      name,
      String(deltaCount),
      millions(inspect),
      millions(extract),
      megabytes(plan.memoryBytes),
      ...COMMANDS.map(peak),
    ],
  };
}

/** What was extracted last is the memory of the source. */
function requireMemory(file: string, name: string): void {
  const words = [`--ignore-initial=${FILLED_ADDRESS}:0`, outputOf("extract", file), memoryOf(file)];
  const { status, stdout } = spawnSync("cmp", words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${name}: the RAM that was extracted is not the guest's: ${stdout}`);
}

function memoryOf(file: string): string {
  return `${file}.memory`;
}

function outputOf(command: Command, file: string): string {
  return `${file}.${command}`;
}

function peakOf(command: Command): string {
  return `peak of ${command}`;
}

/** Has a process of its own run the command. */
function ask(command: Command, file: string): Reading {
  rmSync(outputOf(command, file), { force: true });
  return JSON.parse(startSelf(command, file));
}

/** A process begins with the peak of the one that starts it, so this one stays small. */
function startSelf(...words: readonly string[]): string {
  return execFileSync(process.execPath, [fileURLToPath(import.meta.url), ...words], { encoding: "utf8" });
}

/** Runs `xbzrle stream` as its program does. */
async function run(command: Command, file: string): Promise<Reading> {
  const words = {
    inspect: ["inspect", file, "--json"],
    extract: ["extract", file, "--block", BLOCK_NAME, "-o", outputOf("extract", file)],
    flatten: ["flatten", file, outputOf("flatten", file)],
  }[command];
  const printed: Uint8Array[] = [];
  const stdout = new Writable({
    write(piece, _, done) {
      printed.push(piece);
      done();
    },
  });
  const status = await runProgram(["stream", ...words], { stdin: process.stdin, stdout, stderr: process.stderr });
  if (status !== 0) throw new Error(`xbzrle stream ${words.join(" ")} ended with ${status}`);
  const text = Buffer.concat(printed).toString();
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return {
    cpuMs: (userCPUTime + systemCPUTime) / 1000,
    wallMs: process.uptime() * 1000,
    peakMemory: maxRSS * 1024,
    deltaCount: command === "inspect" ? (JSON.parse(text) as StreamSummary).records.xbzrle.count : 0,
  };
}

/** The processor time of a program that reads the file, as the shell tells it of its children. */
function cpuMsOf(program: string, file: string): number {
  const { stdout } = spawnSync("sh", ["-c", `${program} "$1" >/dev/null && times`, "sh", file], { encoding: "utf8" });
  return childrenCpuMs(stdout);
}

function megabytes(byteCount: number): string {
  return `${(byteCount / 1e6).toFixed(0)} MB`;
}
