/**
 * What an operator of a guest has set, and its migrations, one at a time: what the commands of the monitor work with.
 */

import { CompressionThreads } from "../../compressed/compress.ts";
import { COMPRESSION_PARAMETERS, compressionParameter } from "../../compressed/parameters.ts";
import { MalformedTraceError } from "../../guest/trace/trace.ts";
import { DEFAULT_MAX_BANDWIDTH } from "../../migration/bandwidth.ts";
import { ChannelError } from "../../migration/error.ts";
import { OutgoingChannel } from "../../migration/outgoing.ts";
import { MAX_BANDWIDTHS, Migration, type RunningGuest } from "../../migration/send.ts";
import { type MigrationUri, parseUri } from "../../migration/uri.ts";
import { requireInRange } from "../../range.ts";
import { type EffectivenessEvent, effectivenessText } from "../../session/effectiveness.ts";
import { infoMigrate, infoMigrateOf2011 } from "../../session/info-migrate.ts";
import {
  DEFAULT_CACHE_SIZE,
  DEFAULT_DOWNTIME_LIMIT_MS,
  DOWNTIME_LIMITS,
  requireCacheSize,
} from "../../session/parameters.ts";
import type { MigrationStatus } from "../../session/status.ts";
import { InterruptedError } from "../streams.ts";

/** The capabilities, as QEMU names them. */
export const CAPABILITIES = ["xbzrle", "compress"] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** The parameters, as QEMU names them, and their usual values: bytes, bytes a second, milliseconds, numbers. */
const USUAL = {
  "max-bandwidth": DEFAULT_MAX_BANDWIDTH,
  "downtime-limit": DEFAULT_DOWNTIME_LIMIT_MS,
  "xbzrle-cache-size": DEFAULT_CACHE_SIZE,
  "compress-level": COMPRESSION_PARAMETERS["compress-level"].usual,
  "compress-threads": COMPRESSION_PARAMETERS["compress-threads"].usual,
} as const;
export type Parameter = keyof typeof USUAL;
export const PARAMETERS = Object.keys(USUAL) as readonly Parameter[];

/** How long the other side may stand still, in milliseconds. */
const STALL_MS = 60_000;

/** How a migration is started. */
export interface Start {
  /** With XBZRLE, whatever the capability is, and told of as in 2011. */
  readonly isAsOf2011: boolean;
}

/** A migration that runs or has run. */
interface Run {
  readonly migration: Migration;
  readonly isAsOf2011: boolean;
  readonly cancellation: AbortController;
  status: MigrationStatus["status"];
}

/** Sets, starts, cancels and tells. */
export class Operator {
  readonly #guest: RunningGuest;
  readonly #say: (message: string) => void;
  readonly #capabilities = new Map<Capability, boolean>(CAPABILITIES.map((name) => [name, false]));
  readonly #parameters = new Map<Parameter, number>(PARAMETERS.map((name) => [name, USUAL[name]]));
  #run: Run | undefined;
  #over: Promise<void> = Promise.resolve();

  /** Takes the guest, and who is told of what happens by itself: a line, without its end. */
  constructor(guest: RunningGuest, say: (message: string) => void) {
    this.#guest = guest;
    this.#say = say;
  }

  /** Each capability, and whether it is on. */
  get capabilities(): ReadonlyMap<Capability, boolean> {
    return this.#capabilities;
  }

  /** Each parameter and its value. */
  get parameters(): ReadonlyMap<Parameter, number> {
    return this.#parameters;
  }

  /** Whether the last migration has failed. */
  get hasFailed(): boolean {
    return this.#run?.status === "failed";
  }

