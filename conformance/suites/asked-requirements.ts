/**
 * Which operations and requirements the suite can ask an implementation for. A chapter is added here with its cases.
 */

import { loadRequirements, type Requirement } from "../../spec/requirements.ts";
import type { Operation } from "../protocol.ts";

/** The operations that there are cases for. */
export const ASKED_OPERATIONS = ["encode", "decode", "receive", "send"] as const satisfies readonly Operation[];

/** The chapters that there are cases for. */
export const ASKED_CHAPTERS: readonly string[] = ["delta", "record", "stream", "session", "compressed"];

/** The requirements of these chapters by id, in the order of the chapters. */
export function askedRequirements(): ReadonlyMap<string, Requirement> {
  const all = [...loadRequirements()];
  return new Map(ASKED_CHAPTERS.flatMap((asked) => all.filter(([, { chapter }]) => chapter === asked)));
}
