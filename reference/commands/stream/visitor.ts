/**
 * What a command is told of a stream that it reads for the RAM only.
 */

import type { Ram } from "../../guest/ram.ts";
import type { RamRecord, StreamVisitor } from "../../index.ts";

/** Applies all records to a RAM. */
export class RamVisitor implements StreamVisitor {
  readonly #ram: Ram;
  readonly #pageSize: () => number;

  /** Takes the RAM, and what gives the page size in bytes once it is known. */
  constructor(ram: Ram, pageSize: () => number) {
    this.#ram = ram;
    this.#pageSize = pageSize;
  }

  record(record: RamRecord): void {
    this.#ram.apply(record, this.#pageSize());
  }

  configuration(): void {}
  subsection(): void {}
  section(): void {}
  payload(): void {}
  footer(): void {}
  command(): void {}
  end(): void {}
  description(): void {}
}
