/**
 * Numbers and sizes on a command line. What range they have is checked where they are used, by name.
 */

import { InvalidArgumentError } from "commander";

/** Suffixes of sizes, as QEMU's monitor has them: powers of 1024. */
const UNITS = ["", "k", "m", "g", "t"];

/** Reads an integer; throws an InvalidArgumentError for what is none. */
export function parseInteger(text: string): number {
  if (/^[0-9]{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It has to be a number, 0 or more");
}

/** Reads a size in bytes, as `65536`, `64K` or `1G`; throws an InvalidArgumentError for what is none. */
export function parseSize(text: string): number {
  const [, digits, unit] = /^([0-9]{1,15})([kmgt]?)$/i.exec(text) ?? [];
  const size = Number(digits) * 1024 ** UNITS.indexOf(unit?.toLowerCase() ?? "");
  if (digits !== undefined && Number.isSafeInteger(size)) return size;
  throw new InvalidArgumentError("It has to be a number of bytes, or one with K, M, G or T behind it");
}
