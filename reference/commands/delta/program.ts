/**
 * The command line of `xbzrle encode`, `xbzrle decode` and `xbzrle inspect`: arguments, options and help.
 */

import { type Command, InvalidArgumentError, Option } from "commander";
import { MAX_PAGE_SIZE } from "../../page.ts";
import type { End, StandardStreams } from "../streams.ts";
import { decodeCommand } from "./decode.ts";
import { encodeCommand } from "./encode.ts";
import { inspectCommand } from "./inspect.ts";

/** Adds the commands for deltas; each hands its exit status on. */
export function addDeltaCommands(program: Command, streams: StandardStreams, end: End): void {
  program
    .command("encode")
    .description("turn an old page and a new page into a delta")
    .argument("<OLD>", "file of the old page, 1 to 65536 bytes")
    .argument("<NEW>", "file of the new page, as many bytes")
    .option("-o, --output <FILE>", "where to write the delta, instead of standard output")
    .addOption(
      new Option("--encoder <NAME>", "which delta to write: the canonical one, or the smallest")
        .choices(["canonical", "compact"])
        .default("canonical"),
    )
    .option("--capacity <N>", "room for the delta in bytes (default: the page size)", parseCapacity)
    .action(async (oldPath, newPath, options) => end(await encodeCommand(oldPath, newPath, options, streams)));

  program
    .command("decode")
    .description("turn a delta and an old page into a new page")
    .argument("<DELTA>", "file of the delta")
    .argument("<OLD>", "file of the old page, 1 to 65536 bytes")
    .option("-o, --output <FILE>", "where to write the new page, instead of standard output")
    .action(async (deltaPath, oldPath, options) => end(await decodeCommand(deltaPath, oldPath, options, streams)));

  program
    .command("inspect")
    .description("show what a delta says, byte by byte")
    .argument("<DELTA>", "file of the delta")
    .option("--page-size <N>", "page size in bytes (default: 4096)", parsePageSize)
    .action(async (deltaPath, options) => end(await inspectCommand(deltaPath, options, streams)));
}

/** Reads the value of `--capacity`. */
function parseCapacity(text: string): number {
  const capacity = Number(text);
  if (/^[0-9]+$/.test(text) && Number.isSafeInteger(capacity)) return capacity;
  throw new InvalidArgumentError("It has to be a number of bytes, 0 or more");
}

/** Reads the value of `--page-size`. */
function parsePageSize(text: string): number {
  const pageSize = Number(text);
  if (/^[0-9]+$/.test(text) && 1 <= pageSize && pageSize <= MAX_PAGE_SIZE) return pageSize;
  throw new InvalidArgumentError(`It has to be a number of bytes, 1 to ${MAX_PAGE_SIZE}`);
}
