/**
 * `xbzrle encode OLD NEW`: two files of raw pages become a delta.
 */

import { canonicalDelta, encodeCompactDelta, encodeDelta } from "../../index.ts";
import { type InputFile, readPage, requireOneStandardInput } from "../input.ts";
import { writeBytes } from "../output.ts";
import { EXIT_STATUS, type ExitStatus, printMessage, type StandardStreams, UsageError } from "../streams.ts";

/** The options of `xbzrle encode`. */
export interface EncodeOptions {
  /** Where the delta goes, if not to standard output. */
  readonly output?: string;
  /** The room for the delta in bytes; the page size unless told. */
  readonly capacity?: number;
  /** Which delta is written: the canonical one, or the smallest. */
  readonly encoder: "canonical" | "compact";
}

/**
 * Encodes a pair of pages.
 *
 * @param oldPath - The old page, or `-`.
 * @param newPath - The new page, or `-`.
 * @param options - Output, capacity and encoder.
 * @param streams - Standard streams.
 * @returns `done`, also for `unchanged`, whose delta is empty; `refused` for `overflow`, and then nothing is written.
 * @throws UsageError if a file cannot be had, or they are not two pages of one size.
 */
export async function encodeCommand(
  oldPath: string,
  newPath: string,
  options: EncodeOptions,
  streams: StandardStreams,
): Promise<ExitStatus> {
  const oldFile: InputFile = { argument: "OLD", path: oldPath };
  const newFile: InputFile = { argument: "NEW", path: newPath };
  requireOneStandardInput(oldFile, newFile);
  const oldPage = await readPage(oldFile, streams.stdin);
  const newPage = await readPage(newFile, streams.stdin);
  if (oldPage.length !== newPage.length) {
    const sizes = `OLD ${oldPath} has ${oldPage.length} bytes and NEW ${newPath} ${newPage.length}`;
    throw new UsageError(`${sizes}; give two pages of one size`);
  }
  const capacity = options.capacity ?? oldPage.length;
  const encode = options.encoder === "compact" ? encodeCompactDelta : encodeDelta;
  const outcome = encode(oldPage, newPage, capacity);
  switch (outcome.kind) {
    case "unchanged":
      await writeBytes(new Uint8Array(0), options.output, streams.stdout);
      await printMessage(streams.stderr, "unchanged: the pages are equal, and the delta is empty (DELTA-20)");
      return EXIT_STATUS.done;
    case "delta":
      await writeBytes(outcome.delta, options.output, streams.stdout);
      return EXIT_STATUS.done;
    case "overflow":
      await printMessage(streams.stderr, `overflow: ${explainOverflow(oldPage, newPage, capacity, options.encoder)}`);
      return EXIT_STATUS.refused;
  }
}

/** Says why there is no delta, with the numbers and the requirement, and what to do. */
function explainOverflow(
  oldPage: Uint8Array,
  newPage: Uint8Array,
  capacity: number,
  encoder: EncodeOptions["encoder"],
): string {
  const smallest = encodeCompactDelta(oldPage, newPage, Number.MAX_SAFE_INTEGER);
  const unlimited = encoder === "compact" ? smallest : encodeDelta(oldPage, newPage, Number.MAX_SAFE_INTEGER);
  if (unlimited.kind !== "delta" || smallest.kind !== "delta") {
    return "more than 16383 changed bytes follow each other, and no length says so many (DELTA-30); send the page as it is";
  }
  const [delta, requirement] = describeDelta(oldPage, newPage, encoder);
  const sizes = `${delta} has ${unlimited.delta.length} bytes and the capacity is ${capacity}`;
  const isCompactEnough = encoder === "canonical" && smallest.delta.length <= capacity;
  const other = isCompactEnough ? `--encoder compact for ${smallest.delta.length} bytes, ` : "";
  return `${sizes} (${requirement}); pass ${other}--capacity ${unlimited.delta.length}, or send the page as it is`;
}

/** What the delta of an encoder is called, and the requirement by which it does not fit. */
function describeDelta(oldPage: Uint8Array, newPage: Uint8Array, encoder: EncodeOptions["encoder"]): string[] {
  if (encoder === "compact") return ["the smallest delta", "DELTA-26"];
  if (canonicalDelta(oldPage, newPage) !== undefined) return ["the canonical delta", "DELTA-29"];
  return ["the delta with its long zruns bridged", "DELTA-31"];
}
