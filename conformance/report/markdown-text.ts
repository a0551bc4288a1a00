/**
 * Text made fit for Markdown, and how much of it there can be.
 */

import { oneLine } from "./printable.ts";

/** The most characters. GitHub cuts a job summary at 1 MiB and refuses a comment of more than 65,536 characters. */
export const MOST_CHARACTERS = 60_000;
/** The most of a text in the head or in a summary, and of a failing case. */
const MOST_LINE_CHARACTERS = 400;
const MOST_BLOCK_CHARACTERS = 6_000;

/** Text that Markdown takes for nothing else, in one line. */
export function escaped(text: string): string {
  return htmlEscaped(text).replace(/[\\`*_[\]|~]/g, "\\$&");
}

/** Text within an HTML element, where Markdown has no say, in one line. */
export function htmlEscaped(text: string): string {
  return shortened(oneLine(text), MOST_LINE_CHARACTERS)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

/** Text as code, in one line. */
export function code(text: string): string {
  const line = shortened(oneLine(text), MOST_LINE_CHARACTERS);
  const fence = fenceFor(line, 1);
  return `${fence} ${line} ${fence}`;
}

/** Text as a block of code, which a fence within it does not end. */
export function fenced(text: string): string {
  const block = shortened(text, MOST_BLOCK_CHARACTERS);
  const fence = fenceFor(block, 3);
  return [`${fence}text`, block, fence].join("\n");
}

/** More back-quotes than stand anywhere in the text. */
function fenceFor(text: string, least: number): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((quotes) => quotes.length));
  return "`".repeat(Math.max(least, longest + 1));
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)} ... (${text.length - most} more characters)`;
}
