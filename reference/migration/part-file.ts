/**
 * A file that is there when it is complete and not before: it is written under another name beside it, and renamed in the end.
 * Pipes and devices are written as they are.
 */

import { randomUUID } from "node:crypto";
import { realpathSync, renameSync, rmSync, statSync } from "node:fs";

/** Where a file is written, and what becomes of it. All methods throw the errors of the file system. */
export class PartFile {
  /** What is to be there in the end. */
  readonly path: string;
  /** What is written. */
  readonly writtenPath: string;
  /** Whether it is a pipe or a device. */
  readonly isSpecial: boolean;

  /** Takes where to; a symbolic link is replaced, or followed if that is asked for. Throws `EISDIR` for a folder. */
  constructor(path: string, followsLink: boolean) {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory()) throw Object.assign(new Error(`${path} is a folder`), { code: "EISDIR" });
    this.isSpecial = followsLink && stat !== undefined && !stat.isFile();
    this.path = followsLink && stat !== undefined ? realpathSync(path) : path;
    this.writtenPath = this.isSpecial ? path : `${this.path}.${randomUUID().slice(0, 8)}.part`;
  }

  /** What the file is to be opened with; it can be read too, but for a pipe or a device. */
  get openFlags(): "w" | "wx+" {
    return this.isSpecial ? "w" : "wx+";
  }

  /** All is written. */
  complete(): void {
    if (!this.isSpecial) renameSync(this.writtenPath, this.path);
  }

  /** Nothing is to remain. */
  discard(): void {
    if (!this.isSpecial) rmSync(this.writtenPath, { force: true });
  }
}
