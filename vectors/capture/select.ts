/**
 * Which page pairs are kept: pages that differ between two snapshots, without firmware code, none twice, of every region
 * and density.
 */

import { createHash } from "node:crypto";
import { PAGE_SIZE, type Region } from "./guest.ts";
import type { Snapshot } from "./machine.ts";
import { isRefused } from "./refuse.ts";
import type { RomWindows } from "./rom-windows.ts";

/** A page at two moments; the pages have `PAGE_SIZE` bytes and differ. */
export interface PagePair {
  /** The name of the region that the page is in. */
  readonly regionName: string;
  /** Guest physical address. */
  readonly address: number;
  /** Indexes in the moments of the capture. */
  readonly oldMoment: number;
  readonly newMoment: number;
  readonly oldPage: Uint8Array;
  readonly newPage: Uint8Array;
  readonly changedByteCount: number;
}

/** So many page pairs of one region and density are taken from two snapshots; the others are much like them. */
const PAIRS_OF_A_DENSITY = 12;

/**
 * The page pairs of two snapshots that are worth keeping, and of which `refuse.ts` refuses neither page; `seen` holds
 * the digests of those that were found earlier, and gets those of these.
 */
export function collectPairs(
  regions: readonly Region[],
  [oldMoment, oldSnapshot]: readonly [number, Snapshot],
  [newMoment, newSnapshot]: readonly [number, Snapshot],
  seen: Set<string>,
  romWindows: RomWindows,
): readonly PagePair[] {
  const mayBeStored = ({ oldPage, newPage }: PagePair) =>
    !isRefused(oldPage, romWindows) && !isRefused(newPage, romWindows);
  const kept = regions.flatMap((region, index) => {
    const differing = differingPages(region, oldSnapshot[index]!, newSnapshot[index]!, { oldMoment, newMoment });
    return byDensity(differing).flatMap((alike) =>
      // A refusal takes longest, so it comes last.
      spread(unseen(endsFirst(alike), seen).filter(mayBeStored), PAIRS_OF_A_DENSITY),
    );
  });
  // Copies, so that the snapshots can be let go.
  return kept.map((pair) => ({ ...pair, oldPage: pair.oldPage.slice(), newPage: pair.newPage.slice() }));
}

/**
 * So many of the page pairs, or all if there are fewer, in the order of moment and address. The regions take turns,
 * the densities of a region, and the moments of a density: what is rare is kept, what is frequent fills the rest.
 */
export function selectPairs(pairs: readonly PagePair[], pairCount: number): readonly PagePair[] {
  const queues = groupBy(pairs, ({ regionName }) => regionName).map((region) =>
    inTurn(byDensity(region).map((alike) => inTurn(groupBy(alike, ({ newMoment }) => newMoment)))),
  );
  const selected = inTurn(queues).slice(0, pairCount);
  return selected.sort((a, b) => a.newMoment - b.newMoment || a.address - b.address);
}

/** How many page pairs have at most so many changed bytes and more than the entry before; empty entries are left out. */
export function tallyChangedBytes(
  pairs: readonly PagePair[],
): readonly { readonly atMost: number; readonly pairCount: number }[] {
  return byDensity(pairs).map((alike) => ({ atMost: densityOf(alike[0]!.changedByteCount), pairCount: alike.length }));
}

/** The density of a page pair as the upper end of a class of changed bytes: 1, 2, 3, 4, 8, 16, up to 4,096. */
function densityOf(changedByteCount: number): number {
  return changedByteCount <= 4 ? changedByteCount : 2 ** Math.ceil(Math.log2(changedByteCount));
}

function differingPages(
  region: Region,
  oldBytes: Uint8Array,
  newBytes: Uint8Array,
  moments: { readonly oldMoment: number; readonly newMoment: number },
): readonly PagePair[] {
  const differing: PagePair[] = [];
  for (let offset = 0; offset < region.sizeBytes; offset += PAGE_SIZE) {
    const oldPage = oldBytes.subarray(offset, offset + PAGE_SIZE);
    const newPage = newBytes.subarray(offset, offset + PAGE_SIZE);
    if (Buffer.compare(oldPage, newPage) === 0) continue;
    const place = { regionName: region.name, address: region.address + offset, ...moments };
    differing.push({ ...place, oldPage, newPage, changedByteCount: countChangedBytes(oldPage, newPage) });
  }
  return differing;
}

function countChangedBytes(oldPage: Uint8Array, newPage: Uint8Array): number {
  let count = 0;
  for (let offset = 0; offset < PAGE_SIZE; offset += 1) if (oldPage[offset] !== newPage[offset]) count += 1;
  return count;
}

/** The first and the last before the others, so that of equal page pairs those at the ends of memory are met first. */
function endsFirst(pairs: readonly PagePair[]): readonly PagePair[] {
  return [...pairs.slice(0, 1), ...pairs.slice(1).slice(-1), ...pairs.slice(1, -1)];
}

/** The page pairs of each density, the sparsest first. */
function byDensity(pairs: readonly PagePair[]): readonly (readonly PagePair[])[] {
  const sparsestFirst = [...pairs].sort((a, b) => densityOf(a.changedByteCount) - densityOf(b.changedByteCount));
  return groupBy(sparsestFirst, (pair) => densityOf(pair.changedByteCount));
}

function unseen(pairs: readonly PagePair[], seen: Set<string>): readonly PagePair[] {
  return pairs.filter(({ oldPage, newPage }) => {
    const digest = createHash("sha256").update(oldPage).update(newPage).digest("base64");
    if (seen.has(digest)) return false;
    seen.add(digest);
    return true;
  });
}

/** So many of the items at even distances, the first of them included. */
function spread<Item>(items: readonly Item[], count: number): readonly Item[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, index) => items[Math.floor((index * items.length) / count)]!);
}

/** The first of each list, then the second of each, and so on. */
function inTurn<Item>(lists: readonly (readonly Item[])[]): Item[] {
  const turnCount = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: turnCount }, (_, turn) => lists.flatMap((list) => list.slice(turn, turn + 1))).flat();
}

/** The page pairs that share a key, in the order in which the keys are met; Node 20 has no `Map.groupBy`. */
function groupBy(
  pairs: readonly PagePair[],
  keyOf: (pair: PagePair) => number | string,
): readonly (readonly PagePair[])[] {
  const groups = new Map<number | string, PagePair[]>();
  for (const pair of pairs) {
    const group = groups.get(keyOf(pair));
    if (group) group.push(pair);
    else groups.set(keyOf(pair), [pair]);
  }
  return [...groups.values()];
}
