/**
 * Whether XBZRLE pays (docs/xbzrle/session.md, "Effectiveness"). What it has saved is weighed against what the link would have carried in the
 * time that was spent on it. Where it does not pay it goes off, but for a sample of the pages, which tells when to come back.
 */

import { percentText } from "../amounts.ts";
import type { RoundFigures } from "./round-figures.ts";

/** XBZRLE has gone off or has come back; with the figures of the round after which it did. */
export interface EffectivenessEvent extends RoundFigures {
  readonly kind: "xbzrle-off" | "xbzrle-on";
  /** The part of the bytes that is saved, less the time, over the last rounds: 1 would be all, and less than 0 is a loss. */
  readonly gain: number;
}

/** It goes off below this gain, and comes back above the other: in between it stays as it is. */
const OFF_GAIN = 0.02;
const ON_GAIN = 0.04;

/** Rounds are weighed together until they have so many pages: fewer say nothing. */
const MIN_PAGE_COUNT = 64;

/** What was weighed before counts half as much. */
const DECAY = 0.5;

/**
 * How often it is weighed before it goes off. Each return doubles the number, up to the other, for a load of which the sample does not
 * tell the truth.
 */
const MIN_PATIENCE = 3;
const MAX_PATIENCE = 96;

/** While it is off, one part of the cache in so many is still used; a small cache has more. */
const MAX_SAMPLE_RATIO = 32;
const PARTS_OF_SAMPLE = 16;

/** Says for which pages XBZRLE is used. */
export class Effectiveness {
  #partMask = 0;
  #sampleRatio = 2;
  #isOn = true;
  #patience = MIN_PATIENCE;
  #weighedCount = 0;
  #plain = 0;
  #net = 0;
  /** What has come since it was last weighed. */
  #newPages = 0;
  #newPlain = 0;
  #newNet = 0;

  /** Takes in how many parts the cache is divided, a power of two; of a page the lowest bits of its number say in which it is. */
  constructor(partCount: number) {
    this.setPartCount(partCount);
  }

  /** Takes another number of parts: the cache was resized. */
  setPartCount(partCount: number): void {
    this.#partMask = partCount - 1;
    this.#sampleRatio = Math.min(MAX_SAMPLE_RATIO, Math.max(2, partCount / PARTS_OF_SAMPLE));
  }

  /** Whether XBZRLE is on for all pages. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** Whether it is used for this page, by its number. */
  readonly uses = (page: number): boolean => this.#isOn || this.#isSampled(page);

  /**
   * Takes the figures of a round.
   *
   * @returns What has changed; `undefined` if nothing has.
   */
  judge(figures: RoundFigures): EffectivenessEvent | undefined {
    this.#newPages += figures.pageCount;
    this.#newPlain += figures.plainBytes;
    this.#newNet += figures.savedBytes - figures.spentMs * figures.linkBytesPerMs;
    if (this.#newPages < MIN_PAGE_COUNT) return undefined;
    this.#weigh();
    const gain = this.#net / this.#plain;
    const isPatient = this.#isOn && this.#weighedCount < this.#patience;
    const stays = this.#isOn ? OFF_GAIN <= gain || isPatient : gain <= ON_GAIN;
    if (stays) return undefined;
    this.#turn();
    return { ...figures, kind: this.#isOn ? "xbzrle-on" : "xbzrle-off", gain };
  }

  #weigh(): void {
    this.#weighedCount += 1;
    this.#plain = this.#plain * DECAY + this.#newPlain;
    this.#net = this.#net * DECAY + this.#newNet;
    this.#newPages = 0;
    this.#newPlain = 0;
    this.#newNet = 0;
  }

  #turn(): void {
    this.#isOn = !this.#isOn;
    if (this.#isOn) this.#patience = Math.min(MAX_PATIENCE, 2 * this.#patience);
    this.#weighedCount = 0;
    this.#plain = 0;
    this.#net = 0;
  }

  /**
   * The sample is of parts and not of pages: the pages of one part drive each other out as they do when all are used. The
   * multiplier, 2^32 divided by the golden ratio, spreads the parts evenly.
   */
  #isSampled(page: number): boolean {
    return Math.imul(page & this.#partMask, 0x9e37_79b1) >>> 0 < 2 ** 32 / this.#sampleRatio;
  }
}

/**
 * Says in one line that XBZRLE has gone off or come back, and why.
 *
 * @param event - What the sender has told.
 * @returns A sentence with the numbers of the round.
 */
export function effectivenessText(event: EffectivenessEvent): string {
  const { kind, round, gain, savedBytes, plainBytes, pageCount, missCount, overflowCount, spentMs } = event;
  const turned = kind === "xbzrle-off" ? "off: it does not pay" : "on again: it would pay";
  const limit = kind === "xbzrle-off" ? `less than ${percentText(OFF_GAIN)}` : `more than ${percentText(ON_GAIN)}`;
  const counts = `${pageCount} pages: ${missCount} missed, ${overflowCount} overflowed, ${spentMs.toFixed(1)} ms`;
  return `xbzrle is ${turned}, gain ${percentText(gain)}, ${limit} (round ${round}: ${savedBytes} of ${plainBytes} bytes saved on ${counts})`;
}
