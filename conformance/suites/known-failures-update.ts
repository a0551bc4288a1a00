/**
 * What a file of known failures has to hold after a run.
 */

import { isFailure, type Level, type Verdict } from "../harness/case.ts";
import { isUnwritten, type KnownFailure, UNWRITTEN_REASON } from "./known-failures.ts";
import { matchesId } from "./select.ts";

/** What a run has shown. */
export interface ShownFailures {
  /** The verdict of each vector that was asked, and of each drawn case that an entry matches. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** True for the id of a case that is drawn, and does not come again. */
  readonly isDrawn: (id: string) => boolean;
  readonly level: Level;
  /** True if the run has called the entry wrong. */
  readonly isStale: (entry: KnownFailure) => boolean;
}

/** The new entries, and what became of the old ones. */
export interface UpdatedFailures {
  /** In order of pattern and verdict. */
  readonly entries: readonly KnownFailure[];
  readonly keptCount: number;
  readonly droppedCount: number;
  readonly addedCount: number;
  /** How many reasons are still to be written. */
  readonly unwrittenCount: number;
}

/**
 * Keeps an entry that still fails as it says, with its reason and link, or the cases of it that do where others pass; drops one that no
 * longer fails so; adds an entry for each other vector that fails. An entry that was not met is dropped if the run was complete.
 */
export function updateKnownFailures(before: readonly KnownFailure[], shown: ShownFailures): UpdatedFailures {
  const matching = matchingEntries(before);
  const met = new Set<KnownFailure>();
  const passing = new Set<KnownFailure>();
  const failing = new Map<KnownFailure, string[]>();
  const added: KnownFailure[] = [];
  for (const [id, verdict] of shown.verdicts) {
    const matches = matching(id);
    for (const entry of matches) met.add(entry);
    if (verdict === "pass") for (const entry of matches) passing.add(entry);
    const expecting = matches.find((entry) => entry.verdict === verdict);
    if (expecting) failing.set(expecting, [...(failing.get(expecting) ?? []), id]);
    else if (isFailure(verdict, shown.level) && !shown.isDrawn(id)) {
      added.push({ pattern: id, verdict, reason: UNWRITTEN_REASON });
    }
  }
  const kept = before.flatMap((entry) => {
    if (!met.has(entry)) return shown.isStale(entry) ? [] : [[entry]];
    const ids = failing.get(entry) ?? [];
    if (!passing.has(entry)) return ids.length === 0 ? [] : [[entry]];
    const narrowed = ids.filter((id) => !shown.isDrawn(id)).map((pattern) => ({ ...entry, pattern }));
    return narrowed.length === 0 ? [] : [narrowed];
  });
  const entries = [...kept.flat(), ...added].sort(inOrder);
  return {
    entries,
    keptCount: kept.length,
    droppedCount: before.length - kept.length,
    addedCount: added.length,
    unwrittenCount: entries.filter(isUnwritten).length,
  };
}

/** An entry, and its place in the file. */
interface Numbered {
  readonly entry: KnownFailure;
  readonly index: number;
}

/** Finds the entries that match an id, in the order of the file. */
export function matchingEntries(entries: readonly KnownFailure[]): (id: string) => KnownFailure[] {
  // A file that was written by the program names thousands of cases, and has few globs.
  const named = new Map<string, Numbered[]>();
  const globs: (Numbered & { readonly matches: (id: string) => boolean })[] = [];
  for (const [index, entry] of entries.entries()) {
    const { pattern } = entry;
    if (!/^[\w./:-]+$/.test(pattern)) globs.push({ entry, index, matches: matchesId([pattern]) });
    else named.set(pattern, [...(named.get(pattern) ?? []), { entry, index }]);
  }
  return (id) =>
    [...(named.get(id) ?? []), ...globs.filter(({ matches }) => matches(id))]
      .sort((left, right) => left.index - right.index)
      .map(({ entry }) => entry);
}

function inOrder(left: KnownFailure, right: KnownFailure): number {
  const [one, other] = [`${left.pattern} ${left.verdict}`, `${right.pattern} ${right.verdict}`];
  return one < other ? -1 : Number(other < one);
}
