/**
 * What the guest of a sender has in its RAM: at the begin of each round, and in between.
 */

import type { GuestStep, RamPage } from "../../vectors/index.ts";
import { RAM_PAGE_BYTES, type SendRequest } from "../protocol.ts";

/** A guest that has done all its steps. */
export interface GuestPlay {
  /** The RAM at the begin of each round; the last one is the last stage, in which the guest stands still. */
  readonly rounds: readonly Uint8Array[];
  /** What each page held at any time, by its address: the bytes after each write to it, in order, the zeros of the begin first. */
  readonly held: ReadonlyMap<number, readonly Uint8Array[]>;
}

/** Plays a guest. */
export function playGuest({ ramSize, steps }: SendRequest): GuestPlay {
  const ram = new Uint8Array(ramSize);
  const rounds: Uint8Array[] = [];
  const held = new Map(pageAddresses(ramSize).map((address) => [address, [new Uint8Array(RAM_PAGE_BYTES)]]));
  for (const step of steps) {
    if (step.kind === "round") {
      rounds.push(ram.slice());
      continue;
    }
    ram.set(step.bytes, step.offset);
    for (const address of writtenPages(step)) held.get(address)!.push(ram.slice(address, address + RAM_PAGE_BYTES));
  }
  rounds.push(ram);
  return { rounds, held };
}

/** The addresses of all pages of a RAM. */
export function pageAddresses(ramSize: number): number[] {
  return Array.from({ length: ramSize / RAM_PAGE_BYTES }, (_, index) => index * RAM_PAGE_BYTES);
}

/** The pages of a RAM that are not all zero. */
export function pagesOf(ram: Uint8Array): RamPage[] {
  const pages = pageAddresses(ram.length).map((address) => ({
    address,
    page: ram.subarray(address, address + RAM_PAGE_BYTES),
  }));
  return pages.filter(({ page }) => page.some((byte) => byte !== 0));
}

/** The addresses of the pages that a write reaches. */
function writtenPages({ offset, bytes }: GuestStep & { readonly kind: "write" }): number[] {
  const first = offset - (offset % RAM_PAGE_BYTES);
  const count = Math.ceil((offset + bytes.length - first) / RAM_PAGE_BYTES);
  return Array.from({ length: count }, (_, index) => first + index * RAM_PAGE_BYTES);
}
