/**
 * A whole migration through a relay: two channels, and what stands between them (docs/xbzrle/relay.md).
 */

import { setTimeout as sleep } from "node:timers/promises";
import { requireInRange } from "../range.ts";
import type { RelayOptions } from "../relay/options.ts";
import { Relay } from "../relay/relay.ts";
import { type MigrationStatus, migrationStatus } from "../session/status.ts";
import { Bandwidth } from "./bandwidth.ts";
import type { IncomingChannel } from "./incoming.ts";
import type { OutgoingChannel } from "./outgoing.ts";
import { MAX_BANDWIDTHS } from "./send.ts";

/** How many bytes are on their way to the receiver while more is read: reading and writing overlap. */
const MAX_WAITING_BYTES = 262_144;

/** A piece of fewer bytes is copied out of its buffer, which has room for many. */
const MIN_LENT_BYTES = 16_384;

/** What the operator of a relay chooses. */
export interface RelayedMigrationOptions extends RelayOptions {
  /** How many bytes a second go to the receiver, at most; 0, and no limit, unless told. */
  readonly bandwidth?: number | undefined;
}

/** Relays one migration. */
export class RelayedMigration {
  readonly relay: Relay;
  readonly #bandwidth: Bandwidth;
  #destination: OutgoingChannel | undefined;
  #countedBytes = 0;
  #beganMs: number | undefined;
  #endedMs: number | undefined;

  /** Throws a RangeError for a cache size or a bandwidth that is none, with the name of the parameter and its range. */
  constructor(options: RelayedMigrationOptions) {
    const { bandwidth = 0, ...relayOptions } = options;
    this.#bandwidth = new Bandwidth(requireInRange("bandwidth", bandwidth, MAX_BANDWIDTHS));
    this.relay = new Relay((piece, isLent) => this.#write(piece, isLent), relayOptions);
  }

  /** What `query-migrate` would answer now of the receiver's stream, in whole milliseconds. */
  status(status: MigrationStatus["status"]): MigrationStatus {
    const endedMs = this.#endedMs ?? performance.now();
    return migrationStatus(this.relay.standing, { status, totalMs: Math.round(endedMs - (this.#beganMs ?? endedMs)) });
  }

  /**
   * Relays the stream, and what the receiver says to the sender; both channels are finished then.
   *
   * @throws ChannelError if a side fails; MalformedStreamError if the sender's stream ends too early; RangeError if there is no
   * memory for the page cache; the reason of the channels' signal. The channels are the caller's to abandon then.
   */
  async run(source: IncomingChannel, destination: OutgoingChannel): Promise<void> {
    this.#destination = destination;
    this.#beganMs = performance.now();
    this.#bandwidth.start(this.#beganMs);
    this.relay.start(this.#beganMs);
    // RELAY-11
    if (source.answers === undefined) destination.answers?.resume();
    else {
      destination.answers?.pipe(source.answers);
      // Who hears them no more does not hold up the receiver.
      source.answers.once("close", () => destination.answers?.resume());
    }
    try {
      destination.onFailure((error) => source.interrupt(error));
      for await (const chunk of source.chunks()) {
        this.relay.push(chunk, performance.now());
        await this.#delivered(destination);
      }
      this.relay.end();
      await destination.finish();
      await source.finish();
    } finally {
      this.#endedMs = performance.now();
    }
  }

  /** RELAY-12: a short piece does not hold a whole buffer while it waits. */
  #write(piece: Uint8Array, isLent: boolean): void {
    if (!isLent) this.#destination?.write(piece);
    else if (MIN_LENT_BYTES <= piece.length) this.#destination?.write(piece, (written) => this.relay.reuse(written));
    else {
      this.#destination?.write(new Uint8Array(piece));
      this.relay.reuse(piece);
    }
  }

  /** RELAY-12: takes nothing more from the sender before the receiver has taken this, and no faster than it is to be. */
  async #delivered(destination: OutgoingChannel): Promise<void> {
    await destination.drained(MAX_WAITING_BYTES);
    const { givenBytes } = this.relay;
    this.#bandwidth.count(givenBytes - this.#countedBytes);
    this.#countedBytes = givenBytes;
    while (this.#bandwidth.allowance(performance.now()) <= 0) {
      await sleep(Math.max(1, this.#bandwidth.msToNextWindow(performance.now())));
      await destination.drained();
    }
  }
}
