/** Golden vectors for senders as a program wants them: what a guest does, and the RAM that the receiver has to have in the end. */

import { expandBytes, expandPage } from "./expand.ts";
import type { Level, SendFamilyText, SendOutcomeText, SendVectorText, StepText } from "./format.ts";
import { LoadedHead, readFamilies, type VectorHead } from "./load.ts";
import type { RamPage } from "./receive.ts";

/** What happens to the guest of a sender. */
export type GuestStep =
  | {
      /** The guest writes to its RAM. */
      readonly kind: "write";
      /** Where, in bytes from the start of the RAM. */
      readonly offset: number;
      /** What, one byte or more. */
      readonly bytes: Uint8Array;
    }
  | {
      /** The sender does a round. */
      readonly kind: "round";
    };

/** An outcome of a sender that conforms. */
export interface SendOutcome {
  /** Whether the outcome meets every SHOULD too (`recommended`) or only every MUST (`required`). */
  readonly level: Level;
  /** The sender writes a stream. */
  readonly kind: "stream";
  /** All pages that are not all zero after it, in rising order of address; expanded anew at each access. */
  readonly pages: readonly RamPage[];
}

/**
 * A guest for a sender that uses XBZRLE. Its machine type is `none`; it has pages of 4096 bytes and one RAM block, `ram`, that
 * holds zeros before the first step. After the last step it is stopped. What the stream has to be besides, the chapter says.
 */
export interface SendVector extends VectorHead {
  /** What is asked. */
  readonly operation: "send";
  /** The used length of the block, in bytes. */
  readonly ramSize: number;
  /** The size of the page cache, in bytes: a power of two, 4096 or more. */
  readonly cacheSize: number;
  /** What happens, in order; expanded anew at each access. */
  readonly steps: readonly GuestStep[];
  /** The outcomes that conform, at least one. */
  readonly accept: readonly SendOutcome[];
}

/**
 * All golden vectors for senders, by family in order of name, and in the order of their files within a family.
 * Throws an `Error` if a file cannot be read or has another format version.
 */
export function loadSendVectors(): readonly SendVector[] {
  return readFamilies("session").flatMap((family) => expandSendFamily(family as SendFamilyText));
}

/** The vectors of one family's text, in its order; the text is taken as valid by `spec/vector.schema.json`. */
export function expandSendFamily(family: SendFamilyText): SendVector[] {
  return family.vectors.map((text) => new LoadedSendVector(family, text));
}

/** What is wrong with a vector that the schema cannot say, a sentence each: a write past the RAM, or a cache of an odd size. */
export function sendFaults({ id, ramSize, cacheSize, steps }: SendVectorText): string[] {
  const isPowerOfTwo = Number.isInteger(Math.log2(cacheSize));
  return [
    ...(isPowerOfTwo ? [] : [`${id}: a cache of ${cacheSize} bytes, which is no power of two`]),
    ...steps.flatMap((step) => {
      if (step === "round") return [];
      const end = step[0] + expandBytes(step[1]).length;
      return end <= ramSize ? [] : [`${id}: a write to byte ${end - 1} of a RAM of ${ramSize} bytes`];
    }),
  ];
}

class LoadedSendVector extends LoadedHead<SendVectorText> implements SendVector {
  readonly operation = "send";

  get ramSize(): number {
    return this.text.ramSize;
  }
  get cacheSize(): number {
    return this.text.cacheSize;
  }
  get steps(): readonly GuestStep[] {
    return this.text.steps.map(guestStep);
  }
  get accept(): readonly SendOutcome[] {
    return this.text.accept.map(sendOutcome);
  }
}

function guestStep(text: StepText): GuestStep {
  if (text === "round") return { kind: "round" };
  const [offset, bytes] = text;
  return { kind: "write", offset, bytes: expandBytes(bytes) };
}

function sendOutcome({ level, kind, pages }: SendOutcomeText): SendOutcome {
  return {
    level,
    kind,
    get pages() {
      return pages.map(([address, page]) => ({ address, page: expandPage(page) }));
    },
  };
}
