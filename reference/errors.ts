/**
 * The faults of the sender: the ways in which a delta is malformed (docs/xbzrle/delta.md, "Malformed deltas"), and those
 * of a stream (the tables "Faults" of record.md, stream.md and compressed.md).
 * The faults of the caller are a `TypeError` or a `RangeError` where they are found.
 */

/** Every fault of a delta, and the requirement that has a decoder refuse it; in the order of the chapter. */
export const DELTA_FAULTS = {
  "length-truncated": "DELTA-12",
  "length-too-long": "DELTA-13",
  "zrun-empty": "DELTA-14",
  "zrun-past-page": "DELTA-15",
  "zrun-unpaired": "DELTA-16",
  "nzrun-empty": "DELTA-17",
  "nzrun-past-page": "DELTA-18",
  "nzrun-truncated": "DELTA-19",
} as const;

/** The name of a fault, as vectors, messages and reports use it. */
export type DeltaFault = keyof typeof DELTA_FAULTS;

/**
 * A delta was refused.
 * The message is fault, where, what was found, requirement: `nzrun-truncated at delta byte 22: 2 of 3 bytes (DELTA-19)`.
 */
export class MalformedDeltaError extends Error {
  override readonly name = "MalformedDeltaError";

  /** What is wrong. */
  readonly fault: DeltaFault;

  /**
   * Where, in bytes from the start of the delta: the first byte of the length of the run at fault, and for
   * `nzrun-truncated` the byte after that length, where the literals begin.
   */
  readonly deltaOffset: number;

  /** What stands there, with the numbers of both sides of a limit. */
  readonly found: string;

  /** The id of the requirement that has a decoder refuse this. */
  readonly requirement: (typeof DELTA_FAULTS)[DeltaFault];

  /** Takes the fault, its offset in the delta in bytes, and what was found there. */
  constructor(fault: DeltaFault, deltaOffset: number, found: string) {
    const requirement = DELTA_FAULTS[fault];
    super(`${fault} at delta byte ${deltaOffset}: ${found} (${requirement})`);
    this.fault = fault;
    this.deltaOffset = deltaOffset;
    this.found = found;
    this.requirement = requirement;
  }
}

/** Every fault of a stream, and the requirement that has a receiver or reader refuse it; in the order of the chapters. */
export const STREAM_FAULTS = {
  "flags-unknown": "RECORD-2",
  "hook-unexpected": "RECORD-3",
  "compressed-unexpected": "RECORD-5",
  "word-too-large": "RECORD-7",
  "block-missing": "RECORD-10",
  "block-unknown": "RECORD-11",
  "page-outside-block": "RECORD-12",
  "fill-not-zero": "RECORD-16",
  "encoding-unknown": "RECORD-20",
  "delta-too-long": "RECORD-21",
  "delta-malformed": "RECORD-22",
  "memory-sizes-exceeded": "RECORD-25",
  "listed-block-unknown": "RECORD-26",
  "used-length-mismatch": "RECORD-27",
  "used-length-unaligned": "RECORD-28",
  "blocks-too-many": "RECORD-32",
  "magic-unknown": "STREAM-1",
  "version-unsupported": "STREAM-2",
  "configuration-missing": "STREAM-3",
  "machine-mismatch": "STREAM-4",
  "subsection-unknown": "STREAM-5",
  "page-size-mismatch": "STREAM-6",
  "capability-mismatch": "STREAM-7",
  "machine-name-too-long": "STREAM-9",
  "item-unknown": "STREAM-10",
  "section-unknown": "STREAM-11",
  "section-version-unsupported": "STREAM-12",
  "section-id-unknown": "STREAM-14",
  "footer-missing": "STREAM-16",
  "footer-mismatch": "STREAM-17",
  "command-unknown": "STREAM-19",
  "command-length-mismatch": "STREAM-20",
  "package-overrun": "STREAM-21",
  "xbzrle-in-postcopy": "STREAM-22",
  "stream-truncated": "STREAM-23",
  "bytes-after-end": "STREAM-26",
  "description-too-long": "STREAM-27",
  "description-mismatch": "STREAM-30",
  "sections-too-many": "STREAM-31",
  "compressed-empty": "COMP-2",
  "compressed-too-long": "COMP-3",
  "compressed-damaged": "COMP-4",
  "page-exceeded": "COMP-5",
} as const;

/** The name of a fault of a stream, as vectors, messages and reports use it. */
export type StreamFault = keyof typeof STREAM_FAULTS;

/** Where in a stream something is. */
export interface StreamPlace {
  /** In bytes from the start of the stream. */
  readonly streamOffset: number;
  /** The section, by name and id; left out outside of sections. */
  readonly section?: { readonly name: string; readonly id: number } | undefined;
  /** The name of the RAM block, a character a byte; left out where no block is known. */
  readonly block?: string | undefined;
  /** The address of the page in its block, in bytes; left out where there is no page. */
  readonly pageAddress?: number | undefined;
}

/**
 * A stream was refused. The message is fault, where, what was found, requirement:
 * `delta-too-long at stream byte 13 (section "ram" 2, block "ram", page 4096): 4097 bytes, the page has 4096 (RECORD-21)`.
 */
export class MalformedStreamError extends Error {
  override readonly name = "MalformedStreamError";

  /** What is wrong. */
  readonly fault: StreamFault;

  /** Where; the offset is that of the first byte at fault. */
  readonly place: StreamPlace;

  /** What stands there, with the numbers of both sides of a limit. */
  readonly found: string;

  /** The id of the requirement that has this refused. */
  readonly requirement: (typeof STREAM_FAULTS)[StreamFault];

  /** Takes the fault, its place, and what was found there. */
  constructor(fault: StreamFault, place: StreamPlace, found: string) {
    const requirement = STREAM_FAULTS[fault];
    super(`${fault} at stream byte ${place.streamOffset}${within(place)}: ${found} (${requirement})`);
    this.fault = fault;
    this.place = place;
    this.found = found;
    this.requirement = requirement;
  }
}

/**
 * Quotes a name out of a stream for a message or a terminal.
 *
 * @param name - A character a byte.
 * @returns The name in quotation marks; what is no printable ASCII stands as `\\x` and two digits.
 */
export function quoteName(name: string): string {
  const hexOf = (character: string) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  return `"${name.replaceAll(/[^ !#-[\]-~]/g, hexOf)}"`;
}

/** Section, block and page, as far as they are known. */
function within({ section, block, pageAddress }: StreamPlace): string {
  const parts = [
    ...(section === undefined ? [] : [`section ${quoteName(section.name)} ${section.id}`]),
    ...(block === undefined ? [] : [`block ${quoteName(block)}`]),
    ...(pageAddress === undefined ? [] : [`page ${pageAddress}`]),
  ];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}
