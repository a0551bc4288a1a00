/** Collects the vectors of one family. What is written is expanded again and compared before it is kept. */

import { compactBytes, compactPage, compactPatches } from "../compact.ts";
import { expandBytes, expandPage, layPatches } from "../expand.ts";
import type { DecodeOutcomeText, DecodeVectorText, EncodeVectorText, FamilyText, VectorText } from "../format.ts";
import { NOTES } from "./notes.ts";
import { encodeOutcomes, roomyCapacity } from "./outcomes.ts";

/** What every vector says of itself. */
export interface Saying {
  /** Numbers of DELTA requirements, the one that the vector is about first. */
  readonly shows: readonly number[];
  /** One sentence: what an implementation that fails has got wrong. */
  readonly why: string;
  readonly flags?: readonly string[];
  /** Ids of vectors of the family, as `encode`, `decode` and `refuse` return them. */
  readonly after?: readonly string[];
}

/** Two pages for an encoder; without a capacity there is ample room. */
export interface EncodeRequest extends Saying {
  readonly oldPage: Uint8Array;
  readonly newPage: Uint8Array;
  readonly capacity?: number;
}

/** A delta that a decoder has to accept, and the page it has to give. */
export interface DecodeRequest extends Saying {
  readonly oldPage: Uint8Array;
  readonly delta: Uint8Array;
  readonly newPage: Uint8Array;
}

/** A delta that a decoder has to refuse, and its one fault. */
export interface RefuseRequest extends Saying {
  readonly oldPage: Uint8Array;
  readonly delta: Uint8Array;
  readonly fault: string;
}

/**
 * The vectors of one family, in the order in which they are added. Each method returns the vector's id; if the family asks the
 * same already, that vector's.
 */
export class Family {
  readonly #name: string;
  readonly #vectors: (EncodeVectorText | DecodeVectorText)[] = [];
  /** What is asked, as JSON, and the id of the vector that asks it. */
  readonly #asked = new Map<string, string>();

  constructor(name: string) {
    this.#name = name;
  }

  /** The encoder's outcomes follow from the pages and the capacity. */
  encode(name: string, request: EncodeRequest): string {
    const { oldPage, newPage } = request;
    const capacity = request.capacity ?? roomyCapacity(oldPage, newPage);
    const { accept, flag } = encodeOutcomes(oldPage, newPage, capacity);
    const patches = checkedPatches(oldPage, newPage);
    const base = this.#base(name, request, oldPage, flag);
    return this.#add({ ...base, operation: "encode", newPage: patches, capacity, accept });
  }

  /** The decoder has to give `newPage`. */
  decode(name: string, request: DecodeRequest): string {
    return this.#decode(name, request, [pageOutcome(request)]);
  }

  /** The decoder may give `newPage` or refuse the delta; the flag says why. */
  eitherWay(name: string, flag: string, request: DecodeRequest): string {
    return this.#decode(name, request, [pageOutcome(request), { level: "recommended", kind: "malformed" }], flag);
  }

  /** The decoder has to refuse the delta. */
  refuse(name: string, request: RefuseRequest): string {
    return this.#decode(name, request, [{ level: "recommended", kind: "malformed", fault: request.fault }]);
  }

  /** The family as it is written, with the notes of the flags that it uses. */
  text(): FamilyText {
    const used = new Set(this.#vectors.flatMap((vector) => vector.flags ?? []));
    const notes = Object.fromEntries(Object.entries(NOTES).filter(([flag]) => used.has(flag)));
    return { formatVersion: 1, chapter: "delta", family: this.#name, notes, vectors: this.#vectors };
  }

  #decode(
    name: string,
    request: Saying & { readonly oldPage: Uint8Array; readonly delta: Uint8Array },
    accept: readonly DecodeOutcomeText[],
    flag?: string,
  ): string {
    const delta = compactBytes(request.delta);
    requireEqual(name, expandBytes(delta), request.delta);
    const base = this.#base(name, request, request.oldPage, flag);
    return this.#add({ ...base, operation: "decode", delta, accept });
  }

  #base(name: string, saying: Saying, oldPage: Uint8Array, flag: string | undefined): VectorText {
    const flags = [...(saying.flags ?? []), ...(flag === undefined ? [] : [flag])];
    const text = compactPage(oldPage);
    requireEqual(name, expandPage(text), oldPage);
    return {
      id: `delta/${this.#name}/${name}`,
      requirements: saying.shows.map((number) => `DELTA-${number}`),
      why: inNumber(saying.why),
      ...(flags.length === 0 ? {} : { flags }),
      ...(saying.after === undefined ? {} : { after: saying.after }),
      oldPage: text,
    };
  }

  #add(vector: EncodeVectorText | DecodeVectorText): string {
    const { id, requirements, why, flags, ...asked } = vector;
    const key = JSON.stringify(asked);
    const first = this.#asked.get(key);
    if (first === undefined) {
      this.#asked.set(key, id);
      this.#vectors.push(vector);
    }
    return first ?? id;
  }
}

/** "1 bytes" as "1 byte": sentences are built from parameters. */
function inNumber(why: string): string {
  return why.replaceAll(/(?<=(?:^|[ (])1 (?:\w+ )?(?:byte|pair|literal|run))s\b/g, "");
}

function pageOutcome({ oldPage, newPage }: DecodeRequest): DecodeOutcomeText {
  return { level: "recommended", kind: "page", newPage: checkedPatches(oldPage, newPage) };
}

function checkedPatches(oldPage: Uint8Array, newPage: Uint8Array) {
  const patches = compactPatches(oldPage, newPage);
  requireEqual("new page", layPatches(Uint8Array.from(oldPage), patches), newPage);
  return patches;
}

function requireEqual(name: string, expanded: Uint8Array, meant: Uint8Array): void {
  if (Buffer.compare(expanded, meant) !== 0) {
    throw new Error(`${name}: the compact notation does not stand for the bytes that are meant`);
  }
}
