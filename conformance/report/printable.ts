/**
 * Text that came from an adapter, made fit to be shown.
 */

/** Control characters but for tab and line end, marks that turn the direction of text, and what is no Unicode at all. */
const UNFIT = /(?![\t\n])\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]|\p{Cs}/gu;

/**
 * The text with characters that a terminal or a reader would obey, and that XML does not allow, written out: `\x1b`, `\u202e`.
 */
export function printable(text: string): string {
  return text.replace(UNFIT, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** The text in one line. */
export function oneLine(text: string): string {
  return printable(text).replaceAll(/\s+/g, " ").trim();
}

/** The word as a POSIX shell takes it for itself. */
export function shellWord(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
