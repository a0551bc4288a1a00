/**
 * How long an adapter has been silent.
 */

/** The longest time between two looks at the clock, in milliseconds. */
const MAX_TICK_MS = 100;
/** How many times a limit is looked at before it is reached. */
const TICKS_TO_LIMIT = 4;

/** Whose silence it is, and how long it may last. */
export interface SilenceLimits {
  readonly timeoutMs: number;
  /** How many times as long one request may be overtaken by answers to others. */
  readonly window: number;
  /** The id of the request that is open for the longest time. */
  oldestOpen(): string | undefined;
  /** Called once, when it has lasted too long. */
  tooLong(): void;
}

/**
 * A watch that runs until it is stopped. The time of a request begins when the answer before it arrives, because an adapter may
 * work through its requests one by one. Time in which the harness itself stood still (^Z, a closed lid, a busy machine) is not counted.
 */
export class SilenceWatch {
  readonly #limits: SilenceLimits;
  readonly #tickMs: number;
  readonly #timer: NodeJS.Timeout;
  #tickedAt = performance.now();
  #progressAt = this.#tickedAt;
  #silentMs = 0;
  #oldest: string | undefined;
  #overtakenMs = 0;
  #stopped = false;

  /** Starts the watch. */
  constructor(limits: SilenceLimits) {
    this.#limits = limits;
    this.#tickMs = Math.min(MAX_TICK_MS, limits.timeoutMs / TICKS_TO_LIMIT);
    this.#timer = setInterval(() => this.#tick(), this.#tickMs);
  }

  /** The adapter has said something. */
  progress(): void {
    this.#progressAt = performance.now();
    this.#silentMs = 0;
  }

  /** Stops the watch. */
  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = performance.now();
    const passedMs = Math.min(now - this.#tickedAt, 2 * this.#tickMs);
    this.#tickedAt = now;
    this.#silentMs += Math.min(passedMs, now - this.#progressAt);
    const oldest = this.#limits.oldestOpen();
    const isOvertaken = oldest !== undefined && oldest === this.#oldest;
    this.#overtakenMs = isOvertaken ? this.#overtakenMs + passedMs : 0;
    this.#oldest = oldest;
    // What has arrived by now is read before the adapter is blamed.
    if (this.#isTooLong()) setImmediate(() => this.#blame());
  }

  #blame(): void {
    if (this.#stopped || !this.#isTooLong()) return;
    this.stop();
    this.#limits.tooLong();
  }

  #isTooLong(): boolean {
    const { timeoutMs, window } = this.#limits;
    if (timeoutMs <= this.#silentMs) return true;
    return timeoutMs * window <= this.#overtakenMs && this.#limits.oldestOpen() === this.#oldest;
  }
}
