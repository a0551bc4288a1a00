/** Golden vectors as a program wants them: from `vectors/json` to pages, deltas and outcomes in bytes. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../spec/package.ts";
import { expandBytes, expandPage, layPatches } from "./expand.ts";
import type {
  AnyFamilyText,
  DecodeOutcomeText,
  DecodeVectorText,
  EncodeOutcomeText,
  EncodeVectorText,
  FamilyText,
  Level,
  VectorHeadText,
} from "./format.ts";

/** The name of a note of the family, and the note. */
export interface Flag {
  /** The name, such as `longer-form`. */
  readonly name: string;
  /** One sentence: what it says of the vector. */
  readonly note: string;
}

/** What all vectors have in common. */
export interface VectorHead {
  /** `chapter/family/name`, at most 60 characters, unique. */
  readonly id: string;
  /** The chapter of `docs/xbzrle`, such as `delta`. */
  readonly chapter: string;
  /** The family, such as `lengths`: the name of its file in `vectors/json`. */
  readonly family: string;
  /** Ids of requirements, the one that the vector is about first. */
  readonly requirements: readonly string[];
  /** One sentence: what an implementation that fails has got wrong. */
  readonly why: string;
  /** What else is to be known of the vector; empty for most. */
  readonly flags: readonly Flag[];
  /** Ids of vectors that are to be asked just before this one, of the same process and in this order; empty for most. */
  readonly after: readonly string[];
}

/** What encode and decode vectors have in common. */
export interface VectorBase extends VectorHead {
  /** The size of the vector's pages in bytes, 1 to 65,536; it is known without expanding them. */
  readonly pageSize: number;
  /** The old page, expanded anew at each access: keep it, and change it freely. */
  readonly oldPage: Uint8Array;
}

/** An outcome of an encoder that conforms. */
export type EncodeOutcome =
  | {
      /** Whether the outcome meets every SHOULD too (`recommended`) or only every MUST (`required`). */
      readonly level: Level;
      /** The encoder writes a delta. */
      readonly kind: "delta";
      /** The delta, expanded anew at each access; left out, it is any well-formed delta that fits and gives the new page. */
      readonly delta?: Uint8Array;
    }
  | {
      /** As above. */
      readonly level: Level;
      /** The encoder writes nothing. */
      readonly kind: "unchanged" | "overflow";
    };

/** A request to an encoder and the outcomes that conform. */
export interface EncodeVector extends VectorBase {
  /** What is asked. */
  readonly operation: "encode";
  /** The new page, of the old page's size, expanded anew at each access. */
  readonly newPage: Uint8Array;
  /** The room for the delta, in bytes. */
  readonly capacity: number;
  /** The outcomes that conform, at least one; what is not listed breaks a MUST. */
  readonly accept: readonly EncodeOutcome[];
}

/** An outcome of a decoder that conforms. */
export type DecodeOutcome =
  | {
      /** Whether the outcome meets every SHOULD too (`recommended`) or only every MUST (`required`). */
      readonly level: Level;
      /** The decoder accepts the delta. */
      readonly kind: "page";
      /** The new page that it has to give, of the old page's size, expanded anew at each access. */
      readonly newPage: Uint8Array;
    }
  | {
      /** As above. */
      readonly level: Level;
      /** The decoder refuses the delta. */
      readonly kind: "malformed";
      /** The fault's name in the chapter; left out where a well-formed delta may be refused. */
      readonly fault?: string;
    };

/** A request to a decoder and the outcomes that conform. */
export interface DecodeVector extends VectorBase {
  /** What is asked. */
  readonly operation: "decode";
  /** The delta, expanded anew at each access; it may be empty. */
  readonly delta: Uint8Array;
  /** The outcomes that conform, at least one; what is not listed breaks a MUST. */
  readonly accept: readonly DecodeOutcome[];
}

/** One golden vector of the delta chapter. */
export type Vector = EncodeVector | DecodeVector;

/**
 * All golden vectors of the delta chapter, family by family in order of name, and in the order of their files within a family.
 * Their bytes stay in the compact notation until they are asked for, so that the whole set is small.
 * Throws an `Error` if a file cannot be read or has another format version.
 */
