/**
 * The vector format as it stands in `vectors/json`: the types of `spec/vector.schema.json`.
 * Pages are written compactly here; `load.ts` expands them.
 */

/** Bytes in order; each item is hexadecimal, or hexadecimal and how many times it is repeated. */
export type BytesText = readonly (string | readonly [hex: string, count: number])[];

/** Bytes laid over a page, in order: offset in the page, hexadecimal and, if it is repeated, how many times. */
export type PatchesText = readonly (
  | readonly [pageOffset: number, hex: string]
  | readonly [pageOffset: number, hex: string, count: number]
)[];

/** A page: its size in bytes, the bytes that fill it by repetition from offset 0, and what is laid over them. */
export interface PageText {
  readonly size: number;
  readonly fill: string;
  readonly patches?: PatchesText;
}

/** `recommended`: the outcome meets every MUST and SHOULD; `required`: it meets every MUST and breaks a SHOULD. */
export type Level = "required" | "recommended";

/** The fields that every vector has. */
export interface VectorHeadText {
  /** `chapter/family/name`, at most 60 characters. */
  readonly id: string;
  /** Ids of requirements, the one that the vector is about first. */
  readonly requirements: readonly string[];
  /** One sentence: what an implementation that fails has got wrong. */
  readonly why: string;
  /** Names of notes of the family. */
  readonly flags?: readonly string[];
  /** Ids of vectors of the family that are asked just before this one, of the same process and in this order. */
  readonly after?: readonly string[];
}

/** A vector of the delta chapter. */
export interface VectorText extends VectorHeadText {
  readonly oldPage: PageText;
}

/** An outcome that conforms; a delta without bytes is any well-formed delta that fits and gives the new page. */
export type EncodeOutcomeText =
  | { readonly level: Level; readonly kind: "delta"; readonly delta?: BytesText }
  | { readonly level: Level; readonly kind: "unchanged" | "overflow" };

/** A pair of pages and a capacity for an encoder. */
export interface EncodeVectorText extends VectorText {
  readonly operation: "encode";
  readonly newPage: PatchesText;
  readonly capacity: number;
  readonly accept: readonly EncodeOutcomeText[];
}

/** An outcome that conforms; the fault, if there is one, is the only one of the delta. */
export type DecodeOutcomeText =
  | { readonly level: Level; readonly kind: "page"; readonly newPage: PatchesText }
  | { readonly level: Level; readonly kind: "malformed"; readonly fault?: string };

/** An old page and a delta for a decoder. */
export interface DecodeVectorText extends VectorText {
  readonly operation: "decode";
  readonly delta: BytesText;
  readonly accept: readonly DecodeOutcomeText[];
}

/** One file of `vectors/json` of the delta chapter. */
export interface FamilyText {
  readonly formatVersion: 1;
  readonly chapter: "delta";
  readonly family: string;
  /** What each flag used by the family means. */
  readonly notes: Readonly<Record<string, string>>;
  readonly vectors: readonly (EncodeVectorText | DecodeVectorText)[];
}

/** A page of the RAM that is not all zero: its address in the block, and its bytes. */
export type RamPageText = readonly [address: number, page: PageText];

/** An outcome that conforms; the pages are all that are not all zero, in rising order of address. */
export type ReceiveOutcomeText =
  | { readonly level: Level; readonly kind: "ram"; readonly pages: readonly RamPageText[] }
  | { readonly level: Level; readonly kind: "malformed"; readonly fault?: string };

/**
 * A stream for a receiver: its machine type is `none`, its pages have 4096 bytes, its one RAM block is named `ram` and holds
 * zeros.
 */
export interface ReceiveVectorText extends VectorHeadText {
  readonly operation: "receive";
  /** The used length of the block, in bytes. */
  readonly ramSize: number;
  readonly stream: BytesText;
  readonly accept: readonly ReceiveOutcomeText[];
}

/** One file of `vectors/json` of a chapter about streams. */
export interface ReceiveFamilyText {
  readonly formatVersion: 1;
  readonly chapter: "record" | "stream" | "compressed";
  readonly family: string;
  /** What each flag used by the family means. */
  readonly notes: Readonly<Record<string, string>>;
  readonly vectors: readonly ReceiveVectorText[];
}

/** What happens to the guest of a sender: a round of the sender, or bytes that the guest writes at an address of its RAM. */
export type StepText = "round" | readonly [address: number, bytes: BytesText];

/** An outcome that conforms: a stream that meets the chapters, after which the receiver has these pages and no others that are not all zero. */
export interface SendOutcomeText {
  readonly level: Level;
  readonly kind: "stream";
  readonly pages: readonly RamPageText[];
}

/**
 * A guest for a sender: its machine type is `none`, its pages have 4096 bytes, its one RAM block is named `ram` and holds
 * zeros before the first step. After the last step the guest is stopped, and the rest is sent.
 */
export interface SendVectorText extends VectorHeadText {
  readonly operation: "send";
  /** The used length of the block, in bytes. */
  readonly ramSize: number;
  /** The size of the page cache, in bytes. */
  readonly cacheSize: number;
  readonly steps: readonly StepText[];
  readonly accept: readonly SendOutcomeText[];
}

/** One file of `vectors/json` of the chapter about senders. */
export interface SendFamilyText {
  readonly formatVersion: 1;
  readonly chapter: "session";
  readonly family: string;
  /** What each flag used by the family means. */
  readonly notes: Readonly<Record<string, string>>;
  readonly vectors: readonly SendVectorText[];
}

/** Any file of `vectors/json`. */
export type AnyFamilyText = FamilyText | ReceiveFamilyText | SendFamilyText;
