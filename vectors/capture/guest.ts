/**
 * What a guest is for the capture: how QEMU starts it, which of its memory is read, and at which moments.
 */

/** The bytes of a page of every captured guest. */
export const PAGE_SIZE = 4096;

/** A range of guest physical addresses; both numbers are multiples of `PAGE_SIZE`. */
export interface Region {
  readonly name: string;
  readonly address: number;
  readonly sizeBytes: number;
}

/**
 * How long the guest runs from the moment before to this one: some milliseconds of the host's clock, or until it has
 * written so many dots to its serial port since it started. `keys` are pressed first, by QEMU's names.
 */
export type Moment = { readonly name: string; readonly keys?: readonly string[] } & (
  | { readonly runMs: number }
  | { readonly untilDotCount: number }
);

/** A guest that is run once, from reset through all of its moments. */
export interface Guest {
  /** Names the stored files. */
  readonly name: "synthetic-load" | "firmware" | "boot-rom";
  /** One sentence or more: what the guest does and why its pages change. */
  readonly description: string;
  readonly memoryBytes: number;
  /** Options of QEMU beside those of `machine.ts`; `FOLDER` stands for the folder that `files` are in. */
  readonly options: readonly string[];
  /** Files that the options name, written before QEMU starts. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Where the guest keeps what it works with; firmware code lies elsewhere (`refuse.ts`). */
  readonly regions: readonly Region[];
  readonly moments: readonly Moment[];
  /** After so long, from start to end, QEMU is killed. */
  readonly lifetimeMs: number;
}

/** Stands in `Guest.options`, and in stored provenance, for the temporary folder of a run. */
export const FOLDER = "{folder}";
