/**
 * `xbzrle inspect DELTA`: what a delta says, byte by byte.
 */

import { styleText } from "node:util";
import { type DumpLine, deltaRuns, dumpDelta, dumpText } from "../../index.ts";
import { readDelta } from "../input.ts";
import {
  EXIT_STATUS,
  type ExitStatus,
  type OutputStream,
  printMessage,
  printOutput,
  type StandardStreams,
} from "../streams.ts";

/** The page size in bytes that a delta is taken to be for, unless told: that of most machines. */
const USUAL_PAGE_SIZE = 4096;

/** The colours of a dump on a terminal; literals belong to the nzrun above them. */
const COLOUR_OF_LINE = { zrun: "cyan", nzrun: "yellow", literals: "yellow", fault: "red" } as const;

/** The options of `xbzrle inspect`. */
export interface InspectOptions {
  /** In bytes, 1 to 65536; 4096 unless told. */
  readonly pageSize?: number;
}

/**
 * Dumps a delta on standard output, in colour on a terminal unless `NO_COLOR` is set, and then a summary line.
 *
 * @param deltaPath - The delta, or `-`.
 * @param options - Page size.
 * @param streams - Standard streams.
 * @returns `done`; `refused` for a malformed delta, whose dump ends with the fault and has no summary.
 * @throws UsageError if the file cannot be had.
 */
export async function inspectCommand(
  deltaPath: string,
  options: InspectOptions,
  streams: StandardStreams,
): Promise<ExitStatus> {
  const delta = await readDelta({ argument: "DELTA", path: deltaPath }, streams.stdin);
  const pageSize = options.pageSize ?? USUAL_PAGE_SIZE;
  const lines = dumpDelta(delta, pageSize);
  const dump = lines.map((line) => `${colouredText(line, streams.stdout)}\n`).join("");
  const last = lines.at(-1);
  if (last?.kind !== "fault") {
    await printOutput(streams.stdout, `${dump}${summary(delta, pageSize)}\n`);
    return EXIT_STATUS.done;
  }
  await printOutput(streams.stdout, dump);
  const isPastPage = last.error.fault === "zrun-past-page" || last.error.fault === "nzrun-past-page";
  if (isPastPage && options.pageSize === undefined) {
    await printMessage(streams.stderr, `the page size was taken to be ${pageSize}; pass --page-size if it is not`);
  }
  return EXIT_STATUS.refused;
}

/** The text of a line in the colour of its kind, if the stream shows colours. */
function colouredText(line: DumpLine, stream: OutputStream): string {
  return styleText(COLOUR_OF_LINE[line.kind], dumpText(line), { stream });
}

/** The last line of the dump of a well-formed delta. */
function summary(delta: Uint8Array, pageSize: number): string {
  const nzruns = [...deltaRuns(delta, pageSize)].filter((run) => run.kind === "nzrun");
  const literalCount = nzruns.reduce((count, nzrun) => count + nzrun.length, 0);
  const last = nzruns.at(-1);
  const coveredCount = last === undefined ? 0 : last.pageOffset + last.length;
  const counts = `pairs: ${nzruns.length}, literals: ${literalCount}, delta bytes: ${delta.length}`;
  return `${counts}, page bytes covered: ${coveredCount} of ${pageSize}`;
}
