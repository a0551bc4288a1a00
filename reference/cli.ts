#!/usr/bin/env node
/**
 * The program `xbzrle`: encodes, decodes and inspects deltas, reads migration streams, and plans migrations.
 */

import { runProgram } from "./commands/program.ts";
import { EXIT_STATUS, printMessage } from "./commands/streams.ts";

try {
  // Set, and not `process.exit`: what was written to a pipe is still on its way.
  process.exitCode = await runProgram(process.argv.slice(2), process);
  // A read that waits for another program would keep this one alive, and nothing is on its way any more.
  if (process.exitCode === EXIT_STATUS.interrupted) process.exit();
} catch (error) {
  // What `XBZRLE_CODEC` asks for is found while the modules of a command are loaded.
  if (!(error instanceof RangeError && error.message.startsWith("XBZRLE_CODEC"))) throw error;
  await printMessage(process.stderr, error.message);
  process.exitCode = EXIT_STATUS.usage;
}
