/**
 * A stream with compressed records becomes the memory of a guest, several pages at a time (docs/xbzrle/compressed.md, "Threads").
 * The mirror of `compress.ts`; `applyCompressed` is the plain twin, with which `receiveStream` does one page after the other.
 *
 * Threads decompress to memory of their own. What they give is written in the order of the stream, so that no record is applied before those
 * that stand before it, and none behind one that is refused.
 */

import { inflate } from "node:zlib";
import type { RamRecord } from "../record/record.ts";
import { StreamReader, type StreamReaderOptions } from "../stream/read.ts";
import { type Guest, GuestVisitor } from "../stream/receive.ts";
import type { StreamVisitor } from "../stream/stream.ts";
import { inflateOptions, inflateRefusal } from "./apply.ts";
import { compressionParameter } from "./parameters.ts";

/** A copy of a record that waits for its turn. */
interface WaitingRecord extends RamRecord {
  /** Whether it can be applied: no compressed record, or one whose thread is done. */
  isReady: boolean;
  /** What the zlib stream of a compressed record decompresses to. */
  page: Uint8Array | undefined;
  /** What zlib has refused it with. */
  error: Error | null;
}

/**
 * Receives a stream, with threads for its compressed records. Memory and error are those that `receiveStream` with `applyCompressed` comes to.
 *
 * @param chunks - The bytes of the stream, in order, cut as you like; a chunk is not kept.
 * @param guest - Its blocks hold what they held before; a refused stream has changed them up to the fault.
 * @param threadCount - `decompress-threads`: 1 to 255; 2 unless told.
 * @throws MalformedStreamError at the first fault of the stream; RangeError for a `decompress-threads` outside of its range, or if the
 * guest's page size is none. Source: COMP-1 to COMP-7, COMP-14, COMP-15, COMP-17.
 */
export async function receiveStreamInThreads(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  guest: Guest,
  threadCount?: number,
): Promise<void> {
  const visitor = new ThreadedGuestVisitor(guest, threadCount);
  const reader = new ThreadedReader(visitor, visitor.threads, { pageSize: guest.pageSize });
  try {
    for await (const chunk of chunks) await reader.push(chunk);
    await reader.end();
  } finally {
    await visitor.threads.applied();
  }
}

/** Reads a stream whose records go to threads, and is never further ahead of them than by a chunk. */
export class ThreadedReader {
  readonly #reader: StreamReader;
  readonly #threads: DecompressionThreads;

  /** Takes what is told of the stream, the threads that it gives the records to, and the options of a reader. */
  constructor(visitor: StreamVisitor, threads: DecompressionThreads, options: StreamReaderOptions) {
    this.#reader = new StreamReader(visitor, options);
    this.#threads = threads;
  }

  /** In bytes, as the reader knows it. */
  get pageSize(): number {
    return this.#reader.pageSize;
  }

  /** How many bytes of the stream were read. */
  get streamOffset(): number {
    return this.#reader.streamOffset;
  }

  /** Takes a chunk, which is not kept. Throws MalformedStreamError at the first fault of the stream, once all before it was applied. */
  async push(chunk: Uint8Array): Promise<void> {
    await this.#read(() => this.#reader.push(chunk));
    await this.#threads.caughtUp();
  }

  /** Takes the end, and waits until all was applied. Throws as `push`. */
  async end(): Promise<void> {
    await this.#read(() => this.#reader.end());
    await this.#threads.applied();
  }

  async #read(read: () => void): Promise<void> {
    try {
      read();
    } catch (error) {
      // A reader comes to a fault sooner than threads come to one that stands before it: that one is thrown instead.
      await this.#threads.applied();
      throw error;
    }
  }
}

/** Applies what a reader tells to a guest; the reader does not wait for it. */
export class ThreadedGuestVisitor extends GuestVisitor {
  /** Apply the records. */
  readonly threads: DecompressionThreads;

  /**
   * Takes the guest, and how many compressed records are decompressed at the same time: 2 unless told.
   *
   * @throws RangeError unless these are 1 to 255 (COMP-17).
   */
  constructor(guest: Guest, threadCount?: number) {
    super(guest, applyDecompressed);
    const apply = (record: RamRecord) => super.record(record);
    this.threads = new DecompressionThreads(() => guest.pageSize, apply, threadCount);
  }

  /** Applies a record, or keeps a copy of it until what stands before it was applied. Throws what one before it was refused with. */
  override record(record: RamRecord): void {
    this.threads.record(record);
  }
}

