/**
 * `xbzrle decode DELTA OLD`: a file of a delta and one of a raw page become a page.
 */

import { applyDelta, MalformedDeltaError } from "../../index.ts";
import { type InputFile, readDelta, readPage, requireOneStandardInput } from "../input.ts";
import { writeBytes } from "../output.ts";
import { EXIT_STATUS, type ExitStatus, printMessage, type StandardStreams } from "../streams.ts";

/** The options of `xbzrle decode`. */
export interface DecodeOptions {
  /** Where the new page goes, if not to standard output. */
  readonly output?: string;
}

/**
 * Applies a delta.
 *
 * @param deltaPath - The delta, or `-`.
 * @param oldPath - The old page, or `-`.
 * @param options - Output.
 * @param streams - Standard streams.
 * @returns `done`; `refused` for a malformed delta, and then nothing is written but the fault, on standard error.
 * @throws UsageError if a file cannot be had.
 */
export async function decodeCommand(
  deltaPath: string,
  oldPath: string,
  options: DecodeOptions,
  streams: StandardStreams,
): Promise<ExitStatus> {
  const deltaFile: InputFile = { argument: "DELTA", path: deltaPath };
  const oldFile: InputFile = { argument: "OLD", path: oldPath };
  requireOneStandardInput(deltaFile, oldFile);
  const delta = await readDelta(deltaFile, streams.stdin);
  const oldPage = await readPage(oldFile, streams.stdin);
  let newPage: Uint8Array;
  try {
    newPage = applyDelta(oldPage, delta);
  } catch (error) {
    if (!(error instanceof MalformedDeltaError)) throw error;
    await printMessage(streams.stderr, error.message);
    return EXIT_STATUS.refused;
  }
  await writeBytes(newPage, options.output, streams.stdout);
  return EXIT_STATUS.done;
}
