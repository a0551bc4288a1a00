/**
 * A link that is held to a rate: a program on loopback that stands between the two ends of a migration, carries what the source
 * sends, counts it, and can stall and be cut. What the destination says goes back without a limit.
 *
 * The source sees the speed of the link: little is taken ahead of what is passed on, and a unix socket holds some 200 KiB.
 */

import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Bytes that may be passed on at once after a pause: 10 ms at 20 MB/s, so that a late timer costs nothing. */
const BURST_MS = 10;
/** How often the allowance is looked at while it is used up. */
const TICK_MS = 1;
/** What is taken of the source ahead of what is passed on. */
const AHEAD_BYTES = 64 * 1024;

/** Where the source connects to, or the destination listens: a path of a unix socket, or a port of 127.0.0.1. */
export type LinkEnd = { readonly path: string } | { readonly port: number };

/** A link for one connection. */
export class Link {
  /** Bytes of the source that were passed on. */
  byteCount = 0;
  /** Bytes a second; may be changed while the link is used. */
  rate: number;
  readonly #server: Server;
  readonly #destinationEnd: LinkEnd;
  #source: Socket | undefined;
  #destination: Socket | undefined;
  #isStalled = false;
  #allowance = 0;
  #allowedAtMs = 0;
  #timer: NodeJS.Timeout | undefined;

  private constructor(destinationEnd: LinkEnd, rate: number) {
    this.#destinationEnd = destinationEnd;
    this.rate = rate;
    this.#server = createServer({ highWaterMark: AHEAD_BYTES, allowHalfOpen: true }, (source) => this.#carry(source));
  }

  /**
   * Listens for a source; port 0 stands for one that the system chooses. The destination is connected to when the source comes.
   *
   * @param rate - Bytes a second; infinity for no limit.
   * Rejects with the errors of `node:net`.
   */
  static async open(sourceEnd: LinkEnd, destinationEnd: LinkEnd, rate: number): Promise<Link> {
    const link = new Link(destinationEnd, rate);
    link.#server.listen("path" in sourceEnd ? sourceEnd : { ...sourceEnd, host: "127.0.0.1" });
    await once(link.#server, "listening");
    return link;
  }

  /** What QEMU calls the end that the source connects to. */
  get uri(): string {
    const address = this.#server.address();
    return typeof address === "string" ? `unix:${address}` : `tcp:127.0.0.1:${address?.port}`;
  }

  /** From now on nothing is passed on; the connections stay. */
  stall(): void {
    this.#isStalled = true;
  }

  /** What was stalled goes on. */
  resume(): void {
    this.#isStalled = false;
    this.#passOn();
  }

  /** Ends both connections at once, with what is under way, and listens no more. */
  cut(): void {
    clearTimeout(this.#timer);
    this.#server.close();
    for (const socket of [this.#source, this.#destination]) socket?.destroy();
  }

  #carry(source: Socket): void {
    const destination = connect({ ...this.#destinationEnd, allowHalfOpen: true });
    this.#source = source;
    this.#destination = destination;
    this.#allowedAtMs = performance.now();
    this.#server.close();
    source.on("readable", () => this.#passOn());
    source.once("end", () => destination.end());
    destination.on("drain", () => this.#passOn());
    destination.pipe(source);
    // An end that breaks takes the other with it, as it would see it without a link between them.
    for (const [end, other] of [
      [source, destination],
      [destination, source],
    ] as const) {
      end.on("error", () => {});
      end.once("close", (hadError) => {
        if (hadError) other.destroy();
      });
    }
    destination.once("close", () => source.destroy());
  }

  /** Passes on as much as the rate allows by now. */
  #passOn(): void {
    clearTimeout(this.#timer);
    const source = this.#source;
    const destination = this.#destination;
    if (source === undefined || destination === undefined || this.#isStalled) return;
    this.#allow();
    while (0 < source.readableLength && !destination.writableNeedDrain) {
      const byteCount = Math.min(source.readableLength, Math.floor(this.#allowance));
      if (byteCount === 0) {
        this.#timer = setTimeout(() => this.#passOn(), TICK_MS);
        return;
      }
      this.#allowance -= byteCount;
      this.byteCount += byteCount;
      destination.write(source.read(byteCount));
    }
    // Asks the socket for more, or for its end.
    if (source.readableLength === 0) source.read(0);
  }

  #allow(): void {
    const nowMs = performance.now();
    const most = (this.rate * BURST_MS) / 1000;
    const gained = (this.rate * (nowMs - this.#allowedAtMs)) / 1000;
    this.#allowance = Math.min(most, this.#allowance + gained);
    this.#allowedAtMs = nowMs;
  }
}
