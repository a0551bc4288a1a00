/**
 * Where a command on streams writes: a file, which is there when it is complete and not before, or standard output.
 */

import { closeSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { PartFile } from "../../migration/part-file.ts";
import { STANDARD_STREAM } from "../input.ts";
import { outputFailure } from "../output.ts";
import { type OutputStream, ReaderGoneError, UsageError } from "../streams.ts";

/** What stands for bytes 00 where they cannot be left out. */
const ZEROS = new Uint8Array(256 * 1024);

/** Takes bytes in order. All methods throw a UsageError if the place cannot be written. */
export interface Sink {
  /** Writes bytes; they may not change before `drained`. */
  write(bytes: Uint8Array): void;
  /** Writes so many bytes 00; a file may have a hole for them. */
  skip(byteCount: number): void;
  /** Waits until what was written is on its way; throws ReaderGoneError where nobody reads it. */
  drained(): Promise<void>;
  /** All is written. */
  finish(): Promise<void>;
  /** Nothing is to remain. */
  discard(): void;
}

/**
 * Opens a sink.
 *
 * @param path - A file, or `-` or `undefined` for standard output.
 * @param stdout - Standard output, which must not be a terminal.
 * @throws UsageError if the place cannot be written.
 */
export function openSink(path: string | undefined, stdout: OutputStream): Sink {
  if (path !== undefined && path !== STANDARD_STREAM) return new FileSink(path, true);
  if (!stdout.isTTY) return new StandardSink(stdout);
  throw new UsageError("standard output is a terminal, and this is no text; name a file, or send it to a pipe");
}

/** Writes a file under another name beside it, and renames it in the end; pipes and devices are written as they are. */
export class FileSink implements Sink {
  readonly #path: string;
  readonly #file: PartFile;
  readonly #fd: number;
  #position = 0;

  /** Takes where to; a symbolic link is replaced, or followed if that is asked for. */
  constructor(path: string, followsLink: boolean) {
    this.#path = path;
    this.#file = this.#named(() => new PartFile(path, followsLink));
    this.#fd = this.#named(() => openSync(this.#file.writtenPath, this.#file.openFlags));
  }

  /** Whether bytes can be written in any order. */
  get isSeekable(): boolean {
    return !this.#file.isSpecial;
  }

  /** Goes to a place, where the next bytes are written, or which is the end. */
  seek(position: number): void {
    this.#position = position;
  }

  /** Fills all the bytes with what stands at a place. */
  read(position: number, bytes: Uint8Array): void {
    this.#named(() => readSync(this.#fd, bytes, 0, bytes.length, position));
  }

  write(bytes: Uint8Array): void {
    this.#named(() => {
      for (let offset = 0; offset < bytes.length; ) {
        const place = this.#file.isSpecial ? null : this.#position;
        const written = writeSync(this.#fd, bytes, offset, bytes.length - offset, place);
        offset += written;
        this.#position += written;
      }
    });
  }

  skip(byteCount: number): void {
    if (this.#file.isSpecial) writeZeros(this, byteCount);
    else this.#position += byteCount;
  }

  /** A signal gets its turn. */
  drained(): Promise<void> {
    return nextTurn();
  }

  async finish(): Promise<void> {
    this.#named(() => {
      if (!this.#file.isSpecial) ftruncateSync(this.#fd, this.#position);
      this.#file.complete();
      closeSync(this.#fd);
    });
  }

  discard(): void {
    closeSync(this.#fd);
    this.#file.discard();
  }

  #named<Result>(act: () => Result): Result {
    try {
      return act();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE") throw new ReaderGoneError(this.#path);
      throw new UsageError(`output ${this.#path} ${outputFailure(code)}`);
    }
  }
}

class StandardSink implements Sink {
  readonly #stdout: OutputStream;
  #error: NodeJS.ErrnoException | undefined;
  readonly #keep = (error: NodeJS.ErrnoException) => {
    this.#error ??= error;
  };

  constructor(stdout: OutputStream) {
    this.#stdout = stdout;
    stdout.on("error", this.#keep);
  }

  write(bytes: Uint8Array): void {
    this.#stdout.write(bytes);
  }

  skip(byteCount: number): void {
    writeZeros(this, byteCount);
  }

  async drained(): Promise<void> {
    await new Promise<void>((resolve) => {
      // The error of a stream comes before the callback of what could not be written.
      this.#stdout.write(new Uint8Array(0), () => resolve());
    });
    if (this.#error === undefined) return;
    const code = this.#error.code ?? this.#error.message;
    if (code === "EPIPE") throw new ReaderGoneError("standard output");
    throw new UsageError(`standard output cannot be written (${code}); name a file, or send it elsewhere`);
  }

  async finish(): Promise<void> {
    await this.drained();
    this.#stdout.removeListener("error", this.#keep);
  }

  discard(): void {}
}

function writeZeros(sink: Sink, byteCount: number): void {
  for (let left = byteCount; 0 < left; left -= ZEROS.length)
    sink.write(ZEROS.subarray(0, Math.min(left, ZEROS.length)));
}
