/**
 * Writes become lines of a trace (docs/guests.md, "Traces"). The mirror of `read.ts`.
 */

import { toHex } from "../../bytes.ts";
import { requireInRange } from "../../range.ts";
import type { GuestBlock } from "../memory.ts";
import {
  TRACE_FORMAT,
  TRACE_TIMES,
  TRACE_VERSION,
  TRACE_WRITE_SIZES,
  type TraceHead,
  type TraceWrite,
} from "./trace.ts";

/**
 * Writes the first line.
 *
 * @param head - The guest.
 * @returns The line, with its end.
 */
export function headLine({ pageSize, blocks }: TraceHead): string {
  return `${JSON.stringify({ format: TRACE_FORMAT, version: TRACE_VERSION, pageSize, blocks })}\n`;
}

/**
 * Writes another line.
 *
 * @param write - What was written.
 * @returns The line, with its end.
 */
export function writeLine({ timeUs, block, address, bytes }: TraceWrite): string {
  return `${JSON.stringify({ timeUs, block, address, bytes: toHex(bytes) })}\n`;
}

/** Records what is written to the blocks of a guest, from when it is made until it is stopped. */
export class TraceRecorder {
  readonly #blocks: readonly GuestBlock[];
  #timeUs = 0;

  /** Takes the blocks, and what the lines of the trace are given to: the first one at once. */
  constructor(blocks: readonly [GuestBlock, ...GuestBlock[]], give: (line: string) => void) {
    this.#blocks = blocks;
    const { pageSize } = blocks[0];
    give(headLine({ pageSize, blocks: blocks.map(({ name, bytes }) => ({ name, byteCount: bytes.length })) }));
    for (const block of blocks) {
      block.listener = ({ name, bytes }, address, byteCount) => {
        const end = address + byteCount;
        for (let start = address; start < end; start += TRACE_WRITE_SIZES.most) {
          const piece = bytes.subarray(start, Math.min(end, start + TRACE_WRITE_SIZES.most));
          give(writeLine({ timeUs: this.#timeUs, block: name, address: start, bytes: piece }));
        }
      };
    }
  }

  /** Lets time pass, in microseconds: what is written from now on is so much later. */
  advance(durationUs: number): void {
    this.#timeUs = requireInRange("time", this.#timeUs + durationUs, TRACE_TIMES);
  }

  /** Ends the recording. */
  stop(): void {
    for (const block of this.#blocks) block.listener = undefined;
  }
}