export function loadVectors(): readonly Vector[] {
  return readFamilies("delta").flatMap((family) => expandFamily(family as FamilyText));
}

/**
 * The families of one chapter as they are written, in order of name.
 * Throws an `Error` if a file cannot be read or has another format version.
 */
export function readFamilies(chapter: AnyFamilyText["chapter"]): readonly AnyFamilyText[] {
  const folder = vectorsFolder(chapter);
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return names.sort().map((name) => readFamily(join(folder, name)));
}

/** The vectors of one family's text, in its order; the text is taken as valid by `spec/vector.schema.json`. */
export function expandFamily(family: FamilyText): Vector[] {
  return family.vectors.map((text) =>
    text.operation === "encode" ? new LoadedEncodeVector(family, text) : new LoadedDecodeVector(family, text),
  );
}

/** The absolute path of the folder of one chapter's vectors: one JSON file a family. */
export function vectorsFolder(chapter: AnyFamilyText["chapter"]): string {
  return join(packageFolder, "vectors", "json", chapter);
}

function readFamily(path: string): AnyFamilyText {
  const family: AnyFamilyText = JSON.parse(readFileSync(path, "utf8"));
  if (family.formatVersion !== 1) {
    throw new Error(`${path}: format version ${family.formatVersion}, and 1 is what can be read`);
  }
  return family;
}

/** The head of a vector, out of its text and its family's. */
export class LoadedHead<Text extends VectorHeadText> implements VectorHead {
  protected readonly familyText: AnyFamilyText;
  protected readonly text: Text;

  /** Takes the family that the text is of, for chapter and notes. */
  constructor(family: AnyFamilyText, text: Text) {
    this.familyText = family;
    this.text = text;
  }

  get id(): string {
    return this.text.id;
  }
  get chapter(): string {
    return this.familyText.chapter;
  }
  get family(): string {
    return this.familyText.family;
  }
  get requirements(): readonly string[] {
    return this.text.requirements;
  }
  get why(): string {
    return this.text.why;
  }
  get flags(): readonly Flag[] {
    return (this.text.flags ?? []).map((name) => ({ name, note: this.familyText.notes[name] ?? "" }));
  }
  get after(): readonly string[] {
    return this.text.after ?? [];
  }
}

class LoadedVector<Text extends EncodeVectorText | DecodeVectorText> extends LoadedHead<Text> implements VectorBase {
  get pageSize(): number {
    return this.text.oldPage.size;
  }
  get oldPage(): Uint8Array {
    return expandPage(this.text.oldPage);
  }
}

class LoadedEncodeVector extends LoadedVector<EncodeVectorText> implements EncodeVector {
  readonly operation = "encode";

  get newPage(): Uint8Array {
    return layPatches(this.oldPage, this.text.newPage);
  }
  get capacity(): number {
    return this.text.capacity;
  }
  get accept(): readonly EncodeOutcome[] {
    return this.text.accept.map(encodeOutcome);
  }
}

class LoadedDecodeVector extends LoadedVector<DecodeVectorText> implements DecodeVector {
  readonly operation = "decode";

  get delta(): Uint8Array {
    return expandBytes(this.text.delta);
  }
  get accept(): readonly DecodeOutcome[] {
    return this.text.accept.map((outcome) => decodeOutcome(outcome, () => this.oldPage));
  }
}

function encodeOutcome(text: EncodeOutcomeText): EncodeOutcome {
  const { level, kind } = text;
  if (kind !== "delta" || text.delta === undefined) {
    return { level, kind };
  }
  const bytes = text.delta;
  return {
    level,
    kind,
    get delta() {
      return expandBytes(bytes);
    },
  };
}

function decodeOutcome(text: DecodeOutcomeText, oldPage: () => Uint8Array): DecodeOutcome {
  if (text.kind === "malformed") {
    return text;
  }
  const { level, kind, newPage: patches } = text;
  return {
    level,
    kind,
    get newPage() {
      return layPatches(oldPage(), patches);
    },
  };
}
