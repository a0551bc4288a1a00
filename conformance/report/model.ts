/**
 * The result of a run as plain, immutable data: what every report is written from.
 */

import type { Difference, Level, Verdict } from "../harness/case.ts";

/** What a run says of an implementation. */
export type RunVerdict = "conformant" | "nonconformant" | "incomplete";

/** How many cases got each verdict, and how many of those failures were known. */
export type Counts = Readonly<Record<Verdict | "known", number>>;

/** What was asked, and how. */
export interface RunOptions {
  readonly level: Level;
  readonly operations: readonly string[];
  readonly run: readonly string[];
  readonly skip: readonly string[];
  /** The number of fuzz cases asked for. */
  readonly fuzz: number;
  readonly seed: number;
  readonly timeoutMs: number;
  readonly window: number;
  readonly failFast: boolean;
  readonly knownFailures: string | null;
}

/** A requirement and its text. */
export interface RequirementText {
  readonly id: string;
  readonly text: string;
}

/** One case that did not pass, ready to be read. */
export interface CaseReport {
  readonly id: string;
  readonly section: string;
  readonly verdict: Verdict;
  /** The id of the requirement that was found broken. */
  readonly broken: string | null;
  /** The requirements that the case shows, the one that it is about first; and the broken one. */
  readonly requirements: readonly RequirementText[];
  readonly why: string;
  /** What happened, in a sentence. */
  readonly detail: string;
  readonly difference: Difference | null;
  /** Annotated lines. */
  readonly request: readonly string[];
  readonly expected: readonly string[];
  readonly got: readonly string[];
  readonly stderrTail: string;
  /** The reason in the known-failures file. */
  readonly known: string | null;
  /** True if the case passes when it is asked of a fresh process. */
  readonly passesAlone: boolean;
  /** The command that repeats the case. */
  readonly repeat: string;
  /** A fuzz case as a vector, ready for a file. */
  readonly vector: object | null;
}

/** The counts of one family, or of fuzzing. */
export interface SectionReport {
  readonly section: string;
  readonly counts: Counts;
}

/** A whole run. */
export interface RunReport {
  readonly formatVersion: 1;
  readonly suite: { readonly version: string; readonly protocol: number; readonly vectors: string };
  readonly adapter: {
    readonly command: readonly string[];
    readonly name: string;
    readonly version: string;
    readonly operations: readonly string[];
  };
  readonly options: RunOptions;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly restarts: number;
  readonly verdict: RunVerdict;
  /** Why the verdict is what it is, a sentence each. */
  readonly reasons: readonly string[];
  readonly counts: Counts;
  readonly sections: readonly SectionReport[];
  /** The verdict of each vector that was selected. */
  readonly cases: Readonly<Record<string, Verdict>>;
  /** The cases that did not pass, without those that were not run; of fuzzing the first hundred. */
  readonly failures: readonly CaseReport[];
}
