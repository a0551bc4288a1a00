/**
 * A conversation with one adapter process: handshake, requests in a window, and the first fault, which ends it.
 */

import {
  type Answer,
  answersOperation,
  HELLO_LINE,
  type Hello,
  parseAnswer,
  parseHello,
  quote,
  type Request,
  requestLine,
} from "../protocol.ts";
import * as fault from "./fault.ts";
import { AdapterProcess, type Exit } from "./process.ts";

/** One request on its way, under the id that it has on the wire. */
export interface Asked {
  readonly id: string;
  readonly request: Request;
}

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

/** How long late output is awaited after standard input was closed, in milliseconds. */
const LATE_MS = 500;
/** How many ids of answered requests are kept to recognise second answers. */
const REMEMBERED_IDS = 256;

/** A started adapter that has introduced itself. */
export class Conversation {
  readonly #process: AdapterProcess;
  readonly #timeoutMs: number;
  #hello: Hello | undefined;
  #fault: fault.Fault | undefined;
  #onLine: (line: string) => void = () => {};
  #onFault: () => void = () => {};
  /** Set when standard input is closed: an exit is no surprise then. */
  #inputEnded = false;
  #timingOut = false;
  #killed: Promise<void> | undefined;
  readonly #open = new Map<string, Asked>();
  readonly #answeredIds = new Set<string>();

  /** Starts an adapter and says hello; a {@link fault.AdapterStartError} says why there is no conversation. */
  static async open(command: readonly string[], timeoutMs: number): Promise<Conversation> {
    const conversation = new Conversation(command, timeoutMs);
    await conversation.#shakeHands();
    return conversation;
  }

  private constructor(command: readonly string[], timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#process = new AdapterProcess(command, {
      line: (line) => this.#onLine(line),
      overlong: (start) => this.#break("protocol-fault", fault.overlongDetail(start)),
      outputClosed: (rest) => this.#break("protocol-fault", fault.outputClosedDetail(rest)),
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
    let exhausted = false;
    let fillIsDue = false;
    await new Promise<void>((resolve) => {
      const watch = this.#watch(window);
      const settle = () => {
        if (!this.#fault && !signal?.aborted && !(exhausted && this.#open.size === 0)) return;
        clearInterval(watch.timer);
        resolve();
      };
      const fill = () => {
        fillIsDue = false;
        let text = "";
        while (!exhausted && !this.#fault && !signal?.aborted && this.#open.size < window) {
          const asked = feed.next();
          if (asked === undefined) exhausted = true;
          else {
            this.#open.set(asked.id, asked);
            text += requestLine(asked.id, asked.request);
          }
        }
        this.#process.write(text);
        settle();
      };
      this.#onFault = settle;
      this.#onLine = (line) => {
        watch.progress();
        this.#take(line, feed);
        // One write for all the answers of one chunk.
        if (!fillIsDue) queueMicrotask(fill);
        fillIsDue = true;
      };
      signal?.addEventListener("abort", settle, { once: true });
      fill();
    });
    this.#idle();
    if (this.#fault === undefined && !signal?.aborted) return undefined;
    await this.kill();
    return this.#fault && { fault: this.#fault, open: [...this.#open.values()] as A[] };
  }

  /** Waits for output that nobody asked for; where some comes the adapter is ended. */
  async listen(waitMs: number): Promise<fault.Fault | undefined> {
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    if (this.#fault) await this.kill();
    return this.#fault;
  }

  /** Closes standard input and waits for the adapter to end; a fault tells what it did instead. */
  async close(): Promise<fault.Fault | undefined> {
    this.#inputEnded = true;
    this.#process.endInput();
    const ended = await this.#process.waitForEnd(this.#timeoutMs);
    if (!ended) this.#break("timeout", fault.runsOnDetail(this.#timeoutMs));
    await this.kill();
    return this.#fault;
  }

  /** Ends the adapter and all that it has started. */
  async kill(): Promise<void> {
    this.#killed ??= this.#process.kill();
    await this.#killed;
  }

  async #shakeHands(): Promise<void> {
    const line = await new Promise<string | undefined>((resolve) => {
      const watch = this.#watch(1);
      const settle = (first?: string) => {
        clearInterval(watch.timer);
        resolve(first);
      };
      this.#onLine = settle;
      this.#onFault = settle;
      this.#process.write(HELLO_LINE);
    });
    this.#idle();
    const hello = line === undefined ? this.#fault!.detail : parseHello(line);
    if (typeof hello !== "string") {
      this.#hello = hello;
      return;
    }
    await this.kill();
    const what =
      line === undefined
        ? hello
        : `it answered the handshake with ${quote(line)}: ${hello}; it should answer "hello 1 NAME VERSION encode decode"`;
    throw new fault.AdapterStartError(what, this.stderrTail);
  }

  /** Between drives nothing is asked, so that every line is one too many. */
  #idle(): void {
    this.#onFault = () => {};
    this.#onLine = (line) => this.#stray(line);
  }

