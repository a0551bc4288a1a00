/** What holds of every kind of workload, with any parameters, and what makes each what it is. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PacedLoad } from "../load.ts";
import { GuestBlock } from "../memory.ts";
import { Random } from "../random.ts";
import type { Region } from "./workload.ts";
import { createWorkload, WORKLOADS } from "./workloads.ts";
import { ZipfPicker } from "./zipf.ts";

const PAGE_SIZE = 1024;
const BLOCK_SIZE = 96 * PAGE_SIZE;
const names = Object.keys(WORKLOADS);

/** Values of the parameters of a kind, each in its range, or left out. */
const parametersOf = (name: string) =>
  fc.record(
    Object.fromEntries(
      Object.entries(WORKLOADS[name]!.parameters).map(([parameter, { least, most, isContinuous }]) => [
        parameter,
        isContinuous ? fc.double({ min: least, max: most, noNaN: true }) : fc.integer({ min: least, max: most }),
      ]),
    ),
    { requiredKeys: [] },
  ) as fc.Arbitrary<Record<string, number>>;

/** Where a workload writes: at least as much as the largest parameter asks for. */
const placeOfRegion = fc.record({ start: fc.nat(2 * PAGE_SIZE), spare: fc.nat(PAGE_SIZE) });
const regionOf = ({ start, spare }: { start: number; spare: number }): Region => {
  const block = new GuestBlock("ram", new Uint8Array(BLOCK_SIZE).fill(7), PAGE_SIZE);
  return { block, start, byteCount: BLOCK_SIZE - start - spare };
};

const seeds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

