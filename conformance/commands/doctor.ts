/**
 * `xbzrle-conformance doctor`: tests the adapter itself, and says for each finding what to change.
 */

import { printOutput, type StandardStreams } from "../../reference/commands/streams.ts";
import { checkAdapter } from "../harness/checkup.ts";
import { adapterCommand } from "./adapter-command.ts";
import { EXIT_STATUS, type ExitStatus } from "./status.ts";
import { styleFor } from "./style.ts";

/** The options of the command as they are parsed. */
export interface DoctorCommandOptions {
  /** In seconds. */
  readonly timeout: number;
}

/** Prints each check as it ends; the status is 0 if none has found anything, and 1 otherwise. */
export async function doctorCommand(
  adapter: readonly string[],
  { timeout }: DoctorCommandOptions,
  streams: StandardStreams,
): Promise<ExitStatus> {
  const style = styleFor(streams.stdout);
  let findingCount = 0;
  for await (const { what, finding } of checkAdapter(adapterCommand(adapter), timeout * 1000)) {
    if (finding !== undefined) findingCount++;
    const lines =
      finding === undefined
        ? [`${style("green", "ok")}     ${what}`]
        : [`${style("red", "not ok")} ${what}`, `       ${finding}`];
    await printOutput(streams.stdout, `${lines.join("\n")}\n`);
  }
  const verdict = findingCount === 0 ? "the adapter is well" : `${findingCount} findings`;
  await printOutput(streams.stdout, `\n${verdict}\n`);
  return findingCount === 0 ? EXIT_STATUS.conformant : EXIT_STATUS.nonconformant;
}
