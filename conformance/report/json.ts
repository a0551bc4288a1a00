/**
 * A run as JSON, for programs.
 */

import type { RunReport } from "./model.ts";

/** The report, indented, ended by a line end. */
export function jsonText(report: RunReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
