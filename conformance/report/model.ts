/**
 * The result of a run as plain, immutable data: what every report is written from.
 */

import type { Requirement } from "../../spec/requirements.ts";
import type { Difference, Level, Verdict } from "../harness/case.ts";
import type { KnownFailureUse } from "../suites/known-failures.ts";

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
  /** True if the small worlds were asked too. */
  readonly exhaustive: boolean;
  /** The part of the cases that was asked, such as `2/4`; null for all of them. */
  readonly shard: string | null;
}

/** What the verdict is made of, besides the counts and the options. */
export interface Evidence {
  /** How many cases of the operations the options left out: vectors, fuzz cases, and those of small worlds if they were asked for. */
  readonly leftOut: number;
  /** Why the run stopped before its last case. */
  readonly stopped: string | null;
  /** True if the run stopped because the user has asked for no more than the first failure. */
  readonly failedFast: boolean;
  /** What the adapter did wrong apart from cases. */
  readonly adapterFault: string | null;
  /** What became of each entry of the known-failures file, in the order of the file. */
  readonly knownFailures: readonly KnownFailureUse[];
  /** Entries of the known-failures file that are wrong, a sentence each. */
  readonly staleKnownFailures: readonly string[];
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
  /** The id of the requirement that was found broken: by judging an answer, by what an `error` says, or by a second look. */
  readonly broken: string | null;
  /** The broken requirement, if one was found, and then those that the case shows, the one that it is about first. */
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
  /** The command that repeats the failure: it asks the case alone, or among others where it passes alone. */
  readonly repeat: string;
  /** A case that is none of the vectors as a vector, ready for a file. */
  readonly vector: object | null;
  /** The failure as the run had found it, if it was shrunk since. */
  readonly asFound: CaseReport | null;
}

/** The counts of one family, of fuzzing, or of a small world. */
export interface SectionReport {
  readonly section: string;
  readonly counts: Counts;
}

/** What became of one requirement. */
export interface RequirementReport extends RequirementText {
  /** The class of program that it binds. */
  readonly class: NonNullable<Requirement["class"]>;
  /** How much it binds. */
  readonly level: NonNullable<Requirement["level"]>;
  /** Where it stands, from the package's folder: `docs/xbzrle/delta.md#lengths`. */
  readonly link: string;
  /** The verdicts of the vectors that show it. A vector shows several, and can fail for another one. */
  readonly counts: Counts;
  /** How many further vectors show it that the options left out. */
  readonly leftOut: number;
  /** How many cases, those that are no vectors among them, have shown that it is broken; known failures are not counted. */
  readonly broken: number;
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
  readonly evidence: Evidence;
  /** What follows from counts, options and evidence. */
  readonly verdict: RunVerdict;
  /** Why the verdict is what it is, a sentence each. */
  readonly reasons: readonly string[];
  readonly counts: Counts;
  readonly sections: readonly SectionReport[];
  /** All requirements of the chapters, in their order. */
  readonly requirements: readonly RequirementReport[];
  /** The verdict of each vector that was selected. */
  readonly cases: Readonly<Record<string, Verdict>>;
  /** The cases that did not pass, without those that were not run, in the order of the plan; of fuzzing and of each small world the first hundred. */
  readonly failures: readonly CaseReport[];
}

/** A report, and the file that it came from. */
export interface NamedReport {
  readonly path: string;
  readonly report: RunReport;
}
