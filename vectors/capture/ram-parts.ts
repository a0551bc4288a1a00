/**
 * What can be read of the RAM blocks of a guest that stands still: the ranges of guest physical addresses that show them, as
 * QEMU's `info mtree -f` lists them, and `pmemsave`.
 */

import { PAGE_SIZE } from "./guest.ts";
import type { Machine } from "./machine.ts";

/** A part of a RAM block, as the guest's processor sees it. */
export interface RamPart {
  /** The name of the memory region: that of the block, or its end after a `/`. */
  readonly block: string;
  /** Where the part begins in the block, in bytes. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** A range of the list: first and last address, kind, name, and where it begins in its region unless at 0. */
const RANGE = /^ {2}([0-9a-f]{16})-([0-9a-f]{16}) \(prio -?\d+, (?:ram|rom|nv-ram)\): (\S+)(?: @([0-9a-f]{16}))?/;

/** Reads all parts of RAM and ROM that addresses show. Rejects with `CaptureError` as `Machine.execute`. */
export async function readRamParts(machine: Machine): Promise<readonly RamPart[]> {
  const list = (await machine.execute("human-monitor-command", { "command-line": "info mtree -f" })) as string;
  const parts: RamPart[] = [];
  for (const line of viewOfMemory(list).split("\n")) {
    const [, first, last, block, offset = "0"] = RANGE.exec(line) ?? [];
    if (first === undefined || last === undefined || block === undefined) continue;
    const address = Number.parseInt(first, 16);
    const sizeBytes = Number.parseInt(last, 16) + 1 - address;
    if (sizeBytes % PAGE_SIZE !== 0) continue;
    const bytes = await machine.read({ name: block, address, sizeBytes });
    parts.push({ block, offset: Number.parseInt(offset, 16), bytes });
  }
  return parts;
}

/** The view that the processor has: of the address space "memory". */
function viewOfMemory(list: string): string {
  return list.split("FlatView #").find((view) => / AS "(memory|cpu-memory-0)",/.test(view)) ?? "";
}
