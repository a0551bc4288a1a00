/** What the numbers of a benchmark hold for. */

import { cpus } from "node:os";

/** The processors and the release of Node in words: `2 x AMD EPYC, Node v20.19.0`. */
export function machineText(): string {
  return `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}, Node ${process.version}`;
}
