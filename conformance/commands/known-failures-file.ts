/**
 * The file of `--known-failures`, written anew by `--update-known-failures`.
 */

import { accessSync, constants, existsSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "../../reference/commands/streams.ts";
import type { Verdict } from "../harness/case.ts";
import { sectionOf } from "../report/counts.ts";
import type { RunReport } from "../report/model.ts";
import type { CaseNote } from "../run.ts";
import { type KnownFailure, readDraft } from "../suites/known-failures.ts";
import { matchingEntries, updateKnownFailures } from "../suites/known-failures-update.ts";

/** Watches a run, and writes the file when it has ended. */
export class KnownFailuresFile {
  /** What the file holds before the run. */
  readonly entries: readonly KnownFailure[];
  readonly #path: string;
  readonly #isMatched: (id: string) => boolean;
  readonly #verdicts = new Map<string, Verdict>();
  readonly #drawn = new Set<string>();

  private constructor(path: string) {
    // A file that there is not yet is begun.
    this.entries = existsSync(path) ? readDraft(path) : [];
    this.#path = path;
    const matching = matchingEntries(this.entries);
    this.#isMatched = (id) => matching(id).length !== 0;
    try {
      accessSync(dirname(path), constants.W_OK);
    } catch (error) {
      throw new UsageError(`${path} cannot be written: ${(error as Error).message}`);
    }
  }

  /** The file that the options ask to update, if they do. */
  static toUpdate(options: {
    readonly knownFailures?: string;
    readonly updateKnownFailures?: true;
  }): KnownFailuresFile | undefined {
    const { knownFailures, updateKnownFailures } = options;
    if (updateKnownFailures === undefined) return undefined;
    if (knownFailures !== undefined) return new KnownFailuresFile(knownFailures);
    throw new UsageError("--update-known-failures needs --known-failures FILE, the file to write");
  }

  /** Takes what came of a case; a second time, it takes the place of the first. */
  note({ id, section, verdict }: CaseNote): void {
    const isDrawn = section !== sectionOf(id);
    if (isDrawn && !this.#isMatched(id)) return;
    if (isDrawn) this.#drawn.add(id);
    this.#verdicts.set(id, verdict);
  }

  /** Writes the file, and says what was done. After a run that was cut short it is left as it is. */
  write(report: RunReport): string {
    const path = this.#path;
    const { stopped, staleKnownFailures: stale } = report.evidence;
    if (stopped !== null) return `${path} is left as it is, because the run was cut short`;
    const { entries, keptCount, droppedCount, addedCount, unwrittenCount } = updateKnownFailures(this.entries, {
      verdicts: this.#verdicts,
      isDrawn: (id) => this.#drawn.has(id),
      level: report.options.level,
      isStale: ({ pattern }) => stale.some((sentence) => sentence.startsWith(`known failure "${pattern}" `)),
    });
    replaceFile(path, `${JSON.stringify(entries, null, 2)}\n`);
    const said = `${path}: ${keptCount} kept, ${droppedCount} dropped, ${addedCount} added`;
    if (unwrittenCount === 0) return said;
    const reasons = unwrittenCount === 1 ? "1 reason is" : `${unwrittenCount} reasons are`;
    return `${said}; ${reasons} still to be written ("TO DO"), and no run takes the file before`;
  }
}

/** Writes a file so that whoever reads it finds the old one or the new one, whole. */
function replaceFile(path: string, text: string): void {
  // What a link leads to is replaced, and not the link.
  const target = existsSync(path) ? realpathSync(path) : path;
  const draft = `${target}.${process.pid}.new`;
  try {
    writeFileSync(draft, text, { flag: "wx" });
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new UsageError(`${path} cannot be written: ${(error as Error).message}`);
  }
}
