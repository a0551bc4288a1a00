/**
 * Runs of the harness against bad adapters, and what came of them.
 */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Answer, Request } from "../../protocol.ts";
import type { Case, CaseResult, Judgement } from "../case.ts";
import { type Ending, type HarnessOptions, runCases } from "../run.ts";

const PROGRAM = fileURLToPath(new URL("./bad-adapter.mjs", import.meta.url));
const PAGE_SIZE = 8;
/** How long the system may take to end a process that was killed, in milliseconds. */
const REAP_MS = 2000;

/** The command that runs a bad adapter whose processes leave their ids in the folder. */
export function badAdapter(folder: string, mode: string, culpritId?: string): string[] {
  return [process.execPath, PROGRAM, folder, mode, ...(culpritId === undefined ? [] : [culpritId])];
}

/** Cases in turn of the two operations, with ids `case/0`, `case/1` and so on; each asks for a page or a delta of its own. */
export function numberedCases(count: number): Case[] {
  return Array.from({ length: count }, (_, index) => numberedCase(`case/${index}`, index));
}

/** One such case; requests that come before it are asked for pages that nobody looks at. */
export function numberedCase(id: string, number: number, beforeCount = 0): Case {
  const before = Array.from({ length: beforeCount }, (_, index) => requestOf(number + 2 * index + 1));
  const request = requestOf(number);
  return {
    id,
    section: "numbered",
    requirements: ["DELTA-1"],
    why: "the page is new from beginning to end",
    operation: request.operation,
    request,
    before,
    judge: (answer) => judge(number, answer),
    text: () => ({ request: [], expected: [] }),
    answerText: () => [],
  };
}

/** What came of a run. */
export interface BadRun {
  /** The last verdict of each case, in the words that a report has. */
  readonly results: ReadonlyMap<string, CaseResult>;
  /** How often a result was recorded. */
  readonly recordCount: number;
  /** Nothing if the run threw. */
  readonly ending: Ending | undefined;
  /** What it threw. */
  readonly error: unknown;
  readonly durationMs: number;
  /** How many processes were started, grandchildren among them. */
  readonly startedCount: number;
  /** The processes that run on. */
  readonly survivors: readonly string[];
}

/** How a bad adapter is asked; by default 40 numbered cases, 16 at a time. */
export interface BadRunOptions extends Partial<HarnessOptions> {
  readonly culpritId?: string | undefined;
  readonly cases?: Iterable<Case>;
  readonly record?: (result: CaseResult) => void;
}

/** Asks a bad adapter. */
export async function runBad(mode: string, options: BadRunOptions = {}): Promise<BadRun> {
  const { culpritId, cases = numberedCases(40), record, ...given } = options;
  const results = new Map<string, CaseResult>();
  let recordCount = 0;
  return inProcessFolder(async (folder) => {
    const command = badAdapter(folder, mode, culpritId);
    const asked: HarnessOptions = {
      command,
      timeoutMs: 2000,
      window: 16,
      level: "required",
      failFast: false,
      ...given,
    };
    const ending = await runCases(cases, asked, (result) => {
      results.set(result.case.id, result);
      recordCount++;
      record?.(result);
    });
    return ending;
  }).then(({ value, ...rest }) => ({ results, recordCount, ending: value, ...rest }));
}

/** What is known of processes after something was done with them. */
export interface ProcessesAfter<T> {
  readonly value: T | undefined;
  readonly error: unknown;
  readonly durationMs: number;
  readonly startedCount: number;
  readonly survivors: readonly string[];
}

/** Does something with bad adapters that leave their process ids in a folder, and looks which of them run on. */
export async function inProcessFolder<T>(act: (folder: string) => Promise<T>): Promise<ProcessesAfter<T>> {
  const folder = mkdtempSync(join(tmpdir(), "xbzrle-bad-"));
  const startedAt = performance.now();
  try {
    let value: T | undefined;
    let error: unknown;
    try {
      value = await act(folder);
    } catch (thrown) {
      error = thrown;
    }
    const durationMs = performance.now() - startedAt;
    const pids = readdirSync(folder);
    return { value, error, durationMs, startedCount: pids.length, survivors: await survivorsOf(pids) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Those that still run when the system has had time to end them. */
async function survivorsOf(pids: readonly string[]): Promise<string[]> {
  const startedAt = performance.now();
  let running = pids.filter(isRunning);
  while (running.length !== 0 && performance.now() - startedAt < REAP_MS) {
    await sleep(10);
    running = running.filter(isRunning);
  }
  return running;
}

function isRunning(pid: string): boolean {
  try {
    process.kill(Number(pid), 0);
  } catch {
    return false;
  }
  try {
    // A process that has ended and that nobody has asked about is still listed (a container without an init).
    return !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return true;
  }
}

function pageOf(number: number): Uint8Array {
  return new Uint8Array(PAGE_SIZE).fill(0xa0 + (number % 16), 1).fill(1 + (number >> 4), 0, 1);
}

function requestOf(number: number): Request {
  const oldPage = new Uint8Array(PAGE_SIZE);
  const newPage = pageOf(number);
  if (number % 2 === 0) return { operation: "decode", oldPage, delta: deltaOf(newPage) };
  return { operation: "encode", capacity: 2 * PAGE_SIZE, oldPage, newPage };
}

function deltaOf(newPage: Uint8Array): Uint8Array {
  return Uint8Array.of(0, PAGE_SIZE, ...newPage);
}

function judge(number: number, answer: Answer): Judgement {
  const page = pageOf(number);
  if (answer.kind === "page" && Buffer.compare(answer.page, page) === 0) return { kind: "pass" };
  if (answer.kind === "delta" && Buffer.compare(answer.delta, deltaOf(page)) === 0) return { kind: "pass" };
  return {
    kind: "fail",
    level: "required",
    requirement: "DELTA-1",
    detail: `not the ${answer.kind} that was expected`,
  };
}
