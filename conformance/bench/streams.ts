/**
 * Program: the streams' part of `npm run bench`. It reads streams as `xbzrle stream inspect` and `xbzrle stream extract` do, in
 * processes of their own, beside `cat` and `sha256sum` on the same file. Times are those of the processor.
 */

import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { receiveStream, StreamReader, type StreamVisitor } from "../../reference/index.ts";
import { machineText } from "./machine.ts";
import { median } from "./median.ts";
import { GUEST_NAMES, STREAM_PLANS, type StreamPlan, writeStreamFile } from "./stream-files.ts";
import { table } from "./table.ts";

const TURNS = 3;
const CHUNK_SIZE = 2 ** 20;
const CONTENDERS = ["cat", "sha256sum", "inspect", "extract"] as const;
const HEADING = ["stream", "MB", ...CONTENDERS, "extract / cat", "extract / sha256sum"];
const DETAILS = [
  "stream",
  "deltas",
  "inspected a second",
  "extracted a second",
  "peak of inspect",
  "peak of extract beside RAM",
];

/** What a process that has written or read a stream says of it. */
interface Reading {
  readonly cpuMs: number;
  /** In bytes, as the system counts it. */
  readonly peakMemory: number;
  /** Of inspect: the number of deltas. */
  readonly deltaCount?: number;
  /** Of write and extract: the SHA-256 of the RAM, hexadecimal. */
  readonly digest?: string;
}

const [task, path, planName] = process.argv.slice(2);
const plan = STREAM_PLANS.find(({ name }) => name === planName);
if (plan === undefined) bench();
else if (task === "write") say({ digest: writeStreamFile(path!, plan), ...used() });
else say(task === "inspect" ? inspect(path!) : extract(path!, plan.ramSize));

function bench(): void {
  const folder = mkdtempSync(join(tmpdir(), "xbzrle-bench-"));
  try {
    const rows = STREAM_PLANS.map((plan) => measure(join(folder, "stream"), plan));
    process.stdout.write(
      [
        `streams: written by the reference, synthetic load, processor time with start-up of the code, medians of ${TURNS}; ${machineText()}`,
        `GB/s:\n\n${table([HEADING, ...rows.map(({ rates }) => rates)])}`,
        `${table([DETAILS, ...rows.map(({ details }) => details)])}\n`,
      ].join("\n\n"),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The cells of one stream in the two tables. */
function measure(file: string, plan: StreamPlan): { readonly rates: string[]; readonly details: string[] } {
  const { digest } = ask("write", file, plan);
  const byteCount = statSync(file).size;
  const turns = Array.from({ length: TURNS }, () => ({
    cat: cpuMsOf("cat", file),
    sha256sum: cpuMsOf("sha256sum", file),
    inspected: ask("inspect", file, plan),
    extracted: ask("extract", file, plan),
  }));
  if (turns.some(({ extracted }) => extracted.digest !== digest)) {
    throw new Error(`${plan.name}: the RAM that was extracted is not the guest's`);
  }
  const times = {
    cat: median(turns.map(({ cat }) => cat)),
    sha256sum: median(turns.map(({ sha256sum }) => sha256sum)),
    inspect: median(turns.map(({ inspected }) => inspected.cpuMs)),
    extract: median(turns.map(({ extracted }) => extracted.cpuMs)),
  };
  const rate = (contender: (typeof CONTENDERS)[number]) => byteCount / times[contender] / 1e6;
  const deltaCount = turns[0]!.inspected.deltaCount ?? 0;
  const millions = (ms: number) => (deltaCount === 0 ? "" : `${(deltaCount / ms / 1e3).toFixed(1)} million`);
  return {
    rates: [
      plan.name,
      (byteCount / 1e6).toFixed(0),
      ...CONTENDERS.map((contender) => rate(contender).toFixed(2)),
      (rate("extract") / rate("cat")).toFixed(2),
      (rate("extract") / rate("sha256sum")).toFixed(2),
    ],
    details: [
      plan.name,
      String(deltaCount),
      millions(times.inspect),
      millions(times.extract),
      megabytes(Math.max(...turns.map(({ inspected }) => inspected.peakMemory))),
      megabytes(Math.max(...turns.map(({ extracted }) => extracted.peakMemory)) - plan.ramSize),
    ],
  };
}

/**
 * Has a process of its own write or read the stream. A process begins with the peak of the one that starts it, so this one
 * stays small.
 */
function ask(task: "write" | "inspect" | "extract", file: string, { name }: StreamPlan): Reading {
  const words = [fileURLToPath(import.meta.url), task, file, name];
  return JSON.parse(execFileSync(process.execPath, words, { encoding: "utf8" }));
}

/** The processor time of a program that reads the file, as the shell tells it of its children. */
function cpuMsOf(program: string, file: string): number {
  const { stdout } = spawnSync("sh", ["-c", `${program} "$1" >/dev/null && times`, "sh", file], { encoding: "utf8" });
  const [user, system] = [...stdout.split("\n")[1]!.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60_000 + Number(seconds) * 1000,
  );
  return user! + system!;
}

/** Counts the records of a stream by kind. */
function inspect(file: string): Reading {
  const counts = new Map<string, number>();
  const ignore = () => {};
  const visitor: StreamVisitor = {
    configuration: ignore,
    subsection: ignore,
    section: ignore,
    record: ({ kind }) => counts.set(kind, (counts.get(kind) ?? 0) + 1),
    payload: ignore,
    footer: ignore,
    command: ignore,
    end: ignore,
    description: ignore,
  };
  const reader = new StreamReader(visitor);
  for (const chunk of chunksOf(file)) reader.push(chunk);
  reader.end();
  return { ...used(), deltaCount: counts.get("xbzrle") ?? 0 };
}

/** Applies a stream to RAM. */
function extract(file: string, ramSize: number): Reading {
  const ram = new Uint8Array(ramSize);
  const blocks = new Map([[GUEST_NAMES.block, ram]]);
  receiveStream(chunksOf(file), { machine: GUEST_NAMES.machine, pageSize: 4096, blocks });
  return { ...used(), digest: createHash("sha256").update(ram).digest("hex") };
}

/** The bytes of a file, in one piece of memory that each chunk reuses. */
function* chunksOf(file: string): Generator<Uint8Array> {
  const descriptor = openSync(file, "r");
  const chunk = new Uint8Array(CHUNK_SIZE);
  for (;;) {
    const byteCount = readSync(descriptor, chunk);
    if (byteCount === 0) break;
    yield chunk.subarray(0, byteCount);
  }
  closeSync(descriptor);
}

/** What this process has used, from its start. */
function used(): Reading {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return { cpuMs: (userCPUTime + systemCPUTime) / 1000, peakMemory: maxRSS * 1024 };
}

function say(reading: Reading): void {
  process.stdout.write(JSON.stringify(reading));
}

function megabytes(byteCount: number): string {
  return `${(byteCount / 1e6).toFixed(0)} MB`;
}
