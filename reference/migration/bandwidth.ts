/**
 * How fast a migration may be, and is: windows of 100 ms, as QEMU has them. It has no clock; the time is told to it.
 */

/** The parameter `max-bandwidth`, in bytes a second, unless told: 128 MiB. */
export const DEFAULT_MAX_BANDWIDTH = 2 ** 27;

/** The length of a window, in milliseconds. */
const WINDOW_MS = 100;

/** What a window allows, and what the last one has carried. */
export class Bandwidth {
  readonly #windowBytes: number;
  #beganMs = Number.NaN;
  #sentBytes = 0;
  #bytesPerMs = 0;

  /** Takes the greatest number of bytes a second; 0 is no limit. */
  constructor(maxBytesPerSecond: number) {
    this.#windowBytes = maxBytesPerSecond === 0 ? Number.POSITIVE_INFINITY : (maxBytesPerSecond * WINDOW_MS) / 1000;
  }

  /** Begins the first window; times are in milliseconds, on a clock of the caller that does not go back. */
  start(nowMs: number): void {
    this.#beganMs = nowMs;
  }

  /** How many bytes the last window has carried in a millisecond; 0 before the end of the first, when nothing is known. */
  get bytesPerMs(): number {
    return this.#bytesPerMs;
  }

  /** Says that so many bytes were sent. */
  count(byteCount: number): void {
    this.#sentBytes += byteCount;
  }

  /** How many bytes may be sent in this window; 0 or less: none. What was sent too much is made up for in the windows that follow. */
  allowance(nowMs: number): number {
    if (WINDOW_MS <= nowMs - this.#beganMs) this.#beginWindow(nowMs);
    return this.#windowBytes - this.#sentBytes;
  }

  /** How long it is to the end of the window, in milliseconds; 0 or less if that is over. */
  msToNextWindow(nowMs: number): number {
    return this.#beganMs + WINDOW_MS - nowMs;
  }

  #beginWindow(nowMs: number): void {
    const debtBytes = Math.max(0, this.#sentBytes - this.#windowBytes);
    this.#bytesPerMs = (this.#sentBytes - debtBytes) / (nowMs - this.#beganMs);
    this.#beganMs = nowMs;
    this.#sentBytes = debtBytes;
  }
}
