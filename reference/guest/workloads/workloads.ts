/**
 * All kinds of workloads by name (docs/guests.md).
 */

import { requireInRange } from "../../range.ts";
import { Random } from "../random.ts";
import { COUNTERS } from "./counters.ts";
import { DATABASE } from "./database.ts";
import { HOT_COLD } from "./hot-cold.ts";
import { IDLE } from "./idle.ts";
import { RANDOM_WRITERS } from "./random-writers.ts";
import { STREAMING } from "./streaming.ts";
import { SYNTHETIC } from "./synthetic.ts";
import { type Region, requireRegion, type Workload, type WorkloadKind } from "./workload.ts";

/** The kinds, in the order of the document. */
export const WORKLOADS: Readonly<Record<string, WorkloadKind>> = {
  idle: IDLE,
  synthetic: SYNTHETIC,
  "random-writers": RANDOM_WRITERS,
  "hot-cold": HOT_COLD,
  database: DATABASE,
  counters: COUNTERS,
  streaming: STREAMING,
};

/**
 * Makes a workload. Of two with the same arguments, in equal memory, each step writes the same.
 *
 * @param name - Of the kind.
 * @param region - Where it writes.
 * @param seed - An integer from 0 to 2^53 - 1.
 * @param given - Values of parameters by name; a parameter that is left out has its usual value.
 * @throws RangeError for a name, a parameter or a value that is none, or a region outside of its block or too small.
 */
export function createWorkload(
  name: string,
  region: Region,
  seed: number,
  given: Readonly<Record<string, number>> = {},
): Workload {
  const kind = Object.hasOwn(WORKLOADS, name) ? WORKLOADS[name] : undefined;
  if (kind === undefined) {
    throw new RangeError(`workload has to be one of ${Object.keys(WORKLOADS).join(", ")}, not ${name}`);
  }
  const unknown = Object.keys(given).find((parameter) => !Object.hasOwn(kind.parameters, parameter));
  if (unknown !== undefined) {
    const known = Object.keys(kind.parameters).join(", ") || "none";
    throw new RangeError(`workload ${name} has no parameter ${unknown}; its parameters: ${known}`);
  }
  requireRegion(region);
  const values = Object.entries(kind.parameters).map(([parameter, range]) => [
    parameter,
    requireInRange(parameter, given[parameter] ?? range.usual, range),
  ]);
  return kind.make(region, new Random(seed), Object.fromEntries(values));
}
