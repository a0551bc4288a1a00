/**
 * `xbzrle-conformance list`: the cases of the vectors, one a line.
 */

import { printOutput, type StandardStreams } from "../../reference/commands/streams.ts";
import { ASKED_OPERATIONS } from "../suites/asked-requirements.ts";
import { selects } from "../suites/select.ts";
import { vectorCases } from "../suites/vector-suite.ts";
import { EXIT_STATUS, type ExitStatus } from "./status.ts";

/** The options of the command as they are parsed. */
export interface ListCommandOptions {
  readonly operation?: readonly string[];
  readonly run: readonly string[];
  readonly skip: readonly string[];
}

/** Prints id, requirements and why of each case that the patterns select. */
export async function listCommand(options: ListCommandOptions, streams: StandardStreams): Promise<ExitStatus> {
  const isSelected = selects({ ...options, operations: options.operation ?? ASKED_OPERATIONS });
  const lines = vectorCases()
    .filter(isSelected)
    .map(({ id, requirements, why }) => `${id}  ${requirements.join(" ")}  ${why}\n`);
  if (lines.length === 0) streams.stderr.write("xbzrle-conformance: no case matches\n");
  await printOutput(streams.stdout, lines.join(""));
  return EXIT_STATUS.conformant;
}
