/** Implementations that give an answer again, and what they take for the same request. */

import type { Answer } from "../protocol.ts";

/** Gives the last answer again for a request with the same key, if it is one that is kept. */
export function remembering<R>(
  keyOf: (request: R) => string,
  ask: (request: R) => Answer,
  isKept: (answer: Answer) => boolean = () => true,
): (request: R) => Answer {
  let lastKey: string | undefined;
  let last: Answer | undefined;
  return (request) => {
    const key = keyOf(request);
    if (last === undefined || key !== lastKey || !isKept(last)) last = ask(request);
    lastKey = key;
    return last;
  };
}

/** Bytes as a key: a character a byte. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
