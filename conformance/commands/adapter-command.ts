/**
 * The adapter that a command runs, and how a command line is written down so that it can be run again.
 */

import { basename, join, relative } from "node:path";
import { packageFolder } from "../../spec/package.ts";
import type { Repeat } from "../report/case-report.ts";
import { optionsText } from "../report/headline.ts";
import type { RunOptions } from "../report/model.ts";
import { shellWord } from "../report/printable.ts";
import { DEFAULT_OPTIONS } from "../run.ts";
import { amongOptions } from "../second-look.ts";

/** The program and arguments to run: what the user gave, or the reference's own adapter. */
export function adapterCommand(given: readonly string[]): readonly string[] {
  if (given.length !== 0) return given;
  return [process.execPath, join(packageFolder, "dist/conformance/adapters/reference.js")];
}

/**
 * The command that repeats a failure against the adapter that the user gave, judged by the same options: `replay` of the case, or a
 * `run` of the cases among which it fails.
 */
export function repeatCommand(given: readonly string[], options: RunOptions): Repeat {
  const words = (texts: readonly string[]) => texts.map(shellWord).join(" ");
  const adapter = given.length === 0 ? "" : ` -- ${words(given)}`;
  return (id, failsAmong) => {
    const command =
      failsAmong === undefined ? `replay ${shellWord(id)}` : `run ${runText(amongOptions(options, failsAmong))}`;
    return `${words(programWords())} ${command}${judgingText(options)}${adapter}`;
  };
}

/** The options of a run that say what is asked, and how closely together. */
function runText(options: RunOptions): string {
  const { operations, fuzz, seed, shard, window } = options;
  const isAll = DEFAULT_OPTIONS.operations.every((operation) => operations.includes(operation));
  const selection = optionsText({ options: { ...options, knownFailures: null } });
  return [
    ...(isAll ? [] : operations.map((operation) => `--operation ${operation}`)),
    ...(selection === "" ? [] : [selection]),
    `--fuzz ${fuzz}`,
    ...(fuzz === 0 && shard === null ? [] : [`--seed ${seed}`]),
    ...(window === DEFAULT_OPTIONS.window ? [] : [`--window ${window}`]),
  ].join(" ");
}

/** The options by which an answer is judged, where they are not as they are unless told. */
function judgingText({ level, timeoutMs }: RunOptions): string {
  const isUsualTime = timeoutMs === DEFAULT_OPTIONS.timeoutMs;
  return `${level === DEFAULT_OPTIONS.level ? "" : ` --level ${level}`}${isUsualTime ? "" : ` --timeout ${timeoutMs / 1000}`}`;
}

/** How the user has called this program, as words. */
function programWords(): string[] {
  const script = process.argv[1] ?? "";
  if (basename(script) === "xbzrle-conformance") return ["npx", "xbzrle-conformance"];
  return ["node", relative(process.cwd(), script) || script];
}
