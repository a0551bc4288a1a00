/**
 * Asks cases of an adapter in a window, restarts it when it breaks, finds out which of the requests in flight broke it
 * by asking them again one at a time, and never loses what was answered.
 */

import { Conversation, type Feed, type Interruption } from "../adapter/conversation.ts";
import { AdapterStartError, type Fault } from "../adapter/fault.ts";
import { type Answer, type Hello, type Operation, quote } from "../protocol.ts";
import { askAlone, type CaseRequest, caseRequests, faultResult } from "./ask.ts";
import { type Case, type CaseResult, isFailure, judgeAnswer, type Level } from "./case.ts";

/** After this many restarts a run stops (docs/adapter.md). A second start to find the culprit belongs to the same restart. */
const MAX_RESTARTS = 20;

/** How a run asks. */
export interface HarnessOptions {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly timeoutMs: number;
  /** How many requests are in flight at most. */
  readonly window: number;
  readonly level: Level;
  /** Stop at the first failure that is not known. */
  readonly failFast: boolean;
  /** True if the failure is known; none is unless told. */
  readonly isKnown?: (result: CaseResult) => boolean;
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
  return run.toEnd(await Conversation.open(options.command, options.timeoutMs, options.signal));
}

/** How many answered requests are kept to find the one that was answered twice. */
const RECENT_REQUESTS = 256;

