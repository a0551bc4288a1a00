/**
 * The channel of a receiver: bytes come from a socket, a command or a file. The mirror of `outgoing.ts`.
 */

import { once } from "node:events";
import { createReadStream } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { startCommand } from "./command.ts";
import { channelFailure } from "./failure.ts";
import { isNamedPipe, readPipe } from "./named-pipe.ts";
import { type Patience, patiently } from "./patience.ts";
import { type ChunkSource, chunksOf, type StandardEnds, standardInput } from "./standard.ts";
import type { ExecUri, FileUri, MigrationUri, RelayUri, StandardUri, TcpUri, UnixUri } from "./uri.ts";

/** Is told that a receiver listens, and where: with the port that the system has chosen, if it was to. */
export type OnListening = (place: string) => void;

/** What a channel is made of. */
interface Parts {
  readonly chunks: ChunkSource;
  /** What takes bytes back to the other side; left out where there is no way back. */
  readonly answers?: Writable | undefined;
  /** Resolves, once all bytes have come, if these are all that there should be; rejects with a ChannelError if not. */
  readonly whole: Promise<void>;
  /** Ends what is left once all bytes have come. */
  readonly complete: () => void;
  /** Resolves when the other side has ended well, and rejects with a ChannelError if it has not. */
  readonly ended: Promise<void>;
  /** Ends it at once: the other side is to notice. */
  readonly drop: () => void;
}

/** Gives the chunks of a stream as they are asked for. */
export class IncomingChannel {
  readonly #uri: RelayUri;
  readonly #parts: Parts;
  readonly #patience: Patience;

  private constructor(uri: RelayUri, parts: Parts, patience: Patience) {
    this.#uri = uri;
    this.#parts = parts;
    this.#patience = patience;
  }

  /**
   * Opens a channel. A receiver that listens waits for its sender for as long as it takes, and takes one.
   *
   * @param uri - Where from.
   * @param patience - How it waits.
   * @param onListening - Is told when a sender can come.
   * @throws ChannelError if that cannot be had; the reason of the signal.
   */
  static async open(uri: MigrationUri, patience: Patience, onListening: OnListening): Promise<IncomingChannel> {
    try {
      return new IncomingChannel(uri, await openParts(uri, patience.signal, onListening), patience);
    } catch (error) {
      throw channelFailure(uri, "receiver", error);
    }
  }

  /** Makes a channel of a socket that was accepted. */
  static ofSocket(uri: TcpUri | UnixUri, socket: Socket, patience: Patience): IncomingChannel {
    return new IncomingChannel(uri, socketParts(uri, socket), patience);
  }

  /** Makes a channel of standard input, and of standard output as the way back, if that is not needed otherwise. */
  static ofStandard(uri: StandardUri, ends: StandardEnds, answers: Writable | undefined, patience: Patience) {
    const nothing = Promise.resolve();
    const chunks = standardInput(ends);
    // Nobody may be there to hear them: that is no failure of the stream.
    answers?.on("error", () => {});
    const parts = { chunks, answers, whole: nothing, complete: () => {}, ended: nothing, drop: () => chunks.destroy() };
    return new IncomingChannel(uri, parts, patience);
  }

  /** What takes bytes back to the sender: the return path. `undefined` where there is no way back. */
  get answers(): Writable | undefined {
    return this.#parts.answers;
  }

