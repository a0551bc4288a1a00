/** The memory of a simulated guest against a plain model: an array of bytes, and a set of the pages that writes touched. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GuestBlock, SimulatedMemory } from "./memory.ts";
import { Random } from "./random.ts";

const PAGE_SIZE = 1024;
const LENGTHS = { low: 3 * PAGE_SIZE, high: 37 * PAGE_SIZE };

const twoBlocks = () =>
  new SimulatedMemory("none", [
    new GuestBlock("low", new Uint8Array(LENGTHS.low), PAGE_SIZE),
    new GuestBlock("high", new Uint8Array(LENGTHS.high), PAGE_SIZE),
  ]);

/** One thing that is done to the memory: a write of a kind, or a fetch of the log. */
const step = fc.record({
  kind: fc.constantFrom("write", "random", "increment", "fetch"),
  name: fc.constantFrom("low", "high"),
  place: fc.double({ min: 0, max: 1, noNaN: true }),
  byteCount: fc.oneof(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 2 * PAGE_SIZE + 1 })),
  fill: fc.nat(255),
});

describe("the memory of a simulated guest", () => {
  test("is dirty in the pages that were written since the log was fetched, and in no others", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const memory = twoBlocks();
        const random = new Random(1);
        let touched = new Set<number>();
        let before = pagesOf(memory);
        for (const { kind, name, place, byteCount, fill } of [...steps, { ...LAST_FETCH }]) {
          const block = memory.block(name);
          const address = Math.floor(place * (block.bytes.length - byteCount));
          const firstPage = name === "low" ? 0 : LENGTHS.low / PAGE_SIZE;
          if (kind === "fetch") {
            const dirty = new Set<number>();
            const after = pagesOf(memory);
            expect(memory.takeDirty(dirty)).toBe(dirty.size);
            expect(dirty).toEqual(touched);
            expect(after.flatMap((page, index) => (page === before[index] || dirty.has(index) ? [] : [index]))).toEqual(
              [],
            );
            touched = new Set();
            before = after;
            continue;
          }
          if (kind === "write") block.write(address, new Uint8Array(byteCount).fill(fill));
          if (kind === "random") block.writeRandom(address, byteCount, random);
          if (kind === "increment") block.increment(address, byteCount);
          const [first, last] = [address, address + byteCount - 1].map((at) => firstPage + Math.floor(at / PAGE_SIZE));
          for (let page = first!; page <= last!; page++) touched.add(page);
        }
      }),
    );
  });

  test("has counters that carry from byte to byte and begin anew", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 24n - 1n }), (value) => {
        const block = new GuestBlock("ram", new Uint8Array(PAGE_SIZE), PAGE_SIZE);
        for (let place = 0; place < 3; place++)
          block.write(8 + place, Uint8Array.of(Number((value >> BigInt(8 * place)) & 255n)));
        block.increment(8, 3);
        const read = [...block.bytes.subarray(8, 11)].reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
        expect(read).toBe((value + 1n) % 2n ** 24n);
        expect(block.bytes[11]).toBe(0);
      }),
    );
  });

  test.each([
    [-1, 1],
    [LENGTHS.low, 1],
    [LENGTHS.low - 1, 2],
    [0, 0],
    [0.5, 1],
  ])("refuses a write at %d of %d bytes, and stays as it is", (address, byteCount) => {
    const block = twoBlocks().block("low");
    const writes = [
      () => block.write(address, new Uint8Array(byteCount).fill(1)),
      () => block.writeRandom(address, byteCount, new Random(1)),
      () => block.increment(address, byteCount),
    ];
    for (const write of writes) expect(write).toThrow(`a write of ${byteCount} bytes at ${address} does not lie in`);
    expect(block.bytes.every((byte) => byte === 0)).toBe(true);
    expect(block.takeDirty(new Set(), 0)).toBe(0);
  });

  test("copies pages, and knows its blocks by name", () => {
    const memory = twoBlocks();
    memory.block("high").write(PAGE_SIZE + 3, Uint8Array.of(9));
    const target = new Uint8Array(2 * PAGE_SIZE);
    memory.readPage(memory.blocks[1]!, PAGE_SIZE, target, PAGE_SIZE);
    expect(target.indexOf(9)).toBe(PAGE_SIZE + 3);
    expect(memory.blocks.map(({ name, usedLength }) => [name, usedLength])).toEqual(Object.entries(LENGTHS));
    expect(() => memory.block("none")).toThrow('the guest has no block "none"');
  });

  test("has blocks of whole pages, of one size, with names of their own", () => {
    const block = (name: string, pageSize: number) => new GuestBlock(name, new Uint8Array(4096), pageSize);
    expect(() => new GuestBlock("ram", new Uint8Array(0), 1024)).toThrow("not 0");
    expect(() => new GuestBlock("ram", new Uint8Array(1025), 1024)).toThrow("a multiple of 1024");
    expect(() => new SimulatedMemory("none", [block("a", 1024), block("b", 2048)])).toThrow(
      "block b has pages of 2048",
    );
    expect(() => new SimulatedMemory("none", [block("a", 1024), block("a", 1024)])).toThrow("the same name");
  });
});

const LAST_FETCH = { kind: "fetch", name: "low", place: 0, byteCount: 1, fill: 0 };

/** Each page as text that is equal for equal pages. */
function pagesOf(memory: SimulatedMemory): string[] {
  return memory.blocks.flatMap(({ name, usedLength }) => {
    const { bytes } = memory.block(name);
    return Array.from({ length: usedLength / PAGE_SIZE }, (_, page) =>
      Buffer.from(bytes.subarray(page * PAGE_SIZE, (page + 1) * PAGE_SIZE)).toString("latin1"),
    );
  });
}
