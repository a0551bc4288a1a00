/**
 * `xbzrle cache-size FILE`: what page caches of all sizes would have made of a migration that was captured, or of a guest whose writes
 * were.
 */

import { closeSync, openSync, readSync, statSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { percentText, sizeText } from "../../amounts.ts";
import { Ram } from "../../guest/ram.ts";
import { MalformedTraceError } from "../../guest/trace/trace.ts";
import type { RamBlock, RamRecord } from "../../index.ts";
import { DEFAULT_MAX_BANDWIDTH } from "../../migration/bandwidth.ts";
import type { ReplacementName } from "../../session/cache/directory.ts";
import { CacheSizing } from "../../session/cache/sizing.ts";
import { TraceSizing } from "../../simulation/trace-sizing.ts";
import { asked } from "../migration/failure.ts";
import { makeTraced } from "../migration/guest.ts";
import { EXIT_STATUS, type ExitStatus, printMessage, printOutput, RefusedError, UsageError } from "../streams.ts";
import { Rounds } from "./rounds.ts";
import { readSource, type StreamOptions, type StreamTask } from "./source.ts";
import { RecordVisitor } from "./visitor.ts";

/** The options of `xbzrle cache-size`. */
export interface CacheSizeOptions extends StreamOptions {
  /** Which page makes room. */
  readonly replacement: ReplacementName;
  /** Of a trace: what the blocks hold at first. */
  readonly image?: string;
  /** Of a trace: what the link carries, in bytes a second. */
  readonly maxBandwidth?: number;
  /** Whether the output is JSON. */
  readonly json?: boolean;
}

/** How much of a file is looked at, in bytes, to see what it is. */
const LOOK_SIZE = 512;

/**
 * Plays the pages of a stream, or of a guest whose trace it is, to caches of all sizes, in one reading.
 *
 * @param task - Which file.
 * @param options - What is wanted.
 * @returns `done`; `refused` at a fault, which is told last, on standard error too.
 * @throws UsageError if the file cannot be had, or an option is for a trace and the file is none; InterruptedError.
 */
export async function cacheSizeCommand(task: StreamTask, options: CacheSizeOptions): Promise<ExitStatus> {
  const { summary, fault } = isTrace(task.path) ? await playTrace(task, options) : await playStream(task, options);
  await printOutput(task.streams.stdout, options.json ? `${JSON.stringify(summary, undefined, 2)}\n` : text(summary));
  if (fault === undefined) return EXIT_STATUS.done;
  await printMessage(task.streams.stderr, `${fault.message}; the pages before that are counted`);
  return EXIT_STATUS.refused;
}

/** What the caches came to, and why not all was read. */
interface Played {
  readonly summary: CacheSizeSummary;
  readonly fault: Error | undefined;
}

async function playStream(task: StreamTask, options: CacheSizeOptions): Promise<Played> {
  const option = options.image === undefined ? "--max-bandwidth" : "--image";
  if ((options.image ?? options.maxBandwidth) !== undefined) {
    throw new UsageError(`${option} is for a trace, and FILE ${task.path} is none; leave it out`);
  }
  let player: CachePlayer | undefined;
  const { fault } = await readSource(task, (pageSize) => {
    player = new CachePlayer(options.replacement, pageSize);
    return player;
  });
  return { summary: (player as CachePlayer).summary, fault };
}

/** A trace is text, and a migration stream begins with another character. What comes through a pipe is a stream. */
function isTrace(path: string): boolean {
  let fd: number | undefined;
  try {
    if (!statSync(path).isFile()) return false;
    fd = openSync(path, "r");
    const start = Buffer.alloc(LOOK_SIZE);
    return /^\s*\{/.test(start.toString("latin1", 0, readSync(fd, start)));
  } catch {
    // Who reads it as a stream says what is wrong.
    return false;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

async function playTrace({ path, signal }: StreamTask, options: CacheSizeOptions): Promise<Played> {
  const { replacement, image, maxBandwidth = DEFAULT_MAX_BANDWIDTH } = options;
  let player: TraceSizing | undefined;
  let fault: MalformedTraceError | undefined;
  try {
    const { memory, load } = makeTraced(path, image, "none");
    const played = asked(() => new TraceSizing(memory, load, replacement, maxBandwidth));
    player = played;
    while (played.playRound()) {
      await nextTurn();
      signal.throwIfAborted();
    }
  } catch (error) {
    if (!(error instanceof MalformedTraceError)) throw error;
    fault = error;
  }
  if (player === undefined) throw new RefusedError((fault as Error).message);
  return { summary: { ...summaryOf(player, replacement), maxBandwidth }, fault };
}

/** What the caches came to: one model, as JSON and as text. Sizes are in bytes. */
interface CacheSizeSummary extends ReturnType<typeof summaryOf> {
  /** Of a trace: in bytes a second. */
  readonly maxBandwidth?: number;
}

function summaryOf({ sizing, roundCount }: Pick<TraceSizing, "sizing" | "roundCount">, replacement: ReplacementName) {
  const { pageSize, pageCount, lookups, plainBytes, sizes } = sizing;
  const { sizeBytes, reason } = sizing.choose();
  return { pageSize, pageCount, replacement, roundCount, lookups, plainBytes, sizes, choice: { sizeBytes, reason } };
}

/** Plays the pages of a stream to the caches: from the second round on, as SESSION-11 has it. */
class CachePlayer extends RecordVisitor {
  readonly #replacement: ReplacementName;
  readonly #pageSize: () => number;
  readonly #ram = new Ram();
  readonly #rounds = new Rounds();
  /** The number of the first page of each block. */
  readonly #firstPages = new Map<string, number>();
  #pageCount = 0;
  /** The block of the last page of the first round. */
  #bulkBlock = "";
  #sizing: CacheSizing | undefined;

  constructor(replacement: ReplacementName, pageSize: () => number) {
    super();
    this.#replacement = replacement;
    this.#pageSize = pageSize;
  }

  get summary(): CacheSizeSummary {
    return summaryOf({ sizing: this.#sizing ?? this.#newSizing(), roundCount: this.#rounds.count }, this.#replacement);
  }

  record(record: RamRecord): void {
    switch (record.kind) {
      case "block":
        this.#list(record.block);
        return this.#ram.apply(record, this.#pageSize());
      case "zero":
      case "page":
      case "xbzrle":
      case "compressed":
        return this.#play(record);
    }
  }

  #newSizing(): CacheSizing {
    const sizing = new CacheSizing(this.#replacement, this.#pageSize(), Math.max(1, this.#pageCount));
    sizing.pass(this.#bulkBlock);
    return sizing;
  }

  #list(block: RamBlock): void {
    this.#rounds.list(block.name);
    if (this.#firstPages.has(block.name)) return;
    this.#firstPages.set(block.name, this.#pageCount);
    this.#pageCount += Math.ceil(block.usedLength / this.#pageSize());
  }

  #play(record: RamRecord): void {
    const pageSize = this.#pageSize();
    const { block, address } = record;
    this.#rounds.add(record);
    if (this.#rounds.count === 1) {
      this.#bulkBlock = block.name;
      return this.#ram.apply(record, pageSize);
    }
    const oldPage = this.#ram.page(block, address)?.slice();
    this.#ram.apply(record, pageSize);
    this.#sizing ??= this.#newSizing();
    const page = this.#firstPages.get(block.name)! + address / pageSize;
    if (record.kind === "zero") return this.#sizing.keep(page, block.name, this.#rounds.count);
    const newPage = this.#ram.page(block, address) as Uint8Array;
    this.#sizing.send(page, block.name, this.#rounds.count, oldPage, newPage);
  }
}

/** A table of the sizes, and which to take. */
function text(summary: CacheSizeSummary): string {
  const { lookups, plainBytes, sizes, roundCount, replacement, choice, maxBandwidth } = summary;
  const link = maxBandwidth === undefined ? "" : ` at ${maxBandwidth} bytes a second`;
  const row = (...cells: readonly (number | string)[]) => cells.map((cell) => String(cell).padStart(14)).join("");
  const part = (count: number, whole: number) => (whole === 0 ? "-" : percentText(count, whole));
  return [
    `${roundCount} rounds${link}; ${lookups} pages looked up after the first, which take ${plainBytes} bytes without XBZRLE`,
    "",
    row("cache size", "hits", "hit rate", "bytes sent", "of all"),
    ...sizes.map(({ sizeBytes, hits, sentBytes }) => {
      return row(sizeText(sizeBytes), hits, part(hits, lookups), sentBytes, part(sentBytes, plainBytes));
    }),
    "",
    choice.sizeBytes === undefined
      ? `leave XBZRLE off: ${choice.reason}`
      : `take ${sizeText(choice.sizeBytes)} (${replacement}): ${choice.reason}`,
    "",
  ].join("\n");
}
