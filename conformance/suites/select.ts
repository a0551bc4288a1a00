/**
 * Which cases of the vectors a run asks: by operation and by patterns over their ids.
 */

import picomatch from "picomatch";
import type { Case } from "../harness/case.ts";

/** What is asked; patterns are globs in which `*` stands for any characters, slashes too. */
export interface Selection {
  readonly operations: readonly string[];
  /** Only cases that one of these matches; all if there is none. */
  readonly run: readonly string[];
  /** No case that one of these matches. */
  readonly skip: readonly string[];
}

/** The user's patterns leave no case. */
export class NothingSelectedError extends Error {
  override readonly name = "NothingSelectedError";
}

/** A predicate over cases, and one over ids alone. */
export interface Selector {
  (candidate: Case): boolean;
  readonly id: (id: string) => boolean;
  /** False if no id that begins like this is selected; true if one may be. */
  readonly mayBegin: (beginning: string) => boolean;
}

/** The selector of a selection. */
export function selects({ operations, run, skip }: Selection): Selector {
  const isRun = run.length === 0 ? () => true : matchesId(run);
  const isSkipped = skip.length === 0 ? () => false : matchesId(skip);
  const id = (candidate: string) => isRun(candidate) && !isSkipped(candidate);
  return Object.assign((candidate: Case) => operations.includes(candidate.operation) && id(candidate.id), {
    id,
    mayBegin: (beginning: string) => run.length === 0 || run.some((pattern) => mayBeginWith(pattern, beginning)),
  });
}

/** True if the glob may match an id that begins like this: what stands before its first special character is in every such id. */
export function mayBeginWith(pattern: string, beginning: string): boolean {
  const [literal] = /^[^*?[\]{}()!+@\\|]*/.exec(pattern)!;
  return literal.startsWith(beginning) || beginning.startsWith(literal);
}

/** A predicate over case ids: true if one of the globs matches the whole id. */
export function matchesId(patterns: readonly string[]): (id: string) => boolean {
  return picomatch([...patterns], { bash: true });
}
