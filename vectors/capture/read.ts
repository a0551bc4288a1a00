/**
 * Reads a stored capture back; the mirror of `write.ts`.
 */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { CaptureError } from "./capture-error.ts";
import { type Provenance, type StoredPair, storedNames } from "./stored-format.ts";

/** A page pair as it is stored: its place and its pages, of `Provenance.pageSize` bytes each. */
export interface StoredPagePair extends StoredPair {
  readonly oldPage: Uint8Array;
  readonly newPage: Uint8Array;
}

/**
 * Reads the two files of a guest's capture.
 * Rejects with `CaptureError` `stored-differs` if they do not agree, and with the errors of `node:fs` and `node:zlib`.
 */
export async function readCapture(
  folder: string,
  guest: string,
): Promise<{ readonly provenance: Provenance; readonly pagePairs: readonly StoredPagePair[] }> {
  const names = storedNames(guest);
  const provenance: Provenance = JSON.parse(await readFile(join(folder, names.provenance), "utf8"));
  const pages = gunzipSync(await readFile(join(folder, names.pages)));

  const sha256 = createHash("sha256").update(pages).digest("hex");
  if (sha256 !== provenance.sha256) {
    throw new CaptureError("stored-differs", `${names.pages} has SHA-256 ${sha256}, stated is ${provenance.sha256}`);
  }
  const { pairs, pageSize } = provenance;
  if (pages.length !== pairs.length * pageSize * 2) {
    throw new CaptureError("stored-differs", `${names.pages} has ${pages.length} bytes for ${pairs.length} page pairs`);
  }
  const page = (index: number) => pages.subarray(index * pageSize, (index + 1) * pageSize);
  const pagePairs = pairs.map((pair, index) => ({ ...pair, oldPage: page(2 * index), newPage: page(2 * index + 1) }));
  return { provenance, pagePairs };
}
