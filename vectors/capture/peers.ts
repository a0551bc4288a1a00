/**
 * Two real QEMUs with a link between them: one whose guest runs the synthetic load, and one that waits for it.
 */

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { arrayGuest, memoryFaults, waitingGuest } from "./array-guest.ts";
import { startListener } from "./destination.ts";
import { Link, type LinkEnd } from "./link.ts";
import { Machine } from "./machine.ts";

/** What `query-migrate` says of a migration, as far as it is looked at; it says less before the first round. */
export interface MigrationState {
  readonly status: "setup" | "active" | "completed" | "failed" | "cancelled" | "none";
  readonly "error-desc"?: string;
  readonly ram?: { readonly transferred: number; readonly remaining: number; readonly "dirty-sync-count": number };
  readonly "xbzrle-cache"?: { readonly pages: number; readonly "cache-miss": number };
}

const POLL_MS = 20;
/** The dots that a guest has printed before it is migrated, and those that tell that it runs on. */
const DOT_COUNT = 3;

/** Both machines; the source runs, and the destination runs as soon as it has the guest. */
export class Peers {
  readonly source: Machine;
  readonly destination: Machine;
  readonly link: Link;

  private constructor(source: Machine, destination: Machine, link: Link) {
    this.source = source;
    this.destination = destination;
    this.link = link;
  }

  /**
   * Starts both.
   *
   * @param rate - Of the link, in bytes a second.
   * @param sourceEnd - Where the link listens; a unix socket, of which the least is in no buffer, unless told.
   * Rejects with `CaptureError` as `Machine.start`.
   */
  static async start(rate: number, sourceEnd?: LinkEnd): Promise<Peers> {
    const { machine: destination, port } = await startListener(waitingGuest(), []);
    try {
      await destination.execute("cont");
      const source = await Machine.start(arrayGuest());
      const link = await Link.open(sourceEnd ?? { path: join(source.folder, "link.sock") }, { port }, rate);
      await source.execute("cont");
      await source.untilDotCount(DOT_COUNT);
      return new Peers(source, destination, link);
    } catch (error) {
      await destination.end();
      throw error;
    }
  }

  /** Waits until the migration is as it should be, or has ended. Rejects with `CaptureError` if the source ends. */
  async until(holds: (state: MigrationState) => boolean): Promise<MigrationState> {
    for (;;) {
      const state = (await this.source.execute("query-migrate")) as MigrationState;
      if (holds(state) || ["completed", "failed", "cancelled"].includes(state.status)) return state;
      await sleep(POLL_MS);
    }
  }

  /** The source is asked whether its guest runs, and it does. */
  async sourceRunsOn(): Promise<boolean> {
    const { status } = (await this.source.execute("query-status")) as { readonly status: string };
    await this.source.untilDotCount(this.source.dotCount + DOT_COUNT);
    return status === "running";
  }

  /** Lets the guest run on at the destination for some passes, stops it and says what is wrong with its memory; nothing if it is all right. */
  async faultsAtDestination(): Promise<readonly string[]> {
    const { source, destination } = this;
    await destination.untilDotCount(destination.dotCount + DOT_COUNT);
    await destination.stop();
    return memoryFaults(destination, source.dotCount + destination.dotCount);
  }

  /** Ends both machines and the link. */
  async end(): Promise<void> {
    this.link.cut();
    await Promise.all([this.source.end(), this.destination.end()]);
  }
}
