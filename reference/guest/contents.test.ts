import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { layContents } from "./contents.ts";
import { GuestBlock } from "./memory.ts";

const PAGE_SIZE = 4096;
const PAGE_COUNT = 2000;
const laid = (zero: number, words: number, seed = 1) => {
  const block = new GuestBlock("ram", new Uint8Array(PAGE_COUNT * PAGE_SIZE), PAGE_SIZE);
  layContents(block, { zero, words }, seed);
  return block;
};
const sizesOf = ({ bytes }: GuestBlock) =>
  Array.from(
    { length: PAGE_COUNT },
    (_, page) => deflateSync(bytes.subarray(page * PAGE_SIZE, (page + 1) * PAGE_SIZE), { level: 1 }).length,
  );

describe("what a guest's memory holds at first", () => {
  test("has pages of each kind in the shares that were told, and none of them is dirty", () => {
    const block = laid(0.5, 0.3);
    const sizes = sizesOf(block);
    const [zeros, random] = [sizes.filter((size) => size < 50), sizes.filter((size) => PAGE_SIZE < size)];
    expect(Math.abs(zeros.length / PAGE_COUNT - 0.5)).toBeLessThan(0.05);
    expect(Math.abs(random.length / PAGE_COUNT - 0.2)).toBeLessThan(0.05);
    expect(block.takeDirty(new Set(), 0)).toBe(0);
  });

  test("compresses to less than a third where it is words", () => {
    expect(Math.max(...sizesOf(laid(0, 1)))).toBeLessThan(PAGE_SIZE / 3);
  });

  test("is the same for the same seed only", () => {
    expect(Buffer.compare(laid(0.1, 0.5, 3).bytes, laid(0.1, 0.5, 3).bytes)).toBe(0);
    expect(Buffer.compare(laid(0.1, 0.5, 3).bytes, laid(0.1, 0.5, 4).bytes)).not.toBe(0);
  });

  test("has shares that are no more than the whole", () => {
    expect(() => laid(1.1, 0)).toThrow("zero has to be a number from 0 to 1, not 1.1");
    expect(() => laid(0.75, 0.5)).toThrow("words has to be a number from 0 to 0.25, not 0.5");
  });
});
