/**
 * The top of the page: the verdict, why, and every count.
 */

import { type Html, html } from "../../../reference/markup.ts";
import { COUNTED_AS, type CountedAs } from "../counts.ts";
import { reasonLines, scopeText, verdictSentence } from "../headline.ts";
import type { RunReport, RunVerdict } from "../model.ts";
import { oneLine } from "../printable.ts";

/** What a chip or a bar is coloured as. */
export type Tone = "good" | "bad" | "open" | "noted" | "quiet";

/** The tone of each verdict; words stand beside it always. */
export const TONES: Readonly<Record<CountedAs, Tone>> = {
  pass: "good",
  "not-recommended": "open",
  fail: "bad",
  error: "bad",
  timeout: "bad",
  crash: "bad",
  "protocol-fault": "bad",
  known: "noted",
  unsupported: "quiet",
  "not-run": "quiet",
};

const TITLES: Readonly<Record<CountedAs, string>> = {
  pass: "passed",
  "not-recommended": "not recommended",
  fail: "failed",
  error: "error",
  timeout: "timeout",
  crash: "crash",
  "protocol-fault": "protocol fault",
  known: "known failure",
  unsupported: "unsupported",
  "not-run": "not run",
};

/** A verdict in words. */
export function verdictTitle(countedAs: CountedAs): string {
  return TITLES[countedAs];
}

/** The tone of a run. */
export const RUN_TONES: Readonly<Record<RunVerdict, Tone>> = {
  conformant: "good",
  nonconformant: "bad",
  incomplete: "open",
};

/** The drawing of each run verdict in a square of 24: a tick, a cross, a half. */
const DRAWINGS: Readonly<Record<RunVerdict, string>> = {
  conformant: "M6 12.5l4 4 8-9",
  nonconformant: "M7 7l10 10M17 7L7 17",
  incomplete: "M12 6v7M12 17v.5",
};

/** The head of the page. */
export function headHtml(report: RunReport): Html {
  const { adapter, verdict, counts } = report;
  return html`<header class="top">
<p class="kind">XBZRLE conformance report</p>
<h1>${oneLine(adapter.name)} <span class="version">${oneLine(adapter.version)}</span></h1>
${verdictHtml(verdict, verdictSentence(report), scopeText(report), reasonLines(report))}
<dl class="counts">
${COUNTED_AS.map((name) => html`<div class="${counts[name] === 0 ? "none" : TONES[name]}"><dt>${TITLES[name]}</dt><dd>${amount(counts[name])}</dd></div>\n`)}</dl>
</header>`;
}

/** What a page says first of all, with the sign of a verdict, what it is about, and a list of further sentences. */
export function verdictHtml(verdict: RunVerdict, sentence: string, scope: string, lines: readonly string[]): Html {
  return html`<div class="verdict ${RUN_TONES[verdict]}">
<p class="word"><svg viewBox="0 0 24 24" width="28" height="28" aria-hidden="true" focusable="false"><circle cx="12" cy="12" r="11"/><path d="${DRAWINGS[verdict]}"/></svg>
<strong>${sentence}</strong></p>
<p class="scope">${scope}</p>
${lines.length === 0 ? "" : html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`}
</div>`;
}

/** A number with commas between thousands. */
export function amount(count: number): string {
  return count.toLocaleString("en-US");
}

/** The page's icon: a dot in the colour of the verdict. */
export function iconUrl(verdict: RunVerdict): string {
  const colour = { conformant: "1d7f4a", nonconformant: "c22f28", incomplete: "b07300" }[verdict];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><circle cx="12" cy="12" r="12" fill="#${colour}"/><path d="${DRAWINGS[verdict]}" fill="none" stroke="#fff" stroke-width="3"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
