/**
 * The adapter that a command runs, and how a command line is written down so that it can be run again.
 */

import { basename, join, relative } from "node:path";
import { packageFolder } from "../../spec/package.ts";
import { shellWord } from "../report/printable.ts";

/** The program and arguments to run: what the user gave, or the reference's own adapter. */
export function adapterCommand(given: readonly string[]): readonly string[] {
  if (given.length !== 0) return given;
  return [process.execPath, join(packageFolder, "dist/conformance/adapters/reference.js")];
}

/** The command that repeats a case against the adapter that the user gave. */
export function repeatCommand(id: string, given: readonly string[]): string {
  const adapter = given.length === 0 ? [] : ["--", ...given];
  return [...programWords(), "replay", id, ...adapter].map(shellWord).join(" ");
}

/** How the user has called this program, as words. */
function programWords(): string[] {
  const script = process.argv[1] ?? "";
  if (basename(script) === "xbzrle-conformance") return ["npx", "xbzrle-conformance"];
  return ["node", relative(process.cwd(), script) || script];
}
