/** A page table gives what it was given, however the pages lie. */

import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { PageTable } from "./page-table.ts";

/** Runs of pages, some of them a row and more, near and far. */
const run = fc.record({
  first: fc.oneof(fc.nat(3000), fc.integer({ min: 0, max: 2 ** 41 })),
  count: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 1500 })),
  step: fc.constantFrom(1, 1, 2, 300),
  value: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
});

test.prop([fc.array(run, { maxLength: 12 })])("numbers of pages, and their order", (runs) => {
  const table = new PageTable();
  const model = new Map<number, number>();
  for (const { first, count, step, value } of runs) {
    for (let page = first; page < first + count * step; page += step) {
      table.set(page, value);
      model.set(page, value);
      expect(table.get(page)).toBe(value);
    }
  }
  expect([...table.entries()]).toEqual([...model].sort(([left], [right]) => left - right));
  for (const { first } of runs) expect(table.get(first + 1)).toBe(model.get(first + 1) ?? 0);
});
