/**
 * Measures the codecs on a workload: the plain one, the one with SIMD in an arena and with one page a call, and the C
 * example's. Times are those of the processor, so that other programs do not count; all are taken in turn.
 */

import { cpuMs } from "../../reference/commands/cpu.ts";
import { applyDelta as applyDeltaPlainly } from "../../reference/delta/decode.ts";
import { encodeDelta as encodeDeltaPlainly } from "../../reference/delta/encode.ts";
import { applyDelta, type CodecArena, canonicalDelta, encodeCompactDelta, encodeDelta } from "../../reference/index.ts";
import { median } from "./median.ts";
import type { Peer } from "./peer.ts";
import { PAGE_COUNT, PAGE_SIZE, type Workload } from "./workloads.ts";

/** How often each is measured. */
export const TURNS = 7;

/** How many pages the compact encoder is asked for. */
const COMPACT_PAGE_COUNT = 512;

/** Who encodes and decodes, and the limit: `memcmp` beside the encoders, and `memcpy` beside the decoders. */
export const CONTENDERS = ["plain", "call", "simd", "c", "limit"] as const;

/** Thousands of millions of page bytes a second. */
export type Rates = Readonly<Record<(typeof CONTENDERS)[number], number>>;

/** What came of a workload. */
export interface Result {
  readonly workload: string;
  readonly encode: Rates;
  /** Nothing where there is no delta. */
  readonly decode: Rates | undefined;
  /** Bytes a page of the canonical and of the compact delta, whether they fit or not. */
  readonly canonicalBytes: number;
  readonly compactBytes: number;
}

/**
 * Measures all on one workload.
 *
 * @param arena - With the codec with SIMD; its first half of slots has the old pages, the second the new ones.
 * @param peer - The C codec.
 */
export async function measure(arena: CodecArena, peer: Peer, { name, capacity }: Workload): Promise<Result> {
  const [oldPages, newPages] = [pagesOf(arena, 0), pagesOf(arena, PAGE_COUNT)];
  await peer.load(oldPages.pages, newPages.pages);
  const encode = times();
  const decode = times();
  const deltas: (Uint8Array | undefined)[] = [];
  for (let turn = 0; turn <= TURNS; turn++) {
    encode.c.push((await peer.ask(`encode ${capacity}`)).ms);
    encode.limit.push((await peer.ask("memcmp")).ms);
    encode.simd.push(cpuMs(() => arena.encode(PAGE_COUNT)));
    encode.call.push(cpuMs(() => encodeAll(encodeDelta, oldPages.views, newPages.views, capacity, deltas)));
    encode.plain.push(cpuMs(() => encodeAll(encodeDeltaPlainly, oldPages.views, newPages.views, capacity, deltas)));
  }
  await requireSame(arena, peer, capacity, name);
  const isDelta = 0 < arena.deltaSizes[0]!;
  for (let turn = 0; isDelta && turn <= TURNS; turn++) {
    decode.limit.push((await peer.ask("memcpy")).ms);
    decode.call.push(
      cpuMs(() => {
        deltas.forEach((delta, page) => {
          applyDelta(oldPages.views[page]!, delta!);
        });
      }),
    );
    decode.plain.push(
      cpuMs(() => {
        deltas.forEach((delta, page) => {
          applyDeltaPlainly(oldPages.views[page]!, delta!);
        });
      }),
    );
  }
  // These change the old pages. Each has its own turns, because it would be slower with memory that the other has used.
  for (let turn = 0; isDelta && turn <= TURNS; turn++) decode.c.push((await peer.ask("decode")).ms);
  const sizes = compactSizes(oldPages.views, newPages.views);
  for (let turn = 0; isDelta && turn <= TURNS; turn++) decode.simd.push(cpuMs(() => arena.apply(PAGE_COUNT)));
  if (isDelta && Buffer.compare(oldPages.pages, newPages.pages) !== 0) throw new Error(`${name}: decoded wrongly`);
  return { workload: name, encode: rates(encode), decode: isDelta ? rates(decode) : undefined, ...sizes };
}

/** The pages of one half, as one and one by one. */
function pagesOf(arena: CodecArena, firstSlot: number) {
  const begin = firstSlot * PAGE_SIZE;
  const pages = arena.pages.subarray(begin, begin + PAGE_COUNT * PAGE_SIZE);
  const views = Array.from({ length: PAGE_COUNT }, (_, page) =>
    pages.subarray(page * PAGE_SIZE, (page + 1) * PAGE_SIZE),
  );
  return { pages, views };
}

function encodeAll(
  encode: typeof encodeDelta,
  oldViews: readonly Uint8Array[],
  newViews: readonly Uint8Array[],
  capacity: number,
  deltas: (Uint8Array | undefined)[],
): void {
  for (let page = 0; page < PAGE_COUNT; page++) {
    const outcome = encode(oldViews[page]!, newViews[page]!, capacity);
    deltas[page] = outcome.kind === "delta" ? outcome.delta : undefined;
  }
}

/** The deltas of C and of the arena have as many bytes. */
async function requireSame(arena: CodecArena, peer: Peer, capacity: number, name: string): Promise<void> {
  const { deltaBytes } = await peer.ask(`encode ${capacity}`);
  const arenaBytes = arena.deltaSizes.reduce((sum, size) => sum + Math.max(size, 0), 0);
  if (deltaBytes !== arenaBytes)
    throw new Error(`${name}: ${deltaBytes} bytes of delta from C, ${arenaBytes} from SIMD`);
}

/** Bytes a page of the canonical and of the compact delta. */
function compactSizes(oldViews: readonly Uint8Array[], newViews: readonly Uint8Array[]) {
  let [canonicalSum, compactSum] = [0, 0];
  for (let page = 0; page < COMPACT_PAGE_COUNT; page++) {
    const compact = encodeCompactDelta(oldViews[page]!, newViews[page]!, Number.MAX_SAFE_INTEGER);
    canonicalSum += canonicalDelta(oldViews[page]!, newViews[page]!)!.length;
    compactSum += compact.kind === "delta" ? compact.delta.length : 0;
  }
  return { canonicalBytes: canonicalSum / COMPACT_PAGE_COUNT, compactBytes: compactSum / COMPACT_PAGE_COUNT };
}

function times(): Record<(typeof CONTENDERS)[number], number[]> {
  return { plain: [], call: [], simd: [], c: [], limit: [] };
}

/** The rates of the medians; the first turn is for warming up. */
function rates(times: Record<(typeof CONTENDERS)[number], number[]>): Rates {
  const rate = (all: readonly number[]) => (PAGE_COUNT * PAGE_SIZE) / median(all.slice(1)) / 1e6;
  const { plain, call, simd, c, limit } = times;
  return { plain: rate(plain), call: rate(call), simd: rate(simd), c: rate(c), limit: rate(limit) };
}
