import { expect, test } from "vitest";
import type { Result } from "./measure.ts";
import { plot } from "./plot.ts";
import { tables } from "./table.ts";

const rates = { plain: 0.5, call: 2, simd: 12, c: 10, limit: 15 };
const results: readonly Result[] = [
  { workload: "unchanged", encode: rates, decode: undefined, canonicalBytes: 0, compactBytes: 0 },
  { workload: "one change", encode: rates, decode: { ...rates, simd: 130 }, canonicalBytes: 8, compactBytes: 6 },
];

test("the tables have the rates, the ratios and what the compact encoder saves", () => {
  const text = tables(results);
  expect(text).toContain(
    "| unchanged  |  0.50 |                 2.0 |        12.0 | 10.0 |   15.0 |     1.20 |          0.80 |       1.50 |",
  );
  expect(text).toContain("| one change |  0.50 |                 2.0 |       130.0 | 10.0 |   15.0 |    13.00 |");
  expect(text).toContain("| one change |             8.0 |           6.0 | 25.0 % |");
  expect(text.match(/\| unchanged /g)).toHaveLength(2);
});

test("the picture has a bar for each codec and workload, and says on which machine and when", () => {
  const picture = plot(results, "2 x machine, 2026-11-20");
  expect(picture.match(/<rect x="230"/g)).toHaveLength(15);
  expect(picture).toContain("GB/s of page bytes. 2 x machine, 2026-11-20");
  expect(picture).toContain("decode: one change");
  expect(picture).not.toContain("decode: unchanged");
});
