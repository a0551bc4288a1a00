/**
 * The formats that a report can be written in. A writer is a pure function of the report.
 */

import { plain } from "./case-text.ts";
import { htmlText } from "./html.ts";
import { jsonText } from "./json.ts";
import { junitText } from "./junit.ts";
import { markdownText } from "./markdown.ts";
import type { RunReport } from "./model.ts";
import { headText, reportText } from "./text.ts";

/** The name of a format. */
export type ReportFormat = "text" | "json" | "junit" | "markdown" | "html";

/** The writer of each format. */
export const REPORT_WRITERS: Readonly<Record<ReportFormat, (report: RunReport) => string>> = {
  text: (report) => headText(report) + reportText(report, plain),
  json: jsonText,
  junit: junitText,
  markdown: markdownText,
  html: htmlText,
};
