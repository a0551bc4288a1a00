/**
 * `xbzrle receive URI`: a stream that a sender sends becomes images of the RAM.
 */

import type { Ram } from "../../guest/ram.ts";
import {
  applyDecompressed,
  DecompressionThreads,
  MalformedStreamError,
  type RamRecord,
  ThreadedReader,
} from "../../index.ts";
import { IncomingChannel } from "../../migration/incoming.ts";
import { receive } from "../../migration/receive.ts";
import { type MigrationUri, parseUri } from "../../migration/uri.ts";
import { type Filling, type ImageOptions, writeImages } from "../stream/images.ts";
import { memoryFailure, type StreamOptions } from "../stream/source.ts";
import { ThreadsVisitor } from "../stream/visitor.ts";
import { EXIT_STATUS, type ExitStatus, printMessage } from "../streams.ts";
import { asked, migrationFailure } from "./failure.ts";
import { ReceivingProgress } from "./progress.ts";
import type { MigrationTask } from "./task.ts";

/** The options of `xbzrle receive`. */
export interface ReceiveOptions extends StreamOptions, ImageOptions {
  readonly decompressThreads?: number;
}

/**
 * Receives one migration and writes the RAM.
 *
 * @param task - Where from.
 * @param options - What is wanted, and where it goes.
 * @returns `done`; `refused` for a malformed stream, and then nothing is written.
 * @throws UsageError if a file cannot be written, or there is no such block; RefusedError if the channel or the other side
 * fails; InterruptedError.
 */
export async function receiveCommand(task: MigrationTask, options: ReceiveOptions): Promise<ExitStatus> {
  const uri = asked(() => parseUri(task.uri));
  const imageTask = { streams: task.streams, signal: task.patience.signal };
  return writeImages(options, uri.text, imageTask, (ram) => receiveRam(task, uri, ram, options));
}

/** Applies the stream to the RAM; tells of a fault. */
async function receiveRam(task: MigrationTask, uri: MigrationUri, ram: Ram, options: ReceiveOptions): Promise<Filling> {
  const { streams, patience } = task;
  const pageSize = () => reader.pageSize;
  const apply = (record: RamRecord) => ram.apply(record, pageSize(), applyDecompressed);
  const threads = asked(() => new DecompressionThreads(pageSize, apply, options.decompressThreads));
  const reader: ThreadedReader = new ThreadedReader(new ThreadsVisitor(threads), threads, options);
  let progress: ReceivingProgress | undefined;
  let channel: IncomingChannel | undefined;
  try {
    channel = await IncomingChannel.open(uri, patience, (place) =>
      printMessage(streams.stderr, `listening on ${place}`),
    );
    progress = new ReceivingProgress(streams.stderr);
    await receive(channel, reader, progress.advance);
    progress.end();
    return { status: EXIT_STATUS.done, isKept: true };
  } catch (error) {
    threads.abandon(error);
    channel?.abandon();
    progress?.end();
    if (!(error instanceof MalformedStreamError)) throw migrationFailure(memoryFailure(error, reader));
    await printMessage(streams.stderr, `${error.message}; nothing is written`);
    return { status: EXIT_STATUS.refused, isKept: false };
  }
}
