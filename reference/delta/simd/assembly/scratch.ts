/**
 * What the codec keeps while it works on one page, at the start of its memory: nothing is allocated.
 * The offsets are in bytes; the memory behind `END` is the caller's.
 */

/** The greatest number of bytes of a page, and the number of them that are compared in one step. */
const MAX_PAGE_SIZE: usize = 65536;
export const BLOCK_SIZE: u32 = 64;

/** For each block in which a run ends, a u64 with a bit set for each byte at which one does; one more may be written. */
export const BLOCK_ENDS: usize = 0;

/** For each of those blocks its page offset, a u32 in every 8 bytes. */
export const BLOCK_OFFSETS: usize = BLOCK_ENDS + (MAX_PAGE_SIZE / BLOCK_SIZE + 1) * 8;

/** The run ends of a page, two for each pair, as page offsets: one u32 each, with room for bridges and for four more. */
export const RUN_ENDS: usize = BLOCK_OFFSETS + (MAX_PAGE_SIZE / BLOCK_SIZE + 1) * 8;

/** Where the caller's memory begins. */
export const END: usize = RUN_ENDS + (MAX_PAGE_SIZE + 16) * 4;
