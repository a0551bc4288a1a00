/**
 * Failures that are known: their cases still run, and an entry that no longer fails, or matches nothing, fails the run.
 */

import { readFileSync } from "node:fs";
import { type CaseResult, VERDICTS } from "../harness/case.ts";
import { matchesId } from "./select.ts";

/** One entry of a known-failures file. */
export interface KnownFailure {
  /** A glob over case ids. */
  readonly pattern: string;
  /** The verdict that is expected. */
  readonly verdict: CaseResult["verdict"];
  /** Why the implementation fails there. */
  readonly reason: string;
  /** Where the failure is discussed. */
  readonly link?: string;
}

/** The user's known-failures file is not what it should be; the message says where and what to do. */
export class KnownFailuresError extends Error {
  override readonly name = "KnownFailuresError";
}

/** What stands in the place of a reason that nobody has written yet. */
export const UNWRITTEN_REASON = "TO DO: why does the implementation fail here?";

const KEYS = ["pattern", "verdict", "reason", "link"];
const EXAMPLE = '[{ "pattern": "delta/page-sizes/*65536*", "verdict": "fail", "reason": "16-bit offsets" }]';

/**
 * Reads a known-failures file: a JSON array of {@link KnownFailure}. Throws `KnownFailuresError` if it is none, and if a reason is
 * still to be written.
 */
export function readKnownFailures(path: string): KnownFailure[] {
  const entries = readDraft(path);
  const unwritten = entries.flatMap((entry, index) => (isUnwritten(entry) ? [{ entry, index }] : []));
  const [first] = unwritten;
  if (first === undefined) return entries;
  const more = unwritten.length === 1 ? "" : `; so have ${unwritten.length - 1} more`;
  throw new KnownFailuresError(
    `${path}: entry ${first.index + 1} ("${first.entry.pattern}") has a reason that is still to be written${more}; say why the implementation fails there`,
  );
}

/** Reads the file as `readKnownFailures` does, but lets reasons be that are still to be written. */
export function readDraft(path: string): KnownFailure[] {
  let entries: unknown;
  try {
    entries = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new KnownFailuresError(`${path} cannot be read: ${(error as Error).message}; it should hold ${EXAMPLE}`);
  }
  if (!Array.isArray(entries)) throw new KnownFailuresError(`${path} holds no array; it should hold ${EXAMPLE}`);
  return entries.map((entry, index) => checked(entry, `${path}: entry ${index + 1}`));
}

/** What a run has made of an entry. */
export interface KnownFailureUse {
  readonly pattern: string;
  /** True if the entry matches a case that was recorded. */
  readonly isMatched: boolean;
  /** The first case that the entry matches and that passes. */
  readonly passedId: string | null;
}

/** True if the entry's reason is still to be written. */
export function isUnwritten({ reason }: KnownFailure): boolean {
  return reason.startsWith("TO DO");
}

/** How many cases that pass are noted of an entry, the first in the order of the run: more than faults can turn out to be of later. */
const MOST_PASSES = 64;

/** Which known failures there are, and what became of each. */
export class KnownFailures {
  readonly #entries: readonly { readonly entry: KnownFailure; readonly matches: (id: string) => boolean }[];
  readonly #matched = new Set<KnownFailure>();
  /** The ids of the cases that an entry matches and that pass, in the order of the run. */
  readonly #passed = new Map<KnownFailure, readonly string[]>();
  readonly #order: (id: string) => number;

  /** Takes the entries of a file, and the place of a case in the run. */
  constructor(entries: readonly KnownFailure[], order: (id: string) => number) {
    this.#order = order;
    this.#entries = entries.map((entry) => ({ entry, matches: matchesId([entry.pattern]) }));
  }

  /**
   * The first entry that expects this result, if one does. Notes cases that an entry matches and that pass; a second result for a case
   * takes the place of the first.
   */
  find(result: CaseResult): KnownFailure | undefined {
    const { id } = result.case;
    let expecting: KnownFailure | undefined;
    for (const { entry, matches } of this.#entries) {
      if (!matches(id)) continue;
      this.#matched.add(entry);
      if (result.verdict === "pass") this.#notePass(entry, id);
      else this.#forgetPass(entry, id);
      if (entry.verdict === result.verdict) expecting ??= entry;
    }
    return expecting;
  }

  /** What became of each entry. */
  uses(): KnownFailureUse[] {
    return this.#entries.map(({ entry }) => ({
      pattern: entry.pattern,
      isMatched: this.#matched.has(entry),
      passedId: this.#passed.get(entry)?.[0] ?? null,
    }));
  }

  #notePass(entry: KnownFailure, id: string): void {
    const noted = this.#passed.get(entry) ?? [];
    if (noted.includes(id)) return;
    const place = this.#order(id);
    const at = noted.findLastIndex((other) => this.#order(other) <= place) + 1;
    if (at < MOST_PASSES) this.#passed.set(entry, noted.toSpliced(at, 0, id).slice(0, MOST_PASSES));
  }

  #forgetPass(entry: KnownFailure, id: string): void {
    const noted = this.#passed.get(entry);
    if (noted?.includes(id)) {
      this.#passed.set(
        entry,
        noted.filter((other) => other !== id),
      );
    }
  }
}

/** A sentence for each entry that a run has shown to be wrong; `wasComplete` if every case was asked that the entry could be about. */
export function staleSentences(
  uses: readonly KnownFailureUse[],
  wasComplete: (use: KnownFailureUse) => boolean,
): string[] {
  return uses.flatMap((use) => {
    const { pattern, isMatched, passedId } = use;
    if (passedId !== null) return [`known failure "${pattern}" no longer fails: ${passedId} passes; remove the entry`];
    if (!isMatched && wasComplete(use)) return [`known failure "${pattern}" matches no case; remove the entry`];
    return [];
  });
}

function checked(entry: unknown, where: string): KnownFailure {
  const { pattern, verdict, reason, link } = (entry ?? {}) as Record<string, unknown>;
  if (typeof pattern !== "string" || pattern === "") throw new KnownFailuresError(`${where} has no pattern`);
  if (typeof reason !== "string" || reason.trim() === "") throw new KnownFailuresError(`${where} has no reason`);
  const failing = VERDICTS.filter((name) => name !== "pass" && name !== "not-run");
  const known = failing.find((name) => name === verdict);
  if (known === undefined) throw new KnownFailuresError(`${where} has no verdict; it is one of ${failing.join(", ")}`);
  if (link !== undefined && typeof link !== "string")
    throw new KnownFailuresError(`${where} has a link that is no text`);
  const unknown = Object.keys(entry as object).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) {
    throw new KnownFailuresError(`${where} has "${unknown}", which means nothing; an entry has ${KEYS.join(", ")}`);
  }
  return { pattern, verdict: known, reason, ...(link !== undefined && { link }) };
}
