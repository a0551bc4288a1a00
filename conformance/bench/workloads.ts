/**
 * What the codecs are measured on: how the new pages differ from the old ones, and the room for a delta.
 */

/** The number of bytes of a page, and of pages: 64 MiB of old ones, and as many new ones. */
export const PAGE_SIZE = 4096;
export const PAGE_COUNT = 16_384;

/** A workload. */
export interface Workload {
  readonly name: string;
  /** The room for a delta in bytes: a page, as a sender has it, or more. */
  readonly capacity: number;
  /** Changes the new pages, which equal the old ones, with random numbers. */
  readonly change: (newPages: Uint8Array, below: (limit: number) => number) => void;
}

const everyByte = (newPages: Uint8Array, step: number) => {
  for (let offset = 0; offset < newPages.length; offset += step) newPages[offset]! ^= 0xa5;
};

/** Changes each byte with a probability of one in a number. */
const oneIn = (count: number) => (newPages: Uint8Array, below: (limit: number) => number) => {
  for (let offset = 0; offset < newPages.length; offset++) if (below(count) === 0) newPages[offset]! ^= 1 + below(255);
};

/** All workloads. Where no delta fits a page, the same is measured with room for it. */
export const WORKLOADS: readonly Workload[] = [
  { name: "unchanged", capacity: PAGE_SIZE, change: () => {} },
  {
    // The synthetic load: increments the first byte of each 1024.
    name: "four single bytes a page",
    capacity: PAGE_SIZE,
    change: (newPages) => {
      for (let offset = 0; offset < newPages.length; offset += 1024) newPages[offset]!++;
    },
  },
  {
    name: "one run of 512",
    capacity: PAGE_SIZE,
    change: (newPages, below) => {
      for (let page = 0; page < newPages.length; page += PAGE_SIZE) {
        everyByte(newPages.subarray(page + below(PAGE_SIZE - 512)).subarray(0, 512), 1);
      }
    },
  },
  { name: "1 % of bytes", capacity: PAGE_SIZE, change: oneIn(100) },
  { name: "10 % of bytes", capacity: PAGE_SIZE, change: oneIn(10) },
  { name: "all bytes: overflow", capacity: PAGE_SIZE, change: (newPages) => everyByte(newPages, 1) },
  { name: "all bytes, with room", capacity: 2 * PAGE_SIZE, change: (newPages) => everyByte(newPages, 1) },
  { name: "every other byte: overflow", capacity: PAGE_SIZE, change: (newPages) => everyByte(newPages, 2) },
  { name: "every other byte, with room", capacity: 2 * PAGE_SIZE, change: (newPages) => everyByte(newPages, 2) },
];
