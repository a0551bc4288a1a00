/**
 * The guest that `xbzrle migrate` sends: a simulated one, or images and a trace of writes (docs/guests.md).
 */

import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { layContents } from "../../guest/contents.ts";
import { PacedLoad } from "../../guest/load.ts";
import { GuestBlock, SimulatedMemory } from "../../guest/memory.ts";
import { readTrace } from "../../guest/trace/read.ts";
import { TraceLoad } from "../../guest/trace/replay.ts";
import { MalformedTraceError } from "../../guest/trace/trace.ts";
import { createWorkload } from "../../guest/workloads/workloads.ts";
import type { RunningGuest } from "../../migration/send.ts";
import { inputFailure } from "../input.ts";
import { fileNameOf } from "../stream/file-name.ts";
import { UsageError } from "../streams.ts";
import { asked } from "./failure.ts";

/** The options that say what the guest is. */
export interface GuestOptions {
  readonly machine: string;
  readonly block: string;
  /** In bytes. */
  readonly memory: number;
  readonly workload: string;
  readonly seed: number;
  /** In bytes a second. */
  readonly writeRate: number;
  /** An image of its block, or a folder of images, as `xbzrle stream extract` writes them. */
  readonly image?: string;
  readonly trace?: string;
}

/** Of a guest without a trace. */
const PAGE_SIZE = 4096;

/** A guest that has run for a while has such pages: half of them empty, and half of the others random. */
const CONTENTS = { zero: 0.5, words: 0.25 };

/** How much is read of a file at a time, in bytes; no line of a trace is as long. */
const CHUNK_SIZE = 1024 * 1024;

/**
 * Makes the guest; nothing of it runs yet.
 *
 * @param options - What was asked for.
 * @throws UsageError for what is none, and for files that are not to be had; MalformedTraceError.
 */
export function makeGuest(options: GuestOptions): RunningGuest {
  return options.trace === undefined
    ? makeSimulated(options)
    : makeTraced(options.trace, options.image, options.machine);
}

function makeSimulated({ block: name, machine, memory: memorySize, image, ...options }: GuestOptions): RunningGuest {
  const byteCount = image === undefined ? memorySize : imageSize(image);
  if (byteCount === 0 || byteCount % PAGE_SIZE !== 0) {
    const option = image === undefined ? "--memory" : `--image ${image}`;
    throw new UsageError(`${option} has to have a multiple of ${PAGE_SIZE} bytes, and not 0; it has ${byteCount}`);
  }
  const block = newBlock(latin1Of(name), byteCount, PAGE_SIZE);
  if (image === undefined) asked(() => layContents(block, CONTENTS, options.seed));
  else readImage(image, block);
  const region = { block, start: 0, byteCount };
  const workload = asked(() => createWorkload(options.workload, region, options.seed));
  const load = asked(() => new PacedLoad(workload, options.writeRate));
  return { memory: new SimulatedMemory(latin1Of(machine), [block]), load };
}

/** The guest of a trace: its load is that trace. */
export interface TracedGuest {
  readonly memory: SimulatedMemory;
  readonly load: TraceLoad;
}

/**
 * Makes the guest of a trace.
 *
 * @param path - Of the trace.
 * @param image - What its block holds at first, or a folder of images; all zero unless told.
 * @param machine - The name of its machine type.
 * @throws UsageError for files that are not to be had; MalformedTraceError.
 */
export function makeTraced(path: string, image: string | undefined, machine: string): TracedGuest {
  const trace = readTrace(linesOf(path));
  const { pageSize } = trace.head;
  const blocks = trace.head.blocks.map(({ name, byteCount }) => newBlock(name, byteCount, pageSize));
  if (image !== undefined) readImages(image, blocks);
  const memory = new SimulatedMemory(latin1Of(machine), blocks as [GuestBlock, ...GuestBlock[]]);
  return { memory, load: new TraceLoad(memory, trace) };
}

