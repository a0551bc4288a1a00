/**
 * The command line of `xbzrle plan`: its argument, option and help.
 */

import type { Command } from "commander";
import type { End, StandardStreams } from "../streams.ts";

/** Adds `xbzrle plan`, which hands its exit status on. */
export function addPlanCommand(program: Command, streams: StandardStreams, end: End): void {
  program
    .command("plan")
    .description("plan the migrations that empty a host or balance several, so that no host goes over its memory")
    .argument("<FILE>", "JSON: hosts with free memory, guests with RAM and dirty rate, and the mode")
    .option("--json", "print JSON")
    .action(async (path, options) => {
      const { planCommand } = await import("./plan.ts");
      end(await planCommand(path, options, streams));
    });
}