  /**
   * Gives the bytes up to the end of the channel; no more is read ahead than a chunk, which is gone when the next is asked for.
   *
   * @throws ChannelError if the other side fails, or sends nothing; the reason of the signal.
   */
  async *chunks(): AsyncGenerator<Uint8Array> {
    const { stallMs, signal } = this.#patience;
    const isEndless = stallMs === Number.POSITIVE_INFINITY;
    // Once, and not for each chunk: to wait takes as long as to read.
    if (isEndless) signal.addEventListener("abort", () => this.interrupt(signal.reason), { once: true });
    try {
      for (;;) {
        signal.throwIfAborted();
        const next = this.#parts.chunks.next();
        const chunk = await (isEndless ? next : this.#patiently(next));
        if (chunk === undefined) return await this.#patiently(this.#parts.whole);
        yield chunk;
      }
    } catch (error) {
      throw channelFailure(this.#uri, "receiver", error);
    }
  }

  /**
   * Says that the stream was taken, and waits until the other side has ended.
   *
   * @throws ChannelError and the reason of the signal, as `chunks`.
   */
  async finish(): Promise<void> {
    this.#parts.complete();
    await this.#patiently(this.#parts.ended);
  }

  /** Ends the channel in the middle of the stream: whoever waits for a chunk is thrown the error. */
  interrupt(error: Error): void {
    this.#parts.chunks.destroy(error);
  }

  /** Ends the channel in the middle of the stream; after `finish` it does nothing. */
  abandon(): void {
    this.#parts.drop();
  }

  #patiently<Result>(awaited: Promise<Result>): Promise<Result> {
    return patiently(awaited, this.#patience, `${this.#uri.text}: the sender has sent nothing, and has not ended,`);
  }
}

async function openParts(uri: MigrationUri, signal: AbortSignal, onListening: OnListening): Promise<Parts> {
  switch (uri.kind) {
    case "tcp":
    case "unix":
      return socketParts(uri, await accepted(uri, signal, onListening));
    case "exec":
      return commandParts(uri);
    case "file":
      return fileParts(uri, signal);
  }
}

/** Listens for one sender. */
async function accepted(uri: TcpUri | UnixUri, signal: AbortSignal, onListening: OnListening): Promise<Socket> {
  // Our half stays open until the stream was taken: that it ends tells the sender so.
  const server = createServer({ allowHalfOpen: true });
  const connection = once(server, "connection", { signal });
  connection.catch(() => {});
  try {
    await listenAt(server, uri, onListening);
    const [socket] = await connection;
    return socket as Socket;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    // The socket of a path is removed by this too.
    server.close();
  }
}

/** Has a server listen, and tells where; throws the errors of the system. */
export async function listenAt(server: Server, uri: TcpUri | UnixUri, onListening: OnListening): Promise<void> {
  if (uri.kind === "unix") server.listen(uri.path);
  else server.listen({ port: uri.port, ...(uri.host !== "" && { host: uri.host }) });
  await once(server, "listening");
  onListening(placeOf(uri, server));
}

/** Where a server listens, with the port that the system has chosen, if it was to. */
function placeOf(uri: TcpUri | UnixUri, server: Server): string {
  if (uri.kind !== "tcp" || uri.port !== 0) return uri.text;
  return uri.text.replace(/0+$/, String((server.address() as AddressInfo).port));
}

function socketParts(uri: TcpUri | UnixUri, socket: Socket): Parts {
  const ended = new Promise<void>((resolve, reject) => {
    socket.on("error", (error) => reject(channelFailure(uri, "receiver", error)));
    socket.once("close", () => resolve());
  });
  ended.catch(() => {});
  const drop = () => (uri.kind === "tcp" ? socket.resetAndDestroy() : socket.destroy());
  return {
    chunks: chunksOf(socket),
    answers: socket,
    whole: Promise.resolve(),
    complete: () => socket.end(),
    ended,
    drop,
  };
}

function commandParts(uri: ExecUri): Parts {
  const { child, ended, kill } = startCommand(uri, "receiver");
  const stream = child.stdout as Readable;
  const drop = () => {
    stream.destroy();
    kill();
  };
  return { chunks: chunksOf(stream), whole: ended, complete: () => {}, ended, drop };
}

async function fileParts({ path }: FileUri, signal: AbortSignal): Promise<Parts> {
  const isPipe = isNamedPipe(path);
  const stream = isPipe ? readPipe(path) : createReadStream(path, { highWaterMark: CHUNK_SIZE });
  try {
    // Who writes to a pipe is waited for as long as who connects to a socket.
    await once(stream, isPipe ? "readable" : "open", { signal });
  } catch (error) {
    stream.destroy();
    signal.throwIfAborted();
    throw error;
  }
  const nothing = Promise.resolve();
  return { chunks: chunksOf(stream), whole: nothing, complete: () => {}, ended: nothing, drop: () => stream.destroy() };
}

/** How much of a file is read at a time, in bytes. */
const CHUNK_SIZE = 512 * 1024;
