/**
 * The command line of `xbzrle relay` and of `migration-helper-xbzrle`: arguments, options and help.
 */

import { setFlagsFromString } from "node:v8";
import { Command, Option } from "commander";
import { LISTEN_FORMS, TO_FORMS } from "../../migration/uri.ts";
import { RELAY_POLICIES } from "../../relay/options.ts";
import { interruptible } from "../interruption.ts";
import { type PatienceOptions, stallMsOf, timeoutOption } from "../migration/timeout.ts";
import { parseInteger, parseSize } from "../numbers.ts";
import type { End, StandardStreams } from "../streams.ts";
import { readDestination, SCHEME } from "./destination.ts";
import type { RelayCommandOptions } from "./relay.ts";

/**
 * The memory for new objects stays as small as it is, and what has become of them is looked through as soon as it has grown by a tenth: both
 * would grow by 16 MiB and more, and nothing is faster for it.
 */
const SMALL_HEAP = ["--semi-space-growth-factor=1", "--heap-growing-percent=10"];

/** The options of a relay. */
interface RelayProgramOptions extends RelayCommandOptions, PatienceOptions {}

/** Adds `xbzrle relay` and `xbzrle migration-helper`; each hands its exit status on. */
export function addRelayCommands(program: Command, streams: StandardStreams, end: End): void {
  const run = async (listen: string, to: string, options: RelayProgramOptions) => {
    for (const flag of SMALL_HEAP) setFlagsFromString(flag);
    const { relayCommand } = await import("./relay.ts");
    end(
      await interruptible((signal) =>
        relayCommand({ listen, to, streams, patience: { stallMs: stallMsOf(options), signal } }, options),
      ),
    );
  };

  addOptions(
    program
      .command("relay")
      .description("carry a migration from one QEMU to another, with deltas in the place of pages")
      .requiredOption("--listen <URI>", `where the stream comes from: ${LISTEN_FORMS.words}`)
      .requiredOption("--to <URI>", `where it goes: ${TO_FORMS.words}`),
  ).action(({ listen, to, ...options }) => run(listen, to, options));

  const helper = addOptions(
    program
      .command("migration-helper")
      .description("the same from standard input, as migrate exec:migration-helper-xbzrle has it")
      .argument("<DESTINATION>", "HOST[:PORT], or xbzrle://HOST[:PORT]?OPTION=VALUE&...; the port is 4444 unless told"),
  );
  helper.action((text: string, options: RelayProgramOptions) => {
    const { to, words } = readDestination(text);
    return run("-", to, { ...options, ...readWords(words), ...givenOptions(helper) });
  });
}

function addOptions(command: Command): Command {
  return command
    .option(
      "--cache-size <SIZE>",
      "of the page cache, a power of two, in bytes, or with K, M, G (default: 64M)",
      parseSize,
    )
    .addOption(
      new Option("--policy <NAME>", "which page makes room in the cache").choices(RELAY_POLICIES).default("lru"),
    )
    .option(
      "--compress-level <N>",
      "compress pages that are no deltas, 0 to 9; the receiver has to have compress on",
      parseInteger,
    )
    .option("--bandwidth <SIZE>", "bytes a second to the receiver (default: no limit)", parseSize)
    .option("--statistics <PLACE>", "where info migrate is told: a file, each second, or unix:PATH, to who connects")
    .addOption(timeoutOption());
}

/** Reads the options that a URI has, as they would be read from a command line. */
function readWords(words: readonly string[]): Partial<RelayProgramOptions> {
  const reader = addOptions(new Command(SCHEME).exitOverride().configureOutput({ writeErr: () => {} }));
  reader.parse(words, { from: "user" });
  return givenOptions(reader);
}

/** The options that were given, without those that hold unless told. */
function givenOptions(command: Command): Partial<RelayProgramOptions> {
  const isGiven = ([name]: [string, unknown]) => command.getOptionValueSource(name) === "cli";
  return Object.fromEntries(Object.entries(command.opts()).filter(isGiven));
}
