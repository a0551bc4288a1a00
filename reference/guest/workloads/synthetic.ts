/**
 * The synthetic load of the XBZRLE proposal.
 */

import type { WorkloadKind } from "./workload.ts";

/**
 * The read/write load of the XBZRLE proposal (qemu-devel, August 2011, patch v4), which the measurements of 2013 (patchwork 224331) use
 * too: for ever, it increments the bytes at i * 1024 of an array of 16 MiB, in order. The region is the array.
 */
export const SYNTHETIC: WorkloadKind<"strideByteCount"> = {
  means: "each byte at a multiple of the stride is incremented, in order, for ever",
  parameters: {
    strideByteCount: { least: 1, most: 2 ** 20, usual: 1024, means: "from one byte that is incremented to the next" },
  },
  make: (region, _, { strideByteCount }) => {
    const { block, start } = region;
    const count = Math.ceil(region.byteCount / strideByteCount);
    let index = 0;
    return {
      step: () => {
        block.increment(start + index * strideByteCount, 1);
        index = index + 1 === count ? 0 : index + 1;
        return 1;
      },
    };
  },
};
