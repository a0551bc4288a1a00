/**
 * `xbzrle-conformance replay`: one case, asked of a fresh adapter and shown in full.
 */

import { interruptible } from "../../reference/commands/interruption.ts";
import { printOutput, type StandardStreams } from "../../reference/commands/streams.ts";
import { loadRequirements } from "../../spec/requirements.ts";
import { AdapterStartError } from "../adapter/fault.ts";
import { Asker } from "../harness/asker.ts";
import { type Case, type CaseResult, isFailure, type Level } from "../harness/case.ts";
import { caseReport } from "../report/case-report.ts";
import { caseText } from "../report/case-text.ts";
import { DEFAULT_OPTIONS } from "../run.ts";
import { adapterCommand, repeatCommand } from "./adapter-command.ts";
import { findCase } from "./find-case.ts";
import { tellStartError } from "./run.ts";
import { EXIT_STATUS, type ExitStatus } from "./status.ts";
import { styleFor } from "./style.ts";

/** The options of the command as they are parsed. */
export interface ReplayCommandOptions {
  readonly level: Level;
  /** In seconds. */
  readonly timeout: number;
}

/** Asks the case, prints what came of it, and gives 0 for a pass, 1 for a failure, 4 where it could not be asked. */
export async function replayCommand(
  name: string,
  adapter: readonly string[],
  { level, timeout }: ReplayCommandOptions,
  streams: StandardStreams,
): Promise<ExitStatus> {
  const asked = findCase(name);
  try {
    const result = await interruptible((signal) => askOnce(asked, adapterCommand(adapter), timeout * 1000, signal));
    const repeat = repeatCommand(adapter, { ...DEFAULT_OPTIONS, level, timeoutMs: timeout * 1000 });
    const report = caseReport({ result, known: undefined }, loadRequirements(), repeat, null);
    await printOutput(streams.stdout, caseText(report, styleFor(streams.stdout)));
    if (isFailure(result.verdict, level)) return EXIT_STATUS.nonconformant;
    const isAnswered = result.verdict !== "unsupported" && result.verdict !== "not-run";
    return isAnswered ? EXIT_STATUS.conformant : EXIT_STATUS.incomplete;
  } catch (error) {
    if (!(error instanceof AdapterStartError)) throw error;
    return tellStartError(error, streams.stderr);
  }
}

async function askOnce(
  asked: Case,
  command: readonly string[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<CaseResult> {
  const asker = new Asker(command, timeoutMs, signal);
  try {
    return await asker.ask(asked);
  } finally {
    await asker.close();
  }
}
