import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { SilenceWatch } from "./silence.ts";

const TIMEOUT_MS = 120;

/** A watch and how long it has taken it to lose patience. */
function watch(oldestOpen: () => string | undefined, window = 1, timeoutMs = TIMEOUT_MS) {
  const startedAt = performance.now();
  const found: { lateMs?: number; count: number } = { count: 0 };
  const silence = new SilenceWatch({
    timeoutMs,
    window,
    oldestOpen,
    tooLong: () => {
      found.count++;
      found.lateMs = performance.now() - startedAt;
    },
  });
  return { silence, found };
}

test("silence is told once, and not before its time", async () => {
  const { silence, found } = watch(() => "a");
  await sleep(5 * TIMEOUT_MS);
  silence.stop();
  expect(found.count).toBe(1);
  expect(found.lateMs).toBeGreaterThanOrEqual(TIMEOUT_MS - 1);
});

test("whoever goes on in time is not silent", async () => {
  let id = 0;
  const { silence, found } = watch(() => String(id));
  for (; id < 12; id++) {
    await sleep(TIMEOUT_MS / 4);
    silence.progress();
  }
  silence.stop();
  expect(found.count).toBe(0);
});

test("a request that others overtake has the window as many times", async () => {
  const { silence, found } = watch(() => "a", 3);
  for (let turn = 0; turn < 24 && found.count === 0; turn++) {
    await sleep(TIMEOUT_MS / 4);
    silence.progress();
  }
  silence.stop();
  expect(found.count).toBe(1);
  expect(found.lateMs).toBeGreaterThanOrEqual(3 * TIMEOUT_MS - 1);
});

/** Waits for the end of this turn of the event loop. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Keeps this process from everything else. */
function standStill(durationMs: number): void {
  const startedAt = performance.now();
  while (performance.now() - startedAt < durationMs);
}

test("time in which this process stood still does not count", async () => {
  const timeoutMs = 600;
  const { silence, found } = watch(() => "a", 1, timeoutMs);
  standStill(1.5 * timeoutMs);
  await sleep(timeoutMs / 6);
  silence.stop();
  expect(found.count).toBe(0);
});

test("what was said while this process stood still is heard before patience is lost", async () => {
  const timeoutMs = 800;
  let id = "a";
  const { silence, found } = watch(() => id, 1, timeoutMs);
  await sleep(0.9 * timeoutMs);
  await turn();
  // It comes as output comes, in the turn of the event loop that begins with the clock when this process moves again.
  const said = stat(".").then(() => {
    id = "b";
    silence.progress();
  });
  standStill(timeoutMs);
  await said;
  await turn();
  silence.stop();
  expect(found.count).toBe(0);
});

test("a watch that is stopped says nothing", async () => {
  const { silence, found } = watch(() => "a");
  silence.stop();
  await sleep(2 * TIMEOUT_MS);
  expect(found.count).toBe(0);
});
