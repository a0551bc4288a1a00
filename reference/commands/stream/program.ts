/**
 * The command line of `xbzrle stream`: its commands, arguments, options and help.
 */

import { type Command, InvalidArgumentError, Option } from "commander";
import { requireTargetPageSize } from "../../record/record.ts";
import { REPLACEMENT_NAMES, type ReplacementName } from "../../session/cache/directory.ts";
import { interruptible } from "../interruption.ts";
import { parseSize } from "../numbers.ts";
import type { End, ExitStatus, StandardStreams } from "../streams.ts";
import type { CacheSizeOptions } from "./cache-size.ts";
import type { CheckOptions } from "./check.ts";
import type { ExtractOptions } from "./extract.ts";
import type { InspectStreamOptions } from "./inspect.ts";
import type { MakeWriter } from "./rewrite.ts";
import type { StreamOptions, StreamTask } from "./source.ts";

/** Adds `xbzrle stream` and its commands, and `xbzrle cache-size`; each hands its exit status on. */
export function addStreamCommands(program: Command, streams: StandardStreams, end: End): void {
  const stream = program
    .command("stream")
    .description("read, check, extract and rewrite migration streams; FILE is a file, a pipe, or - for standard input");
  const run = async <Options extends StreamOptions>(
    path: string,
    options: Options,
    load: () => Promise<(task: StreamTask, options: Options) => Promise<ExitStatus>>,
  ) => {
    // Loaded once it is asked for: all commands would take as long to load as most of them take to run.
    const command = await load();
    end(await interruptible((signal) => command({ path, options, streams, signal }, options)));
  };

  addCommand(stream, "inspect", "show what a stream is made of: blocks, sections, records, rounds, deltas, hot pages")
    .option("--json", "print JSON")
    .option("--records", "list the records with their offsets instead")
    .option("--picture <FILE>", "draw the RAM as a PNG file, one pixel a page, coloured by how it was last sent")
    .action((path: string, options: InspectStreamOptions) =>
      run(path, options, async () => (await import("./inspect.ts")).inspectStreamCommand),
    );

  addCommand(stream, "check", "hold a stream against the requirements of the chapters; ends with 1 at a fault")
    .option("--all", "go on after a fault, where that can be")
    .action((path: string, options: CheckOptions) =>
      run(path, options, async () => (await import("./check.ts")).checkCommand),
    );

  addCommand(stream, "extract", "write the RAM as the destination would hold it")
    .option("--block <NAME>", "the one block that is wanted; the output is then a file (default: standard output)")
    .option("-o, --output <PATH>", "where it goes: without --block a folder, with a file for each block")
    .option("--partial", "at a fault, keep the pages before it")
    .action((path: string, options: ExtractOptions) =>
      run(path, options, async () => (await import("./extract.ts")).extractCommand),
    );

  const rewrite = (load: () => Promise<MakeWriter>) => (path: string, outputPath: string, options: StreamOptions) =>
    run(path, options, async () => {
      const [{ rewriteStream }, makeWriter] = await Promise.all([import("./rewrite.ts"), load()]);
      return (task) => rewriteStream(task, outputPath, makeWriter);
    });
  addCommand(stream, "flatten", "write an equivalent stream with each page once, without XBZRLE and compressed records")
    .argument("<OUT>", "the stream that is written, or - for standard output")
    .action(
      rewrite(async () => {
        const { FlatteningWriter } = await import("./flatten.ts");
        return (give, pageSize) => new FlatteningWriter(give, pageSize);
      }),
    );
  addCommand(stream, "compress", "write an equivalent stream with XBZRLE records where pages come again")
    .argument("<OUT>", "the stream that is written, or - for standard output")
    .action(
      rewrite(async () => {
        const { CompressingWriter } = await import("./compress.ts");
        return (give, pageSize) => new CompressingWriter(give, pageSize);
      }),
    );

  addCommand(
    program,
    "cache-size",
    "play a captured migration, or a trace of a guest's writes, to page caches of all sizes, and say which to take",
  )
    .addOption(
      new Option("--replacement <NAME>", "which page makes room in the cache")
        .choices(REPLACEMENT_NAMES)
        .default("direct-mapped" satisfies ReplacementName),
    )
    .option("--image <PATH>", "of a trace: what the RAM holds at first; also a folder, as stream extract writes it")
    .option("--max-bandwidth <SIZE>", "of a trace: bytes a second, from which rounds come (default: 128M)", parseSize)
    .option("--json", "print JSON")
    .action((path: string, options: CacheSizeOptions) =>
      run(path, options, async () => (await import("./cache-size.ts")).cacheSizeCommand),
    );
}

/** Adds a command that reads a stream. */
function addCommand(stream: Command, name: string, description: string, file = "the migration stream"): Command {
  return stream.command(name).description(description).argument("<FILE>", file).addOption(pageSizeOption());
}

/** Makes the option of all commands that read a stream. */
export function pageSizeOption(): Option {
  const description = "of the guest, in bytes, where the stream does not state it";
  return new Option("--page-size <N>", description).argParser(parsePageSize);
}

/** Reads the value of `--page-size`. */
function parsePageSize(text: string): number {
  const pageSize = Number(text);
  try {
    requireTargetPageSize(pageSize);
    return pageSize;
  } catch {
    throw new InvalidArgumentError("It has to be a power of two from 1024 to 65536, in bytes");
  }
}