  /** What `info migrate` says; nothing before the first migration. */
  get info(): string {
    if (this.#run === undefined) return "";
    const { migration, isAsOf2011 } = this.#run;
    const status = migration.status(this.#run.status);
    return isAsOf2011 ? infoMigrateOf2011(status, migration.sender.counters) : infoMigrate(status);
  }

  /** Turns a capability on or off; of a migration that runs, XBZRLE only. Throws a RangeError for another one. */
  setCapability(name: Capability, isOn: boolean): void {
    const running = this.#running;
    if (running !== undefined && name !== "xbzrle") {
      throw new RangeError(
        `${name} cannot be turned ${isOn ? "on" : "off"} while a migration runs; migrate_cancel ends it`,
      );
    }
    running?.migration.sender.setXbzrle(isOn);
    this.#capabilities.set(name, isOn);
  }

  /**
   * Sets a parameter. The cache of a migration that runs is resized at once; the others hold for the next migration.
   *
   * @throws RangeError for a value out of its range, by the name of the parameter.
   */
  setParameter(name: Parameter, value: number): void {
    switch (name) {
      case "max-bandwidth":
        requireInRange(name, value, MAX_BANDWIDTHS);
        break;
      case "downtime-limit":
        requireInRange(name, value, DOWNTIME_LIMITS);
        break;
      case "xbzrle-cache-size":
        requireCacheSize(value, this.#guest.memory.pageSize);
        this.#running?.migration.sender.setCacheSize(value);
        break;
      default:
        compressionParameter(name, value);
    }
    this.#parameters.set(name, value);
  }

  /**
   * Starts a migration, which goes on by itself.
   *
   * @returns Resolves when it is over, one way or the other.
   * @throws RangeError for a URI that is none, or while another migration runs.
   */
  migrate(uriText: string, { isAsOf2011 }: Start): Promise<void> {
    if (this.#running !== undefined) throw new RangeError("a migration is running; migrate_cancel ends it");
    const uri = parseUri(uriText);
    const compressor = this.#newThreads();
    const cancellation = new AbortController();
    const migration = new Migration(this.#guest, {
      maxBandwidth: this.#value("max-bandwidth"),
      downtimeLimitMs: this.#value("downtime-limit"),
      usesXbzrle: isAsOf2011 || this.#capabilities.get("xbzrle")!,
      cacheSizeBytes: this.#value("xbzrle-cache-size"),
      ...(compressor !== undefined && { compressor }),
      onEvent: (event: EffectivenessEvent) => this.#say(effectivenessText(event)),
    });
    this.#run = { migration, isAsOf2011, cancellation, status: "setup" };
    this.#over = this.#send(this.#run, uri).finally(() => compressor?.close());
    return this.#over;
  }

  /** Ends the migration that runs, if one does. Resolves when it is over. */
  cancel(): Promise<void> {
    this.#running?.cancellation.abort(new InterruptedError("cancelled"));
    return this.#over;
  }

  /** Resolves when no migration runs. */
  idle(): Promise<void> {
    return this.#over;
  }

  get #running(): Run | undefined {
    return this.#run?.status === "setup" || this.#run?.status === "active" ? this.#run : undefined;
  }

  #value(name: Parameter): number {
    return this.#parameters.get(name)!;
  }

  #newThreads(): CompressionThreads | undefined {
    if (!this.#capabilities.get("compress")) return undefined;
    const { pageSize } = this.#guest.memory;
    return new CompressionThreads(pageSize, {
      level: this.#value("compress-level"),
      threadCount: this.#value("compress-threads"),
    });
  }

  async #send(run: Run, uri: MigrationUri): Promise<void> {
    let channel: OutgoingChannel | undefined;
    try {
      channel = await OutgoingChannel.open(uri, { stallMs: STALL_MS, signal: run.cancellation.signal });
      run.status = "active";
      await run.migration.run(channel);
      run.status = "completed";
    } catch (error) {
      channel?.abandon();
      if (error instanceof InterruptedError) {
        run.status = "cancelled";
        return;
      }
      run.status = "failed";
      // What nobody but the program is at fault for is not to be lost.
      if (!(error instanceof ChannelError || error instanceof MalformedTraceError)) throw error;
      this.#say(error.message);
    }
  }
}
