/**
 * The migration stream that a command reads: from a file, a pipe or standard input, chunk by chunk, with a progress bar.
 */

import { closeSync, constants, openSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { MalformedStreamError, StreamReader, type StreamVisitor } from "../../index.ts";
import { inputFailure, STANDARD_STREAM } from "../input.ts";
import { InterruptedError, RefusedError, type StandardStreams, UsageError } from "../streams.ts";
import { ByteProgress } from "./progress.ts";

/** How much is read at a time, in bytes: one buffer for all, which stays in the processor's cache. */
const CHUNK_SIZE = 512 * 1024;

/** What the language says where there is no memory. */
const NO_ROOM = /allocation failed|maximum size exceeded/i;

/** The options that all commands on streams have. */
export interface StreamOptions {
  /** In bytes, of the guest; 4096 unless the stream states it or this says otherwise. */
  readonly pageSize?: number;
}

/** What a command on streams works with. */
export interface StreamTask {
  /** A path, or `-` for standard input. */
  readonly path: string;
  readonly options: StreamOptions;
  readonly streams: StandardStreams;
  /** Ends the command. */
  readonly signal: AbortSignal;
}

/** What became of the reading. */
export interface Reading {
  readonly reader: StreamReader;
  /** Why the reading has ended before the end of the stream; `undefined` if it has not. */
  readonly fault: MalformedStreamError | undefined;
}

/**
 * Reads a stream to its end, or to its first fault.
 *
 * @param task - Which stream.
 * @param makeVisitor - Makes what is told of the stream; it may throw a `MalformedStreamError` too.
 * @param betweenChunks - Waits for what the visitor has printed, after each chunk.
 * @returns The reader, and the fault.
 * @throws UsageError if the file cannot be had; InterruptedError; RefusedError if the memory does not suffice.
 */
export async function readSource(
  task: StreamTask,
  makeVisitor: (pageSize: () => number) => StreamVisitor,
  betweenChunks: () => Promise<void> = async () => {},
): Promise<Reading> {
  const reader: StreamReader = new StreamReader(
    makeVisitor(() => reader.pageSize),
    task.options,
  );
  try {
    await readChunks(task, reader, betweenChunks);
    return { reader, fault: undefined };
  } catch (error) {
    if (error instanceof MalformedStreamError) return { reader, fault: error };
    throw memoryFailure(error, reader);
  }
}

/**
 * Gives what a command throws where there may be no memory for what is read.
 *
 * @param error - What was thrown.
 * @param reader - Says how far it has got.
 * @returns A RefusedError if there is none; else the error itself.
 */
export function memoryFailure(error: unknown, { streamOffset }: Pick<StreamReader, "streamOffset">): unknown {
  if (!(error instanceof RangeError && NO_ROOM.test(error.message))) return error;
  const where = `the pages up to stream byte ${streamOffset}`;
  return new RefusedError(`the memory of this machine has no room for ${where}; take a machine with more`);
}

async function readChunks(task: StreamTask, reader: StreamReader, betweenChunks: () => Promise<void>): Promise<void> {
  const interrupted = rejectedOn(task.signal);
  const handle = task.path === STANDARD_STREAM ? undefined : await openUnless(task.path, interrupted);
  const progress = new ByteProgress(task.streams.stderr, handle && (await sizeOf(handle)));
  const chunks = (handle ? chunksOf(handle) : task.streams.stdin)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value: chunk } = await Promise.race([named(task.path, chunks.next()), interrupted]);
      if (done) break;
      reader.push(chunk);
      progress.advance(chunk.length);
      await betweenChunks();
    }
    reader.end();
    await betweenChunks();
  } finally {
    progress.end();
    // A read that still waits, for a pipe without a writer, would keep `close` waiting too.
    if (!task.signal.aborted) await handle?.close();
  }
}

/** A promise that is rejected when the signal comes, and is never resolved. */
function rejectedOn(signal: AbortSignal): Promise<never> {
  const interrupted = new Promise<never>((_, reject) => {
    const interrupt = () => reject(signal.reason);
    if (signal.aborted) interrupt();
    signal.addEventListener("abort", interrupt, { once: true });
  });
  // Nobody may be waiting for it when it comes.
  interrupted.catch(() => {});
  return interrupted;
}

/** Opens the file, unless an interruption comes first: a named pipe opens only when somebody writes to it. */
async function openUnless(path: string, interrupted: Promise<never>): Promise<FileHandle> {
  const opening = openFile(path);
  try {
    return await Promise.race([opening, interrupted]);
  } catch (error) {
    if (error instanceof InterruptedError) endWaiting(path);
    throw error;
  }
}

/** Ends the wait for somebody who writes to a named pipe, which would keep the process alive: this one writes to it, and writes nothing. */
function endWaiting(path: string): void {
  try {
    closeSync(openSync(path, constants.O_RDWR | constants.O_NONBLOCK));
  } catch {
    // What cannot be written to is no pipe that is waited for.
  }
}

async function openFile(path: string): Promise<FileHandle> {
  const handle = await named(path, open(path));
  const { isDirectory } = await handle.stat().then((stat) => ({ isDirectory: stat.isDirectory() }));
  if (!isDirectory) return handle;
  await handle.close();
  throw new UsageError(`FILE ${path} ${inputFailure("EISDIR", "a migration stream")}`);
}

/** The size of a regular file in bytes; of a pipe nothing is known. */
async function sizeOf(handle: FileHandle): Promise<number | undefined> {
  const stat = await handle.stat();
  return stat.isFile() ? stat.size : undefined;
}

/** Chunks in one buffer; each is gone when the next is asked for. */
async function* chunksOf(handle: FileHandle): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(CHUNK_SIZE);
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, CHUNK_SIZE);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Turns an error of the file system into one that says which file, and what to do. */
async function named<Result>(path: string, result: Promise<Result>): Promise<Result> {
  try {
    return await result;
  } catch (error) {
    const place = path === STANDARD_STREAM ? "from standard input" : path;
    throw new UsageError(`FILE ${place} ${inputFailure((error as NodeJS.ErrnoException).code, "a migration stream")}`);
  }
}
