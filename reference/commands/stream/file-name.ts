/**
 * Block names as file names. A name is whatever a sender has written (docs/xbzrle/record.md, "Security considerations"):
 * separators, "..", terminal codes, 255 bytes.
 */

import { createHash } from "node:crypto";

/** A file system takes names of 255 bytes; a longer one is cut to this and ends in a digest. */
const MAX_LENGTH = 200;
const CUT_LENGTH = 160;

/**
 * Makes a file name of the name of a block.
 *
 * @param name - 1 to 255 bytes, a character a byte.
 * @returns Letters, digits, `.`, `_`, `-`, `@` and, for all other bytes and for a `.` at the beginning, `%` and two digits;
 * it is no name of a folder, and two blocks do not have one. A name that gets too long is cut, and ends in `~`, a digest.
 */
export function fileNameOf(name: string): string {
  const escaped = name.replaceAll(/^\.|[^A-Za-z0-9._@-]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  if (escaped.length <= MAX_LENGTH) return `${escaped}.img`;
  const digest = createHash("sha256").update(name, "latin1").digest("hex").slice(0, 32);
  return `${escaped.slice(0, CUT_LENGTH)}~${digest}.img`;
}
