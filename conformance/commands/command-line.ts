/**
 * The command line of `xbzrle-conformance`: commands, options, help. Each command gives its exit status.
 */

import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { printOutput, type StandardStreams, UsageError } from "../../reference/commands/streams.ts";
import { packageVersion } from "../../spec/package.ts";
import { LEVELS } from "../harness/case.ts";
import { COMPARISON_WRITERS } from "../report/comparison/formats.ts";
import { REPORT_WRITERS } from "../report/formats.ts";
import { UnmergeableError } from "../report/mergeable.ts";
import { DEFAULT_OPTIONS } from "../run.ts";
import { ASKED_OPERATIONS } from "../suites/asked-requirements.ts";
import { KnownFailuresError } from "../suites/known-failures.ts";
import { NothingSelectedError } from "../suites/select.ts";
import { MOST_SHARDS, parseShard } from "../suites/shard.ts";
import { checkReportCommand } from "./check-report.ts";
import { compareCommand } from "./compare.ts";
import { copyCommand } from "./copy.ts";
import { doctorCommand } from "./doctor.ts";
import { explainCommand } from "./explain.ts";
import { initCommand, languages } from "./init.ts";
import { listCommand } from "./list.ts";
import { mergeCommand } from "./merge.ts";
import { replayCommand } from "./replay.ts";
import { runCommand } from "./run.ts";
import { EXIT_STATUS, type ExitStatus } from "./status.ts";

const USERS_FAULTS = [UsageError, KnownFailuresError, NothingSelectedError, UnmergeableError];

/** Runs `xbzrle-conformance` with the words after its name. A usage error is one line on standard error. */
export async function runCommandLine(words: readonly string[], streams: StandardStreams): Promise<ExitStatus> {
  try {
    return await parse(words, streams);
  } catch (error) {
    const isUsersFault = USERS_FAULTS.some((kind) => error instanceof kind);
    if (!isUsersFault || !(error instanceof Error)) throw error;
    streams.stderr.write(`xbzrle-conformance: ${error.message}\n`);
    return EXIT_STATUS.usage;
  }
}

/**
 * The program with its commands and options.
 *
 * @param streams - What commands read and print to.
 * @param end - Told the exit status of the command.
 * @param writeHelp - Told help and version.
 */
export function conformanceProgram(streams: StandardStreams, end: End, writeHelp: (text: string) => void): Command {
  const program = new Command("xbzrle-conformance")
    .description(
      "Verify an XBZRLE encoder, decoder or receiver of migration streams through an adapter (docs/adapter.md).",
    )
    .version(packageVersion)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: writeHelp, writeErr: () => {} });
  addRun(program, streams, end);
  addReplay(program, streams, end);
  addList(program, streams, end);
  addExplain(program, streams, end);
  addDoctor(program, streams, end);
  addInit(program, streams, end);
  addCopy(program, streams, end);
  addCheckReport(program, streams, end);
  addMerge(program, streams, end);
  addCompare(program, streams, end);
  return program;
}

async function parse(words: readonly string[], streams: StandardStreams): Promise<ExitStatus> {
  let status: ExitStatus = EXIT_STATUS.conformant;
  let help = "";
  const end = (given: ExitStatus) => {
    status = given;
  };
  const program = conformanceProgram(streams, end, (text) => {
    help += text;
  });
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw new UsageError(usageText(error));
    await printOutput(streams.stdout, help);
  }
  return status;
}

type End = (status: ExitStatus) => void;

const ADAPTER = ["[adapter...]", "program and arguments, after --; without it the reference's own adapter"] as const;

function addRun(program: Command, streams: StandardStreams, end: End): void {
  program
    .command("run")
    .description("ask an adapter all vectors and then fuzz cases; exit 0 conformant, 1 nonconformant, 4 incomplete")
    .argument(...ADAPTER)
    .addOption(operationOption())
    .addOption(repeatable("--run <GLOB>", "only cases whose id matches (repeatable)", "all"))
    .addOption(repeatable("--skip <GLOB>", "no cases whose id matches (repeatable)", "none"))
    .addOption(
      new Option("--level <LEVEL>", "what counts for the verdict").choices(LEVELS).default(DEFAULT_OPTIONS.level),
    )
    .option(
      "--fuzz <N>",
      "number of fuzz cases after the vectors, for receivers a tenth as many streams, and for senders a twentieth as many guests",
      wholeNumber,
      DEFAULT_OPTIONS.fuzz,
    )
    .option("--seed <N>", "seed of the fuzz cases (default: another each time, and printed)", seedNumber)
    .option(
      "--exhaustive",
      "and then the small worlds: every short delta, every change of a small page at every capacity",
    )
    .option("--shard <I/N>", "only part I of N of all that, the parts of one size; merge joins their reports", shardOf)
    .option("--timeout <SECONDS>", "time for one answer", seconds, DEFAULT_OPTIONS.timeoutMs / 1000)
    .option("--window <N>", "requests in flight at most", positiveNumber, DEFAULT_OPTIONS.window)
    .option("--fail-fast", "stop at the first failure")
    .option("--known-failures <FILE>", "failures that are expected, as JSON")
    .option("--update-known-failures", "write that file from what fails; its new entries ask for a reason")
    .addOption(reportOption(REPORT_WRITERS))
    .action(async (adapter, options) => end(await runCommand(adapter, options, streams)));
}

function addReplay(program: Command, streams: StandardStreams, end: End): void {
  program
    .command("replay")
    .description("ask an adapter one case, and show it in full whatever comes")
    .argument("<ID|FILE>", "id of a case, or a JSON file of a vector as a fuzz failure prints it")
    .argument(...ADAPTER)
    .addOption(new Option("--level <LEVEL>", "what counts as a failure").choices(LEVELS).default(DEFAULT_OPTIONS.level))
    .option("--timeout <SECONDS>", "time for one answer", seconds, DEFAULT_OPTIONS.timeoutMs / 1000)
    .action(async (id, adapter, options) => end(await replayCommand(id, adapter, options, streams)));
}

