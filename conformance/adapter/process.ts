/**
 * One adapter as a child process: lines out, lines in, the end of its standard error, and how it ended.
 * It runs in a process group of its own, so that what it has started itself is ended with it.
 */

import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { escaped, MAX_ANSWER_BYTES } from "../protocol.ts";

/** How a process ended: by itself with a status, or by a signal. */
export interface Exit {
  readonly status: number | null;
  readonly signal: string | null;
}

/** What an adapter process tells its owner, never before the constructor is through. Each is called at most once but `lines`. */
export interface ProcessEvents {
  /** Lines of standard output that came together, without LF; bytes over 7f stand for themselves (Latin-1). */
  lines(texts: readonly string[]): void;
  /** A line is longer than the limit; `start` is how it begins. Nothing is read after it. */
  overlong(start: string): void;
  /** Standard output was closed and the process still runs half a second later; `rest` is a last line without LF. */
  outputClosed(rest: string): void;
  /** The process has ended and its output is read; `rest` is a last line without LF. */
  ended(exit: Exit, rest: string): void;
  /** The process could not be started. */
  notStarted(error: NodeJS.ErrnoException): void;
}

const LF = 10;
/** How many bytes of a line that is too long are told. */
const OVERLONG_START = 80;
const STDERR_TAIL_BYTES = 4096;
/** After an exit, how long output is awaited that a surviving grandchild may hold open, in milliseconds. */
const DRAIN_MS = 500;
/** Between SIGTERM and SIGKILL, in milliseconds (docs/adapter.md). */
const KILL_AFTER_MS = 2000;

/** A running adapter. */
export class AdapterProcess {
  /** Nothing if the process could not be started. */
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable> | undefined;
  readonly #events: ProcessEvents;
  #partial: Buffer[] = [];
  #partialBytes = 0;
  #stderr = Buffer.alloc(0);
  #stderrIsCut = false;
  #stderrText: string | undefined;
  #outputEnded = false;
  #exit: Exit | undefined;
  #drainTimer: NodeJS.Timeout | undefined;
  #told = false;
  #overlong = false;
  /** Resolves when the process has ended and its output is read, or when it could not be started. */
  readonly #whenEnded: Promise<void>;
  #endedNow: () => void = () => {};
  /** Resolves when the process has ended, and nothing that it has started holds its output open. */
  #whenClosed: Promise<void> = Promise.resolve();

