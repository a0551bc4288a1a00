/**
 * What a command is told of a stream that it reads for its records only.
 */

import type { Ram } from "../../guest/ram.ts";
import type { DecompressionThreads, RamRecord, StreamVisitor } from "../../index.ts";

/** Takes no notice of what is no record. */
export abstract class RecordVisitor implements StreamVisitor {
  abstract record(record: RamRecord): void;
  configuration(): void {}
  subsection(): void {}
  section(): void {}
  payload(): void {}
  footer(): void {}
  command(): void {}
  end(): void {}
  description(): void {}
}

/** Applies all records to a RAM. */
export class RamVisitor extends RecordVisitor {
  readonly #ram: Ram;
  readonly #pageSize: () => number;

  /** Takes the RAM, and what gives the page size in bytes once it is known. */
  constructor(ram: Ram, pageSize: () => number) {
    super();
    this.#ram = ram;
    this.#pageSize = pageSize;
  }

  record(record: RamRecord): void {
    this.#ram.apply(record, this.#pageSize());
  }
}

/** Gives all records to threads, which apply them. */
export class ThreadsVisitor extends RecordVisitor {
  readonly #threads: DecompressionThreads;

  /** Takes the threads. */
  constructor(threads: DecompressionThreads) {
    super();
    this.#threads = threads;
  }

  record(record: RamRecord): void {
    this.#threads.record(record);
  }
}
