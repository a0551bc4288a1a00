import { describe, expect, test } from "vitest";
import { fromHex, toHex } from "../../bytes.ts";
import { applyDelta } from "../decode.ts";
import { encodeDelta } from "../encode.ts";
import { loadSimd } from "../simd/kernel.ts";
import { CodecArena } from "./arena.ts";
import { createPlainKernel, NO_DELTA } from "./kernel.ts";

const PAGE_SIZE = 100;
const SHAPE = { pageSize: PAGE_SIZE, slotCount: 8, batchSize: 4 };

/** The bytes of a slot. */
function pageOf(arena: CodecArena, slot: number): Uint8Array {
  return arena.pages.subarray(slot * PAGE_SIZE, (slot + 1) * PAGE_SIZE);
}

/** An arena whose slots 0 to 3 hold old pages, and 4 to 7 new ones: one change, none, all bytes, the last byte. */
function filledArena(createKernel: typeof createPlainKernel): CodecArena {
  const arena = new CodecArena(createKernel, SHAPE);
  for (let slot = 0; slot < 8; slot++) pageOf(arena, slot).fill(slot % 4);
  pageOf(arena, 4)[2] = 0x99;
  pageOf(arena, 6).fill(0x77);
  pageOf(arena, 7)[PAGE_SIZE - 1] = 0x11;
  arena.oldSlots.set([0, 1, 2, 3]);
  arena.newSlots.set([4, 5, 6, 7]);
  return arena;
}

describe.each([
  ["plain", createPlainKernel],
  ["simd", loadSimd()!],
])("an arena of the %s codec", (_, createKernel) => {
  test("encodes a batch as encodeDelta does, one delta behind the other", () => {
    const arena = filledArena(createKernel);
    arena.encode(4);
    expect([...arena.deltaSizes]).toEqual([3, NO_DELTA.unchanged, NO_DELTA.overflow, 3]);
    expect(toHex(arena.deltas.subarray(0, 6))).toBe("020199630111");
    const outcome = encodeDelta(pageOf(arena, 0), pageOf(arena, 4), PAGE_SIZE);
    expect(outcome).toEqual({ kind: "delta", delta: fromHex("020199") });
  });

  test("leaves the pages as they are while it encodes, to the byte behind the last delta", () => {
    const arena = filledArena(createKernel);
    pageOf(arena, 7).fill(0x55);
    const before = toHex(arena.pages);
    arena.encode(4);
    arena.oldSlots.set([0, 0, 0, 0]);
    arena.newSlots.set([7, 7, 7, 7]);
    arena.encode(4);
    expect(toHex(arena.pages)).toBe(before);
  });

  test("applies a batch in place, and each delta to its own page", () => {
    const arena = filledArena(createKernel);
    arena.encode(4);
    arena.deltaSizes[2] = 0;
    expect(arena.apply(4)).toBe(4);
    for (const [oldSlot, newSlot] of [
      [0, 4],
      [1, 5],
      [3, 7],
    ] as const) {
      expect(toHex(pageOf(arena, oldSlot))).toBe(toHex(pageOf(arena, newSlot)));
    }
    expect(new Set(pageOf(arena, 2))).toEqual(new Set([2]));
  });

  test("stops at the first malformed delta and says what is wrong as applyDelta does", () => {
    const arena = filledArena(createKernel);
    arena.deltas.set(fromHex("0001aa0200010101"));
    arena.deltaSizes.set([3, 2, 3]);
    const before = [1, 2].map((slot) => toHex(pageOf(arena, slot)));
    expect(arena.apply(3)).toBe(1);
    expect(pageOf(arena, 0)[0]).toBe(0xaa);
    expect([1, 2].map((slot) => toHex(pageOf(arena, slot)))).toEqual(before);
    expect(arena.refusal(0)).toBeUndefined();
    expect(() => applyDelta(pageOf(arena, 1), fromHex("0200"))).toThrow(arena.refusal(1));
  });

  test("holds each delta to its capacity", () => {
    const arena = new CodecArena(createKernel, { ...SHAPE, capacity: 5 });
    pageOf(arena, 1).set([1, 2, 3]);
    pageOf(arena, 2).set([1, 2, 3, 4]);
    arena.newSlots.set([1, 2, 1]);
    arena.encode(3);
    expect([...arena.deltaSizes.subarray(0, 3)]).toEqual([5, NO_DELTA.overflow, 5]);
    expect(toHex(arena.deltas.subarray(0, 10))).toBe("00030102030003010203");
  });
});

test("what does not fit into an arena is the caller's fault", () => {
  const arena = new CodecArena(createPlainKernel, SHAPE);
  const create = (change: object) => () => new CodecArena(createPlainKernel, { ...SHAPE, ...change });
  expect(create({ pageSize: 0 })).toThrow("page size has to be an integer from 1 to 65536, not 0");
  expect(create({ slotCount: 0.5 })).toThrow("slot count has to be an integer of 1 or more, not 0.5");
  expect(create({ slotCount: 2 ** 26 })).toThrow(/^arena has to have at most 4293918720 bytes, not /);
  expect(() => arena.encode(5)).toThrow("batch has to be an integer from 0 to 4, not 5");
  arena.newSlots[1] = 8;
  expect(() => arena.encode(2)).toThrow("slot 1 of the batch has to be less than 8, not 8");
  arena.deltaSizes[0] = 401;
  expect(() => arena.apply(1)).toThrow("the deltas have to have at most 400 bytes, not 401");
});
