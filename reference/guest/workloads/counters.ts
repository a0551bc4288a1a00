/**
 * Counters in place: statistics, reference counts, clocks.
 */

import { countIn, type WorkloadKind } from "./workload.ts";

const COUNTER_BYTE_COUNT = 8;

/** Adds 1 to counters of 8 bytes at random: of what is written all but a byte or two is as before, so that no delta is shorter. */
export const COUNTERS: WorkloadKind<"strideByteCount"> = {
  means: "counters of 8 bytes, little-endian, picked at random, are incremented",
  parameters: {
    strideByteCount: { least: 8, most: 65_536, usual: 64, means: "from one counter to the next" },
  },
  make: (region, random, { strideByteCount }) => {
    const { block, start } = region;
    const count = countIn(region, "a counter and what stands to the next", strideByteCount);
    return {
      step: () => {
        block.increment(start + random.below(count) * strideByteCount, COUNTER_BYTE_COUNT);
        return COUNTER_BYTE_COUNT;
      },
    };
  },
};
