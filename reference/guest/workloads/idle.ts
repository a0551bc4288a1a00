/**
 * The idle guest: nothing is written.
 */

import type { WorkloadKind } from "./workload.ts";

/** The idle guest, as in the first table of QEMU's text on multiple-thread compression (2015): what it holds is all there is to send. */
export const IDLE: WorkloadKind<never> = {
  means: "nothing is written",
  parameters: {},
  make: () => ({ step: () => 0 }),
};
