/**
 * What `xbzrle stream flatten` and `xbzrle stream compress` have in common: a stream is read, and another is written.
 */

import type { StreamWriter } from "../../index.ts";
import { PACKAGE, POSTCOPY_LISTEN } from "../../stream/stream.ts";
import { EXIT_STATUS, type ExitStatus, printMessage, RefusedError } from "../streams.ts";
import { openSink } from "./sink.ts";
import { readSource, type StreamTask } from "./source.ts";

/** Writes another stream than it is told. */
export interface RewritingWriter extends StreamWriter {
  /** Writes what it has held back so far, step by step; called after each chunk of the stream that is read. */
  writeDue(): Iterable<void>;
}

/** Makes what writes: from where its pieces go, and what gives the page size in bytes. */
export type MakeWriter = (give: (piece: Uint8Array) => void, pageSize: () => number) => RewritingWriter;

/**
 * Rewrites a stream.
 *
 * @param task - Which stream.
 * @param outputPath - Where to, or `-` for standard output.
 * @param makeWriter - What the reader tells its visitor to.
 * @returns `done`; `refused` at a fault, and then no file is written.
 * @throws UsageError if a file cannot be had or written; RefusedError for what cannot be rewritten.
 */
export async function rewriteStream(task: StreamTask, outputPath: string, makeWriter: MakeWriter): Promise<ExitStatus> {
  const sink = openSink(outputPath, task.streams.stdout);
  let writer: RewritingWriter | undefined;
  let given: Uint8Array[] = [];
  const give = (piece: Uint8Array) => {
    sink.write(piece);
    given.push(piece);
  };
  const letOn = async () => {
    await sink.drained();
    task.signal.throwIfAborted();
    // New pieces would be garbage faster than it is collected: some 40 MB of it.
    for (const piece of given) writer?.reuse(piece);
    given = [];
  };
  try {
    const { fault } = await readSource(
      task,
      (pageSize) => {
        writer = makeWriter(give, pageSize);
        return writer;
      },
      async () => {
        for (const _ of writer?.writeDue() ?? []) await letOn();
        await letOn();
      },
    );
    if (fault === undefined) {
      writer?.flush();
      await sink.finish();
      return EXIT_STATUS.done;
    }
    sink.discard();
    await printMessage(task.streams.stderr, `${fault.message}; no stream is written`);
    return EXIT_STATUS.refused;
  } catch (error) {
    sink.discard();
    throw error;
  }
}

/**
 * Checks that a command does not begin postcopy, where pages may come once only and items are in packages of a stated size.
 *
 * @param number - Of the command.
 * @throws RefusedError if it does.
 */
export function requirePrecopy(number: number): void {
  if (number !== POSTCOPY_LISTEN && number !== PACKAGE) return;
  throw new RefusedError(`postcopy begins (command ${number}), and is not rewritten; take a stream without postcopy`);
}
