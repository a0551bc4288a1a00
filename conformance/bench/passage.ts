/**
 * One migration of a real guest from a QEMU to a QEMU over a slow link, measured from outside: by the clock, by the events of both,
 * and by the bytes that the link has carried.
 */

import { CaptureError } from "../../vectors/capture/capture-error.ts";
import { type MigrationState, Peers } from "../../vectors/capture/peers.ts";
import { PeakMemory } from "./peak-memory.ts";

/** How a guest is sent. */
export interface Way {
  readonly name: string;
  /** Capabilities of the source that are on; all other settings are those that QEMU has by itself. */
  readonly capabilities: readonly string[];
  /** What the source is told to migrate to. */
  readonly uriOf: (peers: Peers) => string;
  /** Lookups of a page cache, once all has ended. */
  readonly lookupsOf: (peers: Peers, state: MigrationState) => Lookups;
}

/** How many lookups found the page, and how many did not. */
export interface Lookups {
  readonly hits: number;
  readonly misses: number;
}

/** What one migration was like; of one that did not end in time, until then. */
export interface Passage {
  readonly isInTime: boolean;
  /** From the command to the first instruction at the destination, in ms. */
  readonly totalMs: number;
  /** From the last instruction at the source to the first at the destination, in ms; undefined if that did not come in time. */
  readonly downtimeMs: number | undefined;
  readonly byteCount: number;
  readonly roundCount: number;
  readonly lookups: Lookups;
  /** Of the memory of what the source has started to send through, in bytes; 0 if that is nothing. */
  readonly peakBytes: number;
  /** What is wrong with the memory of the guest that has run on at the destination; a migration that is late is let through first. */
  readonly faults: readonly string[];
}

/** How long a guest may take to run at the destination after its source has sent everything. */
const ARRIVAL_MS = 10_000;
/** Lets everything through. */
const NO_LIMIT = 1e10;

/**
 * Migrates a guest, and lets it run on at the destination.
 *
 * @param rate - Of the link, in bytes a second.
 * @param limitMs - After so long it is late.
 * Rejects with `CaptureError` if one of the machines ends or the migration fails.
 */
export async function passOver(way: Way, rate: number, limitMs: number): Promise<Passage> {
  const peers = await Peers.start(rate);
  const peak = new PeakMemory();
  try {
    const { source, destination, link } = peers;
    await source.execute("migrate-set-capabilities", {
      capabilities: way.capabilities.map((capability) => ({ capability, state: true })),
    });
    const stopped = source.nextEvent("STOP");
    const resumed = destination.nextEvent("RESUME");
    const startedAtMs = Date.now();
    await source.execute("migrate", { uri: way.uriOf(peers) });
    peak.watch(source.childId);
    const state = await peers.until(() => startedAtMs + limitMs <= Date.now());
    const isInTime = state.status === "completed";
    const lateMs = Date.now() - startedAtMs;
    const lateByteCount = link.byteCount;
    if (state.status === "active") link.rate = NO_LIMIT;
    const { status, "error-desc": reason } = await peers.until(() => false);
    if (status !== "completed") throw new CaptureError("qmp-refused", `${way.name}: ${status}: ${reason}`);
    const resumedAtMs = await arrival(resumed);
    const faults = await peers.faultsAtDestination();
    return {
      isInTime,
      totalMs: isInTime ? resumedAtMs - startedAtMs : lateMs,
      downtimeMs: isInTime ? resumedAtMs - (await stopped) : undefined,
      byteCount: isInTime ? link.byteCount : lateByteCount,
      roundCount: state.ram?.["dirty-sync-count"] ?? 0,
      lookups: way.lookupsOf(peers, state),
      peakBytes: peak.byteCount,
      faults,
    };
  } finally {
    peak.end();
    await peers.end();
  }
}

async function arrival(resumed: Promise<number>): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new CaptureError("guest-late", `the guest does not run at the destination after ${ARRIVAL_MS} ms`));
    }, ARRIVAL_MS);
  });
  try {
    return await Promise.race([resumed, late]);
  } finally {
    clearTimeout(timer);
  }
}
