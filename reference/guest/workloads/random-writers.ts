/**
 * Random writers: no place of the memory is like another, and nothing that is written has been there before.
 */

import { countIn, type WorkloadKind } from "./workload.ts";

/**
 * Writes random bytes to random places. The second table of QEMU's text on multiple-thread compression (2015) was measured beside an
 * application that writes random numbers; with whole pages it is the load on which XBZRLE does not pay.
 */
export const RANDOM_WRITERS: WorkloadKind<"writeByteCount"> = {
  means: "random bytes are written to random places",
  parameters: {
    writeByteCount: { least: 1, most: 65_536, usual: 8, means: "of each write; its place is a multiple of it" },
  },
  make: (region, random, { writeByteCount }) => {
    const { block, start } = region;
    const count = countIn(region, "a write", writeByteCount);
    return {
      step: () => {
        block.writeRandom(start + random.below(count) * writeByteCount, writeByteCount, random);
        return writeByteCount;
      },
    };
  },
};
