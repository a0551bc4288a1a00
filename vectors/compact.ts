/** From bytes to the compact notation of `vectors/json`. Its inverse is `expand.ts`. */

import type { BytesText, PageText, PatchesText } from "./format.ts";

/** The longest run of bytes that is looked for as a repeated one. */
const MOST_REPEATED_BYTES = 105;
/** What a repetition costs in characters beyond its hexadecimal. */
const REPETITION_COST = 8;
/** Equal bytes between two patches up to this many are cheaper to write than a second patch. */
const MOST_MERGED_BYTES = 4;

/** The bytes as text, repetitions shortened where that saves characters. */
export function compactBytes(bytes: Uint8Array): BytesText {
  return pieces(bytes).map(({ hex, count }) => (count === 1 ? hex : ([hex, count] as const)));
}

/** What is to be laid over `oldPage` to make `newPage`, which has its size. */
export function compactPatches(oldPage: Uint8Array, newPage: Uint8Array): PatchesText {
  return differences(oldPage, newPage).flatMap(([start, end]) =>
    pieces(newPage.subarray(start, end)).map(({ at, hex, count }) =>
      count === 1 ? ([start + at, hex] as const) : ([start + at, hex, count] as const),
    ),
  );
}

/** The page as a fill and patches, the shortest of a few ways. */
export function compactPage(page: Uint8Array): PageText {
  const period = periodOf(page);
  if (period !== undefined) {
    return { size: page.length, fill: hexOf(page.subarray(0, period)) };
  }
  const ways = [Uint8Array.of(mostFrequent(page)), page.subarray(0, 7)].map((fill) => overFill(page, fill));
  return ways.reduce((best, way) => (JSON.stringify(way).length < JSON.stringify(best).length ? way : best));
}

function overFill(page: Uint8Array, fill: Uint8Array): PageText {
  const filled = Uint8Array.from(page, (_, offset) => fill[offset % fill.length] ?? 0);
  return { size: page.length, fill: hexOf(fill), patches: compactPatches(filled, page) };
}

interface Piece {
  readonly at: number;
  readonly hex: string;
  readonly count: number;
}

function pieces(bytes: Uint8Array): Piece[] {
  const found: Piece[] = [];
  let plainFrom = 0;
  const plainTo = (end: number) => {
    if (plainFrom < end) {
      found.push({ at: plainFrom, hex: hexOf(bytes.subarray(plainFrom, end)), count: 1 });
    }
  };
  let at = 0;
  while (at < bytes.length) {
    const { period, count } = bestRepetition(bytes, at);
    if (count === 1) {
      at++;
      continue;
    }
    plainTo(at);
    found.push({ at, hex: hexOf(bytes.subarray(at, at + period)), count });
    at += period * count;
    plainFrom = at;
  }
  plainTo(bytes.length);
  return found;
}

function bestRepetition(bytes: Uint8Array, at: number): { period: number; count: number } {
  let best = { period: 1, count: 1 };
  let bestSaving = REPETITION_COST;
  for (let period = 1; period <= MOST_REPEATED_BYTES && at + 2 * period <= bytes.length; period++) {
    let end = at + period;
    while (end < bytes.length && bytes[end] === bytes[end - period]) {
      end++;
    }
    const count = Math.floor((end - at) / period);
    const saving = 2 * period * (count - 1) - REPETITION_COST;
    if (bestSaving < saving) {
      best = { period, count };
      bestSaving = saving;
    }
  }
  return best;
}

function differences(oldPage: Uint8Array, newPage: Uint8Array): [start: number, end: number][] {
  const found: [number, number][] = [];
  newPage.forEach((byte, offset) => {
    if (byte === oldPage[offset]) {
      return;
    }
    const last = found.at(-1);
    if (last !== undefined && offset - last[1] <= MOST_MERGED_BYTES) {
      last[1] = offset + 1;
    } else {
      found.push([offset, offset + 1]);
    }
  });
  return found;
}

function periodOf(page: Uint8Array): number | undefined {
  const most = page.length <= 16 ? page.length : Math.min(64, page.length / 2);
  for (let period = 1; period <= most; period++) {
    if (repeats(page, period)) {
      return period;
    }
  }
  return undefined;
}

function repeats(page: Uint8Array, period: number): boolean {
  for (let offset = period; offset < page.length; offset++) {
    if (page[offset] !== page[offset - period]) {
      return false;
    }
  }
  return true;
}

function mostFrequent(page: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (const byte of page) {
    counts[byte] = (counts[byte] ?? 0) + 1;
  }
  return counts.indexOf(Math.max(...counts));
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
