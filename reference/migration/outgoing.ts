/**
 * The channel of a sender: bytes go to a socket, a command or a file. The mirror of `incoming.ts`.
 */

import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { connect, type Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { quoteName } from "../errors.ts";
import { startCommand } from "./command.ts";
import { ChannelError } from "./error.ts";
import { channelFailure } from "./failure.ts";
import { isNamedPipe, writePipe } from "./named-pipe.ts";
import { PartFile } from "./part-file.ts";
import { type Patience, patiently } from "./patience.ts";
import type { ExecUri, FileUri, MigrationUri, RelayUri, StandardUri, TcpUri, UnixUri } from "./uri.ts";

/** How much of what a stranger says is quoted. */
const QUOTED_LENGTH = 40;

/** What a channel is made of. */
interface Parts {
  readonly stream: Writable;
  /** What the other side says, where it may say something. */
  readonly answers?: Readable | undefined;
  /** Resolves when the other side has taken all and has ended, and rejects with a ChannelError if it has failed. */
  readonly ended: Promise<void>;
  /** What is left to be done once it has ended. */
  readonly complete: () => void;
  /** Ends it at once: the other side is to notice that it is not complete. */
  readonly drop: () => void;
}

/** Takes the pieces of a stream, in order, as fast as the other side does. */
export class OutgoingChannel {
  readonly #uri: RelayUri;
  readonly #parts: Parts;
  readonly #patience: Patience;
  #waitingBytes = 0;
  #onWritten: () => void = () => {};
  #isOver = false;

  private constructor(uri: RelayUri, parts: Parts, patience: Patience) {
    this.#uri = uri;
    this.#parts = parts;
    this.#patience = patience;
    const over = () => {
      this.#isOver = true;
      this.#onWritten();
    };
    parts.ended.then(over, over);
  }

  /**
   * Opens a channel.
   *
   * @param uri - Where to.
   * @param patience - How it waits, now and later.
   * @param mayAnswer - Whether the other side may say something; unless told it may not, and is no receiver if it does.
   * @throws ChannelError if that cannot be had; the reason of the signal.
   */
  static async open(uri: MigrationUri, patience: Patience, mayAnswer = false): Promise<OutgoingChannel> {
    try {
      return new OutgoingChannel(uri, await openParts(uri, patience, mayAnswer), patience);
    } catch (error) {
      throw channelFailure(uri, "sender", error);
    }
  }

  /** Makes a channel of standard output. */
  static ofStandard(uri: StandardUri, stdout: Writable, patience: Patience): OutgoingChannel {
    const parts = { stream: stdout, ended: endOf(uri, stdout), complete: () => {}, drop: () => stdout.destroy() };
    return new OutgoingChannel(uri, parts, patience);
  }

  /** What the receiver says: the return path. `undefined` where it may say nothing, or has no way to. */
  get answers(): Readable | undefined {
    return this.#parts.answers;
  }

  /** Calls back if the other side fails, with a ChannelError. */
  onFailure(tell: (error: Error) => void): void {
    this.#parts.ended.catch(tell);
  }

  /** Takes a piece, which is kept until it is written; who wants it back is told. */
  write(piece: Uint8Array, onWritten?: (piece: Uint8Array) => void): void {
    this.#waitingBytes += piece.length;
    this.#parts.stream.write(piece, (error) => {
      // Why a piece could not be written is said by how the other side ends.
      if (error) return;
      this.#waitingBytes -= piece.length;
      onWritten?.(piece);
      this.#onWritten();
    });
  }

  /**
   * Waits until all pieces are on their way, and lets others have their turn.
   *
   * @param maxWaitingBytes - How many bytes of them need not be; a caller that waits for what it reads lets others have it there.
   * @throws ChannelError if the other side has failed, has ended before it had taken them, or takes nothing; the reason of the signal.
   */
  async drained(maxWaitingBytes = 0): Promise<void> {
    if (maxWaitingBytes === 0) await nextTurn();
    this.#patience.signal.throwIfAborted();
    while (maxWaitingBytes < this.#waitingBytes && !this.#isOver) {
      const written = new Promise<void>((resolve) => {
        this.#onWritten = resolve;
      });
      await this.#patiently(written);
    }
    if (!this.#isOver) return;
    await this.#parts.ended;
    // QEMU ends as soon as it has the last byte, and does not wait for the end of the channel.
    if (0 < this.#waitingBytes) throw channelFailure(this.#uri, "sender", { code: "EPIPE" });
  }

  /**
   * Says that the stream is complete, and waits until the other side has ended.
   *
   * @throws ChannelError and the reason of the signal, as `drained`.
   */
  async finish(): Promise<void> {
    await this.drained();
    this.#parts.stream.end();
    await this.#patiently(this.#parts.ended);
    try {
      this.#parts.complete();
    } catch (error) {
      throw channelFailure(this.#uri, "sender", error);
    }
  }

  /** Ends the channel in the middle of the stream; after `finish` it does nothing. */
  abandon(): void {
    this.#parts.drop();
  }

  #patiently(awaited: Promise<void>): Promise<void> {
    return patiently(awaited, this.#patience, `${this.#uri.text}: the receiver has taken nothing, and has not ended,`);
  }
}

async function openParts(uri: MigrationUri, patience: Patience, mayAnswer: boolean): Promise<Parts> {
  switch (uri.kind) {
    case "tcp":
    case "unix":
      return connected(uri, connectTo(uri), patience, mayAnswer);
    case "exec":
      return commandParts(uri, mayAnswer);
    case "file":
      return fileParts(uri, patience);
  }
}

/** Begins to connect; unless told, our half ends with the other. */
export function connectTo(uri: TcpUri | UnixUri, allowHalfOpen = false): Socket {
  const place = uri.kind === "tcp" ? { host: uri.host || "localhost", port: uri.port } : { path: uri.path };
  return connect({ ...place, allowHalfOpen });
}

async function connected(
  uri: TcpUri | UnixUri,
  socket: Socket,
  patience: Patience,
  mayAnswer: boolean,
): Promise<Parts> {
  try {
    await patiently(once(socket, "connect"), patience, `${uri.text}: nobody has answered`);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  if (!mayAnswer) socket.once("data", (said: Buffer) => socket.destroy(strangerFailure(uri, said)));
  // Over TCP the other side is told that the stream is not complete; a unix socket has no way to.
  const drop = () => (uri.kind === "tcp" ? socket.resetAndDestroy() : socket.destroy());
  return {
    stream: socket,
    answers: mayAnswer ? socket : undefined,
    ended: endOf(uri, socket),
    complete: () => {},
    drop,
  };
}

/** Who answers is no receiver: it has no reason to say anything. */
function strangerFailure({ text }: MigrationUri, said: Buffer): ChannelError {
  const quoted = quoteName(said.toString("latin1", 0, QUOTED_LENGTH));
  return new ChannelError(`${text}: what listens there says ${quoted}, and a receiver says nothing; name a receiver`);
}

function commandParts(uri: ExecUri, mayAnswer: boolean): Parts {
  const { child, ended, kill } = startCommand(uri, "sender", mayAnswer);
  const stream = child.stdin as Writable;
  // A command that reads no more: how it ends says why.
  stream.on("error", () => {});
  const drop = () => {
    stream.destroy();
    kill();
  };
  return { stream, answers: child.stdout ?? undefined, ended, complete: () => {}, drop };
}

async function fileParts(uri: FileUri, patience: Patience): Promise<Parts> {
  if (isNamedPipe(uri.path)) return pipeParts(uri, patience);
  const file = new PartFile(uri.path, true);
  const stream = createWriteStream(file.writtenPath, { flags: file.openFlags });
  await once(stream, "open");
  const drop = () => {
    stream.destroy();
    file.discard();
  };
  return { stream, ended: endOf(uri, stream), complete: () => file.complete(), drop };
}

async function pipeParts(uri: FileUri, patience: Patience): Promise<Parts> {
  const waiting = new AbortController();
  try {
    const signal = AbortSignal.any([patience.signal, waiting.signal]);
    const stream = await patiently(writePipe(uri.path, signal), patience, `${uri.text}: nobody has read`);
    return { stream, ended: endOf(uri, stream), complete: () => {}, drop: () => stream.destroy() };
  } finally {
    waiting.abort();
  }
}

/** Resolves when the stream is closed, and rejects with a ChannelError if it fails. */
function endOf(uri: RelayUri, stream: Writable): Promise<void> {
  const ended = new Promise<void>((resolve, reject) => {
    stream.on("error", (error) => reject(channelFailure(uri, "sender", error)));
    stream.once("close", () => resolve());
  });
  // Nobody may be waiting for it when it fails.
  ended.catch(() => {});
  return ended;
}
