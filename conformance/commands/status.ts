/**
 * The exit statuses of `xbzrle-conformance`.
 */

import type { RunVerdict } from "../report/model.ts";

/** What the program's exit status says. */
export const EXIT_STATUS = {
  conformant: 0,
  nonconformant: 1,
  usage: 2,
  /** The adapter could not be started or failed its handshake. */
  adapter: 3,
  incomplete: 4,
  /** A fault of the harness itself. */
  internal: 70,
} as const satisfies Record<RunVerdict | "usage" | "adapter" | "internal", number>;

/** One of {@link EXIT_STATUS}. */
export type ExitStatus = (typeof EXIT_STATUS)[keyof typeof EXIT_STATUS];
