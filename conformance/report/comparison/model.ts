/**
 * Several runs beside each other, as plain, immutable data: what every comparison is written from.
 */

import type { Level } from "../../harness/case.ts";
import type { NamedReport, RequirementReport } from "../model.ts";
import type { Cell } from "./cell.ts";
import type { CaseChange, CaseChanges } from "./changes.ts";

/** One of the runs. */
export interface ComparedRun extends NamedReport {
  /** What the run is called in tables: 1 for the first, 2 for the second. */
  readonly label: string;
  /** Name and version of the implementation, fit to be shown. */
  readonly name: string;
}

/** What became of one requirement, or of a section whose cases are drawn, in each run. */
export interface MatrixRow {
  /** The id of the requirement, or the name of the section: `fuzz`. */
  readonly name: string;
  /** Nothing for a section. */
  readonly requirement: RequirementReport | undefined;
  /** In the order of the runs. */
  readonly cells: readonly Cell[];
}

/** What changed between two runs of one implementation. */
export interface RunChanges extends CaseChanges {
  /** The first run of the implementation, and a later one. */
  readonly first: ComparedRun;
  readonly later: ComparedRun;
  /** Requirements, and fuzzing, that something else became of. */
  readonly rows: readonly { readonly name: string; readonly before: Cell; readonly after: Cell }[];
  /** The cases that passed in the first run and do not in the later one. */
  readonly regressions: readonly CaseChange[];
}

/** Runs beside each other. */
export interface Comparison {
  /** What counts as a failure, in all runs. */
  readonly level: Level;
  readonly runs: readonly ComparedRun[];
  /** What has to be known before runs are compared, a sentence each. */
  readonly notes: readonly string[];
  readonly rows: readonly MatrixRow[];
  /** For each run of an implementation that is not its first. */
  readonly changes: readonly RunChanges[];
}
