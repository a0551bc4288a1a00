/**
 * Program: the second part of `npm run bench:relay`. The relay between two pipes that nothing holds back, beside socat with the same
 * buffers, on streams in which nothing repeats; in turn, in processes of their own.
 */

import { spawn, spawnSync } from "node:child_process";
import { getRandomValues } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageFolder } from "../../spec/package.ts";
import { machineText } from "./machine.ts";
import { median } from "./median.ts";
import { PeakMemory } from "./peak-memory.ts";
import { childrenCpuMs } from "./shell-times.ts";
import { writeRounds } from "./stream-plans.ts";
import { table } from "./table.ts";

const MEBIBYTE = 2 ** 20;
const TURNS = 5;
/** What Node reads of a pipe at once, and a pipe of Linux holds. */
const BUFFER_BYTES = 64 * 1024;
const CACHE_BYTES = 64 * MEBIBYTE;
const HEADING = ["stream of 2.15 GB", "", "GB/s by the clock", "GB/s of processor time", "peak of memory"];

/** Pages of chance. */
const STREAMS = [
  { name: "each page once", memoryBytes: 2048 * MEBIBYTE, roundCount: 1 },
  { name: "each page new in 32 rounds", memoryBytes: 64 * MEBIBYTE, roundCount: 32 },
] as const;

const CARRIERS = {
  socat: ["socat", "-u", "-b", String(BUFFER_BYTES), "STDIN", "STDOUT"],
  relay: [
    ...[process.execPath, join(packageFolder, "dist/reference/cli.js"), "relay", "--listen", "-", "--to", "-"],
    ...["--cache-size", String(CACHE_BYTES)],
  ],
} as const;
type Carrier = keyof typeof CARRIERS;

/**
 * Carries a file from a process to a process and ends with the processor time of the carrier alone. The shell would give a process
 * in the background no input of its own.
 */
const SCRIPT = `cat "$1" | { shift; exec 4<&0; "$@" <&4 4<&- & echo $! >&3; wait $! || exit; times >&3; } | cat >/dev/null`;

/** What a carrier took for a stream. */
interface Reading {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakBytes: number;
}

if (spawnSync("socat", ["-V"]).error === undefined) await bench();
else process.stdout.write("skipped: the benchmark of the relay needs socat: apt-get install socat\n");

async function bench(): Promise<void> {
  // Memory, where there is a file system of it: a disk would be what is measured.
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "xbzrle-bench-"));
  try {
    const rows: string[][] = [];
    for (const { name, memoryBytes, roundCount } of STREAMS) {
      const path = join(folder, "stream");
      writeRounds(path, new Uint8Array(memoryBytes), roundCount, (page) => ({
        kind: "page",
        bytes: getRandomValues(page),
      }));
      rows.push(...(await measure(name, path)));
    }
    process.stdout.write(
      [
        `relay between pipes: medians of ${TURNS}, a cache of ${CACHE_BYTES / MEBIBYTE} MiB; ${machineText()}, ${new Date().toISOString().slice(0, 10)}`,
        `${table([HEADING, ...rows])}\n`,
      ].join("\n\n"),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The rows of one stream in the table. */
async function measure(name: string, path: string): Promise<string[][]> {
  const turns: Record<Carrier, Reading>[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    turns.push({ socat: await carry("socat", path), relay: await carry("relay", path) });
  }
  const byteCount = statSync(path).size;
  const rates = (carrier: Carrier, of: (reading: Reading) => number) =>
    byteCount / median(turns.map((turn) => of(turn[carrier]))) / 1e6;
  const row = (carrier: Carrier) => [
    name,
    carrier,
    rates(carrier, ({ wallMs }) => wallMs).toFixed(2),
    rates(carrier, ({ cpuMs }) => cpuMs).toFixed(2),
    `${(Math.max(...turns.map((turn) => turn[carrier].peakBytes)) / MEBIBYTE).toFixed(0)} MiB`,
  ];
  const ratio = (of: (reading: Reading) => number) => (rates("relay", of) / rates("socat", of)).toFixed(2);
  const ratios = [name, "relay / socat", ratio(({ wallMs }) => wallMs), ratio(({ cpuMs }) => cpuMs), ""];
  return [row("socat"), row("relay"), ratios];
}

async function carry(carrier: Carrier, path: string): Promise<Reading> {
  const startedAtMs = performance.now();
  const shell = spawn("sh", ["-c", SCRIPT, "sh", path, ...CARRIERS[carrier]], {
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  const peak = new PeakMemory();
  let told = "";
  shell.stdio[3]!.on("data", (piece) => {
    if (told === "") peak.watch(Number.parseInt(String(piece), 10));
    told += piece;
  });
  const [status] = await once(shell, "close");
  const wallMs = performance.now() - startedAtMs;
  peak.end();
  if (status !== 0 || !told.includes("s")) throw new Error(`${carrier}: ended with ${status}, and said: ${told}`);
  return { wallMs, cpuMs: childrenCpuMs(told), peakBytes: peak.byteCount };
}
