/**
 * Which vectors a report was made with.
 */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../../spec/package.ts";

/** The SHA-256 of the installed vectors' files, names and contents, in order of name: the first 16 digits. */
export function vectorsDigest(): string {
  const folder = join(packageFolder, "vectors/json");
  const digest = createHash("sha256");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));
  for (const name of names.sort()) {
    digest.update(`${name}\0`).update(readFileSync(join(folder, name)));
  }
  return digest.digest("hex").slice(0, 16);
}
