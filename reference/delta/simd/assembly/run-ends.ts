/**
 * The run ends of two pages, as in reference/delta/encode.ts: the page offsets at which the first zrun ends, the first
 * nzrun, the second zrun, and so on.
 */

import { BLOCK_ENDS, BLOCK_OFFSETS, BLOCK_SIZE, RUN_ENDS } from "./scratch";

/** How many bytes are passed over or written down in one step, and how many blocks these are. */
const STRETCH_SIZE: u32 = 4 * BLOCK_SIZE;

/** After so many stretches in which a run ends, the next one is not expected to be equal. */
const BUSY: u32 = 2;

/** What `findRunEnds` gives where more runs end than a delta of the capacity has room for. */
export const TOO_MANY: usize = 0;

/**
 * Finds the run ends of two pages.
 *
 * @param most - The greatest number of run ends that are of use.
 * @returns Where the list in `RUN_ENDS` ends: two for each pair, and none for two equal pages. `TOO_MANY` for more than
 * `most`.
 */
export function findRunEnds(oldPage: usize, newPage: usize, pageSize: u32, most: u32): usize {
  const blocksEnd = compareBlocks(oldPage, newPage, pageSize);
  if (blocksEnd === 0) return RUN_ENDS;
  // The last block may go on behind the page.
  const leftInPage = pageSize & (BLOCK_SIZE - 1);
  if (leftInPage !== 0 && load<u32>(blocksEnd - 8, BLOCK_OFFSETS) === pageSize - leftInPage) {
    store<u64>(blocksEnd - 8, load<u64>(blocksEnd - 8, BLOCK_ENDS) & (((<u64>1) << leftInPage) - 1), BLOCK_ENDS);
  }
  const listEnd = listEnds(blocksEnd, RUN_ENDS + most * 4);
  if (((listEnd - RUN_ENDS) & 4) === 0) return listEnd;
  // An nzrun that ends with the page.
  store<u32>(listEnd, pageSize);
  return listEnd + 4;
}

/**
 * Compares the pages, and keeps the blocks in which a run ends.
 * Stretches that are equal, or changed to the last byte, are passed over. Others are written down block by block without
 * a branch, the next block over one in which no run ends: in a page with a change in each 100 bytes, a branch for each
 * block would be mispredicted half of the time.
 *
 * @returns Where the blocks that are kept end, counted in bytes from 0 in `BLOCK_ENDS` and in `BLOCK_OFFSETS`.
 */
function compareBlocks(oldPage: usize, newPage: usize, pageSize: u32): usize {
  let blocksEnd: usize = 0;
  let inNzrun: u64 = 0;
  let busyCount: u32 = 0;
  for (let pageOffset: u32 = 0; pageOffset < pageSize; ) {
    const stretchEnd = min(pageOffset + STRETCH_SIZE, pageSize);
    if (pageOffset + STRETCH_SIZE === stretchEnd) {
      if (inNzrun !== 0) {
        if (isChangedStretch(oldPage + pageOffset, newPage + pageOffset)) {
          pageOffset = stretchEnd;
          continue;
        }
      } else if (busyCount < BUSY && isEqualStretch(oldPage + pageOffset, newPage + pageOffset)) {
        pageOffset = stretchEnd;
        busyCount = 0;
        continue;
      }
    }
    const endBefore = blocksEnd;
    for (; pageOffset < stretchEnd; pageOffset += BLOCK_SIZE) {
      const changed = compareBlock(oldPage + pageOffset, newPage + pageOffset);
      // A run ends at each byte that is changed where the byte before is not, and the other way about.
      const ends = changed ^ ((changed << 1) | inNzrun);
      inNzrun = changed >> 63;
      store<u64>(blocksEnd, ends, BLOCK_ENDS);
      store<u32>(blocksEnd, pageOffset, BLOCK_OFFSETS);
      blocksEnd += (<usize>(ends !== 0)) << 3;
    }
    busyCount = blocksEnd === endBefore ? 0 : busyCount + 1;
  }
  return blocksEnd;
}

