/**
 * The full sections that a reader has found, held against the description (docs/xbzrle/stream.md, "Payloads of unknown form").
 */

import { type DescribedSection, DescriptionReader, firstDifference } from "./description.ts";
import { RAM_SECTION, type Section } from "./stream.ts";

/** STREAM-27: a description of more bytes is refused. */
const MAX_DESCRIPTION_SIZE = 16_777_216;

/** Full sections with their sizes, and the description as it comes. */
export class DeviceList {
  /** Whether the description was compared with the sections, and they agree. */
  isVerified = false;
  /** How many bytes of the description are still to come. */
  leftOfDescription = 0;
  readonly #found: DescribedSection[] = [];
  #isCounting = false;
  #hasUnknown = false;
  readonly #description = new DescriptionReader();

  /** An item of a section begins; only full items of unknown form are listed. */
  begin(section: Section, kind: string): void {
    const isUnknown = section.name !== RAM_SECTION.name;
    this.#hasUnknown ||= isUnknown;
    this.#isCounting = kind === "full" && isUnknown;
    if (this.#isCounting) this.#found.push({ name: section.name, instance: section.instance, byteCount: 0 });
  }

  /** So many bytes of the payload have come. */
  count(byteCount: number): void {
    const last = this.#found.at(-1);
    if (!this.#isCounting || last === undefined) return;
    this.#found[this.#found.length - 1] = { ...last, byteCount: last.byteCount + byteCount };
  }

  /** Whether a description has begun and not ended. */
  get isOpen(): boolean {
    return 0 < this.leftOfDescription;
  }

  /** STREAM-27: a description of so many bytes begins. Returns what is wrong with that, in words; `undefined` if nothing is. */
  openDescription(byteCount: number): string | undefined {
    if (MAX_DESCRIPTION_SIZE < byteCount) return `${byteCount} bytes, at most ${MAX_DESCRIPTION_SIZE}`;
    this.leftOfDescription = byteCount;
    return undefined;
  }

  /** A piece of the description has come. Returns what is wrong with that, in words; `undefined` if nothing is. */
  addText(piece: Uint8Array): string | undefined {
    this.leftOfDescription -= piece.length;
    // Where no footer had to be looked for, nothing is in doubt.
    return this.#hasUnknown ? this.#description.add(piece) : undefined;
  }

  /** Compares, once the description is whole. Returns what differs first, in words; `undefined` if nothing does. */
  compare(): string | undefined {
    const described = this.#hasUnknown ? this.#description.sections : undefined;
    if (described === undefined) return undefined;
    const difference = firstDifference(this.#found, described);
    this.isVerified = difference === undefined;
    return difference;
  }
}
