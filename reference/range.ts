/**
 * Ranges of numbers that a caller may give: parameters of workloads, of worker threads, of times.
 */

/** What a number may be. */
export interface Range {
  /** The least value. */
  readonly least: number;
  /** The greatest value. */
  readonly most: number;
  /** True if numbers between integers are in the range too. */
  readonly isContinuous?: boolean;
}

/** A range, and the value that holds unless another is told. */
export interface UsualRange extends Range {
  readonly usual: number;
}

/**
 * Checks a number.
 *
 * @param name - What it is to the caller, for the message.
 * @param value - The number.
 * @param range - What it may be.
 * @param requirement - The id of the requirement that says so, if one does; it ends the message.
 * @returns The number.
 * @throws RangeError with the name and the range: `compress-level has to be an integer from 0 to 9, not 10 (COMP-16)`.
 */
export function requireInRange(name: string, value: number, range: Range, requirement?: string): number {
  const { least, most, isContinuous = false } = range;
  const isOfKind = isContinuous ? typeof value === "number" : Number.isInteger(value);
  if (isOfKind && least <= value && value <= most) return value;
  const kind = isContinuous ? "a number" : "an integer";
  const source = requirement === undefined ? "" : ` (${requirement})`;
  throw new RangeError(`${name} has to be ${kind} from ${least} to ${most}, not ${value}${source}`);
}
