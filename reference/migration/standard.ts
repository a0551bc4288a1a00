/**
 * Standard input and output as channels.
 */

import { fstatSync } from "node:fs";
import { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";

const STDIN = 0;
const STDOUT = 1;

/** How much is read at a time, in bytes: what a relay makes of it is no more than a pipe holds, and is written in one go. */
const CHUNK_SIZE = 61_440;

/** Chunks, one after the other. */
export interface ChunkSource {
  /** Gives the next chunk, which is gone when the next is asked for; `undefined` at the end. Throws the errors of the system. */
  next(): Promise<Uint8Array | undefined>;
  /** Ends it: whoever waits, or asks, is thrown the error. */
  destroy(error?: Error): void;
}

/** The standard streams of a program; `process` is one. It makes them when they are first asked for, and that is not for nothing. */
export interface StandardEnds {
  readonly stdin: Readable;
  readonly stdout: Writable & { readonly isTTY?: boolean };
}

/** Gives the chunks of a stream of Node. */
export function chunksOf(stream: Readable): ChunkSource {
  const chunks = stream.iterator({ destroyOnReturn: false });
  return {
    next: async () => {
      const { done, value } = await chunks.next();
      return done ? undefined : value;
    },
    destroy: (error) => stream.destroy(error),
  };
}

/**
 * Gives the chunks of standard input. Those of a pipe or a socket are read into one buffer: a new one for each would take as much time as all
 * the rest.
 *
 * @param ends - With what it is where it is no pipe and no socket.
 */
export function standardInput(ends: StandardEnds): ChunkSource {
  return isPipe(STDIN) ? new PipeSource(STDIN) : chunksOf(ends.stdin);
}

/**
 * Gives standard output as a stream that can be ended. What cannot be written at once waits, where `process.stdout` would hold up all else.
 *
 * @param ends - With what it is where it is no pipe and no socket.
 * @returns The stream; `undefined` if it is a terminal.
 */
export function standardOutput(ends: StandardEnds): Writable | undefined {
  if (isPipe(STDOUT)) return new Socket({ fd: STDOUT, readable: false, writable: true });
  return ends.stdout.isTTY ? undefined : ends.stdout;
}

function isPipe(fd: number): boolean {
  const stat = fstatSync(fd);
  return stat.isFIFO() || stat.isSocket();
}

/** A pipe that is read into one buffer, when it is asked for. */
class PipeSource implements ChunkSource {
  readonly #socket: Socket;
  #settle: ((chunk: Uint8Array | undefined, error?: Error) => void) | undefined;
  #isEnded = false;
  #error: Error | undefined;

  constructor(fd: number) {
    const buffer = new Uint8Array(CHUNK_SIZE);
    const callback = (byteCount: number) => {
      this.#settle?.(buffer.subarray(0, byteCount));
      // Not before it is asked for.
      return false;
    };
    // The types of Node do not know that a socket that is not connected has this option too.
    const options = { fd, readable: true, writable: false, onread: { buffer, callback } };
    this.#socket = new Socket(options);
    this.#socket.pause();
    this.#socket.once("end", () => {
      this.#isEnded = true;
      this.#settle?.(undefined);
    });
    this.#socket.once("error", (error) => {
      this.#error = error;
      this.#settle?.(undefined, error);
    });
  }

  next(): Promise<Uint8Array | undefined> {
    return new Promise((resolve, reject) => {
      this.#settle = (chunk, error) => {
        this.#settle = undefined;
        if (error === undefined) resolve(chunk);
        else reject(error);
      };
      if (this.#isEnded || this.#error !== undefined) this.#settle(undefined, this.#error);
      else this.#socket.resume();
    });
  }

  destroy(error?: Error): void {
    this.#socket.destroy(error);
  }
}
