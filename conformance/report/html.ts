/**
 * A run as one HTML page.
 */

import { html } from "../../reference/markup.ts";
import { suiteText } from "./headline.ts";
import type { RunReport } from "./model.ts";
import { casesHtml, pageData } from "./page/cases.ts";
import { chaptersHtml, chaptersOf, linkedIds, pageText } from "./page/document.ts";
import { headHtml, iconUrl } from "./page/head.ts";
import { familiesHtml, requirementsHtml, runHtml } from "./page/tables.ts";
import { oneLine } from "./printable.ts";

/** The report as a page. */
export function htmlText(report: RunReport): string {
  const chapters = chaptersOf(report.requirements);
  const linked = linkedIds(chapters);
  const data = pageData(report, linked);
  return pageText({
    title: `${oneLine(report.adapter.name)}: ${report.verdict} (XBZRLE conformance)`,
    iconUrl: iconUrl(report.verdict),
    header: headHtml(report),
    sections: [
      ["requirements", "Requirements"],
      ["families", "Families"],
      ["run", "The run"],
      ["chapters", "Chapters"],
      ["cases", "Cases"],
    ],
    skipTo: ["cases", "cases"],
    main: html`${requirementsHtml(report, linked)}
${familiesHtml(report)}
${runHtml(report)}
${chaptersHtml(chapters)}
${casesHtml(report, data)}`,
    footer: `Written by ${suiteText(report)}.`,
    data,
    modules: ["filter", "rows", "list", "reveal"],
  });
}
