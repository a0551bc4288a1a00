/**
 * The two files that a capture is stored as, named after its guest:
 * `<guest>.pages.gz`, the page pairs, each the old page and then the new page, compressed with gzip;
 * `<guest>.json`, where they come from.
 */

import type { Region } from "./guest.ts";

/** What `<guest>.json` holds. */
export interface Provenance {
  /** The name of the guest: `synthetic-load` or `firmware`. */
  readonly guest: string;
  /** What the guest does. */
  readonly description: string;
  /** The version that QEMU stated. */
  readonly qemuVersion: string;
  /** The command that ran the guest; `{folder}` stands for a temporary folder. */
  readonly command: readonly string[];
  readonly memoryBytes: number;
  readonly pageSize: number;
  /** The day of the capture, `YYYY-MM-DD` in UTC. */
  readonly takenAt: string;
  /** The guest physical memory that was read, with the guest stopped, at each moment. */
  readonly regions: readonly Region[];
  /** The moments in order, at each of which all of the memory was read. */
  readonly moments: readonly StoredMoment[];
  /** SHA-256 of the uncompressed page pairs, hexadecimal. */
  readonly sha256: string;
  /** Where each page pair was read and at which moments: indexes in `moments`. */
  readonly pairs: readonly StoredPair[];
  /** The guest physical addresses of the page pairs, in their order. */
  readonly pageAddresses: readonly number[];
}

/** A moment as it came out; `dotCount` is stated of guests that are stopped by their dots. */
export interface StoredMoment {
  readonly name: string;
  /** Milliseconds of the host's clock that the guest had run. */
  readonly ranMs: number;
  readonly dotCount?: number;
}

/** The place of a page pair. */
export interface StoredPair {
  readonly address: number;
  readonly oldMoment: number;
  readonly newMoment: number;
}

/** The names of the two files. */
export function storedNames(guest: string): { readonly pages: string; readonly provenance: string } {
  return { pages: `${guest}.pages.gz`, provenance: `${guest}.json` };
}
