/**
 * A run as JSON, for programs: `spec/report.schema.json`. Reading it is `read.ts`.
 */

import type { RunReport } from "./model.ts";

/** The report, indented, ended by a line end. */
export function jsonText(report: RunReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