describe.each(names)("the workload %s", (name) => {
  test("writes the same for the same seed, in its region, and every page that has changed is dirty", () => {
    fc.assert(
      fc.property(
        parametersOf(name),
        placeOfRegion,
        seeds,
        fc.integer({ min: 1, max: 60 }),
        (given, place, seed, stepCount) => {
          const region = regionOf(place);
          const { block, start, byteCount } = region;
          const before = block.bytes.slice();
          const written = new Set<number>();
          let listenedCount = 0;
          block.listener = (_, address, size) => {
            listenedCount += size;
            expect(start <= address && address + size <= start + byteCount).toBe(true);
            for (let at = address; at < address + size; at++) written.add(Math.floor(at / PAGE_SIZE));
          };
          const workload = createWorkload(name, region, seed, given);
          let tolds = 0;
          for (let step = 0; step < stepCount; step++) tolds += workload.step();
          expect(tolds).toBe(listenedCount);
          const dirty = new Set<number>();
          block.takeDirty(dirty, 0);
          expect(dirty).toEqual(written);
          const changed = before.findIndex(
            (byte, at) => byte !== block.bytes[at] && !dirty.has(Math.floor(at / PAGE_SIZE)),
          );
          expect(changed).toBe(-1);

          const again = regionOf(place);
          const twin = createWorkload(name, again, seed, given);
          for (let step = 0; step < stepCount; step++) twin.step();
          expect(Buffer.compare(again.block.bytes, block.bytes)).toBe(0);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("writes as much as the time allows, however it is cut into turns", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 10 ** 8 }), fc.array(fc.nat(300)), (seed, rate, turns) => {
        const [whole, cut] = [regionOf({ start: 0, spare: 0 }), regionOf({ start: 0, spare: 0 })];
        const [wholeLoad, cutLoad] = [whole, cut].map(
          (region) => new PacedLoad(createWorkload(name, region, seed), rate),
        );
        const totalUs = turns.reduce((sum, turn) => sum + turn, 0);
        const count = wholeLoad!.run(totalUs);
        expect(turns.reduce((sum, turn) => sum + cutLoad!.run(turn), 0)).toBe(count);
        expect(Buffer.compare(whole.block.bytes, cut.block.bytes)).toBe(0);
        const allowed = name === "idle" ? 0 : Math.floor((totalUs * rate) / 1e6);
        expect(allowed <= count && count < allowed + 4096 + 1).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test("refuses a parameter that is none, or outside of its range, by its name", () => {
    const region = regionOf({ start: 0, spare: 0 });
    expect(() => createWorkload(name, region, 1, { speed: 1 })).toThrow(`workload ${name} has no parameter speed`);
    for (const [parameter, { least, most }] of Object.entries(WORKLOADS[name]!.parameters)) {
      for (const value of [least - 1, most + 1, Number.NaN]) {
        expect(() => createWorkload(name, region, 1, { [parameter]: value })).toThrow(
          new RegExp(`^${parameter} has to be an? (integer|number) from ${least} to ${most}, not ${value}$`),
        );
      }
    }
  });
});

describe("workloads", () => {
  const region = () => regionOf({ start: 0, spare: 0 });

  test("are known by name, need a region of their block with room for what they write, and a seed", () => {
    expect(() => createWorkload("constructor", region(), 1)).toThrow("workload has to be one of idle, synthetic,");
    expect(() => createWorkload("idle", { ...region(), byteCount: BLOCK_SIZE + 1 }, 1)).toThrow(
      `from 1 to ${BLOCK_SIZE}`,
    );
    expect(() => createWorkload("idle", { ...region(), start: BLOCK_SIZE }, 1)).toThrow(`from 0 to ${BLOCK_SIZE - 1}`);
    expect(() => createWorkload("idle", region(), -1)).toThrow("seed has to be an integer from 0 to 9007199254740991");
    expect(() => createWorkload("database", { ...region(), byteCount: 8191 }, 1)).toThrow(
      "a region of 8191 bytes has no room for a block of the database of 8192",
    );
  });

  test("the synthetic load increments four bytes a page of 4096, each once a pass", () => {
    const { block, ...rest } = region();
    const workload = createWorkload("synthetic", { block, ...rest }, 1);
    const before = block.bytes.slice();
    for (let step = 0; step < 2 * (BLOCK_SIZE / 1024); step++) workload.step();
    expect([...block.bytes.keys()].filter((at) => block.bytes[at] !== before[at])).toEqual(
      Array.from({ length: BLOCK_SIZE / 1024 }, (_, index) => index * 1024),
    );
    expect(block.bytes[BLOCK_SIZE - 1024]).toBe(before[BLOCK_SIZE - 1024]! + 2);
  });

  test("streaming changes each page wholly before it comes to one again", () => {
    const { block, ...rest } = region();
    const workload = createWorkload("streaming", { block, ...rest }, 1);
    const dirty = new Set<number>();
    for (let piece = 0; piece < BLOCK_SIZE / 4096; piece++) {
      workload.step();
      expect(block.takeDirty(dirty, 0)).toBe(4);
    }
    expect(dirty.size).toBe(block.pageCount);
    expect(block.bytes.filter((byte) => byte === 7).length).toBeLessThan(BLOCK_SIZE / 200);
  });

  test("a hot or cold page is written to within the page", () => {
    const { block, ...rest } = region();
    const workload = createWorkload("hot-cold", { block, ...rest }, 1, { writeByteCount: PAGE_SIZE });
    for (let step = 0; step < 50; step++) {
      workload.step();
      expect(block.takeDirty(new Set(), 0)).toBe(1);
    }
  });

  test("hot things are picked as often as Zipf's law says", () => {
    const count = 50;
    const drawCount = 200_000;
    for (const exponent of [0, 0.99, 2]) {
      const picker = new ZipfPicker(count, exponent, new Random(5));
      const counts = new Array<number>(count).fill(0);
      for (let draw = 0; draw < drawCount; draw++) counts[picker.pick()]!++;
      counts.sort((left, right) => right - left);
      const weights = counts.map((_, rank) => (rank + 1) ** -exponent);
      const sum = weights.reduce((left, right) => left + right);
      for (const rank of [0, 1, 4]) {
        const expected = (weights[rank]! / sum) * drawCount;
        expect(Math.abs(counts[rank]! - expected) / expected).toBeLessThan(0.05);
      }
    }
  });
});
