/**
 * Standard output as a channel: what cannot be written at once waits, where `process.stdout` would hold up all else.
 */

import { fstatSync } from "node:fs";
import { Socket } from "node:net";
import type { Writable } from "node:stream";

/** The file descriptor of standard output. */
const STDOUT = 1;

/**
 * Gives standard output as a stream that can be ended.
 *
 * @param stdout - What it is where it is no pipe and no socket.
 */
export function standardOutput(stdout: Writable): Writable {
  const stat = fstatSync(STDOUT);
  return stat.isFIFO() || stat.isSocket() ? new Socket({ fd: STDOUT, readable: false, writable: true }) : stdout;
}
