/**
 * The command line of `xbzrle`: its commands, arguments, options and help.
 */

import { createRequire } from "node:module";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { MAX_PAGE_SIZE } from "../index.ts";
import { SCENARIOS } from "../simulation/scenarios/scenarios.ts";
import { decodeCommand } from "./decode.ts";
import { encodeCommand } from "./encode.ts";
import { inspectCommand } from "./inspect.ts";
import { addMigrationCommands } from "./migration/program.ts";
import { addRelayCommands } from "./relay/program.ts";
import { addStreamCommands } from "./stream/program.ts";
import {
  EXIT_STATUS,
  type ExitStatus,
  InterruptedError,
  printMessage,
  printOutput,
  ReaderGoneError,
  RefusedError,
  type StandardStreams,
  UsageError,
} from "./streams.ts";

/** The package by its own name: the same file from the sources and from `dist`. */
const { version } = createRequire(import.meta.url)("xbzrle/package.json") as { version: string };

/**
 * Runs `xbzrle`.
 *
 * @param commandLine - The words after the name of the program.
 * @param streams - Standard streams; everything that is printed goes there.
 * @returns The exit status: 0 done, 1 malformed or overflow, 2 asked wrongly, 130 interrupted. A usage error is one line on standard error.
 */
export async function runProgram(commandLine: readonly string[], streams: StandardStreams): Promise<ExitStatus> {
  try {
    return await runCommand(commandLine, streams);
  } catch (error) {
    if (error instanceof InterruptedError) return EXIT_STATUS.interrupted;
    if (error instanceof ReaderGoneError) return EXIT_STATUS.done;
    if (!(error instanceof UsageError || error instanceof RefusedError)) throw error;
    await printMessage(streams.stderr, error.message);
    return error instanceof UsageError ? EXIT_STATUS.usage : EXIT_STATUS.refused;
  }
}

/** Runs the command that the command line names, or prints the help or the version that it asks for. */
async function runCommand(commandLine: readonly string[], streams: StandardStreams): Promise<ExitStatus> {
  let status: ExitStatus = EXIT_STATUS.done;
  let helpText = "";
  const program = new Command("xbzrle")
    .description(
      "Encode, decode and inspect XBZRLE deltas, read migration streams, migrate, relay, and plan and simulate migrations. - stands for standard input.",
    )
    .version(version)
    // The library would print and exit by itself.
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        helpText += text;
      },
      writeErr: () => {},
    });
  addCommands(program, streams, (commandStatus) => {
    status = commandStatus;
  });
  try {
    await program.parseAsync(commandLine, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (0 < error.exitCode) throw new UsageError(`${usageFault(error)}; run xbzrle --help`);
    await printOutput(streams.stdout, helpText);
  }
  return status;
}

/** What the library has to say about a command line, in one line. */
function usageFault(error: CommanderError): string {
  if (error.code === "commander.help") return "no command was given";
  return error.message
    .replace(/^error: /, "")
    .replaceAll("\n", " ")
    .replace(/\.$/, "");
}

/** Adds the commands of `xbzrle`; each hands its exit status on. */
function addCommands(program: Command, streams: StandardStreams, end: (status: ExitStatus) => void): void {
  program
    .command("encode")
    .description("turn an old page and a new page into a delta")
    .argument("<OLD>", "file of the old page, 1 to 65536 bytes")
    .argument("<NEW>", "file of the new page, as many bytes")
    .option("-o, --output <FILE>", "where to write the delta, instead of standard output")
    .addOption(
      new Option("--encoder <NAME>", "which delta to write: the canonical one, or the smallest")
        .choices(["canonical", "compact"])
        .default("canonical"),
    )
    .option("--capacity <N>", "room for the delta in bytes (default: the page size)", parseCapacity)
    .action(async (oldPath, newPath, options) => end(await encodeCommand(oldPath, newPath, options, streams)));

  program
    .command("decode")
    .description("turn a delta and an old page into a new page")
    .argument("<DELTA>", "file of the delta")
    .argument("<OLD>", "file of the old page, 1 to 65536 bytes")
    .option("-o, --output <FILE>", "where to write the new page, instead of standard output")
    .action(async (deltaPath, oldPath, options) => end(await decodeCommand(deltaPath, oldPath, options, streams)));

  program
    .command("inspect")
    .description("show what a delta says, byte by byte")
    .argument("<DELTA>", "file of the delta")
    .option("--page-size <N>", "page size in bytes (default: 4096)", parsePageSize)
    .action(async (deltaPath, options) => end(await inspectCommand(deltaPath, options, streams)));

  program
    .command("plan")
    .description("plan the migrations that empty a host or balance several, so that no host goes over its memory")
    .argument("<FILE>", "JSON: hosts with free memory, guests with RAM and dirty rate, and the mode")
    .option("--json", "print JSON")
    .action(async (path, options) => {
      const { planCommand } = await import("./plan.ts");
      end(await planCommand(path, options, streams));
    });

  program
    .command("simulate")
    .description("migrate simulated guests on a virtual clock, and show the numbers beside those that were published")
    .argument("<SCENARIO...>", "name of a scenario, or a file of JSON (spec/scenario.schema.json)")
    .option("--json", "print the results as JSON")
    .option("--measure-costs", "pages cost what they cost on this machine, and not what the scenario says")
    .option("--html <FILE>", "write the results to a page with plots too")
    .addHelpText("after", `\nScenarios:\n${scenarioLines()}`)
    .action(async (names, options) => {
      const { simulateCommand } = await import("./simulate/simulate.ts");
      end(await simulateCommand(names, options, streams));
    });

  addStreamCommands(program, streams, end);
  addMigrationCommands(program, streams, end);
  addRelayCommands(program, streams, end);
}

/** The scenarios that come with the program, a line each. */
function scenarioLines(): string {
  return Object.entries(SCENARIOS)
    .map(([name, { title }]) => `  ${name.padEnd(20)}${title}\n`)
    .join("");
}

/** Reads the value of `--capacity`. */
function parseCapacity(text: string): number {
  const capacity = Number(text);
  if (/^[0-9]+$/.test(text) && Number.isSafeInteger(capacity)) return capacity;
  throw new InvalidArgumentError("It has to be a number of bytes, 0 or more");
}

/** Reads the value of `--page-size`. */
function parsePageSize(text: string): number {
  const pageSize = Number(text);
  if (/^[0-9]+$/.test(text) && 1 <= pageSize && pageSize <= MAX_PAGE_SIZE) return pageSize;
  throw new InvalidArgumentError(`It has to be a number of bytes, 1 to ${MAX_PAGE_SIZE}`);
}
