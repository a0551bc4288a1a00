/**
 * HTML as values: what is put into a template is escaped, unless it is HTML itself.
 */

/** HTML that may stand in a page as it is. */
export class Html {
  readonly text: string;

  /** Takes text that is HTML; nothing but a template, or a file of this package, may come here. */
  constructor(text: string) {
    this.text = text;
  }
}

/** What can be put into a template. */
export type HtmlPart = Html | string | number | readonly HtmlPart[];

/** A template of HTML; its parts are fit for text and for attributes in double quotes. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(strings.map((text, index) => (index === 0 ? text : partText(parts[index - 1]!) + text)).join(""));
}

/** JSON for a script element: no text in it can end the element or begin another. */
export function jsonForScript(value: unknown): Html {
  return new Html(JSON.stringify(value).replaceAll("<", "\\u003c"));
}

function partText(part: HtmlPart): string {
  if (part instanceof Html) return part.text;
  if (typeof part === "string") return escapeHtml(part);
  return typeof part === "number" ? String(part) : part.map(partText).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
