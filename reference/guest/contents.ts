/**
 * What the memory of a simulated guest holds before anything is written: pages that are zero, pages that compress, and pages that do not.
 */

import { type Range, requireInRange } from "../range.ts";
import type { GuestBlock } from "./memory.ts";
import { Random } from "./random.ts";

/** Of all pages of a block, how many are of a kind, 0 to 1. The rest holds random bytes. */
export interface ContentShares {
  /** All zero. */
  readonly zero: number;
  /** Words of a small vocabulary, as programs and their structures are made of: zlib makes less than a third of them (level 1: one part in 3.4). */
  readonly words: number;
}

const SHARES: Range = { least: 0, most: 1, isContinuous: true };

/** How many words there are, and how many bytes each has; and how many bytes between two words are random. */
const WORD_COUNT = 32;
const WORD_BYTE_COUNT = 16;
const NOISE_BYTE_COUNT = 1;

/**
 * Fills a block, page by page, as before its guest has started: nothing of it is dirty.
 *
 * @param block - Is all zero before.
 * @param shares - How many pages are of which kind; together at most 1.
 * @param seed - The same gives the same bytes.
 * @throws RangeError for shares or a seed that are none.
 */
export function layContents(block: GuestBlock, { zero, words }: ContentShares, seed: number): void {
  requireInRange("zero", zero, SHARES);
  requireInRange("words", words, { ...SHARES, most: 1 - zero });
  const random = new Random(seed);
  const vocabulary = new Uint8Array(WORD_COUNT * WORD_BYTE_COUNT);
  random.fill(vocabulary, 0, vocabulary.length);
  for (let start = 0; start < block.bytes.length; start += block.pageSize) {
    const kind = random.fraction();
    const end = start + block.pageSize;
    if (kind < zero) continue;
    if (kind < zero + words) fillWithWords(block.bytes, start, end, vocabulary, random);
    else random.fill(block.bytes, start, end);
  }
}

function fillWithWords(bytes: Uint8Array, start: number, end: number, vocabulary: Uint8Array, random: Random): void {
  for (let offset = start; offset < end; ) {
    const word = random.below(WORD_COUNT) * WORD_BYTE_COUNT;
    const wordEnd = Math.min(end, offset + WORD_BYTE_COUNT);
    bytes.set(vocabulary.subarray(word, word + wordEnd - offset), offset);
    offset = Math.min(end, wordEnd + NOISE_BYTE_COUNT);
    random.fill(bytes, wordEnd, offset);
  }
}
