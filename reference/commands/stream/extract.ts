/**
 * `xbzrle stream extract FILE`: the RAM as the destination would hold it, as raw images.
 */

import type { Ram } from "../../guest/ram.ts";
import { EXIT_STATUS, type ExitStatus, printMessage } from "../streams.ts";
import { type Filling, type ImageOptions, writeImages } from "./images.ts";
import { readSource, type StreamOptions, type StreamTask } from "./source.ts";
import { RamVisitor } from "./visitor.ts";

/** The options of `xbzrle stream extract`. */
export interface ExtractOptions extends StreamOptions, ImageOptions {
  /** Whether the pages before a fault are kept. */
  readonly partial?: boolean;
}

/**
 * Extracts one block or all.
 *
 * @param task - Which stream.
 * @param options - What is wanted, and where it goes.
 * @returns `done`; `refused` at a fault, and then nothing is written unless `partial` is set.
 * @throws UsageError if a file cannot be had or written, or there is no such block.
 */
export async function extractCommand(task: StreamTask, options: ExtractOptions): Promise<ExitStatus> {
  return writeImages(options, `FILE ${task.path}`, task, (ram) => readRam(task, ram, options.partial ?? false));
}

/** Applies the stream to the RAM; tells of a fault. */
async function readRam(task: StreamTask, ram: Ram, partial: boolean): Promise<Filling> {
  const { fault } = await readSource(task, (pageSize) => new RamVisitor(ram, pageSize));
  if (fault === undefined) return { status: EXIT_STATUS.done, isKept: true };
  const advice = partial
    ? "the pages before that are kept"
    : "nothing is written; pass --partial to keep what is before";
  await printMessage(task.streams.stderr, `${fault.message}; ${advice}`);
  return { status: EXIT_STATUS.refused, isKept: partial };
}
