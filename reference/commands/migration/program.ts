/**
 * The command line of `xbzrle migrate` and `xbzrle receive`: arguments, options and help.
 */

import { type Command, Option } from "commander";
import { WORKLOADS } from "../../guest/workloads/workloads.ts";
import { URI_FORMS } from "../../migration/uri.ts";
import { interruptible } from "../interruption.ts";
import { parseInteger, parseSize } from "../numbers.ts";
import { pageSizeOption } from "../stream/program.ts";
import type { End, ExitStatus, StandardStreams } from "../streams.ts";
import type { GuestOptions } from "./guest.ts";
import type { MigrateOptions } from "./migrate.ts";
import type { ReceiveOptions } from "./receive.ts";
import type { MigrationTask } from "./task.ts";
import { type PatienceOptions, stallMsOf, timeoutOption } from "./timeout.ts";

/** Adds `xbzrle migrate`, `xbzrle monitor` and `xbzrle receive`; each hands its exit status on. */
export function addMigrationCommands(program: Command, streams: StandardStreams, end: End): void {
  const run =
    <Options>(load: () => Promise<(task: MigrationTask, options: Options) => Promise<ExitStatus>>) =>
    async (uri: string, options: Options & PatienceOptions) => {
      const command = await load();
      end(
        await interruptible((signal) =>
          command({ uri, streams, patience: { stallMs: stallMsOf(options), signal } }, options),
        ),
      );
    };

  const migrate = program
    .command("migrate")
    .description("send a simulated guest, or images and a trace of writes, to a receiver, while the guest runs")
    .argument("<URI>", `where to: ${URI_FORMS}`);
  addGuestOptions(migrate);
  addParameters(migrate)
    .option("--json", "print what query-migrate would, instead of what info migrate would")
    .addOption(timeoutOption())
    .action(run<MigrateOptions>(async () => (await import("./migrate.ts")).migrateCommand));

  addGuestOptions(
    program
      .command("monitor")
      .description("migrate a simulated guest from a prompt, in the words of QEMU's monitor; help lists them"),
  ).action(async (options: GuestOptions) => {
    const { monitorCommand } = await import("../monitor/monitor.ts");
    end(await interruptible((signal) => monitorCommand({ streams, signal }, options)));
  });

  program
    .command("receive")
    .description("receive a migration from QEMU or from xbzrle migrate, verify it, and write the RAM")
    .argument("<URI>", `where from: ${URI_FORMS}; a port 0 is chosen by the system`)
    .option("--block <NAME>", "the one block that is wanted; the output is then a file (default: standard output)")
    .option("-o, --output <PATH>", "where the RAM goes: without --block a folder, with a file for each block")
    .option("--decompress-threads <N>", "for compressed pages, 1 to 255 (default: 2)", parseInteger)
    .addOption(pageSizeOption())
    .addOption(timeoutOption())
    .action(run<ReceiveOptions>(async () => (await import("./receive.ts")).receiveCommand));
}

function addGuestOptions(migrate: Command): Command {
  return migrate
    .option("--machine <NAME>", "the machine type that the receiver has", "none")
    .addOption(new Option("--block <NAME>", "the RAM block that the receiver has").default("ram").conflicts("trace"))
    .addOption(
      new Option("--memory <SIZE>", "of the guest, in bytes, or with K, M, G")
        .argParser(parseSize)
        .default(2 ** 26, "64M")
        .conflicts(["image", "trace"]),
    )
    .addOption(
      new Option("--workload <NAME>", "what the guest writes")
        .choices(Object.keys(WORKLOADS))
        .default("idle")
        .conflicts("trace"),
    )
    .addOption(
      new Option("--write-rate <SIZE>", "how many bytes it writes a second")
        .argParser(parseSize)
        .default(2 ** 16, "64K")
        .conflicts("trace"),
    )
    .addOption(new Option("--seed <N>", "the same gives the same guest").argParser(parseInteger).default(1))
    .option("--image <PATH>", "what the RAM holds at first; with --trace also a folder, as stream extract writes it")
    .option("--trace <FILE>", "what the guest writes, and when (docs/guests.md)");
}

/** Capabilities and parameters, by the names that QEMU has for them. */
function addParameters(migrate: Command): Command {
  return migrate
    .option("--max-bandwidth <SIZE>", "bytes a second; 0 is no limit (default: 128M)", parseSize)
    .option("--downtime-limit <MS>", "how long the guest may stand still (default: 300)", parseInteger)
    .option("--xbzrle", "send deltas of pages that come again")
    .option("--xbzrle-cache-size <SIZE>", "a power of two (default: 64M)", parseSize)
    .option("--compress", "send pages compressed, where XBZRLE does not send deltas")
    .option("--compress-level <N>", "0 to 9 (default: 1)", parseInteger)
    .option("--compress-threads <N>", "1 to 255 (default: 8)", parseInteger)
    .addOption(
      new Option("--compress-wait-thread <STATE>", "whether a page waits for a thread, rather than go uncompressed")
        .choices(["on", "off"])
        .default("on"),
    );
}
