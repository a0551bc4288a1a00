/** A description is read in pieces, and says what it says as a whole. */

import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { type DescribedSection, DescriptionReader } from "./description.ts";

const size = fc.oneof(fc.nat(9), fc.constant("4"));
const field = fc.record({ size, array_len: fc.nat(3), name: fc.string() }, { requiredKeys: ["size"] });
const { device } = fc.letrec((tie) => ({
  device: fc.record(
    {
      name: fc.string({ unit: fc.constantFrom("a", "[", "}", '"', "\\", "é") }),
      instance_id: fc.nat(2),
      vmsd_name: fc.constantFrom("ab", "c"),
      fields: fc.array(field, { maxLength: 3 }),
      subsections: fc.array(tie("device"), { maxLength: 2, depthIdentifier: "device" }),
    },
    { requiredKeys: [] },
  ),
}));
const described = fc.record(
  { page_size: fc.json(), configuration: device, devices: fc.array(device, { maxLength: 4 }), after: fc.jsonValue() },
  { requiredKeys: [] },
);
const whole = fc.oneof({ weight: 4, arbitrary: described }, { weight: 1, arbitrary: fc.jsonValue() });
/** JSON, with a few of its characters left out or others put in. */
const text = fc
  .tuple(whole, fc.nat(2), fc.array(fc.tuple(fc.nat(), fc.constantFrom("", "[", "]", "{", "}", '"', "\\", ",", "0"))))
  .map(([value, indent, changes]) =>
    changes.slice(0, indent).reduce(
      (changed, [drawn, put]) => {
        const at = drawn % (changed.length + 1);
        return changed.slice(0, at) + put + changed.slice(at + 1);
      },
      JSON.stringify(value, undefined, indent),
    ),
  );

/** The oracle: all of the text at once. */
function readWhole(text: string): readonly DescribedSection[] | undefined {
  try {
    return JSON.parse(text).devices?.map((device: Record<string, never>) => {
      if (typeof device !== "object") throw new TypeError("no entry");
      return { name: String(device.name), instance: Number(device.instance_id), byteCount: sizeOf(device) };
    });
  } catch {
    return undefined;
  }
}

function sizeOf({ fields = [], subsections = [] }: Record<string, unknown>): number {
  let byteCount = 0;
  for (const { size, array_len = 1 } of listOf(fields)) byteCount += Number(size) * Number(array_len);
  for (const inner of listOf(subsections)) byteCount += 6 + String(inner.vmsd_name).length + sizeOf(inner);
  return byteCount;
}

function listOf(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) throw new TypeError("no list");
  return value;
}

test.prop([text, fc.integer({ min: 1, max: 50 })], { numRuns: 5000 })("pieces of any size", (text, pieceSize) => {
  const reader = new DescriptionReader();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceSize) {
    expect(reader.add(bytes.subarray(at, at + pieceSize))).toBeUndefined();
  }
  expect(reader.sections).toEqual(readWhole(text));
});
