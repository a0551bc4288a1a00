/**
 * Which vectors a report was made with.
 */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../../spec/package.ts";
import { ASKED_CHAPTERS } from "../suites/asked-requirements.ts";

/**
 * The SHA-256 of the files of the vectors of some chapters, those that are asked unless told, names and contents, in order of
 * name: the first 16 digits.
 */
export function vectorsDigest(chapters: readonly string[] = ASKED_CHAPTERS): string {
  const folder = join(packageFolder, "vectors/json");
  const digest = createHash("sha256");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => isOf(chapters, name));
  for (const name of names.sort()) {
    digest.update(`${name}\0`).update(readFileSync(join(folder, name)));
  }
  return digest.digest("hex").slice(0, 16);
}

/** The worlds beside the folders of the chapters, and of those the ones of the chapters. */
function isOf(chapters: readonly string[], name: string): boolean {
  const chapter = /^(.*)\//.exec(name)?.[1];
  return name.endsWith(".json") && (chapter === undefined || chapters.includes(chapter));
}
