/**
 * The command line of `xbzrle simulate`: its arguments, options and help.
 */

import type { Command } from "commander";
import { SCENARIOS } from "../../simulation/scenarios/scenarios.ts";
import type { End, StandardStreams } from "../streams.ts";

/** Adds `xbzrle simulate`, which hands its exit status on. */
export function addSimulateCommand(program: Command, streams: StandardStreams, end: End): void {
  program
    .command("simulate")
    .description("migrate simulated guests on a virtual clock, and show the numbers beside those that were published")
    .argument("<SCENARIO...>", "name of a scenario, or a file of JSON (spec/scenario.schema.json)")
    .option("--json", "print the results as JSON")
    .option("--measure-costs", "pages cost what they cost on this machine, and not what the scenario says")
    .option("--html <FILE>", "write the results to a page with plots too")
    .addHelpText("after", `\nScenarios:\n${scenarioLines()}`)
    .action(async (names, options) => {
      const { simulateCommand } = await import("./simulate.ts");
      end(await simulateCommand(names, options, streams));
    });
}

/** The scenarios that come with the program, a line each. */
function scenarioLines(): string {
  return Object.entries(SCENARIOS)
    .map(([name, { title }]) => `  ${name.padEnd(20)}${title}\n`)
    .join("");
}
