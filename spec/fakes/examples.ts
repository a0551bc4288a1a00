/** The worked examples of the chapters, for the tests that run them. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../package.ts";

/** A block of a chapter. */
export interface ExampleText {
  /** The chapter's file and the line, `delta.md:40`. */
  readonly place: string;
  /** `delta` of a `delta-example`. */
  readonly kind: string;
  readonly text: string;
}

/** The blocks of some kinds, of all chapters. */
export function readExamples(...kinds: readonly string[]): ExampleText[] {
  const folder = join(packageFolder, "docs/xbzrle");
  const block = new RegExp(`^\`\`\`(${kinds.join("|")})-example\\n(.*?)^\`\`\`$`, "gms");
  return readdirSync(folder)
    .filter((chapter) => chapter.endsWith(".md"))
    .flatMap((chapter) => {
      const markdown = readFileSync(join(folder, chapter), "utf8");
      return [...markdown.matchAll(block)].map(({ index, 1: kind, 2: text }) => {
        const lineNumber = markdown.slice(0, index).split("\n").length;
        return { place: `${chapter}:${lineNumber}`, kind: kind!, text: text! };
      });
    });
}
