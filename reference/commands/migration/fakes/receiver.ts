/** `xbzrle receive` in this process, for who migrates to it. */

import { type Given, type Outcome, run } from "../../stream/fakes/run.ts";

/** Starts a receiver on a port that the system chooses; resolves when it listens. */
export async function startReceiver(words: readonly string[]): Promise<{ receiving: Promise<Outcome>; place: string }> {
  return new Promise((resolve) => {
    const onStderr: Given["onStderr"] = (text) =>
      resolve({ receiving, place: /listening on (\S+)/.exec(text)?.[1] ?? "" });
    const receiving = run(["receive", "tcp:127.0.0.1:0", ...words], { onStderr });
  });
}
