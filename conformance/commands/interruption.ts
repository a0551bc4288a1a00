/**
 * ^C and its like: a command is told, ends its adapter, and says what it has until then.
 */

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs something that can be interrupted; further signals do not end it before its adapter has ended. */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  for (const name of SIGNALS) process.on(name, interrupt);
  try {
    return await work(interruption.signal);
  } finally {
    for (const name of SIGNALS) process.removeListener(name, interrupt);
  }
}
