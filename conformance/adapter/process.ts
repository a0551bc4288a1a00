/**
 * One adapter as a child process: lines out, lines in, the end of its standard error, and how it ended.
 * It runs in a process group of its own, so that what it has started itself is ended with it.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { MAX_ANSWER_BYTES } from "../protocol.ts";

/** How a process ended: by itself with a status, or by a signal. */
export interface Exit {
  readonly status: number | null;
  readonly signal: string | null;
}

/** What an adapter process tells its owner. Each is called at most once but `line`. */
export interface ProcessEvents {
  /** A line of standard output, without LF; bytes over 7f stand for themselves (Latin-1). */
  line(text: string): void;
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
const STDERR_TAIL_BYTES = 4096;
/** After an exit, how long output is awaited that a surviving grandchild may hold open, in milliseconds. */
const DRAIN_MS = 500;
/** Between SIGTERM and SIGKILL, in milliseconds (docs/adapter.md). */
const KILL_AFTER_MS = 2000;

/** A running adapter. */
export class AdapterProcess {
  readonly #child: ChildProcess;
  readonly #events: ProcessEvents;
  #partial: Buffer[] = [];
  #partialBytes = 0;
  #stderr = Buffer.alloc(0);
  #exit: Exit | undefined;
  #outputEnded = false;
  #told = false;
  #overlong = false;
  /** Resolves when the process has ended and its output is read, or when it could not be started. */
  readonly #whenEnded: Promise<void>;
  #endedNow: () => void = () => {};

  /** Starts `command[0]` with the rest as arguments. A failure to start is told by `events.notStarted`. */
  constructor(command: readonly string[], events: ProcessEvents) {
    this.#events = events;
    this.#child = spawn(command[0]!, command.slice(1), { stdio: ["pipe", "pipe", "pipe"], detached: true });
    const child = this.#child;
    child.stdout!.on("data", (chunk: Buffer) => this.#read(chunk));
    child.stdout!.on("end", () => this.#outputEnd());
    child.stderr!.on("data", (chunk: Buffer) => this.#keepStderr(chunk));
    // Writing to an adapter that has gone fails; its exit tells the story.
    child.stdin!.on("error", () => {});
    child.stdout!.on("error", () => {});
    child.stderr!.on("error", () => {});
    this.#whenEnded = new Promise((resolve) => {
      this.#endedNow = resolve;
    });
    child.on("exit", (status, signal) => {
      this.#exit = { status, signal };
      if (this.#outputEnded) this.#tellEnd();
      else setTimeout(() => this.#tellEnd(), DRAIN_MS);
    });
    child.on("error", (error) => {
      if (child.pid === undefined) this.#tellOnce(() => events.notStarted(error));
    });
  }

  /** The end of what the process has written to standard error, as text. */
  get stderrTail(): string {
    return this.#stderr.toString("utf8").trimEnd();
  }

  /** Sends text to standard input. */
  write(text: string): void {
    if (this.#child.stdin!.writable) this.#child.stdin!.write(text, "latin1");
  }

  /** Closes standard input. */
  endInput(): void {
    this.#child.stdin!.end();
  }

  /** What has arrived of a line that is not complete. */
  get partialLine(): string {
    return Buffer.concat(this.#partial).toString("latin1");
  }

  /** Waits at most `timeoutMs` for the process to end by itself and its output to be read; true if it did. */
  async waitForEnd(timeoutMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const timedOut = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([this.#whenEnded, timedOut]);
    clearTimeout(timer);
    return this.#told;
  }

  /** Ends the process group: SIGTERM, and SIGKILL two seconds later for what is left of it. */
  async kill(): Promise<void> {
    if (this.#child.pid === undefined) return;
    this.#signal("SIGTERM");
    await this.waitForEnd(KILL_AFTER_MS);
    this.#signal("SIGKILL");
    await this.#whenEnded;
    this.#child.stdout!.destroy();
    this.#child.stderr!.destroy();
    this.#child.stdin!.destroy();
  }

  #signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.#child.pid!, signal);
    } catch {
      // The group has gone already.
    }
  }

  #read(chunk: Buffer): void {
    let start = 0;
    while (!this.#overlong) {
      const end = chunk.indexOf(LF, start);
      const stop = end === -1 ? chunk.length : end;
      this.#partialBytes += stop - start;
      if (this.#partialBytes > MAX_ANSWER_BYTES) return this.#tellOverlong(chunk.subarray(start, stop));
      if (end === -1) {
        if (start < stop) this.#partial.push(chunk.subarray(start, stop));
        return;
      }
      const text = chunk.toString("latin1", start, end);
      const line = this.#partial.length === 0 ? text : this.#takePartial() + text;
      this.#partialBytes = 0;
      this.#events.line(line);
      start = end + 1;
    }
  }

  #takePartial(): string {
    const text = Buffer.concat(this.#partial).toString("latin1");
    this.#partial = [];
    return text;
  }

  #tellOverlong(last: Buffer): void {
    this.#overlong = true;
    this.#partial.push(last);
    const start = this.#takePartial().slice(0, 80);
    this.#child.stdout!.pause();
    this.#events.overlong(start);
  }

  #keepStderr(chunk: Buffer): void {
    const all = Buffer.concat([this.#stderr, chunk]);
    this.#stderr = Buffer.from(all.subarray(Math.max(0, all.length - STDERR_TAIL_BYTES)));
  }

  #outputEnd(): void {
    this.#outputEnded = true;
    if (this.#exit) return this.#tellEnd();
    setTimeout(() => {
      if (!this.#exit) this.#events.outputClosed(this.#takePartial());
    }, DRAIN_MS).unref();
  }

  #tellEnd(): void {
    this.#tellOnce(() => this.#events.ended(this.#exit!, this.#takePartial()));
  }

  #tellOnce(tell: () => void): void {
    if (this.#told) return;
    this.#told = true;
    tell();
    this.#endedNow();
  }
}
