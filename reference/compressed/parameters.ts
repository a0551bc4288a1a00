/**
 * The parameters of compression threads (docs/xbzrle/compressed.md, "Parameters"), by the names that QMP has for them.
 * `compress-wait-thread` is on or off, and is the choice of whoever gives pages to the threads.
 */

import { requireInRange, type UsualRange } from "../range.ts";

/** The parameters that are numbers, in the order of the chapter. */
export const COMPRESSION_PARAMETERS = {
  "compress-level": { least: 0, most: 9, usual: 1, requirement: "COMP-16" },
  "compress-threads": { least: 1, most: 255, usual: 8, requirement: "COMP-16" },
  "decompress-threads": { least: 1, most: 255, usual: 2, requirement: "COMP-17" },
} as const satisfies Readonly<Record<string, UsualRange & { readonly requirement: string }>>;

/** The name of a parameter. */
export type CompressionParameter = keyof typeof COMPRESSION_PARAMETERS;

/**
 * Gives the value of a parameter.
 *
 * @param name - Of the parameter.
 * @param value - What was told; the usual value if nothing was.
 * @returns The value.
 * @throws RangeError: `compress-level has to be an integer from 0 to 9, not 10 (COMP-16)`. Source: COMP-16, COMP-17.
 */
export function compressionParameter(name: CompressionParameter, value: number | undefined): number {
  const { usual, requirement, ...range } = COMPRESSION_PARAMETERS[name];
  // COMP-16, COMP-17
  return requireInRange(name, value ?? usual, range, requirement);
}
