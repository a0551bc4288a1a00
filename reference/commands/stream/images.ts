/**
 * RAM as raw images: one block as a file or on standard output, or all as files in a folder. Each is there when it is complete
 * and not before.
 */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Ram, type SentPage } from "../../guest/ram.ts";
import { quoteName, type RamBlock } from "../../index.ts";
import { STANDARD_STREAM } from "../input.ts";
import { outputFailure } from "../output.ts";
import { EXIT_STATUS, type ExitStatus, printOutput, type StandardStreams, UsageError } from "../streams.ts";
import { fileNameOf } from "./file-name.ts";
import { PageFile } from "./page-file.ts";
import { FileSink, openSink, type Sink } from "./sink.ts";

/** How many bytes of zeros are written before ^C gets its turn, where they are written. */
const SKIP_SIZE = 64 * 1024 * 1024;

/** Which images, and where they go. */
export interface ImageOptions {
  /** The one block that is wanted; all unless told. */
  readonly block?: string;
  /** For one block a file or `-`, standard output unless told; for all a folder. */
  readonly output?: string;
}

/** What images are written with. */
export interface ImageTask {
  readonly streams: StandardStreams;
  /** Ends the writing. */
  readonly signal: AbortSignal;
}

/** What has become of a RAM: the status of the command, and whether the RAM is to be kept. */
export interface Filling {
  readonly status: ExitStatus;
  readonly isKept: boolean;
}

/**
 * Writes images of a RAM.
 *
 * @param options - Which, and where they go.
 * @param source - Where the RAM is from, for a message.
 * @param task - Standard streams and signal.
 * @param fill - Applies a stream to the RAM.
 * @returns The status that `fill` gives; nothing is written if the RAM is not to be kept.
 * @throws UsageError if a file cannot be written, there is no such block, or no place; what `fill` throws, and nothing is written then.
 */
export async function writeImages(
  options: ImageOptions,
  source: string,
  task: ImageTask,
  fill: (ram: Ram) => Promise<Filling>,
): Promise<ExitStatus> {
  const { block, output } = options;
  if (block !== undefined) return writeOne(block, output, source, task, fill);
  if (output === undefined || output === STANDARD_STREAM) {
    throw new UsageError("all blocks are a file each; name a folder with -o, or one block with --block");
  }
  const ram = new Ram();
  const { status, isKept } = await fill(ram);
  if (isKept) await writeAll(ram, output, task);
  return status;
}

async function writeOne(
  blockName: string,
  output: string | undefined,
  source: string,
  task: ImageTask,
  fill: (ram: Ram) => Promise<Filling>,
): Promise<ExitStatus> {
  // The words of a command line are UTF-8, and a name has a character a byte.
  const name = Buffer.from(blockName).toString("latin1");
  const sink = openSink(output, task.streams.stdout);
  const store = sink instanceof FileSink && sink.isSeekable ? new PageFile(name, sink) : undefined;
  const ram = new Ram(store);
  return keepOrDiscard(sink, async () => {
    const filling = await fill(ram);
    if (!filling.isKept) return filling;
    store?.end();
    await writeImage(ram, blockOf(ram, name, source), sink, task.signal, store !== undefined);
    return filling;
  });
}

/** Writes each block to a file in a folder, and says how the files are called. */
async function writeAll(ram: Ram, folder: string, task: ImageTask): Promise<void> {
  makeFolder(folder);
  for (const block of ram.blocks) {
    const path = join(folder, fileNameOf(block.name));
    const sink = new FileSink(path, false);
    await keepOrDiscard(sink, async () => {
      await writeImage(ram, block, sink, task.signal, false);
      return { status: EXIT_STATUS.done, isKept: true };
    });
    await printOutput(task.streams.stdout, `${quoteName(block.name)} ${block.usedLength} ${path}\n`);
  }
}

function blockOf(ram: Ram, name: string, source: string): RamBlock {
  const block = ram.blocks.find((block) => block.name === name);
  if (block !== undefined) return block;
  const names = ram.blocks.slice(0, 20).map((block) => quoteName(block.name));
  throw new UsageError(`no block ${quoteName(name)} in ${source}; it has ${names.join(", ") || "none"}`);
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST") throw new UsageError(`output ${folder} ${outputFailure(code)}`);
  }
}

/** Writes what a block holds, with holes for what is zero; where pages were stored, over what is in the file. */
async function writeImage(
  ram: Ram,
  block: RamBlock,
  sink: Sink,
  signal: AbortSignal,
  isStored: boolean,
): Promise<void> {
  let position = 0;
  for (const { address, bytes } of runsOf(ram, block, isStored)) {
    await skipTo(sink, position, address, signal);
    sink.write(bytes);
    await sink.drained();
    signal.throwIfAborted();
    position = address + bytes.length;
  }
  await skipTo(sink, position, block.usedLength, signal);
}

/** Finishes what is written, or takes it away: if it is not to be kept, and after an error. */
async function keepOrDiscard(sink: Sink, write: () => Promise<Filling>): Promise<ExitStatus> {
  try {
    const { status, isKept } = await write();
    if (isKept) await sink.finish();
    else sink.discard();
    return status;
  } catch (error) {
    sink.discard();
    throw error;
  }
}

async function skipTo(sink: Sink, position: number, end: number, signal: AbortSignal): Promise<void> {
  const step = sink instanceof FileSink && sink.isSeekable ? end - position : SKIP_SIZE;
  for (let at = position; at < end; at += step) {
    sink.skip(Math.min(step, end - at));
    await sink.drained();
    signal.throwIfAborted();
  }
}

/**
 * The pages of a block that are not all zero; those that lie behind each other, in the block and here, as one. A page of zeros
 * that is held may have been stored before that, and is among them if pages were.
 */
function* runsOf(ram: Ram, block: RamBlock, isStored: boolean): Generator<SentPage> {
  let run: SentPage | undefined;
  let zeros = Buffer.alloc(0);
  for (const page of ram.pages(block)) {
    if (zeros.length !== page.bytes.length) zeros = Buffer.alloc(page.bytes.length);
    const isHole = isStored ? !ram.isHeld(block, page.address) : zeros.equals(page.bytes);
    if (block.usedLength <= page.address || isHole) continue;
    if (run !== undefined && isNext(run, page)) {
      const { buffer, byteOffset, length } = run.bytes;
      run = { address: run.address, bytes: new Uint8Array(buffer, byteOffset, length + page.bytes.length) };
    } else {
      if (run !== undefined) yield run;
      run = page;
    }
  }
  if (run !== undefined) yield run;
}

function isNext(run: SentPage, { address, bytes }: SentPage): boolean {
  if (run.address + run.bytes.length !== address || run.bytes.buffer !== bytes.buffer) return false;
  return run.bytes.byteOffset + run.bytes.length === bytes.byteOffset;
}
