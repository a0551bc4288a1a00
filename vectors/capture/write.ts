/**
 * Stores a capture; `read.ts` is its mirror.
 */

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import type { Capture } from "./capture.ts";
import { type Provenance, storedNames } from "./stored-format.ts";

/** The width that the project's formatter breaks lines at. */
const LINE_WIDTH = 120;

/**
 * Writes the two files of a capture to the folder, which is made if it is missing, and resolves to their sizes in
 * bytes. The same capture gives the same bytes: gzip's time stamp stays 0. Rejects with the errors of `node:fs`.
 */
export async function writeCapture(
  folder: string,
  capture: Capture,
): Promise<{ readonly pagesSizeBytes: number; readonly provenanceSizeBytes: number }> {
  const { source, pagePairs } = capture;
  const pages = Buffer.concat(pagePairs.flatMap(({ oldPage, newPage }) => [oldPage, newPage]));
  const provenance: Provenance = {
    ...source,
    sha256: createHash("sha256").update(pages).digest("hex"),
    pairs: pagePairs.map(({ address, oldMoment, newMoment }) => ({ address, oldMoment, newMoment })),
    pageAddresses: pagePairs.map(({ address }) => address),
  };

  const names = storedNames(source.guest);
  const compressed = gzipSync(pages, { level: 9 });
  const text = `${layOut(provenance)}\n`;
  await makeFolder(folder);
  await writeFile(join(folder, names.pages), compressed);
  await writeFile(join(folder, names.provenance), text);
  return { pagesSizeBytes: compressed.length, provenanceSizeBytes: Buffer.byteLength(text) };
}

/**
 * Makes the folder, and those that it is in, where they are missing; rejects with the errors of `node:fs`.
 * Not with the option `recursive`: Node 20 never returns from that for a folder under /proc.
 */
export async function makeFolder(folder: string): Promise<void> {
  const path = resolve(folder);
  if (existsSync(path)) return;
  await makeFolder(dirname(path));
  await mkdir(path);
}

/** JSON as the project's formatter leaves it: a field a line, an object of a list a line, numbers side by side. */
function layOut(provenance: Provenance): string {
  const fields = Object.entries(provenance).map(([name, value]) => {
    const start = `  ${JSON.stringify(name)}: `;
    return start + (Array.isArray(value) ? layOutList(value, start.length) : JSON.stringify(value));
  });
  return `{\n${fields.join(",\n")}\n}`;
}

function layOutList(items: readonly unknown[], column: number): string {
  const texts = items.map(onOneLine);
  const line = `[${texts.join(", ")}]`;
  const areObjects = typeof items[0] === "object";
  if (column + line.length + 1 <= LINE_WIDTH && !(areObjects && items.length > 1)) return line;
  const lines = typeof items[0] === "number" ? sideBySide(texts) : texts;
  return `[\n    ${lines.join(",\n    ")}\n  ]`;
}

function onOneLine(item: unknown): string {
  if (typeof item !== "object" || item === null) return JSON.stringify(item);
  const fields = Object.entries(item).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  return `{ ${fields.join(", ")} }`;
}

function sideBySide(texts: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const text of texts) {
    const line = lines.at(-1);
    // 4 columns of indentation before, a comma after.
    if (line !== undefined && 4 + line.length + 2 + text.length + 1 <= LINE_WIDTH) {
      lines[lines.length - 1] = `${line}, ${text}`;
    } else {
      lines.push(text);
    }
  }
  return lines;
}
