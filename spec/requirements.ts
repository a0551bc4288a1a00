/**
 * The requirements of `docs/xbzrle`, as data: extracted from the chapters, kept in `spec/requirements.json`.
 */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "./package.ts";

/** The key words of BCP 14 that a requirement may use. */
const LEVELS = ["MUST NOT", "MUST", "SHOULD NOT", "SHOULD", "MAY"] as const;

/** The classes of programs that a requirement may name as its subject. */
const CLASSES = ["encoder", "decoder", "sender", "decompressing receiver", "receiver", "reader", "relay"] as const;

/** One requirement of a chapter. */
export interface Requirement {
  /** `DELTA-12` */
  readonly id: string;
  /** The chapter's file name without its ending. */
  readonly chapter: string;
  /** The anchor of the heading above the requirement. */
  readonly anchor: string;
  /** How much it binds. */
  readonly level: (typeof LEVELS)[number] | null;
  /** The class of program that it binds. */
  readonly class: (typeof CLASSES)[number] | "canonical encoder" | null;
  /** A withdrawn requirement has neither level nor class; its id is not given out again. */
  readonly status: "active" | "withdrawn";
  /** The text without its id, on one line. */
  readonly text: string;
  /** The SHA-256 of the text, 16 digits of it. */
  readonly digest: string;
}

/** Reads the requirements out of the chapters in `docs/xbzrle`, in the order of chapters and text. */
export function extractRequirements(): Requirement[] {
  const folder = join(packageFolder, "docs/xbzrle");
  const chapters = readdirSync(folder).filter((name) => name.endsWith(".md"));
  return chapters
    .sort()
    .flatMap((name) => chapterRequirements(name.slice(0, -3), readFileSync(join(folder, name), "utf8")));
}

/** Reads the requirements of one chapter. An Error says which paragraph is not written as a requirement has to be. */
export function chapterRequirements(chapter: string, markdown: string): Requirement[] {
  const requirements: Requirement[] = [];
  let anchor = "";
  for (const paragraph of withoutFences(markdown).split(/\n{2,}/)) {
    const heading = /^#+ (.*)/.exec(paragraph);
    if (heading) anchor = headingAnchor(heading[1]!);
    const begin = /^\*\*([A-Z]+-[1-9][0-9]*)\*\* /.exec(paragraph);
    if (begin) requirements.push(requirement(begin[1]!, chapter, anchor, paragraph.slice(begin[0].length)));
  }
  return requirements;
}

function requirement(id: string, chapter: string, anchor: string, paragraph: string): Requirement {
  const text = paragraph.replaceAll("\n", " ").trim();
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 16);
  if (text.startsWith("Withdrawn.")) {
    // The text of a withdrawn requirement is no text that another could have.
    const own = createHash("sha256").update(`${id} ${text}`).digest("hex").slice(0, 16);
    return { id, chapter, anchor, level: null, class: null, status: "withdrawn", text, digest: own };
  }
  const keywords = text.match(/\b(?:MUST|SHOULD)(?: NOT)?\b|\bMAY\b/g) ?? [];
  if (keywords.length !== 1) throw new Error(`${id} in ${chapter}.md holds ${keywords.length} key words, not one`);
  const level = keywords[0] as (typeof LEVELS)[number];
  const subject = CLASSES.find((bound) => text.startsWith(`A ${bound} `) || text.startsWith(`An ${bound} `));
  if (subject === undefined) throw new Error(`${id} in ${chapter}.md does not begin with the class that it binds`);
  const isCanonical = subject === "encoder" && level.startsWith("SHOULD");
  const bound = isCanonical ? "canonical encoder" : subject;
  return { id, chapter, anchor, level, class: bound, status: "active", text, digest };
}

/** The requirements of `spec/requirements.json` by id. */
export function loadRequirements(): ReadonlyMap<string, Requirement> {
  const text = readFileSync(join(packageFolder, "spec/requirements.json"), "utf8");
  return new Map((JSON.parse(text) as Requirement[]).map((entry) => [entry.id, entry]));
}

function withoutFences(markdown: string): string {
  return markdown.replace(/^```.*?^```$/gms, "");
}

/** The anchor that GitHub gives a heading. */
export function headingAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}
