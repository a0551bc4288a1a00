/**
 * A whole migration, on the side of the sender: a guest that runs, a session, a channel and a clock. Rounds follow each other
 * until what is left can be sent within the downtime; then the guest stops, and the rest goes. The mirror of `receive.ts`.
 */

import { setTimeout as sleep } from "node:timers/promises";
import type { CompressionThreads } from "../compressed/compress.ts";
import type { Load } from "../guest/load.ts";
import { type Range, requireInRange } from "../range.ts";
import type { GuestMemory } from "../session/guest-memory.ts";
import { DEFAULT_DOWNTIME_LIMIT_MS, DOWNTIME_LIMITS } from "../session/parameters.ts";
import { Sender } from "../session/sender.ts";
import type { SenderOptions } from "../session/sender-options.ts";
import { type MigrationStatus, migrationStatus } from "../session/status.ts";
import { Bandwidth, DEFAULT_MAX_BANDWIDTH } from "./bandwidth.ts";
import type { OutgoingChannel } from "./outgoing.ts";

/** The parameter `max-bandwidth`, in bytes a second; 0 is no limit. */
export const MAX_BANDWIDTHS: Range = { least: 0, most: Number.MAX_SAFE_INTEGER };

/** How many bytes are written before the guest and ^C have their turn. */
const SLICE_SIZE = 1024 * 1024;

/** How much of its time a guest makes up for at once, in milliseconds: it does not work off the hours of a laptop that slept. */
const MAX_TURN_MS = 1000;

/** A guest that runs while it is sent. */
export interface RunningGuest {
  readonly memory: GuestMemory;
  /** What it does while time passes. */
  readonly load: Load;
}

/** What an operator chooses, and who is to be told. */
export interface MigrationOptions extends Omit<SenderOptions, "compressor"> {
  /** The parameter `max-bandwidth`, in bytes a second: 128 MiB unless told; 0 is no limit. */
  readonly maxBandwidth?: number | undefined;
  /** The parameter `downtime-limit`, in milliseconds: 300 unless told. */
  readonly downtimeLimitMs?: number | undefined;
  /** The capability `compress`: the threads, which are not closed here; off unless they are there. */
  readonly compressor?: CompressionThreads;
  /** Is told how far it has got, some times a second. */
  readonly onProgress?: (migration: Migration) => void;
}

/** Sends one guest, once. */
export class Migration {
  /** The session; its counters are those of the migration. */
  readonly sender: Sender;
  readonly #guest: RunningGuest;
  readonly #options: MigrationOptions;
  readonly #bandwidth: Bandwidth;
  readonly #downtimeLimitMs: number;
  #channel: OutgoingChannel | undefined;
  #beganMs: number | undefined;
  #guestRanMs = 0;
  #countedBytes = 0;
  #startedMs: number | undefined;
  #stoppedMs: number | undefined;
  #endedMs: number | undefined;

  /**
   * Takes the guest and what the operator chooses.
   *
   * @throws RangeError for a parameter outside of its range, by its name, as `Sender`.
   */
  constructor(guest: RunningGuest, options: MigrationOptions = {}) {
    const { maxBandwidth = DEFAULT_MAX_BANDWIDTH, downtimeLimitMs = DEFAULT_DOWNTIME_LIMIT_MS } = options;
    requireInRange("max-bandwidth", maxBandwidth, MAX_BANDWIDTHS);
    this.#downtimeLimitMs = requireInRange("downtime-limit", downtimeLimitMs, DOWNTIME_LIMITS);
    this.#guest = guest;
    this.#options = options;
    this.#bandwidth = new Bandwidth(maxBandwidth);
    this.sender = new Sender(guest.memory, (piece) => this.#write(piece), options);
  }

  /** How many bytes the pages have that are left of this round. */
  get remainingBytes(): number {
    return this.sender.remainingPageCount * this.#guest.memory.pageSize;
  }

  /** How many bytes a second the link has carried lately; 0 as long as nothing is known. */
  get bytesPerSecond(): number {
    return this.#bandwidth.bytesPerMs * 1000;
  }

  /** What `query-migrate` would answer now, in whole milliseconds; of a migration that was ended, `cancelled` or `failed`. */
  status(status: MigrationStatus["status"]): MigrationStatus {
    const endedMs = this.#endedMs ?? performance.now();
    const beganMs = this.#beganMs ?? endedMs;
    return migrationStatus(this.sender.standing, {
      status,
      totalMs: Math.round(endedMs - beganMs),
      ...(this.#startedMs !== undefined && { setupMs: Math.round(this.#startedMs - beganMs) }),
      ...(this.#stoppedMs !== undefined && { downtimeMs: Math.round(endedMs - this.#stoppedMs) }),
    });
  }

  /**
   * Sends the guest; it has stopped then.
   *
   * @param channel - Where to; it is finished then.
   * @throws ChannelError if the other side fails; the reason of the channel's signal; what the load throws.
   */
  async run(channel: OutgoingChannel): Promise<void> {
    try {
      await this.#send(channel);
    } finally {
      this.#endedMs = performance.now();
    }
  }

  async #send(channel: OutgoingChannel): Promise<void> {
    this.#channel = channel;
    const beganMs = performance.now();
    this.#beganMs = beganMs;
    this.#guestRanMs = beganMs;
    this.#bandwidth.start(beganMs);
    this.sender.start(beganMs);
    await this.#delivered(channel);
    this.#startedMs = performance.now();
    for (;;) {
      this.sender.beginRound(performance.now());
      if (this.#isWithinDowntime()) break;
      await this.#sendRound(channel);
    }
    // From here on the guest has no turn.
    this.#stoppedMs = performance.now();
    await this.#sendLast(channel);
    await channel.finish();
  }

  #isWithinDowntime(): boolean {
    if (this.remainingBytes === 0) return true;
    return this.remainingBytes < this.#bandwidth.bytesPerMs * this.#downtimeLimitMs;
  }

  async #sendRound(channel: OutgoingChannel): Promise<void> {
    for (;;) {
      const allowance = this.#bandwidth.allowance(performance.now());
      if (0 < allowance) {
        const progress = this.sender.step(Math.min(allowance, SLICE_SIZE));
        await this.#delivered(channel);
        if (progress === "complete") return this.#runGuest();
        if (progress === "waiting") await this.#options.compressor?.finished();
      } else {
        await sleep(Math.max(1, this.#bandwidth.msToNextWindow(performance.now())));
        await this.#delivered(channel);
      }
      this.#runGuest();
    }
  }

  async #sendLast(channel: OutgoingChannel): Promise<void> {
    for (;;) {
      const progress = this.sender.finish(performance.now(), SLICE_SIZE);
      await this.#delivered(channel);
      if (progress === "complete") return;
      if (progress === "waiting") await this.#options.compressor?.finished();
    }
  }

  /** Waits until what was written is on its way: so no more than a slice is held. */
  async #delivered(channel: OutgoingChannel): Promise<void> {
    const { streamBytes } = this.sender.counters;
    this.#bandwidth.count(streamBytes - this.#countedBytes);
    this.#countedBytes = streamBytes;
    await channel.drained();
    this.#options.onProgress?.(this);
  }

  #write(piece: Uint8Array): void {
    this.#channel?.write(piece, (written) => this.sender.reuse(written));
  }

  /** The guest has its turn: as much of its time passes as has passed here, but for the time that the turns themselves take. */
  #runGuest(): void {
    const elapsedMs = Math.min(performance.now() - this.#guestRanMs, MAX_TURN_MS);
    this.#guest.load.run(Math.floor(elapsedMs * 1000));
    this.#guestRanMs = performance.now();
  }
}
