/**
 * `xbzrle stream inspect FILE`: what a stream is made of, in numbers, record by record, or as a picture.
 */

import { EXIT_STATUS, type ExitStatus, printMessage, printOutput, printPiece, UsageError } from "../streams.ts";
import { asciiJson } from "./json.ts";
import { Listing } from "./listing.ts";
import { drawPages, LEGEND } from "./picture.ts";
import { openSink } from "./sink.ts";
import { readSource, type StreamOptions, type StreamTask } from "./source.ts";
import { Statistics } from "./statistics.ts";
import { summarize, summaryText } from "./summary.ts";

/** The options of `xbzrle stream inspect`. */
export interface InspectStreamOptions extends StreamOptions {
  /** Whether the output is JSON: one object, or with `records` a line each. */
  readonly json?: boolean;
  /** Whether the records are listed, instead of counted. */
  readonly records?: boolean;
  /** The file of a picture. */
  readonly picture?: string;
}

/**
 * Inspects a stream. One with a fault is told of up to there.
 *
 * @param task - Which stream.
 * @param options - What is wanted.
 * @returns `done`; `refused` at a fault, which is told last, on standard error too.
 * @throws UsageError if a file cannot be had or written.
 */
export async function inspectStreamCommand(task: StreamTask, options: InspectStreamOptions): Promise<ExitStatus> {
  if (options.records && options.picture !== undefined) {
    throw new UsageError("--records and --picture are two things; ask for one of them");
  }
  return options.records ? listRecords(task, options) : summarizeStream(task, options);
}

async function listRecords(task: StreamTask, { json = false }: InspectStreamOptions): Promise<ExitStatus> {
  let listing: Listing | undefined;
  const { fault } = await readSource(
    task,
    (pageSize) => {
      listing = new Listing(pageSize, json);
      return listing;
    },
    () => printPiece(task.streams.stdout, listing?.takeText() ?? ""),
  );
  await printPiece(task.streams.stdout, listing?.takeText() ?? "");
  return endWith(task, fault);
}

async function summarizeStream(task: StreamTask, { json, picture }: InspectStreamOptions): Promise<ExitStatus> {
  let statistics: Statistics | undefined;
  const reading = await readSource(task, (pageSize) => {
    statistics = new Statistics(pageSize);
    return statistics;
  });
  const summary = summarize(statistics as Statistics, reading);
  const text = json ? `${asciiJson(summary, 2)}\n` : summaryText(summary);
  await printOutput(task.streams.stdout, text);
  if (picture !== undefined) await writePicture(task, statistics as Statistics, summary.pageSize, picture);
  return endWith(task, reading.fault);
}

async function writePicture(task: StreamTask, statistics: Statistics, pageSize: number, path: string): Promise<void> {
  const { png, width, height } = drawPages(statistics, pageSize);
  const sink = openSink(path, task.streams.stdout);
  try {
    sink.write(png);
    await sink.finish();
  } catch (error) {
    sink.discard();
    throw error;
  }
  await printMessage(task.streams.stderr, `${path}: ${width} x ${height}, one pixel a page: ${LEGEND}`);
}

async function endWith({ streams }: StreamTask, fault: Error | undefined): Promise<ExitStatus> {
  if (fault === undefined) return EXIT_STATUS.done;
  await printMessage(streams.stderr, `${fault.message}; what stands before that is told`);
  return EXIT_STATUS.refused;
}
