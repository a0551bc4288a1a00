/**
 * `xbzrle cache-size FILE`: what page caches of all sizes would have made of a migration that was captured.
 */

import { percentText, sizeText } from "../../amounts.ts";
import { Ram } from "../../guest/ram.ts";
import { encodeDelta, type RamBlock, type RamRecord } from "../../index.ts";
import type { ReplacementName } from "../../session/cache/directory.ts";
import { CacheSizing } from "../../session/cache/sizing.ts";
import { EXIT_STATUS, type ExitStatus, printMessage, printOutput } from "../streams.ts";
import { Rounds } from "./rounds.ts";
import { readSource, type StreamOptions, type StreamTask } from "./source.ts";
import { RecordVisitor } from "./visitor.ts";

/** The options of `xbzrle cache-size`. */
export interface CacheSizeOptions extends StreamOptions {
  /** Which page makes room. */
  readonly replacement: ReplacementName;
  /** Whether the output is JSON. */
  readonly json?: boolean;
}

/** The bytes of a record before its page or delta, its block named by the record before. Source: RECORD-1, RECORD-19. */
const HEAD_SIZE = 8;
const XBZRLE_HEAD_SIZE = HEAD_SIZE + 3;

/**
 * Plays the pages of a stream to caches of all sizes, in one reading.
 *
 * @param task - Which stream.
 * @param options - What is wanted.
 * @returns `done`; `refused` at a fault, which is told last, on standard error too.
 * @throws UsageError if the file cannot be had.
 */
export async function cacheSizeCommand(task: StreamTask, options: CacheSizeOptions): Promise<ExitStatus> {
  let player: CachePlayer | undefined;
  const { fault } = await readSource(task, (pageSize) => {
    player = new CachePlayer(options.replacement, pageSize);
    return player;
  });
  const summary = (player as CachePlayer).summary;
  await printOutput(task.streams.stdout, options.json ? `${JSON.stringify(summary, undefined, 2)}\n` : text(summary));
  if (fault === undefined) return EXIT_STATUS.done;
  await printMessage(task.streams.stderr, `${fault.message}; the pages before that are counted`);
  return EXIT_STATUS.refused;
}

/** What the caches came to: one model, as JSON and as text. Sizes are in bytes. */
type CacheSizeSummary = CachePlayer["summary"];

/** Plays the pages of a stream to the caches: from the second round on, as SESSION-11 has it. */
class CachePlayer extends RecordVisitor {
  readonly #replacement: ReplacementName;
  readonly #pageSize: () => number;
  readonly #ram = new Ram();
  readonly #rounds = new Rounds();
  /** The number of the first page of each block. */
  readonly #firstPages = new Map<string, number>();
  #pageCount = 0;
  #sizing: CacheSizing | undefined;

  constructor(replacement: ReplacementName, pageSize: () => number) {
    super();
    this.#replacement = replacement;
    this.#pageSize = pageSize;
  }

  get summary() {
    const pageSize = this.#pageSize();
    const sizing = this.#sizing ?? new CacheSizing(this.#replacement, pageSize, 1);
    const { lookups, plainBytes, sizes } = sizing;
    const { sizeBytes, reason } = sizing.choose();
    return {
      pageSize,
      pageCount: this.#pageCount,
      replacement: this.#replacement,
      roundCount: this.#rounds.count,
      lookups,
      plainBytes,
      sizes,
      choice: { sizeBytes, reason },
    };
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
    if (this.#rounds.count === 1) return this.#ram.apply(record, pageSize);
    const oldPage = this.#ram.page(block, address)?.slice();
    this.#ram.apply(record, pageSize);
    this.#sizing ??= new CacheSizing(this.#replacement, pageSize, this.#pageCount);
    const page = this.#firstPages.get(block.name)! + address / pageSize;
    if (record.kind === "zero") return this.#sizing.keep(page, this.#rounds.count);
    const newPage = this.#ram.page(block, address) as Uint8Array;
    // A page that was not sent before is in no cache.
    const hitBytes = oldPage === undefined ? Number.NaN : hitSize(oldPage, newPage);
    this.#sizing.send(page, this.#rounds.count, hitBytes, HEAD_SIZE + pageSize);
  }
}

/** What a page takes in a stream whose copy of before is cached, in bytes. Source: SESSION-9, SESSION-10. */
function hitSize(oldPage: Uint8Array, newPage: Uint8Array): number {
  const outcome = encodeDelta(oldPage, newPage, newPage.length - (XBZRLE_HEAD_SIZE - HEAD_SIZE));
  if (outcome.kind === "unchanged") return 0;
  return outcome.kind === "delta" ? XBZRLE_HEAD_SIZE + outcome.delta.length : HEAD_SIZE + newPage.length;
}

/** A table of the sizes, and which to take. */
function text({ lookups, plainBytes, sizes, roundCount, replacement, choice }: CacheSizeSummary): string {
  const row = (...cells: readonly (number | string)[]) => cells.map((cell) => String(cell).padStart(14)).join("");
  const part = (count: number, whole: number) => (whole === 0 ? "-" : percentText(count, whole));
  return [
    `${roundCount} rounds; ${lookups} pages looked up after the first, which take ${plainBytes} bytes without XBZRLE`,
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
