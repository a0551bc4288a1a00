/**
 * A whole migration, on the side of the receiver: a channel, and what takes its bytes. The mirror of `send.ts`.
 */

import type { IncomingChannel } from "./incoming.ts";

/** What takes a stream: the `Receiver` of a session, or a reader, with threads or without. */
export interface StreamTaker {
  /** Takes a chunk, which is not kept. Throws MalformedStreamError. */
  push(chunk: Uint8Array): void | Promise<void>;
  /** Takes the end. Throws MalformedStreamError. */
  end(): void | Promise<void>;
}

/**
 * Receives a stream, to its end.
 *
 * @param channel - Is told at the end that the stream was taken.
 * @param taker - Is given what comes, as it comes.
 * @param onProgress - Is told after each chunk how many bytes it had.
 * @throws ChannelError if the other side fails; the reason of the channel's signal; MalformedStreamError.
 */
export async function receive(
  channel: IncomingChannel,
  taker: StreamTaker,
  onProgress: (byteCount: number) => void = () => {},
): Promise<void> {
  for await (const chunk of channel.chunks()) {
    await taker.push(chunk);
    onProgress(chunk.length);
  }
  await taker.end();
  await channel.finish();
}
