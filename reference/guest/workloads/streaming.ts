/**
 * Memory streaming: the region is written from its beginning to its end, and again.
 */

import { countIn, type WorkloadKind } from "./workload.ts";

/**
 * Writes random bytes to the whole region, piece by piece, for ever, as a copy of large arrays or a video does: every byte of a page changes,
 * and no page comes again before all others have come.
 */
export const STREAMING: WorkloadKind<"pieceByteCount"> = {
  means: "random bytes are written to the whole region, piece by piece, in order, for ever",
  parameters: {
    pieceByteCount: { least: 1, most: 65_536, usual: 4096, means: "of each write" },
  },
  make: (region, random, { pieceByteCount }) => {
    const { block, start } = region;
    const count = countIn(region, "a piece", pieceByteCount);
    let index = 0;
    return {
      step: () => {
        block.writeRandom(start + index * pieceByteCount, pieceByteCount, random);
        index = index + 1 === count ? 0 : index + 1;
        return pieceByteCount;
      },
    };
  },
};
