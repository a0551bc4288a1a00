#!/usr/bin/env node
/**
 * The program `xbzrle-conformance`.
 */

import { runCommandLine } from "./commands/command-line.ts";
import { EXIT_STATUS } from "./commands/status.ts";

try {
  process.exitCode = await runCommandLine(process.argv.slice(2), process);
} catch (error) {
  process.stderr.write(`xbzrle-conformance: a fault of its own, please report it: ${(error as Error).stack}\n`);
  process.exitCode = EXIT_STATUS.internal;
}
