/**
 * Takes page pairs from a guest: runs it from moment to moment and compares its memory with that of the moment before.
 */

import { CaptureError } from "./capture-error.ts";
import { type Guest, PAGE_SIZE } from "./guest.ts";
import { commandOf, Machine, type Snapshot } from "./machine.ts";
import { REFUSAL_RULE } from "./refuse.ts";
import type { RomWindows } from "./rom-windows.ts";
import { collectPairs, type PagePair, selectPairs } from "./select.ts";
import type { Provenance, StoredMoment } from "./stored-format.ts";

/** The page pairs of one guest, and where they come from. */
export interface Capture {
  readonly source: Omit<Provenance, "sha256" | "pairs" | "pageAddresses">;
  /** In the order of moment and address; no two have the same old page and the same new page. */
  readonly pagePairs: readonly PagePair[];
}

/**
 * Runs the guest through its moments and keeps so many page pairs of consecutive moments; a page with a window of
 * `romWindows`, which are those of the ROM files that QEMU can load, is not kept.
 * Rejects with `CaptureError`: `pairs-too-few` if the guest gave fewer, and those of `Machine`.
 */
export async function captureGuest(guest: Guest, pairCount: number, romWindows: RomWindows): Promise<Capture> {
  const machine = await Machine.start(guest);
  try {
    const found: PagePair[] = [];
    const moments: StoredMoment[] = [];
    const seen = new Set<string>();
    let before: Snapshot | undefined;
    for (const [index, moment] of guest.moments.entries()) {
      await machine.run(moment);
      const { ranMs, dotCount } = machine;
      moments.push({ name: moment.name, ranMs, ...("untilDotCount" in moment && { dotCount }) });
      const snapshot = await machine.snapshot();
      if (before) found.push(...collectPairs(guest.regions, [index - 1, before], [index, snapshot], seen, romWindows));
      before = snapshot;
    }
    if (found.length < pairCount) {
      throw new CaptureError("pairs-too-few", `${guest.name} gave ${found.length} page pairs, wanted ${pairCount}`);
    }
    const source = {
      guest: guest.name,
      description: `${guest.description} ${REFUSAL_RULE}`,
      qemuVersion: machine.qemuVersion,
      command: commandOf(guest),
      memoryBytes: guest.memoryBytes,
      pageSize: PAGE_SIZE,
      takenAt: new Date().toISOString().slice(0, 10),
      regions: guest.regions,
      moments,
    };
    return { source, pagePairs: selectPairs(found, pairCount) };
  } finally {
    await machine.end();
  }
}
