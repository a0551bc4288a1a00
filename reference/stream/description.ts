/**
 * What the description says of the full sections (docs/xbzrle/stream.md, "Payloads of unknown form"). The text is not held as a
 * whole: an entry of a list is read when it ends, and what is left then is a short text with a number for each entry.
 */

import { quoteName } from "../errors.ts";
import { KeptBytes } from "./kept-bytes.ts";

/** A full section as the description lists it, or as it was found. */
export interface DescribedSection {
  readonly name: string;
  readonly instance: number;
  /** Of the payload, in bytes. */
  readonly byteCount: number;
}

/** A field, a struct in a field, or a subsection of a device in the JSON text. */
interface Described {
  readonly name?: unknown;
  readonly instance_id?: unknown;
  readonly vmsd_name?: unknown;
  readonly size?: unknown;
  readonly array_len?: unknown;
  readonly fields?: readonly Described[];
  readonly subsections?: readonly Described[];
}

/** STREAM-27: the most bytes of an entry, and of all that is in no entry. */
const MAX_PART_SIZE = 1_048_576;

/** `{"devices": [{`: an entry of the list stands so many brackets deep. */
const ENTRY_DEPTH = 3;

/** The bytes of a subsection before its fields: 05, the length of the name, and a be32; without the name. */
const SUBSECTION_HEAD = 6;

const QUOTE = 0x22;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** Reads the text of a description as it comes. */
export class DescriptionReader {
  /** What is in no entry, with `[n]` in the place of the entry `n`: what has this form is an entry itself. */
  readonly #frame = new KeptBytes();
  readonly #entry = new KeptBytes();
  /** What the entries say; `undefined` for one that says nothing. */
  readonly #sections: (DescribedSection | undefined)[] = [];
  #depth = 0;
  #isString = false;
  #isEscaped = false;
  #isJson = true;
  #fault: string | undefined;

  /**
   * Reads a piece of the text. Once something is wrong with it, that stays.
   *
   * @param piece - Any number of bytes; they are not kept.
   * @returns What is wrong with it, in words; `undefined` if nothing is. Source: STREAM-27.
   */
  add(piece: Uint8Array): string | undefined {
    let start = 0;
    for (let at = 0; at < piece.length; at++) {
      const step = this.#step(piece[at]!);
      if (step === 1 && this.#depth === ENTRY_DEPTH) {
        this.#append(this.#frame, piece.subarray(start, at));
        start = at;
      }
      if (step === -1 && this.#depth === ENTRY_DEPTH - 1) {
        this.#append(this.#entry, piece.subarray(start, at + 1));
        this.#endEntry();
        start = at + 1;
      }
    }
    this.#append(this.#depth < ENTRY_DEPTH ? this.#frame : this.#entry, piece.subarray(start));
    return this.#fault;
  }

  /** The full sections in their order; `undefined` if the text is no JSON or lists no devices in the way of QEMU. */
  get sections(): readonly DescribedSection[] | undefined {
    try {
      const { devices } = JSON.parse(textOf(this.#frame)) as { readonly devices?: readonly (readonly number[])[] };
      const sections = devices?.map(([index]) => this.#sections[index!]);
      return this.#isJson && sections?.every((section) => section !== undefined) ? sections : undefined;
    } catch {
      // No JSON, or another form than QEMU's: it tells nothing, and a receiver would not look at it either (STREAM-25).
      return undefined;
    }
  }

  /** By how much a byte changes the depth. */
  #step(byte: number): -1 | 0 | 1 {
    if (this.#isString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) this.#isString = false;
      return 0;
    }
    if (byte === QUOTE) this.#isString = true;
    const isOpen = byte === OPEN || byte === OPEN_LIST;
    const step = isOpen ? 1 : byte === CLOSE || byte === CLOSE_LIST ? -1 : 0;
    this.#depth += step;
    return step;
  }

  #endEntry(): void {
    this.#append(this.#frame, new TextEncoder().encode(`[${this.#sections.length}]`));
    this.#sections.push(this.#fault === undefined ? this.#readEntry() : undefined);
    this.#entry.drop(this.#entry.length);
  }

  /** Nothing for an entry that is no device in the way of QEMU. */
  #readEntry(): DescribedSection | undefined {
    try {
      const device = JSON.parse(textOf(this.#entry)) as Described;
      return { name: String(device.name), instance: Number(device.instance_id), byteCount: bytesOf(device) };
    } catch (error) {
      if (error instanceof SyntaxError) this.#isJson = false;
      return undefined;
    }
  }

  #append(part: KeptBytes, bytes: Uint8Array): void {
    if (part.length + bytes.length <= MAX_PART_SIZE) return part.append(bytes);
    this.#fault ??= `more than ${MAX_PART_SIZE} bytes in ${part === this.#entry ? "an entry" : "what is in no entry"}`;
  }
}

function textOf({ bytes }: KeptBytes): string {
  return new TextDecoder().decode(bytes);
}

/** The sum of the sizes of fields and subsections. */
function bytesOf({ fields, subsections }: Described): number {
  const fieldBytes = (fields ?? []).map(({ size, array_len }) => Number(size) * Number(array_len ?? 1));
  const subsectionBytes = (subsections ?? []).map(
    (subsection) => SUBSECTION_HEAD + String(subsection.vmsd_name).length + bytesOf(subsection),
  );
  return [...fieldBytes, ...subsectionBytes].reduce((sum, byteCount) => sum + byteCount, 0);
}

/**
 * Compares what was found with what is described.
 *
 * @param found - The full sections of the stream, in their order.
 * @param described - Those of the description.
 * @returns What differs first, in words; `undefined` if nothing does. Source: STREAM-30.
 */
export function firstDifference(
  found: readonly DescribedSection[],
  described: readonly DescribedSection[],
): string | undefined {
  const index = Array.from({ length: Math.max(found.length, described.length) }).findIndex(
    (_, index) => inWords(found[index]) !== inWords(described[index]),
  );
  return index < 0 ? undefined : `found ${inWords(found[index])}, described is ${inWords(described[index])}`;
}

function inWords(section: DescribedSection | undefined): string {
  if (section === undefined) return "no further section";
  return `${quoteName(section.name)} ${section.instance} of ${section.byteCount} bytes`;
}
