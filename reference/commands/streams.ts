/**
 * What a command has instead of a process: three standard streams and an exit status.
 */

import type { Readable, Writable } from "node:stream";

/** The standard streams of a command; `process` is one, and a test makes its own. */
export interface StandardStreams {
  readonly stdin: Readable;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

/** A stream that may be a terminal. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** Exit statuses: the command did what it was asked; it could not (malformed, overflow); it was asked wrongly; ^C. */
export const EXIT_STATUS = { done: 0, refused: 1, usage: 2, interrupted: 130 } as const;

/** An exit status of the program. */
export type ExitStatus = (typeof EXIT_STATUS)[keyof typeof EXIT_STATUS];

/** Hands the exit status of a command on. */
export type End = (status: ExitStatus) => void;

/** The command was asked wrongly, or for a file that is not to be had; the message says where, what, and what to do. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What was asked for cannot be done with what the input holds; the message says where, what, and what to do. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
}

/** ^C, or a signal like it. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
}

/** The reader of standard output has gone (`| head`): there is no use in going on, and it is no error. */
export class ReaderGoneError extends Error {
  override readonly name = "ReaderGoneError";
}

/**
 * Prints on standard output and waits until it is written. A reader that has gone (`| head`) is no error.
 *
 * @param stdout - Standard output.
 * @param content - Bytes, or text with its line ends.
 * @throws UsageError if it cannot be written.
 */
export async function printOutput(stdout: OutputStream, content: Uint8Array | string): Promise<void> {
  try {
    await printPiece(stdout, content);
  } catch (error) {
    if (!(error instanceof ReaderGoneError)) throw error;
  }
}

/**
 * Prints one piece of an output that may have many.
 *
 * @param stdout - Standard output.
 * @param content - Bytes, or text with its line ends.
 * @throws UsageError if it cannot be written; ReaderGoneError, so that the rest is not made for nobody.
 */
export async function printPiece(stdout: OutputStream, content: Uint8Array | string): Promise<void> {
  const code = await write(stdout, content);
  if (code === undefined) return;
  if (code === "EPIPE") throw new ReaderGoneError("standard output");
  throw new UsageError(`standard output cannot be written (${code}); name a file with -o, or send it elsewhere`);
}

/**
 * Prints a message on standard error; if that cannot be done, there is nobody to tell.
 *
 * @param stderr - Standard error.
 * @param message - One line, without its line end and without the name of the program.
 */
export async function printMessage(stderr: OutputStream, message: string): Promise<void> {
  await write(stderr, `xbzrle: ${message}\n`);
}

/** Writes, waits, and gives the code of the error if there was one. */
async function write(stream: OutputStream, content: Uint8Array | string): Promise<string | undefined> {
  if (content.length === 0) return undefined;
  return new Promise((resolve) => {
    const settle = (error?: NodeJS.ErrnoException | null) => {
      if (!error) stream.removeListener("error", settle);
      resolve(error ? (error.code ?? error.message) : undefined);
    };
    // Without a listener, an error of a stream ends the program with a stack trace.
    stream.once("error", settle);
    stream.write(content, settle);
  });
}
