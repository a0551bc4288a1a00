/**
 * Where a relay listens: the first connection has the stream, and further ones are channels that a sender opens beside it (multifd,
 * postcopy preemption), of which this relay knows nothing but where they go.
 */

import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { channelFailure } from "./failure.ts";
import { listenAt, type OnListening } from "./incoming.ts";
import { connectTo } from "./outgoing.ts";
import type { RelayUri, TcpUri, UnixUri } from "./uri.ts";

/** QEMU opens at most 255 channels for multifd, and one for postcopy. */
const MAX_FURTHER_COUNT = 256;

/** Only this machine's programs, unless an address is told (RELAY-16). */
const LOOPBACK = "127.0.0.1";

/** The same port of this machine's own address. */
function onLoopback({ port }: TcpUri): TcpUri {
  return { kind: "tcp", host: LOOPBACK, port, text: `tcp:${LOOPBACK}:${port}` };
}

/** Listens, for as long as the relay goes on. */
export class RelayListener {
  readonly #server: Server;
  readonly #further = new Set<Socket>();
  /** Those that have come before it is known what is to become of them. */
  readonly #waiting: Socket[] = [];
  #isFirst = true;
  #onFurther = (socket: Socket): void => {
    this.#waiting.push(socket);
  };

  private constructor(server: Server) {
    this.#server = server;
  }

  /**
   * Listens, and waits for the first connection for as long as it takes.
   *
   * @param place - Where: an empty host is this machine's loopback address.
   * @param signal - Ends the waiting, with its reason.
   * @param onListening - Is told when a sender can come.
   * @throws ChannelError if nobody can listen there; the reason of the signal.
   */
  static async open(place: TcpUri | UnixUri, signal: AbortSignal, onListening: OnListening) {
    const uri = place.kind === "tcp" && place.host === "" ? onLoopback(place) : place;
    // The relay's half stays open until the stream was taken: that it ends tells the sender so.
    const server = createServer({ allowHalfOpen: true });
    const listener = new RelayListener(server);
    const first = new Promise<Socket>((resolve) => {
      server.on("connection", (socket: Socket) => listener.#take(socket, resolve));
    });
    const aborted = once(signal, "abort").then(() => Promise.reject(signal.reason));
    aborted.catch(() => {});
    try {
      await Promise.race([listenAt(server, uri, onListening), aborted]);
      return { listener, socket: await Promise.race([first, aborted]) };
    } catch (error) {
      server.close();
      throw channelFailure(uri, "receiver", error);
    }
  }

  /**
   * Connects each further connection to the destination, both ways.
   *
   * @param destination - Where to; a destination that takes one stream only refuses it.
   * @param onFurther - Is told before the first byte is passed on.
   */
  connectFurther(destination: RelayUri, onFurther: () => void): void {
    this.#onFurther = (socket) => {
      if (destination.kind !== "tcp" && destination.kind !== "unix") {
        socket.destroy();
        return;
      }
      if (socket.destroyed) return;
      onFurther();
      const other = connectTo(destination, true);
      this.#further.add(socket).add(other);
      for (const [from, to] of [
        [socket, other],
        [other, socket],
      ] as const) {
        from.once("error", () => to.destroy());
        from.once("close", () => this.#further.delete(from));
        from.pipe(to);
      }
    };
    for (const socket of this.#waiting.splice(0)) this.#onFurther(socket);
  }

  /** Listens no longer, and ends what further channels there are. */
  close(): void {
    // The socket of a path is removed by this too.
    this.#server.close();
    for (const socket of [...this.#further, ...this.#waiting]) socket.destroy();
  }

  #take(socket: Socket, giveFirst: (socket: Socket) => void): void {
    // One that fails while it waits is no failure of the relay.
    socket.on("error", () => {});
    if (this.#isFirst) {
      this.#isFirst = false;
      giveFirst(socket);
    } else if (MAX_FURTHER_COUNT <= this.#waiting.length + this.#further.size / 2) socket.destroy();
    else this.#onFurther(socket);
  }
}
