#!/usr/bin/env node
/**
 * The program `xbzrle-conformance`.
 */

import { EXIT_STATUS } from "./commands/status.ts";

try {
  // Imported here, because what `XBZRLE_CODEC` asks for is found while the modules are loaded.
  const { runCommandLine } = await import("./commands/command-line.ts");
  process.exitCode = await runCommandLine(process.argv.slice(2), process);
} catch (error) {
  const isUsage = error instanceof RangeError && error.message.startsWith("XBZRLE_CODEC");
  const message = isUsage ? error.message : `a fault of its own, please report it: ${(error as Error).stack}`;
  process.stderr.write(`xbzrle-conformance: ${message}\n`);
  process.exitCode = isUsage ? EXIT_STATUS.usage : EXIT_STATUS.internal;
}
