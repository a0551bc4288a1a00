import { expect, test } from "vitest";
import { arrayFaults } from "./array-guest.ts";
import { ARRAY_SIZE_BYTES, COUNTER_STRIDE_BYTES } from "./boot-sector.ts";

/** The array in the middle of a pass. */
function walkedArray(passCount: number, aheadCount: number): Uint8Array {
  const array = new Uint8Array(ARRAY_SIZE_BYTES);
  for (let index = 0; index < ARRAY_SIZE_BYTES / COUNTER_STRIDE_BYTES; index++) {
    array[index * COUNTER_STRIDE_BYTES] = passCount + (index < aheadCount ? 1 : 0);
  }
  return array;
}

test.each([
  { passCount: 0, aheadCount: 0, dotCount: 0 },
  { passCount: 3, aheadCount: 0, dotCount: 2 },
  { passCount: 3, aheadCount: 1, dotCount: 3 },
  { passCount: 255, aheadCount: 16_383, dotCount: 255 },
  { passCount: 600, aheadCount: 5000, dotCount: 600 },
])("An array that was walked over is right: $passCount passes and $aheadCount counters.", (state) => {
  expect(arrayFaults(walkedArray(state.passCount, state.aheadCount), state.dotCount)).toEqual([]);
});

test.each([
  { name: "a page that is one pass behind", offset: 8192, add: 255 },
  { name: "a page that is one pass ahead", offset: 12 * 1024 * 1024, add: 1 },
  { name: "the first counter", offset: 0, add: 2 },
  { name: "the last counter", offset: ARRAY_SIZE_BYTES - COUNTER_STRIDE_BYTES, add: 1 },
  { name: "a byte beside the counters", offset: 8193, add: 1 },
])("A byte that is wrong is seen: $name", ({ offset, add }) => {
  const array = walkedArray(300, 5000);
  array[offset]! += add;
  expect(arrayFaults(array, 300)).not.toEqual([]);
});

test.each([
  { aheadCount: 0, dotCount: 298 },
  { aheadCount: 0, dotCount: 301 },
  { aheadCount: 1, dotCount: 299 },
  { aheadCount: 5000, dotCount: 301 },
])(
  "Dots that do not fit are seen: $dotCount after 300 passes and $aheadCount counters.",
  ({ aheadCount, dotCount }) => {
    expect(arrayFaults(walkedArray(300, aheadCount), dotCount)).toEqual([
      `the array stands at pass 44 (modulo 256) after ${dotCount} dots`,
    ]);
  },
);

test("An array that was not empty at first has to keep what is beside its counters.", () => {
  const firstArray = walkedArray(0, 0);
  firstArray.fill(7, 1, COUNTER_STRIDE_BYTES);
  const array = walkedArray(300, 5000);
  expect(arrayFaults(array, 300, firstArray)).toEqual(["byte 1 of the array is 0 instead of 7"]);
  array.fill(7, 1, COUNTER_STRIDE_BYTES);
  expect(arrayFaults(array, 300, firstArray)).toEqual([]);
});
