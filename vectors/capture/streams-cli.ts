#!/usr/bin/env node
/**
 * `node dist/vectors/capture/streams-cli.js [--output DIR]`: takes migration streams of a running guest and stores them.
 * Exit status: 0 stored; 1 the capture failed; 2 wrong command line; 3 QEMU is not installed; 130, 143 interrupted.
 */

import { Command } from "commander";
import { exitStatusOf } from "./capture-error.ts";
import { captureStream, MIGRATIONS } from "./migrate.ts";
import { STREAMS_FOLDER, writeStream } from "./stored-stream.ts";
import { makeFolder } from "./write.ts";

// QEMU is killed and its folder removed by the handler of "exit" in machine.ts.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
process.once("SIGHUP", () => process.exit(129));

const { output } = new Command("capture-streams")
  .description("Takes migration streams of a guest that runs under QEMU and stores them with their provenance.")
  .option("--output <dir>", "where the files go, from the current folder", STREAMS_FOLDER)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()
  .opts<{ output: string }>();

try {
  await makeFolder(output);
  for (const migration of MIGRATIONS) {
    const captured = await captureStream(migration);
    const sizeBytes = await writeStream(output, captured);
    console.log(`${migration.name}: ${captured.stream.length} bytes, ${sizeBytes} compressed`);
  }
} catch (error) {
  console.error(`capture: ${error instanceof Error ? error.message : error}`);
  process.exitCode = exitStatusOf(error);
}