function addList(program: Command, streams: StandardStreams, end: End): void {
  program
    .command("list")
    .description("list the cases of the vectors: id, requirements, why")
    .addOption(operationOption())
    .addOption(repeatable("--run <GLOB>", "only cases whose id matches (repeatable)", "all"))
    .addOption(repeatable("--skip <GLOB>", "no cases whose id matches (repeatable)", "none"))
    .action(async (options) => end(await listCommand(options, streams)));
}

function addExplain(program: Command, streams: StandardStreams, end: End): void {
  program
    .command("explain")
    .description("explain a case or a requirement")
    .argument("<ID>", "delta/lengths/..., record/pages/..., fuzz:SEED:KIND:INDEX, world:WORLD:INDEX, or DELTA-n")
    .action(async (id) => end(await explainCommand(id, streams)));
}

function addCheckReport(program: Command, streams: StandardStreams, end: End): void {
  program
    .command("check-report")
    .description("recompute the verdict of a JSON report, and say whether the report is consistent and complete")
    .argument("<FILE>", "a report that run has written with --report json=FILE")
    .action(async (file) => end(await checkReportCommand(file, streams)));
}

function addMerge(program: Command, streams: StandardStreams, end: End): void {
  program
    .command("merge")
    .description("join the JSON reports of all shards of a run to the report of the whole run; exits like run")
    .argument("<FILE...>", "a report of each shard, which run has written with --report json=FILE")
    .addOption(reportOption(REPORT_WRITERS))
    .action(async (files, options) => end(await mergeCommand(files, options, streams)));
}

function addCompare(program: Command, streams: StandardStreams, end: End): void {
  program
    .command("compare")
    .description(
      "show runs beside each other, and what changed; exit 1 where what passed in an implementation's first run fails later",
    )
    .argument(
      "<FILE...>",
      "reports that run has written with --report json=FILE; of one implementation the earlier first",
    )
    .addOption(reportOption(COMPARISON_WRITERS))
    .action(async (files, options) => end(await compareCommand(files, options, streams)));
}

function addDoctor(program: Command, streams: StandardStreams, end: End): void {
  program
    .command("doctor")
    .description("test the adapter itself, and say for each finding what to change")
    .argument(...ADAPTER)
    .option("--timeout <SECONDS>", "time for one answer", seconds, 2)
    .action(async (adapter, options) => end(await doctorCommand(adapter, options, streams)));
}

function addInit(program: Command, streams: StandardStreams, end: End): void {
  program
    .command("init")
    .description("write a ready adapter: SDK, example and a codec to replace")
    .addArgument(new Argument("<LANGUAGE>", "language of the adapter").choices(languages))
    .argument("[DIR]", "folder to write to", "xbzrle-adapter")
    .action(async (language, folder) => end(await initCommand(language, folder, streams)));
}

function addCopy(program: Command, streams: StandardStreams, end: End): void {
  program
    .command("copy")
    .description("write the vectors as plain files, for those who cannot run an adapter")
    .argument("<DIR>", "new folder to write to")
    .action(async (folder) => end(await copyCommand(folder, streams)));
}

/** The operations in words. */
const CHOICES = new Intl.ListFormat("en-GB", { type: "disjunction" }).format(ASKED_OPERATIONS);

function operationOption(): Option {
  return new Option("--operation <OPERATION>", `only ${CHOICES} (repeatable; default: all)`).argParser(
    (value: string, earlier: readonly string[] | undefined) => {
      if ((ASKED_OPERATIONS as readonly string[]).includes(value)) return [...new Set([...(earlier ?? []), value])];
      throw new InvalidArgumentError(`It has to be ${CHOICES}.`);
    },
  );
}

function reportOption(writers: object): Option {
  const formats = Object.keys(writers).join(", ");
  return repeatable("--report <FORMAT=FILE>", `write a report: ${formats} (repeatable)`, "none");
}

function repeatable(flags: string, description: string, none: string): Option {
  const collect = (value: string, earlier: readonly string[]) => [...earlier, value];
  return new Option(flags, description).argParser(collect).default([], none);
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It has to be a whole number of 0 to 999999999.");
}

function seedNumber(text: string): number {
  if (/^\d{1,10}$/.test(text) && Number(text) < 2 ** 32) return Number(text);
  throw new InvalidArgumentError("It has to be a whole number of 0 to 4294967295.");
}

function positiveNumber(text: string): number {
  if (/^\d{1,4}$/.test(text) && 0 < Number(text) && Number(text) <= 4096) return Number(text);
  throw new InvalidArgumentError("It has to be a whole number of 1 to 4096.");
}

function shardOf(text: string): string {
  if (parseShard(text)) return text;
  throw new InvalidArgumentError(
    `It has to be the number of a shard and of all shards, such as 2/4, at most ${MOST_SHARDS}.`,
  );
}

function seconds(text: string): number {
  if (/^\d{1,5}(\.\d+)?$/.test(text) && 0.01 <= Number(text)) return Number(text);
  throw new InvalidArgumentError("It has to be a number of seconds of 0.01 to 99999.");
}

function usageText(error: CommanderError): string {
  if (error.code === "commander.help") return "no command was given; see xbzrle-conformance --help";
  return `${error.message
    .replace(/^error: /, "")
    .replaceAll("\n", " ")
    .replace(/\.$/, "")}; see xbzrle-conformance --help`;
}
