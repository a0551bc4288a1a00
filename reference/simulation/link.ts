/**
 * The link between the hosts, on a virtual clock: it carries bytes in order, at a rate, and the sender may be ahead of it by what its
 * socket holds.
 */

/** How far a sender may be ahead of the link, in milliseconds: a send buffer of a quarter of a megabyte at 1 Gb/s. */
const BUFFER_MS = 2;

/** Carries bytes. */
export class VirtualLink {
  readonly #bytesPerMs: number;
  #emptyMs = 0;
  #busyMs = 0;

  /** Takes the rate in bytes a second, more than 0. */
  constructor(bytesPerSecond: number) {
    this.#bytesPerMs = bytesPerSecond / 1000;
  }

  /** When all bytes that were given have arrived, in milliseconds. */
  get emptyMs(): number {
    return this.#emptyMs;
  }

  /** How long it has carried bytes, in milliseconds. */
  get busyMs(): number {
    return this.#busyMs;
  }

  /** How long it takes for so many bytes, in milliseconds. */
  msFor(byteCount: number): number {
    return byteCount / this.#bytesPerMs;
  }

  /** Takes bytes at a time in milliseconds, not before the last; gives when the sender can go on. */
  carry(byteCount: number, nowMs: number): number {
    const durationMs = this.msFor(byteCount);
    this.#busyMs += durationMs;
    this.#emptyMs = Math.max(this.#emptyMs, nowMs) + durationMs;
    return Math.max(nowMs, this.#emptyMs - BUFFER_MS);
  }
}
