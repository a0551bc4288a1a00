/**
 * `xbzrle migrate URI`: a guest that runs is sent to a receiver.
 */

import { CompressionThreads } from "../../compressed/compress.ts";
import { OutgoingChannel } from "../../migration/outgoing.ts";
import { Migration } from "../../migration/send.ts";
import { parseUri } from "../../migration/uri.ts";
import { effectivenessText } from "../../session/effectiveness.ts";
import { infoMigrate } from "../../session/info-migrate.ts";
import { EXIT_STATUS, type ExitStatus, printOutput } from "../streams.ts";
import { asked, migrationFailure } from "./failure.ts";
import { type GuestOptions, makeGuest } from "./guest.ts";
import { SendingProgress } from "./progress.ts";
import type { MigrationTask } from "./task.ts";

/** The options of `xbzrle migrate`. */
export interface MigrateOptions extends GuestOptions {
  readonly maxBandwidth?: number;
  readonly downtimeLimit?: number;
  readonly xbzrle?: boolean;
  readonly xbzrleCacheSize?: number;
  readonly compress?: boolean;
  readonly compressLevel?: number;
  readonly compressThreads?: number;
  readonly compressWaitThread: "on" | "off";
  readonly json?: boolean;
}

/**
 * Sends a guest, and prints what `info migrate` would.
 *
 * @param task - Where to.
 * @param options - Which guest, and how.
 * @returns `done`.
 * @throws UsageError for what is wrong with the options; RefusedError if the channel or the other side fails; InterruptedError.
 */
export async function migrateCommand(task: MigrationTask, options: MigrateOptions): Promise<ExitStatus> {
  const { streams, patience } = task;
  const uri = asked(() => parseUri(task.uri));
  const progress = new SendingProgress(streams.stderr);
  let migration: Migration | undefined;
  let compressor: CompressionThreads | undefined;
  let channel: OutgoingChannel | undefined;
  try {
    const guest = makeGuest(options);
    compressor = options.compress ? asked(() => compressionThreads(guest.memory.pageSize, options)) : undefined;
    migration = asked(
      () =>
        new Migration(guest, {
          maxBandwidth: options.maxBandwidth,
          downtimeLimitMs: options.downtimeLimit,
          usesXbzrle: options.xbzrle ?? false,
          ...(options.xbzrleCacheSize !== undefined && { cacheSizeBytes: options.xbzrleCacheSize }),
          ...(compressor !== undefined && { compressor }),
          waitsForCompressor: options.compressWaitThread === "on",
          onEvent: (event) => progress.say(effectivenessText(event)),
          onProgress: progress.update,
        }),
    );
    channel = await OutgoingChannel.open(uri, patience);
    await migration.run(channel);
  } catch (error) {
    channel?.abandon();
    throw migrationFailure(error);
  } finally {
    progress.end();
    compressor?.close();
  }
  const status = migration.status("completed");
  await printOutput(streams.stdout, options.json ? `${JSON.stringify(status, undefined, 2)}\n` : infoMigrate(status));
  return EXIT_STATUS.done;
}

function compressionThreads(pageSize: number, { compressLevel, compressThreads }: MigrateOptions): CompressionThreads {
  return new CompressionThreads(pageSize, { level: compressLevel, threadCount: compressThreads });
}
