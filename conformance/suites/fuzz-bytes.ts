/**
 * The bytes of fuzz cases: old pages, and bytes that differ from theirs. A run draws a million pages, so that what can be copied from a
 * table is not computed.
 */

import { MAX_PAGE_SIZE } from "../../reference/index.ts";
import type { ChangePlan, PagePlan } from "./fuzz-plans.ts";

/** Bytes that count, from any first byte on. */
const COUNTER = Uint8Array.from({ length: MAX_PAGE_SIZE + 256 }, (_, offset) => offset & 0xff);

/** Bytes that look random, from a place for each of 256 seeds on. */
const NOISE = Uint8Array.from({ length: 2 * MAX_PAGE_SIZE }, (_, offset) => noiseByte(offset));
const SEED_STEP = MAX_PAGE_SIZE / 256;

/** The old page of a plan. */
export function buildPage({ pageSize, texture, textureByte }: PagePlan): Uint8Array {
  switch (texture) {
    case "zero":
      return new Uint8Array(pageSize);
    case "fill":
      return new Uint8Array(pageSize).fill(textureByte);
    case "counter":
      return COUNTER.slice(textureByte, textureByte + pageSize);
    case "noise":
      return NOISE.slice(textureByte * SEED_STEP, textureByte * SEED_STEP + pageSize);
  }
}

/** Writes bytes to `target`, from `targetOffset` on, each of which differs from the one of `oldPage` between the page offsets. */
export function writeChanged(
  target: Uint8Array,
  targetOffset: number,
  oldPage: Uint8Array,
  pageOffset: number,
  end: number,
  { change, changeByte }: ChangePlan,
): void {
  const shift = targetOffset - pageOffset;
  switch (change) {
    case "increment":
      for (let at = pageOffset; at < end; at++) target[at + shift] = oldPage[at]! + 1;
      return;
    case "invert":
      for (let at = pageOffset; at < end; at++) target[at + shift] = ~oldPage[at]!;
      return;
    case "xor":
      for (let at = pageOffset; at < end; at++) target[at + shift] = oldPage[at]! ^ (changeByte || 1);
      return;
    case "noise": {
      const noise = changeByte * SEED_STEP;
      for (let at = pageOffset; at < end; at++) target[at + shift] = oldPage[at]! ^ (NOISE[noise + at]! || 1);
    }
  }
}

function noiseByte(offset: number): number {
  let word = Math.imul(offset + 1, 0x9e3779b1);
  word = Math.imul(word ^ (word >>> 15), 0x2c1b3c6d);
  return (word ^ (word >>> 13)) & 0xff;
}
