/**
 * ^C and its like: a command is told, and ends what it has begun: an adapter, a file that is half written.
 */

import { InterruptedError } from "./streams.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs something that can be interrupted; further signals do not end it before it has ended what it has begun. */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort(new InterruptedError("interrupted"));
  for (const name of SIGNALS) process.on(name, interrupt);
  try {
    return await work(interruption.signal);
  } finally {
    for (const name of SIGNALS) process.removeListener(name, interrupt);
  }
}
