/**
 * The formats that a comparison can be written in. A writer is a pure function of the comparison.
 */

import { comparisonHtml } from "./html.ts";
import { comparisonMarkdown } from "./markdown.ts";
import type { Comparison } from "./model.ts";

/** The writer of each format. */
export const COMPARISON_WRITERS: Readonly<Record<"markdown" | "html", (comparison: Comparison) => string>> = {
  markdown: comparisonMarkdown,
  html: comparisonHtml,
};
