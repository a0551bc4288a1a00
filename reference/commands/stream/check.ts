/**
 * `xbzrle stream check FILE`: what a receiver would refuse in a stream, and what a sender should not have written.
 */

import { EXIT_STATUS, type ExitStatus, type OutputStream, printOutput } from "../streams.ts";
import { Checker, SenderFaultError } from "./checker.ts";
import { type Reading, readSource, type StreamOptions, type StreamTask } from "./source.ts";

/** The options of `xbzrle stream check`. */
export interface CheckOptions extends StreamOptions {
  /** Whether the reading goes on after a fault, where it can. */
  readonly all?: boolean;
}

/**
 * Checks a stream, and prints its faults, a line each: the first, or all up to one behind which nothing can be read. For a
 * stream without a fault it says so, and then what it departs from that is a SHOULD.
 *
 * @param task - Which stream.
 * @param options - Whether all faults are wanted.
 * @returns `done` for a stream without a fault; `refused`.
 * @throws UsageError if the file cannot be had.
 */
export async function checkCommand(task: StreamTask, { all = false }: CheckOptions): Promise<ExitStatus> {
  const { stdout } = task.streams;
  try {
    return await check(task, all);
  } catch (error) {
    if (!(error instanceof SenderFaultError)) throw error;
    await printOutput(stdout, `${error.message}\n`);
    return EXIT_STATUS.refused;
  }
}

async function check(task: StreamTask, all: boolean): Promise<ExitStatus> {
  const { stdout } = task.streams;
  let checker: Checker | undefined;
  const print = async () => printLines(stdout, checker?.takeLines() ?? []);
  const reading = await readSource(
    task,
    (pageSize) => {
      checker = new Checker(pageSize, all);
      return checker;
    },
    print,
  );
  await print();
  await printLines(stdout, closingLines(reading, checker as Checker, all));
  const isSound = reading.fault === undefined && checker?.faultCount === 0;
  return isSound ? EXIT_STATUS.done : EXIT_STATUS.refused;
}

/** The fault that has ended the reading, and what can be said at the end. */
function closingLines({ reader, fault }: Reading, checker: Checker, all: boolean): readonly string[] {
  const { recordCount, departures } = checker;
  const faultCount = checker.faultCount + (fault === undefined ? 0 : 1);
  const doubt = reader.isVerified ? "" : "; no description tells where the states of devices end";
  return [
    ...(fault === undefined ? [] : [fault.message]),
    ...(all && 0 < faultCount ? [`faults: ${faultCount}`] : []),
    ...(faultCount === 0 ? [`sound: ${reader.streamOffset} bytes, ${recordCount} records${doubt}`] : []),
    ...departures.map(
      ({ requirement, count, first }) =>
        `recommended: ${requirement} is not followed ${count} times, first at ${first}`,
    ),
  ];
}

async function printLines(stdout: OutputStream, lines: readonly string[]): Promise<void> {
  await printOutput(stdout, lines.map((line) => `${line}\n`).join(""));
}
