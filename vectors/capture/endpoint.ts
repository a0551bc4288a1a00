/**
 * A unix socket that QEMU connects to when it starts: the capture listens first, so that nothing has to be polled and
 * no byte of the guest is missed.
 */

import { createServer, type Socket } from "node:net";

const DOT = ".".charCodeAt(0);

/** A listening socket. */
export interface Endpoint {
  /** The one connection that is accepted; pending for as long as QEMU does not connect. */
  readonly connection: Promise<Socket>;
  /** Stops listening; a connection that was accepted lives on. */
  readonly close: () => void;
}

/** Listens on the path; resolves when QEMU may be started, rejects with the errors of `node:net`. */
export async function listen(path: string): Promise<Endpoint> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  const connection = new Promise<Socket>((resolve) => {
    server.once("connection", (socket) => {
      // A lost connection is a QEMU that ended: machine.ts learns why from the process.
      socket.on("error", () => {});
      resolve(socket);
    });
  });
  return { connection, close: () => server.close() };
}

/** Counts the dots that a guest writes to its serial port, from now on; `count` keeps up with them. */
export function countDots(serial: Socket): { readonly count: number } {
  const dots = { count: 0 };
  serial.on("data", (bytes: Uint8Array) => {
    for (const byte of bytes) if (byte === DOT) dots.count += 1;
  });
  return dots;
}
