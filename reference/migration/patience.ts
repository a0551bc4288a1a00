/**
 * Waiting for a peer: not longer than told, and not after an interruption.
 */

import { ChannelError } from "./error.ts";

/** How a migration waits. */
export interface Patience {
  /** How long a peer may stand still, in milliseconds; `Infinity` for as long as it likes. */
  readonly stallMs: number;
  /** Ends all waiting, with its reason. */
  readonly signal: AbortSignal;
}

/**
 * Waits for something that a peer has to do.
 *
 * @param awaited - Is not cancelled if the waiting ends before it.
 * @param patience - How long.
 * @param stalled - What is said if it takes too long, up to the time: `tcp:10.0.0.7:4444 takes no bytes`.
 * @returns What was awaited.
 * @throws ChannelError after too long; the reason of the signal; what was awaited throws.
 */
export async function patiently<Result>(
  awaited: Promise<Result>,
  { stallMs, signal }: Patience,
  stalled: string,
): Promise<Result> {
  let give: (error: unknown) => void = () => {};
  const givenUp = new Promise<never>((_, reject) => {
    give = reject;
  });
  const interrupt = () => give(signal.reason);
  const stall = () => {
    give(
      new ChannelError(`${stalled} for ${stallMs / 1000} s; look after the other side, or wait longer with --timeout`),
    );
  };
  const timer = stallMs === Number.POSITIVE_INFINITY ? undefined : setTimeout(stall, stallMs);
  signal.addEventListener("abort", interrupt);
  if (signal.aborted) interrupt();
  try {
    return await Promise.race([awaited, givenUp]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", interrupt);
  }
}
