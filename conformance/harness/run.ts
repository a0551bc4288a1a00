/**
 * Asks cases of an adapter in a window, restarts it when it breaks, finds out which of the requests in flight broke it
 * by asking them again one at a time, and never loses what was answered.
 */

import { Conversation, type Feed } from "../adapter/conversation.ts";
import { AdapterStartError, type Fault } from "../adapter/fault.ts";
import type { Answer, Hello, Operation } from "../protocol.ts";
import { askAlone, type CaseRequest, caseRequests, faultResult } from "./ask.ts";
import { type Case, type CaseResult, isFailure, judgeAnswer, type Level } from "./case.ts";

/** After this many restarts a run stops (docs/adapter.md). */
const MAX_RESTARTS = 20;

/** How a run asks. */
export interface HarnessOptions {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly timeoutMs: number;
  /** How many requests are in flight at most. */
  readonly window: number;
  readonly level: Level;
  /** Stop at the first failure. */
  readonly failFast: boolean;
  /** Stops the run; what was answered is kept. */
  readonly signal?: AbortSignal;
}

/** How a run ended. */
export interface Ending {
  readonly hello: Hello;
  readonly restarts: number;
  /** Why the run stopped before its last case, in words. */
  readonly stopped?: string;
  /** True if it stopped because of {@link HarnessOptions.failFast}. */
  readonly failedFast: boolean;
  /** What the adapter did wrong when no request was open. */
  readonly adapterFault?: Fault;
}

/**
 * Asks the cases, and gives each result to `record`; a case is recorded again when a fault that shows later is found to be its own.
 * Throws {@link AdapterStartError} if the adapter cannot be started at all.
 */
export async function runCases(
  cases: Iterable<Case>,
  options: HarnessOptions,
  record: (result: CaseResult) => void,
): Promise<Ending> {
  const run = new Run(cases, options, record);
  return run.toEnd(await Conversation.open(options.command, options.timeoutMs));
}

/** How many answered cases are kept to find the one that was answered twice. */
const RECENT_CASES = 256;

class Run implements Feed<CaseRequest> {
  readonly #cases: Iterator<Case>;
  readonly #options: HarnessOptions;
  readonly #record: (result: CaseResult) => void;
  /** Requests that come before the next case. */
  #queue: CaseRequest[] = [];
  readonly #recent = new Map<string, Case>();
  #conversation!: Conversation;
  #operations: ReadonlySet<Operation> = new Set();
  #restarts = 0;
  #stopped: string | undefined;
  #failed = false;

  constructor(cases: Iterable<Case>, options: HarnessOptions, record: (result: CaseResult) => void) {
    this.#cases = cases[Symbol.iterator]();
    this.#options = options;
    this.#record = record;
  }

  async toEnd(conversation: Conversation): Promise<Ending> {
    const { hello } = conversation;
    const { signal, window } = this.#options;
    this.#conversation = conversation;
    this.#operations = new Set(hello.operations);
    let adapterFault: Fault | undefined;
    while (this.#stopped === undefined) {
      const interruption = await this.#conversation.drive(this, window, signal);
      if (signal?.aborted) this.#stopped = "interrupted";
      else if (interruption) {
        const open = [...new Set(interruption.open.map((request) => request.case))];
        const fault = await this.#recover(interruption.fault, open);
        adapterFault ??= fault;
      } else {
        const fault = await this.#conversation.close();
        if (fault && !this.#blame(fault, [])) adapterFault ??= fault;
        break;
      }
    }
    await this.#conversation.kill();
    return {
      hello,
      restarts: this.#restarts,
      failedFast: this.#failed && this.#options.failFast,
      ...(this.#stopped !== undefined && { stopped: this.#stopped }),
      ...(adapterFault && { adapterFault }),
    };
  }

  next(): CaseRequest | undefined {
    if (this.#failed && this.#options.failFast) {
      this.#stopped = "stopped at the first failure (--fail-fast)";
      return undefined;
    }
    while (this.#queue.length === 0) {
      const { done, value } = this.#cases.next();
      if (done) return undefined;
      if (this.#operations.has(value.request.operation)) this.#queue = caseRequests(value);
      else this.#tell({ case: value, verdict: "unsupported", detail: "the adapter does not offer the operation" });
    }
    return this.#queue.shift();
  }

  answered(request: CaseRequest, answer: Answer): void {
    if (!request.isJudged) return;
    this.#recent.set(request.id, request.case);
    if (this.#recent.size > RECENT_CASES) {
      const [oldest] = this.#recent.keys();
      this.#recent.delete(oldest!);
    }
    this.#tell(judgeAnswer(request.case, answer, this.#conversation.stderrTail));
  }

  /** After a fault: finds its case, restarts, and queues again what is still open. Returns a fault that has no case. */
  async #recover(fault: Fault, open: readonly Case[]): Promise<Fault | undefined> {
    const blamed = this.#blame(fault, open);
    const restarted = await this.#restart();
    if (blamed || !restarted) {
      this.#queueAgain(open.filter((asked) => asked !== blamed));
      return undefined;
    }
    if (open.length === 0) return fault;
    await this.#isolate(fault, open);
    return undefined;
  }

  /** Records the fault on the case that is known to have caused it, if one is. */
  #blame(fault: Fault, open: readonly Case[]): Case | undefined {
    const { culpritId } = fault;
    const known = open.find(({ id }) => id === culpritId) ?? (culpritId && this.#recent.get(culpritId));
    const culprit = known || (open.length === 1 ? open[0] : undefined);
    if (culprit) this.#tell(faultResult(culprit, fault));
    return culprit;
  }

  /** Asks the suspects again one at a time until one breaks the adapter again. */
  async #isolate(fault: Fault, suspects: readonly Case[]): Promise<void> {
    const { signal } = this.#options;
    for (const [index, suspect] of suspects.entries()) {
      const result = await askAlone(this.#conversation, suspect, signal);
      if (signal?.aborted) return;
      this.#tell(result);
      if (!isFault(result)) continue;
      this.#queueAgain(suspects.slice(index + 1));
      await this.#restart();
      return;
    }
    const detail = `${fault.detail}; it did not happen again when the ${suspects.length} requests in flight were asked one at a time`;
    this.#tell(faultResult(suspects[0]!, { ...fault, detail }));
  }

  #queueAgain(cases: readonly Case[]): void {
    // A case whose first requests have been sent is asked again from its first.
    const waiting = [...cases, ...this.#queue.map((request) => request.case)];
    this.#queue = [...new Set(waiting)].flatMap(caseRequests);
  }

  async #restart(): Promise<boolean> {
    await this.#conversation.kill();
    if (this.#restarts === MAX_RESTARTS) {
      this.#stopped = `the adapter broke again after ${MAX_RESTARTS} restarts`;
      return false;
    }
    this.#restarts++;
    try {
      this.#conversation = await Conversation.open(this.#options.command, this.#options.timeoutMs);
      return true;
    } catch (error) {
      if (!(error instanceof AdapterStartError)) throw error;
      this.#stopped = `the adapter could not be started again: ${error.message}`;
      return false;
    }
  }

  #tell(result: CaseResult): void {
    if (isFailure(result.verdict, this.#options.level)) this.#failed = true;
    this.#record(result);
  }
}

function isFault({ verdict }: CaseResult): boolean {
  return verdict === "timeout" || verdict === "crash" || verdict === "protocol-fault";
}
