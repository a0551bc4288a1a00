/**
 * The ROM files that QEMU can load into a guest: the BIOS, the BIOS of each graphics card, the boot programs of each
 * network card, QEMU's own option ROMs.
 */

import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { CaptureError } from "./capture-error.ts";
import { INSTALL_COMMAND, QEMU } from "./machine.ts";

/** Of the files in QEMU's folders the others are keyboard maps, lists of events, and firmware of other machines. */
const ROM_SUFFIXES = [".aml", ".bin", ".rom"];

/** How long QEMU may take to name its folders. */
const ANSWER_TIMEOUT_MS = 20_000;

/**
 * Reads the ROM files from the folders that QEMU looks in.
 * Rejects with `CaptureError`: `qemu-missing`, `qemu-ended`, and `roms-missing` if no folder has one.
 */
export async function readRomFiles(): Promise<readonly Uint8Array[]> {
  const roms: Uint8Array[] = [];
  const folders = await romFolders();
  for (const folder of folders) {
    // A folder of QEMU's list that is not there is as good as an empty one.
    const names = await readdir(folder).catch(() => []);
    for (const name of names.sort()) {
      if (ROM_SUFFIXES.includes(extname(name))) roms.push(await readFile(join(folder, name)));
    }
  }
  if (roms.length === 0) throw new CaptureError("roms-missing", `no ROM file in ${folders.join(", ")}`);
  return roms;
}

/** The folders that QEMU looks for ROM files in, as it states them. */
async function romFolders(): Promise<readonly string[]> {
  try {
    const { stdout } = await promisify(execFile)(QEMU, ["-L", "help"], { timeout: ANSWER_TIMEOUT_MS });
    return stdout.split("\n").filter((line) => line !== "");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new CaptureError("qemu-missing", `no ${QEMU}; install it: ${INSTALL_COMMAND}`);
    throw new CaptureError("qemu-ended", message);
  }
}
