/**
 * A database: a block of it is changed in its header and in a few fields.
 */

import { countIn, type WorkloadKind } from "./workload.ts";
import { ZIPF_EXPONENT, ZipfPicker } from "./zipf.ts";

/** A header is that of a page of PostgreSQL in its first two fields: the place in the log, 8 bytes, and a checksum, 2 bytes. */
const LOG_PLACE_BYTE_COUNT = 8;
const CHECKSUM_BYTE_COUNT = 2;
const HEADER_BYTE_COUNT = 24;

/**
 * Changes the header and a few fields of a block, as a database does with a row: the enterprise applications that XBZRLE was proposed for
 * (qemu-devel, August 2011: SAP ERP) update memory in such sparse patterns.
 */
export const DATABASE: WorkloadKind<"blockByteCount" | "exponent" | "fieldCount" | "fieldByteCount"> = {
  means: "in blocks of a database, few of them hot, the header and a few fields are changed",
  parameters: {
    blockByteCount: { least: 512, most: 65_536, usual: 8192, means: "of a block of the database" },
    exponent: ZIPF_EXPONENT,
    fieldCount: { least: 0, most: 64, usual: 4, means: "how many fields of a block are changed each time" },
    fieldByteCount: { least: 1, most: 256, usual: 8, means: "of each field; its place is a multiple of it" },
  },
  make: (region, random, { blockByteCount, exponent, fieldCount, fieldByteCount }) => {
    const { block } = region;
    const blocks = new ZipfPicker(countIn(region, "a block of the database", blockByteCount), exponent, random);
    const placeCount = Math.floor((blockByteCount - HEADER_BYTE_COUNT) / fieldByteCount);
    const byteCount = LOG_PLACE_BYTE_COUNT + CHECKSUM_BYTE_COUNT + fieldCount * fieldByteCount;
    return {
      step: () => {
        const header = region.start + blocks.pick() * blockByteCount;
        block.increment(header, LOG_PLACE_BYTE_COUNT);
        block.writeRandom(header + LOG_PLACE_BYTE_COUNT, CHECKSUM_BYTE_COUNT, random);
        for (let field = 0; field < fieldCount; field++) {
          const place = header + HEADER_BYTE_COUNT + random.below(placeCount) * fieldByteCount;
          block.writeRandom(place, fieldByteCount, random);
        }
        return byteCount;
      },
    };
  },
};