/** True if all bytes of a stretch are the same. Block by block, so that all is in registers. */
function isEqualStretch(oldBytes: usize, newBytes: usize): bool {
  if (allEqual(oldBytes, newBytes) !== 0xffff) return false;
  if (allEqual(oldBytes + 64, newBytes + 64) !== 0xffff) return false;
  if (allEqual(oldBytes + 128, newBytes + 128) !== 0xffff) return false;
  return allEqual(oldBytes + 192, newBytes + 192) === 0xffff;
}

/** True if all bytes of a stretch differ. */
function isChangedStretch(oldBytes: usize, newBytes: usize): bool {
  if (anyEqual(oldBytes, newBytes) !== 0) return false;
  if (anyEqual(oldBytes + 64, newBytes + 64) !== 0) return false;
  if (anyEqual(oldBytes + 128, newBytes + 128) !== 0) return false;
  return anyEqual(oldBytes + 192, newBytes + 192) === 0;
}

/** Gives a bit for each byte of a vector: set where the bytes of all four vectors of a block are the same. */
function allEqual(oldBytes: usize, newBytes: usize): i32 {
  const equal0 = i8x16.eq(v128.load(oldBytes), v128.load(newBytes));
  const equal1 = i8x16.eq(v128.load(oldBytes, 16), v128.load(newBytes, 16));
  const equal2 = i8x16.eq(v128.load(oldBytes, 32), v128.load(newBytes, 32));
  const equal3 = i8x16.eq(v128.load(oldBytes, 48), v128.load(newBytes, 48));
  return i8x16.bitmask(v128.and(v128.and(equal0, equal1), v128.and(equal2, equal3)));
}

/** The same, set where the bytes of one of the four are the same. */
function anyEqual(oldBytes: usize, newBytes: usize): i32 {
  const equal0 = i8x16.eq(v128.load(oldBytes), v128.load(newBytes));
  const equal1 = i8x16.eq(v128.load(oldBytes, 16), v128.load(newBytes, 16));
  const equal2 = i8x16.eq(v128.load(oldBytes, 32), v128.load(newBytes, 32));
  const equal3 = i8x16.eq(v128.load(oldBytes, 48), v128.load(newBytes, 48));
  return i8x16.bitmask(v128.or(v128.or(equal0, equal1), v128.or(equal2, equal3)));
}

/** Gives a bit for each of 64 bytes, the lowest for the first: set where they differ. It reads all 64, past the page too. */
function compareBlock(oldBytes: usize, newBytes: usize): u64 {
  const equal0 = i8x16.bitmask(i8x16.eq(v128.load(oldBytes), v128.load(newBytes)));
  const equal1 = i8x16.bitmask(i8x16.eq(v128.load(oldBytes, 16), v128.load(newBytes, 16)));
  const equal2 = i8x16.bitmask(i8x16.eq(v128.load(oldBytes, 32), v128.load(newBytes, 32)));
  const equal3 = i8x16.bitmask(i8x16.eq(v128.load(oldBytes, 48), v128.load(newBytes, 48)));
  const low = <u64>(<u32>(equal0 | (equal1 << 16)));
  const high = <u64>(<u32>(equal2 | (equal3 << 16)));
  return ~(low | (high << 32));
}

/**
 * Turns the bits of the blocks into a list of page offsets. Four are written at once, which is more than most blocks
 * have: the next block writes over what is too much.
 *
 * @param mostEnd - Where the list ends that is as long as it may be.
 * @returns Where the list ends, or `TOO_MANY`.
 */
function listEnds(blocksEnd: usize, mostEnd: usize): usize {
  let listEnd = RUN_ENDS;
  for (let block: usize = 0; block < blocksEnd; block += 8) {
    let ends = load<u64>(block, BLOCK_ENDS);
    const pageOffset = load<u32>(block, BLOCK_OFFSETS);
    let at = listEnd;
    listEnd += (<usize>popcnt(ends)) << 2;
    if (mostEnd < listEnd) return TOO_MANY;
    do {
      store<u32>(at, pageOffset + <u32>ctz(ends));
      ends &= ends - 1;
      store<u32>(at, pageOffset + <u32>ctz(ends), 4);
      ends &= ends - 1;
      store<u32>(at, pageOffset + <u32>ctz(ends), 8);
      ends &= ends - 1;
      store<u32>(at, pageOffset + <u32>ctz(ends), 12);
      ends &= ends - 1;
      at += 16;
    } while (ends !== 0);
  }
  return listEnd;
}