/**
 * Applies a compressed record that a thread has decompressed. In place of `applyCompressed`.
 *
 * @param record - As threads give it.
 * @param memory - Holds the page, which is changed.
 * @param _pageSize - In bytes.
 * @param pageStart - Where the page begins in `memory`, in bytes; at its address unless told.
 */
export function applyDecompressed(
  record: RamRecord,
  memory: Uint8Array,
  _pageSize: number,
  pageStart: number = record.address,
): void {
  // COMP-1; COMP-6: of a page that is cut short the rest stays as it was.
  memory.set((record as WaitingRecord).page as Uint8Array, pageStart);
}

/** Threads that decompress, and what waits for them: the records of one stream, which are applied in its order. */
export class DecompressionThreads {
  readonly #pageSize: () => number;
  readonly #apply: (record: RamRecord) => void;
  readonly #threadCount: number;
  /** In the order of the stream. */
  #waiting: WaitingRecord[] = [];
  /** Those of them that have no thread yet. */
  #unstarted: WaitingRecord[] = [];
  #runningCount = 0;
  #error: unknown;
  #onProgress: (() => void)[] = [];

  /**
   * Takes what gives the page size in bytes once it is known, what applies a record (a compressed one by `applyDecompressed`), and
   * how many compressed records are decompressed at the same time: 2 unless told.
   *
   * @throws RangeError unless these are 1 to 255 (COMP-17).
   */
  constructor(pageSize: () => number, apply: (record: RamRecord) => void, threadCount?: number) {
    this.#pageSize = pageSize;
    this.#apply = apply;
    this.#threadCount = compressionParameter("decompress-threads", threadCount);
  }

  /** Applies a record, or keeps a copy of it until what stands before it was applied. Throws what one before it was refused with. */
  record(record: RamRecord): void {
    if (this.#error !== undefined) throw this.#error;
    const isCompressed = record.kind === "compressed";
    if (!isCompressed && this.#waiting.length === 0) return this.#apply(record);
    // The reader fills its record anew, and the chunk is not kept. (A Buffer's slice() would be no copy.)
    const bytes = new Uint8Array(record.bytes.subarray(record.start, record.end));
    const own = { bytes, start: 0, end: bytes.length, isReady: !isCompressed, page: undefined, error: null };
    const waiting: WaitingRecord = { ...record, ...own };
    this.#waiting.push(waiting);
    if (isCompressed) this.#unstarted.push(waiting);
    this.#startThreads();
  }

  /** Waits until no more records wait than there are threads: so memory is bounded by a chunk. Throws as `applied`. */
  async caughtUp(): Promise<void> {
    await this.#waitFor(this.#threadCount);
  }

  /**
   * Waits until every record was applied, or one refused; no thread is at work then.
   *
   * @throws MalformedStreamError if one was refused; none behind it was applied (COMP-15).
   */
  async applied(): Promise<void> {
    await this.#waitFor(0);
  }

  /** Applies nothing more, and takes nothing more: what the records were for is done away with. */
  abandon(reason: unknown): void {
    this.#error ??= reason;
    this.#waiting = [];
    this.#unstarted = [];
  }

  async #waitFor(count: number): Promise<void> {
    const isAhead = () => count < this.#waiting.length || (this.#error !== undefined && 0 < this.#runningCount);
    while (isAhead()) await new Promise<void>((resolve) => this.#onProgress.push(resolve));
    if (this.#error !== undefined) throw this.#error;
  }

  #startThreads(): void {
    while (this.#runningCount < this.#threadCount) {
      const record = this.#unstarted.shift();
      if (record === undefined) return;
      this.#runningCount += 1;
      inflate(record.bytes, inflateOptions(this.#pageSize()), (error, page) => {
        this.#runningCount -= 1;
        Object.assign(record, { isReady: true, page, error });
        this.#applyReady();
        this.#startThreads();
      });
    }
  }

  /** COMP-14: in the order of the stream, as far as threads are done. */
  #applyReady(): void {
    try {
      while (this.#waiting[0]?.isReady) this.#applyChecked(this.#waiting.shift() as WaitingRecord);
    } catch (error) {
      // COMP-15: what stands behind it is not applied.
      this.abandon(error);
    }
    const resolves = this.#onProgress;
    this.#onProgress = [];
    for (const resolve of resolves) resolve();
  }

  #applyChecked(record: WaitingRecord): void {
    if (record.error !== null) throw inflateRefusal(record.error, record, this.#pageSize());
    this.#apply(record);
  }
}
