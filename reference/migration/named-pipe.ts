/**
 * Named pipes as channels. They are opened without waiting: who waits in a call of the file system cannot be interrupted.
 */

import { constants, openSync, statSync } from "node:fs";
import { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** How often it is tried whether somebody reads, in milliseconds. */
const POLL_MS = 20;

/** Says whether a path is that of a named pipe; throws the errors of the file system, but for a path that is not there. */
export function isNamedPipe(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFIFO() ?? false;
}

/** Opens a named pipe for reading, whether somebody writes to it or not yet. */
export function readPipe(path: string): Socket {
  return new Socket({ fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), readable: true, writable: false });
}

/**
 * Opens a named pipe for writing, as soon as somebody reads it.
 *
 * @param signal - Ends the waiting, with its reason.
 */
export async function writePipe(path: string, signal: AbortSignal): Promise<Socket> {
  for (;;) {
    signal.throwIfAborted();
    try {
      const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      return new Socket({ fd, readable: false, writable: true });
    } catch (error) {
      // Nobody reads it.
      if ((error as NodeJS.ErrnoException).code !== "ENXIO") throw error;
    }
    await sleep(POLL_MS);
  }
}
