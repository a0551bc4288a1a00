/**
 * The scenarios that come with the program, by name (docs/simulation.md).
 */

import type { Scenario } from "../scenario.ts";
import { BULK_STAGE } from "./bulk-stage.ts";
import { COMPRESSION_IDLE, COMPRESSION_RANDOM } from "./compression-threads.ts";
import { PROPOSAL } from "./proposal.ts";

/** Those that reproduce what was published. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  proposal: PROPOSAL,
  "bulk-stage": BULK_STAGE,
  "compression-idle": COMPRESSION_IDLE,
  "compression-random": COMPRESSION_RANDOM,
};
