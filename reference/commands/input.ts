/**
 * The files that a command reads: raw pages, deltas and JSON, from a path or, for `-`, from standard input.
 */

import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { MAX_PAGE_SIZE } from "../page.ts";
import { UsageError } from "./streams.ts";

/** What stands for standard input, and for standard output, in the place of a path. */
export const STANDARD_STREAM = "-";

/** No well-formed delta has as many bytes: five for each two of the page, and five for a first pair, are the most. */
const MAX_DELTA_SIZE = 3 * MAX_PAGE_SIZE;

/** More than any plan needs. */
const MAX_JSON_SIZE = 16 * 2 ** 20;

/** What a file has to hold, in words: what it is a file of, and what one has to give. */
interface Content {
  readonly of: string;
  readonly one: string;
}

const RAW_PAGE: Content = { of: "raw bytes", one: "one page" };
const RAW_DELTA: Content = { of: "raw bytes", one: "a delta" };
const JSON_TEXT: Content = { of: "JSON", one: "a file of JSON" };

/** A file that a command reads: the name of its argument, and where it is. */
export interface InputFile {
  readonly argument: "OLD" | "NEW" | "DELTA" | "FILE" | "SCENARIO";
  /** A path, or `-` for standard input. */
  readonly path: string;
}

/**
 * Checks that standard input is asked for at most once.
 *
 * @param files - The files that a command reads.
 * @throws UsageError if two of them are `-`.
 */
export function requireOneStandardInput(...files: readonly InputFile[]): void {
  const fromStandardInput = files.filter((file) => file.path === STANDARD_STREAM);
  if (fromStandardInput.length <= 1) return;
  const names = fromStandardInput.map((file) => file.argument).join(" and ");
  throw new UsageError(
    `${names} are both ${STANDARD_STREAM}, and there is one standard input; name a file for one of them`,
  );
}

/**
 * Reads a page.
 *
 * @param file - A file of 1 to 65536 raw bytes.
 * @param stdin - Standard input.
 * @returns The page.
 * @throws UsageError if it cannot be read, is empty, or is too large.
 */
export async function readPage(file: InputFile, stdin: Readable): Promise<Uint8Array> {
  const page = await readBytes(file, stdin, MAX_PAGE_SIZE, RAW_PAGE);
  if (0 < page.length) return page;
  throw new UsageError(`${place(file)} is empty; give a page of 1 to ${MAX_PAGE_SIZE} raw bytes`);
}

/**
 * Reads a delta.
 *
 * @param file - A file of raw bytes; an empty one is an empty delta.
 * @param stdin - Standard input.
 * @returns The delta.
 * @throws UsageError if it cannot be read, or is larger than every delta.
 */
export async function readDelta(file: InputFile, stdin: Readable): Promise<Uint8Array> {
  return readBytes(file, stdin, MAX_DELTA_SIZE, RAW_DELTA);
}

/**
 * Reads JSON.
 *
 * @param file - A file of JSON text in UTF-8, of at most 16 MiB.
 * @param stdin - Standard input.
 * @returns The value.
 * @throws UsageError if it cannot be read, is too large, or is no JSON.
 */
export async function readJson(file: InputFile, stdin: Readable): Promise<unknown> {
  const text = new TextDecoder().decode(await readBytes(file, stdin, MAX_JSON_SIZE, JSON_TEXT));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${place(file)} is no JSON (${(error as Error).message}); give a file of JSON`);
  }
}

/** Reads a file whole, but no further than one byte past the limit. */
async function readBytes(file: InputFile, stdin: Readable, maxSize: number, content: Content): Promise<Uint8Array> {
  const stream = file.path === STANDARD_STREAM ? stdin : createReadStream(file.path, { end: maxSize });
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk);
      size += chunk.length;
      if (maxSize < size) break;
    }
  } catch (error) {
    throw new UsageError(`${place(file)} ${inputFailure((error as NodeJS.ErrnoException).code, content.of)}`);
  }
  if (size <= maxSize) return new Uint8Array(Buffer.concat(chunks));
  throw new UsageError(`${place(file)} has more than ${maxSize} bytes; give ${content.one}`);
}

/**
 * Says where a file is, for a message.
 *
 * @param file - The file.
 */
export function place(file: InputFile): string {
  return `${file.argument} ${file.path === STANDARD_STREAM ? "from standard input" : file.path}`;
}

/**
 * Says what went wrong with a file, and what to do.
 *
 * @param code - Of the error of the file system.
 * @param content - What the file has to hold, in words.
 * @param otherwise - What can be named instead of a file, in words.
 */
export function inputFailure(
  code: string | undefined,
  content: string,
  otherwise: string = `, or ${STANDARD_STREAM} for standard input`,
): string {
  if (code === "ENOENT") return `does not exist; name a file of ${content}${otherwise}`;
  if (code === "EISDIR") return `is a directory; name a file of ${content} in it`;
  if (code === "EACCES") return "may not be read; change its permissions or name another file";
  return `cannot be read (${code}); name another file`;
}
