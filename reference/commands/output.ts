/**
 * What a command delivers: bytes, to a file or to standard output, all of them or none.
 */

import { existsSync, rmSync, writeFileSync } from "node:fs";
import { toHex } from "../bytes.ts";
import { STANDARD_STREAM } from "./input.ts";
import { type OutputStream, printOutput, UsageError } from "./streams.ts";

/**
 * Delivers bytes. On a terminal they are shown as hexadecimal text and a line end.
 *
 * @param bytes - The whole output.
 * @param path - Where to; standard output if there is none or it is `-`.
 * @param stdout - Standard output.
 * @throws UsageError if it cannot be written; a file that was not there before is then not left behind.
 */
export async function writeBytes(bytes: Uint8Array, path: string | undefined, stdout: OutputStream): Promise<void> {
  if (path !== undefined && path !== STANDARD_STREAM) {
    writeWholeFile("-o", path, bytes);
  } else if (stdout.isTTY) {
    await printOutput(stdout, 0 < bytes.length ? `${toHex(bytes)}\n` : "");
  } else {
    await printOutput(stdout, bytes);
  }
}

/**
 * Writes a file, and takes it away again if that fails midway.
 *
 * @param option - That has named it, for the message.
 * @param path - Of the file.
 * @param bytes - All of it.
 * @throws UsageError if it cannot be written.
 */
export function writeWholeFile(option: "-o" | "--html", path: string, bytes: Uint8Array): void {
  const wasThere = existsSync(path);
  try {
    writeFileSync(path, bytes);
  } catch (error) {
    if (!wasThere) rmSync(path, { force: true });
    throw new UsageError(`${option} ${path} ${outputFailure((error as NodeJS.ErrnoException).code)}`);
  }
}

/**
 * Says what went wrong with a file that was to be written, and what to do.
 *
 * @param code - Of the error of the file system.
 */
export function outputFailure(code: string | undefined): string {
  if (code === "ENOENT") return "is in a directory that does not exist; make it, or name another file";
  if (code === "EISDIR") return "is a directory; name a file in it";
  if (code === "EACCES") return "may not be written; change its permissions or name another file";
  return `cannot be written (${code}); name another file`;
}
