/** The reference's sender on the guest of docs/adapter.md: the twin of what an adapter answers to `send`. */

import { GuestBlock, SimulatedMemory } from "../../reference/guest/memory.ts";
import { Sender, type SenderOptions } from "../../reference/index.ts";
import type { SendRequest } from "../protocol.ts";

/** The bytes of a page of the guest. */
export const PAGE_SIZE = 4096;

/** The stream of a guest that does the steps; of the options, those that a request does not say. */
export function sendByReference(
  { ramSize, cacheSize, steps }: Omit<SendRequest, "operation">,
  options: SenderOptions = {},
): Uint8Array {
  const block = new GuestBlock("ram", new Uint8Array(ramSize), PAGE_SIZE);
  const memory = new SimulatedMemory("none", [block]);
  const pieces: Uint8Array[] = [];
  const sender = new Sender(memory, (piece) => pieces.push(piece), {
    usesXbzrle: true,
    cacheSizeBytes: cacheSize,
    ...options,
  });
  sender.start(0);
  for (const step of steps) {
    if (step.kind === "write") block.write(step.offset, step.bytes);
    else doRound(sender);
  }
  untilComplete(() => sender.finish(0));
  return new Uint8Array(Buffer.concat(pieces));
}

function doRound(sender: Sender): void {
  sender.beginRound(0);
  untilComplete(() => sender.step());
}

/** Without a compressor and a limit of bytes a call does all that there is. */
function untilComplete(send: () => string): void {
  const progress = send();
  if (progress !== "complete") throw new Error(`the sender is ${progress}, with nothing to wait for`);
}