  #take<A extends Asked>(line: string, feed: Feed<A>): void {
    if (this.#fault) return;
    const parsed = parseAnswer(line);
    const asked = parsed.kind === "answer" ? this.#open.get(parsed.id) : undefined;
    if (parsed.kind === "invalid" || asked === undefined) return this.#stray(line);
    const { operation } = asked.request;
    if (!answersOperation(parsed.answer.kind, operation)) {
      return this.#break("protocol-fault", fault.wrongKindDetail(line, operation), parsed.id);
    }
    this.#open.delete(parsed.id);
    this.#remember(parsed.id);
    feed.answered(asked as A, parsed.answer);
  }

  #stray(line: string): void {
    if (this.#fault) return;
    const parsed = parseAnswer(line);
    if (parsed.kind === "invalid") this.#break("protocol-fault", fault.invalidLineDetail(line, parsed.what));
    else if (this.#answeredIds.has(parsed.id)) this.#break("protocol-fault", fault.secondAnswerDetail(line), parsed.id);
    else this.#break("protocol-fault", fault.unknownIdDetail(line));
  }

  #remember(id: string): void {
    this.#answeredIds.add(id);
    if (this.#answeredIds.size <= REMEMBERED_IDS) return;
    const [oldest] = this.#answeredIds;
    this.#answeredIds.delete(oldest!);
  }

  /**
   * Watches the clock while something is open. The time of a request begins when the answer before it arrives, because an
   * adapter may work through its requests one by one; and a request that others overtake for `window` times as long is late too.
   */
  #watch(window: number): { timer: NodeJS.Timeout; progress(): void } {
    let progressAt = Date.now();
    let oldestId: string | undefined;
    let oldestAt = progressAt;
    const timer = setInterval(
      () => {
        const now = Date.now();
        const [oldest] = this.#open.keys();
        if (oldest !== oldestId) oldestAt = now;
        oldestId = oldest;
        if (now - progressAt < this.#timeoutMs && now - oldestAt < this.#timeoutMs * window) return;
        clearInterval(timer);
        void this.#timeOut();
      },
      Math.min(100, this.#timeoutMs / 4),
    );
    return {
      timer,
      progress: () => {
        progressAt = Date.now();
      },
    };
  }

  /** Before the adapter is ended for its silence, a closed standard input shows whether it only did not flush. */
  async #timeOut(): Promise<void> {
    const rest = this.#process.partialLine;
    let late: "answers" | "nothing" = "nothing";
    this.#onLine = () => {
      late = "answers";
    };
    this.#timingOut = true;
    this.#process.endInput();
    await this.#process.waitForEnd(LATE_MS);
    this.#break("timeout", fault.timeoutDetail(this.#timeoutMs, late, rest));
  }

  #ended(exit: Exit, rest: string): void {
    if (this.#timingOut) return;
    if (this.#inputEnded && exit.status === 0 && rest === "") return;
    if (this.#inputEnded) return this.#break("crash", fault.exitDetail(exit, rest, "after the end of standard input"));
    const open = this.#open.size;
    const when = this.#hello ? `with ${open} request${open === 1 ? "" : "s"} open` : "before it had said hello";
    this.#break("crash", fault.exitDetail(exit, rest, when));
  }

  #break(verdict: fault.FaultVerdict, detail: string, culpritId?: string): void {
    if (this.#fault) return;
    const stderrTail = this.#process.stderrTail;
    this.#fault = { verdict, detail, stderrTail, ...(culpritId === undefined ? {} : { culpritId }) };
    this.#onFault();
  }
}
