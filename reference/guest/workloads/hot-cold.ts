/**
 * Hot and cold pages: few pages are written often, and many now and then.
 */

import { countIn, type WorkloadKind } from "./workload.ts";
import { ZIPF_EXPONENT, ZipfPicker } from "./zipf.ts";

/** Writes random bytes to pages that are picked by Zipf's law: the load for which a page cache is made, smaller than all that is written. */
export const HOT_COLD: WorkloadKind<"exponent" | "writeByteCount"> = {
  means: "random bytes are written to pages of which few are hot and many are cold (Zipf's law)",
  parameters: {
    exponent: ZIPF_EXPONENT,
    writeByteCount: { least: 1, most: 1024, usual: 64, means: "of each write, which is anywhere in the page" },
  },
  make: (region, random, { exponent, writeByteCount }) => {
    const { block, start } = region;
    const { pageSize } = block;
    const pages = new ZipfPicker(countIn(region, "a page", pageSize), exponent, random);
    return {
      step: () => {
        const offset = random.below(pageSize - writeByteCount + 1);
        block.writeRandom(start + pages.pick() * pageSize + offset, writeByteCount, random);
        return writeByteCount;
      },
    };
  },
};
