/** Golden vectors for receivers as a program wants them: streams, and the RAM that they give. */

import { expandBytes, expandPage } from "./expand.ts";
import type { Level, ReceiveFamilyText, ReceiveOutcomeText, ReceiveVectorText } from "./format.ts";
import { LoadedHead, readFamilies, type VectorHead } from "./load.ts";

/** The chapters that have vectors for receivers. */
const CHAPTERS = ["compressed", "record", "stream"] as const;

/** A page of the RAM that is not all zero. */
export interface RamPage {
  /** Its address in the block, in bytes. */
  readonly address: number;
  /** Its 4096 bytes. */
  readonly page: Uint8Array;
}

/** An outcome of a receiver that conforms. */
export type ReceiveOutcome =
  | {
      /** Whether the outcome meets every SHOULD too (`recommended`) or only every MUST (`required`). */
      readonly level: Level;
      /** The receiver takes the stream. */
      readonly kind: "ram";
      /** All pages that are not all zero then, in rising order of address; expanded anew at each access. */
      readonly pages: readonly RamPage[];
    }
  | {
      /** As above. */
      readonly level: Level;
      /** The receiver refuses the stream. */
      readonly kind: "malformed";
      /** The fault's name in the chapters; left out where a stream may be refused that has none. */
      readonly fault?: string;
    };

/**
 * A stream for a receiver, and the outcomes that conform. The receiver's machine type is `none`; it has pages of 4096 bytes
 * and one RAM block, `ram`, that holds zeros. The vectors of the chapter `compressed` are for decompressing receivers.
 */
export interface ReceiveVector extends VectorHead {
  /** What is asked. */
  readonly operation: "receive";
  /** The used length of the block, in bytes. */
  readonly ramSize: number;
  /** The whole stream, expanded anew at each access. */
  readonly stream: Uint8Array;
  /** The outcomes that conform, at least one; what is not listed breaks a MUST. */
  readonly accept: readonly ReceiveOutcome[];
}

/**
 * All golden vectors for receivers, by chapter and family in order of name, and in the order of their files within a family.
 * Throws an `Error` if a file cannot be read or has another format version.
 */
export function loadReceiveVectors(): readonly ReceiveVector[] {
  const families = CHAPTERS.flatMap((chapter) => readFamilies(chapter)) as readonly ReceiveFamilyText[];
  return families.flatMap(expandReceiveFamily);
}

/** The vectors of one family's text, in its order; the text is taken as valid by `spec/vector.schema.json`. */
export function expandReceiveFamily(family: ReceiveFamilyText): ReceiveVector[] {
  return family.vectors.map((text) => new LoadedReceiveVector(family, text));
}

class LoadedReceiveVector extends LoadedHead<ReceiveVectorText> implements ReceiveVector {
  readonly operation = "receive";

  get ramSize(): number {
    return this.text.ramSize;
  }
  get stream(): Uint8Array {
    return expandBytes(this.text.stream);
  }
  get accept(): readonly ReceiveOutcome[] {
    return this.text.accept.map(receiveOutcome);
  }
}

function receiveOutcome(text: ReceiveOutcomeText): ReceiveOutcome {
  if (text.kind === "malformed") return text;
  const { level, kind, pages } = text;
  return {
    level,
    kind,
    get pages() {
      return pages.map(([address, page]) => ({ address, page: expandPage(page) }));
    },
  };
}