function newBlock(name: string, byteCount: number, pageSize: number): GuestBlock {
  return asked(() => {
    try {
      return new GuestBlock(name, new Uint8Array(byteCount), pageSize);
    } catch (error) {
      // The engine says it in two ways.
      if (!/allocation failed|array length/i.test((error as Error).message)) throw error;
      throw new RangeError(`this machine has no memory for a guest of ${byteCount} bytes; give less with --memory`);
    }
  });
}

/** The words of a command line are UTF-8, and a name has a character a byte. */
function latin1Of(word: string): string {
  const name = Buffer.from(word).toString("latin1");
  if (1 <= name.length && name.length <= 255) return name;
  throw new UsageError(`${JSON.stringify(word)} is no name; give one of 1 to 255 bytes`);
}

/** A block for which the folder has no image is all zero. */
function readImages(path: string, blocks: readonly GuestBlock[]): void {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (!isFolder && 1 < blocks.length) {
    throw new UsageError(
      `--image ${path} is one file, and the trace has ${blocks.length} blocks; name a folder of images`,
    );
  }
  for (const block of blocks) {
    const imagePath = isFolder ? join(path, fileNameOf(block.name)) : path;
    if (!isFolder || statSync(imagePath, { throwIfNoEntry: false }) !== undefined) readImage(imagePath, block);
  }
}

function imageSize(path: string): number {
  const fd = openImage(path);
  const { size } = fstatSync(fd);
  closeSync(fd);
  return size;
}

function readImage(path: string, { bytes }: GuestBlock): void {
  const fd = openImage(path);
  try {
    const { size } = fstatSync(fd);
    if (size !== bytes.length) {
      throw new UsageError(`--image ${path} has ${size} bytes, and its block ${bytes.length}; name its own image`);
    }
    for (let at = 0; at < size; ) {
      const byteCount = readSync(fd, bytes, at, Math.min(CHUNK_SIZE, size - at), at);
      if (byteCount === 0)
        throw new UsageError(`--image ${path} gets shorter while it is read; name one that is complete`);
      at += byteCount;
    }
  } finally {
    closeSync(fd);
  }
}

function openImage(path: string): number {
  const fd = openNamed(`--image ${path}`, path, "the bytes of a RAM block");
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw new UsageError(`--image ${path} is no file; name one, or a folder of images together with --trace`);
}

function openNamed(option: string, path: string, content: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    throw new UsageError(`${option} ${inputFailure((error as NodeJS.ErrnoException).code, content, "")}`);
  }
}

/** The lines of a file, read as they are asked for. */
function* linesOf(path: string): Generator<string> {
  const fd = openNamed(`--trace ${path}`, path, "a trace");
  const chunk = Buffer.alloc(CHUNK_SIZE);
  let rest = Buffer.alloc(0);
  let lineNumber = 0;
  try {
    for (;;) {
      const byteCount = readTraceFile(fd, chunk, path);
      if (byteCount === 0) break;
      rest = Buffer.concat([rest, chunk.subarray(0, byteCount)]);
      let start = 0;
      for (let end = rest.indexOf("\n"); 0 <= end; end = rest.indexOf("\n", start)) {
        lineNumber += 1;
        yield rest.toString("utf8", start, end);
        start = end + 1;
      }
      rest = rest.subarray(start);
      if (CHUNK_SIZE < rest.length) throw new MalformedTraceError(lineNumber + 1, `more than ${CHUNK_SIZE} bytes`);
    }
    yield rest.toString();
  } finally {
    closeSync(fd);
  }
}

function readTraceFile(fd: number, chunk: Uint8Array, path: string): number {
  try {
    return readSync(fd, chunk, 0, chunk.length, null);
  } catch (error) {
    throw new UsageError(`--trace ${path} ${inputFailure((error as NodeJS.ErrnoException).code, "a trace", "")}`);
  }
}
