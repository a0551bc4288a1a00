/**
 * The files of `--report FORMAT=FILE`, and reports in files.
 */

import { readFileSync, statSync, writeFileSync } from "node:fs";
import { UsageError } from "../../reference/commands/streams.ts";
import type { RunReport } from "../report/model.ts";
import { oneLine } from "../report/printable.ts";
import { readReport, UnreadableReportError } from "../report/read.ts";

/** The writer of each format that a command offers. */
type Writers<Report> = Readonly<Record<string, (report: Report) => string>>;

/** The files that a command is to write. */
export class ReportFiles<Report> {
  readonly #files: readonly { readonly path: string; readonly write: (report: Report) => string }[];

  /** Takes what was given as `--report`, and the formats that the command knows. */
  constructor(given: readonly string[], writers: Writers<Report>) {
    this.#files = given.map((text) => {
      const [, format, path] = /^([a-z]+)=(.+)$/.exec(text) ?? [];
      const write = Object.hasOwn(writers, format ?? "") ? writers[format!] : undefined;
      if (write !== undefined && path !== undefined) return { path, write };
      const formats = Object.keys(writers).join(", ");
      throw new UsageError(`--report ${text} is not FORMAT=FILE with a format of ${formats}`);
    });
  }

  /**
   * Empties the files before the work: a report that cannot be written is known now and not in an hour, and a run that crashes does not
   * leave behind the report of an earlier one.
   */
  clear(): void {
    for (const { path } of this.#files) {
      const isSpecial = statSync(path, { throwIfNoEntry: false })?.isFile() === false;
      if (!isSpecial) writeReport(path, "");
    }
  }

  /** Writes all of them. */
  write(report: Report): void {
    for (const { path, write } of this.#files) writeReport(path, write(report));
  }
}

/** The report in a file; a UsageError says why there is none. */
export function openReport(path: string): RunReport {
  try {
    return readReport(readFileSync(path, "utf8"));
  } catch (error) {
    const isReadable = error instanceof UnreadableReportError;
    if (!isReadable && (error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new UsageError(
      `${path} holds no report as run writes it with --report json=FILE: ${oneLine((error as Error).message)}`,
    );
  }
}

function writeReport(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(`the report cannot be written to ${path}: ${(error as Error).message}`);
  }
}
