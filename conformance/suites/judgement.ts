/**
 * What the judgements of all operations are made of.
 */

import type { Difference, Judgement, Level } from "../harness/case.ts";
import { hexByte } from "./cut.ts";

/** The answer conforms. */
export const PASS: Judgement = { kind: "pass" };

/** The answer breaks a requirement of the level; `detail` is a sentence that says how. */
export function fail(level: Level, requirement: string, detail: string, difference?: Difference): Judgement {
  return { kind: "fail", level, requirement, detail, ...(difference && { difference }) };
}

/** The first byte that is not as expected, as the end of a sentence. */
export function inWords({ offset, expected, got }: Difference): string {
  if (expected === -1) return `it goes on at offset ${offset}, where it should end`;
  if (got === -1) return `it ends at offset ${offset}`;
  return `byte ${offset} is ${hexByte(got)}, not ${hexByte(expected)}`;
}
