/** Family `guests`: longer plays, in which pages change in several ways at once and come back to what they were. */

import type { SendFamilyText } from "../../format.ts";
import { page } from "../pages.ts";
import { ROUND, SendFamily, type Step, write } from "../send-family.ts";
import { PAGE_SIZE } from "../spell-stream.ts";

/** Numbers that look like noise; the same for the same seed. */
class Noise {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** The next one, less than `end`. */
  below(end: number): number {
    this.#state = (Math.imul(this.#state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (this.#state >>> 8) % end;
  }
}

/** The vectors of the family. */
export function guests(): SendFamilyText {
  const family = new SendFamily("guests");
  const shows = ["SESSION-4", "SESSION-2", "SESSION-3", "SESSION-6", "SESSION-7", "SESSION-8"];
  for (const [pageCount, cachePages, roundCount] of SHAPES) {
    family.ask(`pages-${pageCount}-cache-${cachePages}`, {
      shows,
      why: `A sender that fails mixes up ${pageCount} pages in ${roundCount} rounds with a cache of ${cachePages}.`,
      ramSize: pageCount * PAGE_SIZE,
      cacheSize: cachePages * PAGE_SIZE,
      steps: steps(pageCount, roundCount, new Noise(pageCount * 100 + cachePages)),
    });
  }
  return family.text();
}

/** Pages of the RAM, pages of the cache, rounds. */
const SHAPES: readonly (readonly [number, number, number])[] = [
  [1, 1, 20],
  [2, 1, 16],
  [2, 2, 16],
  [3, 1, 12],
  [4, 2, 12],
  [5, 4, 12],
  [8, 1, 8],
  [8, 8, 8],
  [8, 256, 8],
  [24, 8, 5],
  [24, 32, 5],
];

function steps(pageCount: number, roundCount: number, noise: Noise): Step[] {
  const rounds = Array.from({ length: roundCount }, () => {
    const writes = Array.from({ length: 1 + noise.below(3 + pageCount / 4) }, () => change(pageCount, noise));
    return [...writes, ROUND] as const;
  });
  return [write(0, page(pageCount * PAGE_SIZE)), ROUND, ...rounds.flat(), change(pageCount, noise)];
}

/** One of the things that a guest does to a page; most of them few bytes of few values, so that they are undone at times. */
function change(pageCount: number, noise: Noise): Step {
  const address = noise.below(pageCount) * PAGE_SIZE;
  switch (noise.below(8)) {
    case 0:
      return write(address, [0], PAGE_SIZE);
    case 1:
      return write(address, page(PAGE_SIZE));
    case 2:
      return write(address, [noise.below(3), 0xee, noise.below(3)], 1365);
    default:
      return write(address + 40 * noise.below(4), [1 + noise.below(3)], 1 + noise.below(2));
  }
}