const INTERRUPTED = "interrupted";

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
  #failedFast = false;

  constructor(cases: Iterable<Case>, options: HarnessOptions, record: (result: CaseResult) => void) {
    this.#cases = cases[Symbol.iterator]();
    this.#options = options;
    this.#record = record;
  }

  async toEnd(conversation: Conversation): Promise<Ending> {
    const { hello } = conversation;
    this.#conversation = conversation;
    this.#operations = new Set(hello.operations);
    try {
      const adapterFault = await this.#askAll();
      return {
        hello,
        restarts: this.#restarts,
        failedFast: this.#failedFast,
        ...(this.#stopped !== undefined && { stopped: this.#stopped }),
        ...(adapterFault && { adapterFault }),
      };
    } finally {
      await this.#conversation.kill();
    }
  }

  /** Asks until there is no more to ask or no sense in it; returns the first fault that has no case. */
  async #askAll(): Promise<Fault | undefined> {
    const { signal, window } = this.#options;
    let adapterFault: Fault | undefined;
    while (this.#stopped === undefined) {
      const interruption = await this.#conversation.drive(this, window, signal);
      const fault = interruption ? await this.#recover(interruption) : await this.#close();
      if (fault) this.#failed = true;
      adapterFault ??= fault;
      if (signal?.aborted) this.#stopped ??= INTERRUPTED;
      if (!interruption) break;
    }
    return adapterFault;
  }

  next(): CaseRequest | undefined {
    if (this.#failed && this.#options.failFast) {
      this.#failedFast = true;
      this.#stopped = "stopped at the first failure (--fail-fast)";
      return undefined;
    }
    while (this.#queue.length === 0) {
      const { done, value } = this.#cases.next();
      if (done) return undefined;
      if (this.#operations.has(value.operation)) this.#queue = caseRequests(value);
      else this.#tell({ case: value, verdict: "unsupported", detail: "the adapter does not offer the operation" });
    }
    return this.#queue.shift();
  }

  answered(request: CaseRequest, answer: Answer): void {
    this.#remember(request);
    if (request.isJudged) this.#tell(judgeAnswer(request.case, answer, this.#conversation.stderrTail));
  }

  /** Ends an adapter that has answered everything; returns a fault that has no case. */
  async #close(): Promise<Fault | undefined> {
    const { signal } = this.#options;
    if (signal?.aborted) return undefined;
    const fault = await this.#conversation.close(signal);
    return fault && this.#blame(fault, []) ? undefined : fault;
  }

  #remember(request: CaseRequest): void {
    this.#recent.set(request.id, request.case);
    if (this.#recent.size <= RECENT_REQUESTS) return;
    const [oldest] = this.#recent.keys();
    this.#recent.delete(oldest!);
  }

  /** After a fault: finds its case, restarts, and queues again what is still open. Returns a fault that has no case. */
  async #recover({ fault, open }: Interruption<CaseRequest>): Promise<Fault | undefined> {
    // Between two requests of one case nothing may be open, and it is being asked all the same.
    const asked = open.length === 0 ? this.#queue.slice(0, 1).filter(isNotFirst) : open;
    const suspects = casesOf(asked);
    // A case whose first requests have been sent is asked again from its first.
    const waiting = new Set([...suspects, ...casesOf(this.#queue)]);
    const culprit = this.#blame(fault, asked);
    if (culprit) waiting.delete(culprit);
    const restarted = await this.#restart(fault);
    if (restarted && !culprit && suspects.size !== 0) {
      for (const told of await this.#isolate(fault, suspects)) waiting.delete(told);
    }
    this.#queue = [...waiting].flatMap(caseRequests);
    return culprit || suspects.size !== 0 ? undefined : fault;
  }

  /** Records the fault on the case that is known to have caused it, if one is. */
  #blame({ culpritId, ...fault }: Fault, open: readonly CaseRequest[]): Case | undefined {
    const suspects = casesOf(open);
    const [first] = suspects;
    const known = open.find(({ id }) => id === culpritId)?.case ?? this.#recent.get(culpritId ?? "");
    const culprit = known ?? (suspects.size === 1 ? first : undefined);
    if (culprit) this.#tell(faultResult(culprit, fault));
    return culprit;
  }

  /** Asks the suspects again one at a time until one breaks the adapter again; returns those that have a verdict. */
  async #isolate(fault: Fault, suspects: ReadonlySet<Case>): Promise<Case[]> {
    const told: Case[] = [];
    for (const suspect of suspects) {
      const requests = caseRequests(suspect);
      const { result, fault: again } = await askAlone(this.#conversation, suspect, this.#options.signal);
      if (again) {
        told.push(this.#blame(again, requests)!);
        await this.#startAgain(again);
        return told;
      }
      if (result.verdict === "not-run") return told;
      for (const request of requests) this.#remember(request);
      this.#tell(result);
      told.push(suspect);
    }
    const detail = `${fault.detail}; it did not happen again when the ${suspects.size} requests in flight were asked one at a time`;
    this.#tell(faultResult(told[0]!, { ...fault, detail }));
    return told;
  }

  /** Restarts the adapter after a fault; false if the run stops instead. */
  async #restart(fault: Fault): Promise<boolean> {
    if (this.#restarts === MAX_RESTARTS) {
      this.#stopped = `the adapter broke again after ${MAX_RESTARTS} restarts: ${fault.detail}`;
      return false;
    }
    this.#restarts++;
    return this.#startAgain(fault);
  }

  /** Starts the adapter again after a fault; false if it does not start, and the run stops. */
  async #startAgain(fault: Fault): Promise<boolean> {
    const { command, timeoutMs, signal } = this.#options;
    await this.#conversation.kill();
    try {
      this.#conversation = await Conversation.open(command, timeoutMs, signal);
      return true;
    } catch (error) {
      if (!(error instanceof AdapterStartError)) throw error;
      this.#stopped = signal?.aborted
        ? INTERRUPTED
        : `${fault.detail}; the adapter could not be started again: ${error.message}${lastWords(error)}`;
      return false;
    }
  }

  #tell(result: CaseResult): void {
    const { level, isKnown } = this.#options;
    if (isFailure(result.verdict, level) && !isKnown?.(result)) this.#failed = true;
    this.#record(result);
  }
}

/** True if requests of the same case were sent before it. */
function isNotFirst(request: CaseRequest): boolean {
  return request.id !== caseRequests(request.case)[0]!.id;
}

function casesOf(requests: readonly CaseRequest[]): Set<Case> {
  return new Set(requests.map((request) => request.case));
}

/** The last line on standard error. */
function lastWords({ stderrTail }: AdapterStartError): string {
  const last = stderrTail.split("\n").at(-1)!;
  return last === "" ? "" : `; its standard error ends with ${quote(last)}`;
}
