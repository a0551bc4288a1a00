/**
 * `xbzrle relay`: takes a migration from one QEMU and carries it to another, with deltas in the place of pages.
 */

import { deflateSync } from "node:zlib";
import { compressionParameter } from "../../compressed/parameters.ts";
import { MalformedStreamError } from "../../errors.ts";
import { RelayedMigration } from "../../migration/relay.ts";
import type { RelayPolicy } from "../../relay/options.ts";
import type { PassingOn } from "../../relay/relay.ts";
import { effectivenessText } from "../../session/effectiveness.ts";
import { asked, migrationFailure } from "../migration/failure.ts";
import {
  EXIT_STATUS,
  type ExitStatus,
  printMessage,
  printOutput,
  RefusedError,
  type StandardStreams,
} from "../streams.ts";
import { RelayChannels, type RelayTask } from "./channels.ts";
import { relayText, Statistics } from "./statistics.ts";

/** The options of a relay, but for its ends. */
export interface RelayCommandOptions {
  /** In bytes. */
  readonly cacheSize?: number;
  readonly policy: RelayPolicy;
  readonly compressLevel?: number;
  /** Bytes a second. */
  readonly bandwidth?: number;
  /** A path, or `unix:PATH`. */
  readonly statistics?: string;
}

/**
 * Relays one migration, and prints what `info migrate` would, if standard output is free.
 *
 * @param task - From where to where.
 * @param options - How.
 * @returns `done`.
 * @throws UsageError for what is wrong with the options; RefusedError if a side fails, or the sender's stream ends too early;
 * InterruptedError.
 */
export async function relayCommand(task: RelayTask, options: RelayCommandOptions): Promise<ExitStatus> {
  const { streams, patience } = task;
  const channels = asked(() => new RelayChannels(task));
  const migration = asked(() => newMigration(options, streams));
  const { relay } = migration;
  const tell = (message: string) => printMessage(streams.stderr, message);
  const statistics = await Statistics.open(options.statistics, migration, tell);
  try {
    const { source, destination } = await channels.open(() => relay.passOn("the sender has opened a further channel"));
    statistics.begin();
    await migration.run(source, destination);
  } catch (error) {
    channels.abandon();
    statistics.end(patience.signal.aborted ? "cancelled" : "failed");
    throw relayFailure(error);
  } finally {
    channels.close();
  }
  statistics.end("completed");
  if (relay.passingOn?.isEarly) await printMessage(streams.stderr, passingText(relay.passingOn));
  if (channels.leavesStandardOutput) await printOutput(streams.stdout, relayText(migration, "completed"));
  return EXIT_STATUS.done;
}

function newMigration(options: RelayCommandOptions, { stderr }: StandardStreams): RelayedMigration {
  const { cacheSize, policy, compressLevel, bandwidth } = options;
  return new RelayedMigration({
    policy,
    bandwidth,
    ...(cacheSize !== undefined && { cacheSizeBytes: cacheSize }),
    ...(compressLevel !== undefined && { deflate: deflateAt(compressionParameter("compress-level", compressLevel)) }),
    onEvent: (event) => printMessage(stderr, effectivenessText(event)),
  });
}

function deflateAt(level: number) {
  return (page: Uint8Array) => deflateSync(page, { level });
}

/** Why the relay has not looked at the pages to the end. */
function passingText({ streamOffset, reason }: PassingOn): string {
  return `from byte ${streamOffset} on the stream was passed on as it came: ${reason} (RELAY-9)`;
}

/** What the command throws where the migration has thrown this. */
function relayFailure(error: unknown): unknown {
  if (error instanceof MalformedStreamError) {
    return new RefusedError(
      `the sender's stream ends too early: ${error.message}; see what the sender says (RELAY-14)`,
    );
  }
  // There is no memory for the page cache, or it is smaller than a page of this guest.
  return error instanceof RangeError ? new RefusedError(error.message) : migrationFailure(error);
}
