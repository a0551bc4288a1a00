/** Collects the vectors of one family for senders, and plays each guest to know its RAM in the end. */

import { compactBytes } from "../compact.ts";
import { expandBytes } from "../expand.ts";
import type { SendFamilyText, SendVectorText, StepText } from "../format.ts";
import { pageTexts, requireEqual } from "./receive-family.ts";
import type { Bytes } from "./spell.ts";
import { PAGE_SIZE } from "./spell-stream.ts";

/** The used length of the block, unless a vector needs another: four pages. */
export const RAM_SIZE = 4 * PAGE_SIZE;

/** The size of the page cache, unless a vector needs another: as many pages as the RAM has, and more. */
export const CACHE_SIZE = 16 * PAGE_SIZE;

/** A round of the sender. */
export const ROUND = "round" as const;

/** What happens: a round, or bytes that the guest writes. */
export type Step = typeof ROUND | { readonly address: number; readonly bytes: Uint8Array };

/** A guest and what it shows. */
export interface SendRequest {
  /** Ids of requirements, the one that the vector is about first. */
  readonly shows: readonly string[];
  /** One sentence: what an implementation that fails has got wrong. */
  readonly why: string;
  readonly ramSize?: number;
  readonly cacheSize?: number;
  readonly steps: readonly Step[];
}

/** The guest writes bytes at an address of its RAM, so many times one after the other. */
export function write(address: number, bytes: Bytes, count = 1): Step {
  const all = Array.from({ length: count }, () => [...bytes]).flat();
  return { address, bytes: Uint8Array.from(all) };
}

/** The vectors of one family, in the order in which they are added. */
export class SendFamily {
  readonly #name: string;
  readonly #vectors: SendVectorText[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  /** The sender has to send the guest. */
  ask(name: string, { shows, why, ramSize = RAM_SIZE, cacheSize = CACHE_SIZE, steps }: SendRequest): void {
    const pages = pagesAtEnd(ramSize, steps);
    this.#vectors.push({
      id: `session/${this.#name}/${name}`,
      operation: "send",
      requirements: shows,
      why,
      ramSize,
      cacheSize,
      steps: steps.map((step) => stepText(name, step)),
      accept: [{ level: "recommended", kind: "stream", pages: pageTexts(pages) }],
    });
  }

  /** The family as it is written. */
  text(): SendFamilyText {
    return { formatVersion: 1, chapter: "session", family: this.#name, notes: {}, vectors: this.#vectors };
  }
}

function stepText(name: string, step: Step): StepText {
  if (step === ROUND) return step;
  const bytes = compactBytes(step.bytes);
  requireEqual(name, expandBytes(bytes), step.bytes);
  return [step.address, bytes];
}

/** The pages that are not all zero when all has been written. Throws a `RangeError` for a write past the RAM. */
function pagesAtEnd(ramSize: number, steps: readonly Step[]): [address: number, page: Uint8Array][] {
  const ram = new Uint8Array(ramSize);
  for (const step of steps) if (step !== ROUND) ram.set(step.bytes, step.address);
  const addresses = Array.from({ length: ramSize / PAGE_SIZE }, (_, index) => index * PAGE_SIZE);
  const pages = addresses.map((address): [number, Uint8Array] => [address, ram.slice(address, address + PAGE_SIZE)]);
  return pages.filter(([, page]) => page.some((byte) => byte !== 0));
}
