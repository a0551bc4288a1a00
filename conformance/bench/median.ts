/** What counts of the turns in which something is measured. */

/** The middle one of an odd number of values, and of an even number the higher of the two. */
export function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1]!;
}
