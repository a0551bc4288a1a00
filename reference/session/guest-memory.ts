/**
 * What a sender sees of a guest (docs/xbzrle/session.md, "Rounds"): its blocks, which of its pages it has written to, and what a
 * page holds. The guest may run, and write, whenever the sender does not stand in one of these calls.
 *
 * The pages of a guest are numbered from 0 through all blocks, in the order of the blocks.
 */

import type { RamBlock } from "../record/record.ts";
import type { PageSet } from "./page-set.ts";

/** The memory of a guest that is migrated. */
export interface GuestMemory {
  /** The name of its machine type, a character a byte. */
  readonly machine: string;
  /** In bytes, a power of two from 1024 to 65536. */
  readonly pageSize: number;
  /** Its RAM blocks, at least one; each of a multiple of the page size, and not resized while it is migrated. */
  readonly blocks: readonly RamBlock[];
  /**
   * Adds the pages that were written to since the last call, or ever, and forgets them: a write after this call makes
   * its page dirty again. Returns how many these were.
   */
  takeDirty(dirty: PageSet): number;
  /**
   * Copies a page to `target`, from `start` on: a snapshot, that no write changes any more. `address` is that of
   * the page in its block, in bytes.
   */
  readPage(block: RamBlock, address: number, target: Uint8Array, start: number): void;
}

/**
 * Says how many pages a guest has.
 *
 * @param memory - The guest's blocks and page size.
 * @returns The pages of all blocks.
 */
export function pageCountOf({ blocks, pageSize }: GuestMemory): number {
  return blocks.reduce((sum, { usedLength }) => sum + usedLength / pageSize, 0);
}
