/** A link that sends what it may, as slices and waits of any length have it. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Bandwidth } from "./bandwidth.ts";

const WINDOW_MS = 100;
const SLICE_SIZE = 1000;

/** Sends slices, each of which takes so long, and waits where no more is allowed. Gives how much was sent, and the measured rates. */
function sendAll(
  bandwidth: Bandwidth,
  durationsMs: readonly number[],
): { sent: number; nowMs: number; rates: number[] } {
  let [sent, nowMs] = [0, 0];
  const rates: number[] = [];
  bandwidth.start(nowMs);
  for (const durationMs of durationsMs) {
    if (bandwidth.allowance(nowMs) <= 0) nowMs += Math.max(1, bandwidth.msToNextWindow(nowMs));
    if (0 < bandwidth.allowance(nowMs)) {
      bandwidth.count(SLICE_SIZE);
      sent += SLICE_SIZE;
    }
    nowMs += durationMs;
    bandwidth.allowance(nowMs);
    rates.push(bandwidth.bytesPerMs);
  }
  return { sent, nowMs, rates };
}

describe("the bandwidth", () => {
  test("is never more than the limit, but for a window and the slice that it ends with", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(30), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 10, max: 500 }),
        (durations, rate) => {
          const { sent, nowMs, rates } = sendAll(new Bandwidth(1000 * rate), durations);
          expect(sent).toBeLessThanOrEqual(rate * (nowMs + WINDOW_MS) + SLICE_SIZE);
          expect(Math.max(...rates)).toBeLessThanOrEqual(rate);
        },
      ),
    );
  });

  test("is what was sent, by the time, where there is no limit", () => {
    const { rates } = sendAll(new Bandwidth(0), new Array(40).fill(10));
    expect(rates.slice(0, 9)).toEqual(new Array(9).fill(0));
    expect(new Set(rates.slice(9))).toEqual(new Set([SLICE_SIZE / 10]));
  });
});
