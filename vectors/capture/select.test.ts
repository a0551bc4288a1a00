import { expect, test } from "vitest";
import { PAGE_SIZE } from "./guest.ts";
import { RomWindows } from "./rom-windows.ts";
import { collectPairs, type PagePair, selectPairs, tallyChangedBytes } from "./select.ts";

const REGION = { name: "memory", address: 0x10_0000, sizeBytes: 40 * PAGE_SIZE };

/** Memory whose pages have, in order, so many bytes of the value at their beginning. */
function memory(value: number, changedByteCounts: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(REGION.sizeBytes);
  for (const [index, count] of changedByteCounts.entries()) {
    bytes.fill(value, index * PAGE_SIZE, index * PAGE_SIZE + count);
  }
  return bytes;
}

const ROM = Uint8Array.from({ length: 16 }, (_, index) => 0xf0 + index);
const romWindows = new RomWindows([ROM]);

function collect(oldBytes: Uint8Array, newBytes: Uint8Array, seen = new Set<string>()): readonly PagePair[] {
  return collectPairs([REGION], [0, [oldBytes]], [1, [newBytes]], seen, romWindows);
}

test("Pages that are equal are left out, and the others keep their addresses.", () => {
  const pairs = collect(memory(0, []), memory(7, [0, 1, 0, 4096]));
  expect(pairs.map(({ address, changedByteCount }) => [address, changedByteCount])).toEqual([
    [0x10_1000, 1],
    [0x10_3000, 4096],
  ]);
});

test("A page pair with the bytes of another is left out, also if that one was seen between earlier moments.", () => {
  const seen = new Set<string>();
  expect(collect(memory(0, []), memory(7, [5, 5, 6]), seen)).toHaveLength(2);
  expect(collect(memory(0, []), memory(7, [6, 5, 7]), seen)).toHaveLength(1);
});

test("Of equal page pairs the first and of different ones the last of memory are kept.", () => {
  const counts = Array.from({ length: 40 }, (_, index) => (index === 39 ? 4095 : 4000 + (index % 2)));
  expect(
    collect(memory(0, []), memory(7, counts)).map(({ address }) => (address - REGION.address) / PAGE_SIZE),
  ).toEqual([0, 39, 1]);
});

test("Two snapshots give at most 12 page pairs of a density.", () => {
  const counts = Array.from({ length: 40 }, (_, index) => 2100 + index);
  expect(collect(memory(0, []), memory(7, counts))).toHaveLength(12);
});

test("A page pair of which the old or the new page holds a window of a ROM file is left out.", () => {
  const oldBytes = memory(0, []);
  const newBytes = memory(7, [1, 1, 2, 3]);
  oldBytes.set(ROM, 100);
  newBytes.set(ROM, PAGE_SIZE + 100);
  const pairs = collect(oldBytes, newBytes);
  expect(pairs.map(({ changedByteCount }) => changedByteCount)).toEqual([2, 3]);
});

test("The pages that are kept are copies of the snapshot.", () => {
  const newBytes = memory(7, [1]);
  const [pair] = collect(memory(0, []), newBytes);
  newBytes.fill(0);
  expect(pair!.newPage[0]).toBe(7);
});

test("Rare densities are kept before frequent ones, and the order is that of the addresses.", () => {
  const pairs = collect(memory(0, []), memory(7, [2100, 2101, 2102, 2103, 2104, 1, 3]));
  const selected = selectPairs(pairs, 4);
  expect(selected.map(({ changedByteCount }) => changedByteCount)).toEqual([2100, 2104, 1, 3]);
  expect(tallyChangedBytes(selected)).toEqual([
    { atMost: 1, pairCount: 1 },
    { atMost: 3, pairCount: 1 },
    { atMost: 4096, pairCount: 2 },
  ]);
});
