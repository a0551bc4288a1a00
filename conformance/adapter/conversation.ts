/**
 * A conversation with one adapter process: handshake, requests in a window, and the first fault, which ends it.
 */

import { type Answer, HELLO_LINE, type Hello, parseHello } from "../protocol.ts";
import * as fault from "./fault.ts";
import { type Asked, OpenRequests } from "./open-requests.ts";
import { AdapterProcess, type Exit } from "./process.ts";
import { RequestLines } from "./request-lines.ts";
import { SilenceWatch } from "./silence.ts";

/** Where requests come from and answers go to; ids are unique among the requests that are open. */
export interface Feed<A extends Asked> {
  /** The next request, or nothing when there is no more. */
  next(): A | undefined;
  /** Takes the answer to a request of {@link Feed.next}. */
  answered(asked: A, answer: Answer): void;
}

/** Why {@link Conversation.drive} stopped before the feed was through. */
export interface Interruption<A extends Asked> {
  readonly fault: fault.Fault;
  /** The requests without an answer, in the order in which they were sent. */
  readonly open: readonly A[];
}

/** How long a program may take to start and to end, however quick its answers are to be, in milliseconds. */
const LEAST_START_MS = 2000;
/** How long late output is awaited after standard input was closed, in milliseconds. */
const LATE_MS = 500;

/** One stretch of a conversation, from what the harness says first to what it waits for. */
interface Exchange {
  readonly timeoutMs: number;
  readonly window: number;
  begin(): void;
  take(lines: readonly string[]): void;
  isOver(): boolean;
}

/** A started adapter that has introduced itself. */
export class Conversation {
  readonly #process: AdapterProcess;
  readonly #timeoutMs: number;
  #hello: Hello | undefined;
  #fault: fault.Fault | undefined;
  #onLines: (lines: readonly string[]) => void = () => {};
  #onFault: () => void = () => {};
  /** Set when standard input is closed: an exit is no surprise then. */
  #inputEnded = false;
  /** Set while an adapter that was silent is given a last chance: whatever it does then, it was late. */
  #timingOut = false;
  #killed: Promise<void> | undefined;
  readonly #open = new OpenRequests();
  readonly #lines = new RequestLines((bytes, taken) => this.#process.write(bytes, taken));

  /**
   * Starts an adapter and says hello; a {@link fault.AdapterStartError} says why there is no conversation.
   * After `signal` the adapter is ended, and that is why.
   */
  static async open(command: readonly string[], timeoutMs: number, signal?: AbortSignal): Promise<Conversation> {
    const conversation = new Conversation(command, timeoutMs);
    await conversation.#shakeHands(signal);
    return conversation;
  }