  /** Starts `command[0]` with the rest as arguments. A failure to start is told by `events.notStarted`. */
  constructor(command: readonly string[], events: ProcessEvents) {
    this.#events = events;
    this.#whenEnded = new Promise((resolve) => {
      this.#endedNow = resolve;
    });
    const notStarted = (error: NodeJS.ErrnoException) => this.#tellOnce(() => events.notStarted(error));
    try {
      const child = spawn(command[0]!, command.slice(1), { stdio: ["pipe", "pipe", "pipe"], detached: true });
      // Node tells some failures by an event, and throws others.
      if (child.pid === undefined) child.once("error", notStarted);
      else {
        this.#child = child;
        this.#follow(child);
      }
    } catch (error) {
      queueMicrotask(() => notStarted(error as NodeJS.ErrnoException));
    }
  }

  /** The end of what the process has written to standard error, as text without colours and control characters. */
  get stderrTail(): string {
    this.#stderrText ??= tailText(this.#stderr, this.#stderrIsCut);
    return this.#stderrText;
  }

  /** True once the process or its output has ended: one of the events tells so soon. */
  get isEnding(): boolean {
    return this.#exit !== undefined || this.#outputEnded;
  }

  /** Sends bytes, or Latin-1 text, to standard input; `taken` is called once the bytes may be changed. */
  write(data: Uint8Array | string, taken = () => {}): void {
    if (this.#child?.stdin.writable) this.#child.stdin.write(data, "latin1", taken);
  }

  /** Closes standard input. */
  endInput(): void {
    this.#child?.stdin.end();
  }

  /** What has arrived of a line that is not complete. */
  get partialLine(): string {
    const [first] = this.#partial;
    const line = this.#partial.length === 1 ? first! : Buffer.concat(this.#partial);
    return line.toString("latin1");
  }

  /** Waits at most `timeoutMs` for the process to end by itself and its output to be read; true if it did. */
  async waitForEnd(timeoutMs: number): Promise<boolean> {
    await within(timeoutMs, this.#whenEnded);
    return this.#told;
  }

  /** Ends the process group: SIGTERM, and SIGKILL two seconds later for what is left of it. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    if (this.#signal("SIGTERM")) await within(KILL_AFTER_MS, this.#whenClosed);
    this.#signal("SIGKILL");
    // What does not even end by SIGKILL hangs in the kernel, and is not waited for.
    await within(KILL_AFTER_MS, this.#whenEnded);
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    child.unref();
  }

  #follow(child: ChildProcessByStdio<Writable, Readable, Readable>): void {
    child.stdout.on("data", (chunk: Buffer) => this.#read(chunk));
    child.stdout.on("end", () => this.#outputEnd());
    child.stderr.on("data", (chunk: Buffer) => this.#keepStderr(chunk));
    // Writing to an adapter that has gone fails; its exit tells the story.
    for (const part of [child, child.stdin, child.stdout, child.stderr]) part.on("error", () => {});
    child.on("exit", (status, signal) => {
      this.#exit = { status, signal };
      this.#drainTimer = setTimeout(() => this.#tellEnd(), DRAIN_MS);
    });
    this.#whenClosed = new Promise((resolve) => {
      child.on("close", () => {
        this.#tellEnd();
        resolve();
      });
    });
  }

  /** Sends a signal to the process group; false if the group has gone. */
  #signal(signal: NodeJS.Signals): boolean {
    try {
      return process.kill(-this.#child!.pid!, signal);
    } catch {
      return false;
    }
  }

  #read(chunk: Buffer): void {
    if (this.#overlong) return;
    const lines: string[] = [];
    for (let start = 0, end = 0; end !== -1 && !this.#overlong; start = end + 1) {
      end = chunk.indexOf(LF, start);
      const piece = chunk.subarray(start, end === -1 ? chunk.length : end);
      this.#partial.push(piece);
      this.#partialBytes += piece.length;
      this.#overlong = MAX_ANSWER_BYTES < this.#partialBytes;
      if (end !== -1 && !this.#overlong) lines.push(this.#takePartial());
    }
    if (lines.length !== 0) this.#events.lines(lines);
    if (!this.#overlong) return;
    this.#child!.stdout.pause();
    this.#events.overlong(this.#takePartial().slice(0, OVERLONG_START));
  }

  #takePartial(): string {
    const text = this.partialLine;
    this.#partial = [];
    this.#partialBytes = 0;
    return text;
  }

  #keepStderr(chunk: Buffer): void {
    const all = Buffer.concat([this.#stderr, chunk]);
    this.#stderrIsCut ||= STDERR_TAIL_BYTES < all.length;
    this.#stderr = Buffer.from(all.subarray(Math.max(0, all.length - STDERR_TAIL_BYTES)));
    this.#stderrText = undefined;
  }

  #outputEnd(): void {
    this.#outputEnded = true;
    setTimeout(() => {
      if (!this.#exit) this.#events.outputClosed(this.partialLine);
    }, DRAIN_MS).unref();
  }

  #tellEnd(): void {
    clearTimeout(this.#drainTimer);
    this.#tellOnce(() => this.#events.ended(this.#exit!, this.partialLine));
  }

  #tellOnce(tell: () => void): void {
    if (this.#told) return;
    this.#told = true;
    tell();
    this.#endedNow();
  }
}

/** Waits for the promise, but not longer than this. */
async function within(limitMs: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([promise, limit]);
  clearTimeout(timer);
}

/** Text that any terminal and any file format can hold. A beginning that was cut off is marked. */
function tailText(bytes: Buffer, isCut: boolean): string {
  const text = stripVTControlCharacters(bytes.toString("utf8")).replace(/\r\n?/g, "\n").trimEnd();
  const legible = text.replace(/[^\P{Cc}\n\t]/gu, escaped);
  // The first character may have lost its first bytes.
  return isCut ? `...${legible.replace(/^\ufffd+/, "")}` : legible;
}
