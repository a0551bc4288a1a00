#!/usr/bin/env node
/**
 * The program `xbzrle`: encodes, decodes and inspects deltas.
 */

import { runProgram } from "./commands/program.ts";

// Set, and not `process.exit`: what was written to a pipe is still on its way.
process.exitCode = await runProgram(process.argv.slice(2), process);
