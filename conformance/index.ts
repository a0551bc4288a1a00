/**
 * The conformance suite as a library.
 *
 * @packageDocumentation
 */

export { AdapterStartError } from "./adapter/fault.ts";
export { type Difference, LEVELS, type Level, VERDICTS, type Verdict } from "./harness/case.ts";
export { PROTOCOL_VERSION } from "./protocol.ts";
export type { Repeat } from "./report/case-report.ts";
export { REPORT_WRITERS, type ReportFormat } from "./report/formats.ts";
export type {
  CaseReport,
  Counts,
  Evidence,
  RequirementReport,
  RequirementText,
  RunOptions,
  RunReport,
  RunVerdict,
  SectionReport,
} from "./report/model.ts";
export { type CaseNote, type ConformanceRun, DEFAULT_OPTIONS, type RunProgress, runConformance } from "./run.ts";
export { type KnownFailure, type KnownFailureUse, readKnownFailures } from "./suites/known-failures.ts";
export { NothingSelectedError } from "./suites/select.ts";
