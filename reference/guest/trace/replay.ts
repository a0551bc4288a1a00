/**
 * A recorded trace as a load: what was written is written again, at its times.
 */

import { requireInRange } from "../../range.ts";
import { DURATIONS, type Load } from "../load.ts";
import type { SimulatedMemory } from "../memory.ts";
import type { Trace, TraceWrite } from "./trace.ts";

/** Writes what a trace says; after its last write, nothing. */
export class TraceLoad implements Load {
  readonly #memory: SimulatedMemory;
  readonly #writes: Iterator<TraceWrite>;
  #next: TraceWrite | undefined;
  #elapsedUs = 0;

  /** Takes the memory; throws a RangeError if that has not each block of the trace, with its length, and a MalformedTraceError. */
  constructor(memory: SimulatedMemory, { head, writes }: Trace) {
    for (const { name, byteCount } of head.blocks) {
      const { bytes } = memory.block(name);
      if (bytes.length === byteCount) continue;
      throw new RangeError(`block ${name} has ${bytes.length} bytes, and the trace is of one with ${byteCount}`);
    }
    this.#memory = memory;
    this.#writes = writes[Symbol.iterator]();
    this.#next = this.#writes.next().value;
  }

  /** How much time has passed, in microseconds. */
  get elapsedUs(): number {
    return this.#elapsedUs;
  }

  /** True if all was written. */
  get isDone(): boolean {
    return this.#next === undefined;
  }

  /** Writes what the trace has from the time so far to before the time that is then. Throws a MalformedTraceError. */
  run(durationUs: number): number {
    this.#elapsedUs += requireInRange("durationUs", durationUs, DURATIONS);
    return this.#write();
  }

  /** Lets time pass until something is written; none, if all was. Gives how many bytes; throws a MalformedTraceError. */
  runToNext(): number {
    if (this.#next !== undefined) this.#elapsedUs = Math.max(this.#elapsedUs, this.#next.timeUs + 1);
    return this.#write();
  }

  #write(): number {
    let byteCount = 0;
    while (this.#next !== undefined && this.#next.timeUs < this.#elapsedUs) {
      const { block, address, bytes } = this.#next;
      this.#memory.block(block).write(address, bytes);
      byteCount += bytes.length;
      this.#next = this.#writes.next().value;
    }
    return byteCount;
  }
}
