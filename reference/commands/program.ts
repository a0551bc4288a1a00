/**
 * The command line of `xbzrle`: its commands, arguments, options and help.
 */

import { createRequire } from "node:module";
import { Command, CommanderError } from "commander";
import {
  type End,
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
  for (const add of await commandsNamed(commandLine[0])) {
    add(program, streams, (commandStatus) => {
      status = commandStatus;
    });
  }
  try {
    await program.parseAsync(commandLine, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (0 < error.exitCode) {
      const names = program.commands.map((command) => command.name()).filter((name) => name === commandLine[0]);
      throw new UsageError(`${usageFault(error)}; run ${["xbzrle", ...names, "--help"].join(" ")}`);
    }
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

/** Adds a command's arguments, options and help to the program; the command hands its exit status on. */
type AddCommands = (program: Command, streams: StandardStreams, end: End) => void;

/**
 * The commands, by name, and what adds them. Only those that are asked for are loaded: all of them would take as long to load as most take to
 * run, and the relay is to be small.
 */
const COMMANDS: readonly { readonly names: readonly string[]; readonly load: () => Promise<AddCommands> }[] = [
  {
    names: ["encode", "decode", "inspect"],
    load: async () => (await import("./delta/program.ts")).addDeltaCommands,
  },
  { names: ["plan"], load: async () => (await import("./plan/program.ts")).addPlanCommand },
  { names: ["simulate"], load: async () => (await import("./simulate/program.ts")).addSimulateCommand },
  { names: ["stream", "cache-size"], load: async () => (await import("./stream/program.ts")).addStreamCommands },
  {
    names: ["migrate", "monitor", "receive"],
    load: async () => (await import("./migration/program.ts")).addMigrationCommands,
  },
  {
    names: ["relay", "migration-helper"],
    load: async () => (await import("./relay/program.ts")).addRelayCommands,
  },
];

/** Gives what adds the command of this name; without such a command, what adds all, for the help. */
async function commandsNamed(name: string | undefined): Promise<AddCommands[]> {
  const asked = COMMANDS.filter(({ names }) => name !== undefined && names.includes(name));
  return Promise.all((asked.length === 0 ? COMMANDS : asked).map(({ load }) => load()));
}
