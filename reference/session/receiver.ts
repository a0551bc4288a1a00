/**
 * The receiver of a migration (docs/xbzrle/session.md): a stream that comes in pieces, and the RAM of the guest that it is for. It
 * has no cache, and is told nothing: the page that a delta is applied to is what the guest's memory holds.
 */

import { StreamReader } from "../stream/read.ts";
import { type Decompress, type Guest, GuestVisitor } from "../stream/receive.ts";

/** Where a migration stands on the side of the receiver. */
export type ReceiverStage = "receiving" | "complete" | "failed";

/** Makes the memory of one guest what one stream says. */
export class Receiver {
  /** Its blocks hold what the stream has said so far. After a failure they are not to be used. */
  readonly guest: Guest;
  readonly #reader: StreamReader;
  #byteCount = 0;
  #stage: ReceiverStage = "receiving";

  /**
   * Takes the guest, whose blocks hold what they held before; and what decompresses pages, if it is to take compressed records.
   *
   * @throws RangeError if the guest's page size is none.
   */
  constructor(guest: Guest, decompress?: Decompress) {
    this.guest = guest;
    this.#reader = new StreamReader(new GuestVisitor(guest, decompress), { pageSize: guest.pageSize });
  }

  /** How many bytes have come. */
  get byteCount(): number {
    return this.#byteCount;
  }

  /** Where the migration stands: once it has failed, or is complete, nothing more is taken. */
  get stage(): ReceiverStage {
    return this.#stage;
  }

  /**
   * Takes the next bytes of the stream, cut as you like.
   *
   * @throws MalformedStreamError at the first fault, and TypeError once that was thrown, or the stream has ended.
   */
  push(chunk: Uint8Array): void {
    this.#byteCount += chunk.length;
    this.#attempt(() => this.#reader.push(chunk));
  }

  /**
   * Takes the end of the stream: the channel was closed.
   *
   * @throws MalformedStreamError `stream-truncated` if it has ended too early, and TypeError as `push`.
   */
  end(): void {
    this.#attempt(() => this.#reader.end());
    this.#stage = "complete";
  }

  #attempt(read: () => void): void {
    if (this.#stage !== "receiving")
      throw new TypeError(
        `the receiver ${this.#stage === "failed" ? "has failed" : "is complete"}, and takes nothing more`,
      );
    try {
      read();
    } catch (error) {
      this.#stage = "failed";
      throw error;
    }
  }
}

/**
 * Makes a guest for a stream, with memory that is all zero.
 *
 * @param machine - The name of its machine type.
 * @param pageSize - In bytes, a power of two from 1024 to 65536.
 * @param blocks - The name of each RAM block and its used length in bytes, a multiple of the page size.
 * @returns The guest.
 */
export function newGuest(
  machine: string,
  pageSize: number,
  blocks: readonly { readonly name: string; readonly usedLength: number }[],
): Guest {
  const memories = blocks.map(({ name, usedLength }): [string, Uint8Array] => [name, new Uint8Array(usedLength)]);
  return { machine, pageSize, blocks: new Map(memories) };
}