  private constructor(command: readonly string[], timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#process = new AdapterProcess(command, {
      lines: (lines) => this.#onLines(lines),
      overlong: (start) => this.#break("protocol-fault", fault.overlongDetail(start)),
      outputClosed: (rest) => this.#outputClosed(rest),
      ended: (exit, rest) => this.#ended(exit, rest),
      notStarted: (error) => this.#break("crash", fault.notStartedDetail(command[0]!, error)),
    });
  }

  /** How the adapter introduced itself. */
  get hello(): Hello {
    return this.#hello!;
  }

  /** True once the adapter has broken or was ended: nothing can be asked any more. */
  get isOver(): boolean {
    return this.#fault !== undefined || this.#killed !== undefined;
  }

  /** The end of the adapter's standard error. */
  get stderrTail(): string {
    return this.#process.stderrTail;
  }

  /**
   * Asks what the feed gives, at most `window` requests at a time, until all are answered. At the first fault the adapter
   * is ended, and the fault is returned with the requests that are open. After `signal` the adapter is ended.
   */
  async drive<A extends Asked>(
    feed: Feed<A>,
    window: number,
    signal?: AbortSignal,
  ): Promise<Interruption<A> | undefined> {
    let isExhausted = false;
    const fill = () => {
      while (!isExhausted && !this.#fault && !signal?.aborted && this.#open.size < window) {
        const asked = feed.next();
        if (asked === undefined) isExhausted = true;
        else {
          this.#open.add(asked);
          this.#lines.add(asked);
        }
      }
      this.#lines.flush();
    };
    await this.#exchange(
      {
        timeoutMs: this.#timeoutMs,
        window,
        begin: fill,
        take: (lines) => {
          for (const line of lines) this.#take(line, (asked, answer) => feed.answered(asked as A, answer));
          fill();
        },
        isOver: () => isExhausted && this.#open.size === 0,
      },
      signal,
    );
    if (this.#fault === undefined && !signal?.aborted) return undefined;
    await this.kill();
    return this.#fault && { fault: this.#fault, open: this.#open.all() as A[] };
  }

  /** Waits for output that nobody asked for; where some comes the adapter is ended. */
  async listen(waitMs: number): Promise<fault.Fault | undefined> {
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    if (this.#fault) await this.kill();
    return this.#fault;
  }

  /**
   * Closes standard input and waits for the adapter to end; a fault tells what it did instead.
   * After `signal` the adapter is ended, and that is no fault.
   */
  async close(signal?: AbortSignal): Promise<fault.Fault | undefined> {
    const kill = () => void this.kill();
    signal?.addEventListener("abort", kill, { once: true });
    this.#inputEnded = true;
    this.#process.endInput();
    const limitMs = Math.max(this.#timeoutMs, LEAST_START_MS);
    const ended = await this.#process.waitForEnd(limitMs);
    signal?.removeEventListener("abort", kill);
    if (!ended) this.#break("timeout", fault.runsOnDetail(limitMs));
    await this.kill();
    return this.#fault;
  }

  /** Ends the adapter and all that it has started. What it does from now on is no fault. */
  async kill(): Promise<void> {
    this.#killed ??= this.#process.kill();
    await this.#killed;
  }

  async #shakeHands(signal?: AbortSignal): Promise<void> {
    let line: string | undefined;
    await this.#exchange(
      {
        timeoutMs: Math.max(this.#timeoutMs, LEAST_START_MS),
        window: 1,
        begin: () => this.#process.write(HELLO_LINE),
        take: ([first, ...more]) => {
          line = first;
          const hello = parseHello(first!);
          if (typeof hello === "string") return;
          this.#hello = hello;
          this.#takeStray(more);
        },
        isOver: () => line !== undefined,
      },
      signal,
    );
    if (this.#hello && !this.#fault) return;
    await this.kill();
    throw new fault.AdapterStartError(this.#fault?.detail ?? fault.noHelloDetail(line), this.stderrTail);
  }

  /** Plays an exchange until it is over, until a fault, or until `signal`. Between exchanges nothing is asked, and every line is one too many. */
  async #exchange(exchange: Exchange, signal: AbortSignal | undefined): Promise<void> {
    const { timeoutMs, window } = exchange;
    const watch = new SilenceWatch({
      timeoutMs,
      window,
      oldestOpen: () => this.#open.oldestId,
      tooLong: () => void this.#timeOut(timeoutMs),
    });
    let settle = () => {};
    try {
      await new Promise<void>((resolve, reject) => {
        settle = () => {
          if (this.#fault || signal?.aborted || exchange.isOver()) resolve();
        };
        // An error of the feed is the harness's own, and not to be thrown into the event loop.
        const guarded = (step: () => void) => {
          try {
            step();
            settle();
          } catch (error) {
            reject(error);
          }
        };
        this.#onFault = settle;
        this.#onLines = (lines) => {
          guarded(() => exchange.take(lines));
          watch.progress();
        };
        signal?.addEventListener("abort", settle);
        guarded(() => exchange.begin());
      });
    } finally {
      watch.stop();
      signal?.removeEventListener("abort", settle);
      this.#onFault = () => {};
      this.#onLines = (lines) => this.#takeStray(lines);
    }
  }

  /** Takes lines while no request is open, so that none of them is an answer. */
  #takeStray(lines: readonly string[]): void {
    for (const line of lines) this.#take(line, () => {});
  }

  #take(line: string, answered: (asked: Asked, answer: Answer) => void): void {
    if (this.#fault) return;
    const reading = this.#open.read(line);
    if (reading.kind === "answer") answered(reading.asked, reading.answer);
    else this.#break("protocol-fault", reading.detail, reading.culpritId);
  }

  /** Before the adapter is ended for its silence, a closed standard input shows whether it only did not flush. */
  async #timeOut(timeoutMs: number): Promise<void> {
    if (this.#process.isEnding) return;
    const rest = this.#process.partialLine;
    let late = false;
    this.#onLines = () => {
      late = true;
    };
    this.#timingOut = true;
    this.#process.endInput();
    await this.#process.waitForEnd(LATE_MS);
    this.#timingOut = false;
    this.#break("timeout", fault.timeoutDetail(this.#stage(), { timeoutMs, late, rest }));
  }

  #outputClosed(rest: string): void {
    // After the end of its input an adapter may close its output and then take its time to end.
    if (this.#inputEnded) return;
    this.#break("protocol-fault", fault.outputClosedDetail(rest));
  }

  #ended(exit: Exit, rest: string): void {
    if (this.#inputEnded && exit.status === 0 && rest === "") return;
    this.#break("crash", fault.exitDetail(exit, rest, this.#stage()));
  }

  #stage(): fault.Stage {
    if (this.#inputEnded) return "input ended";
    return this.#hello ? this.#open.size : "no hello";
  }

  #break(verdict: fault.FaultVerdict, detail: string, culpritId?: string): void {
    if (this.#fault || this.#killed || this.#timingOut) return;
    const stderrTail = this.#process.stderrTail;
    this.#fault = { verdict, detail, stderrTail, ...(culpritId === undefined ? {} : { culpritId }) };
    this.#onFault();
  }
}
