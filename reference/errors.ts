/**
 * The faults of the sender: the ways in which a delta is malformed (docs/xbzrle/delta.md, "Malformed deltas").
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
