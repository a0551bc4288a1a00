/**
 * The guest of a scenario: memory, and what writes to it, a part of the whole (docs/simulation.md, "Scale").
 */

import { layContents } from "../guest/contents.ts";
import { type Load, PacedLoad } from "../guest/load.ts";
import { GuestBlock, SimulatedMemory } from "../guest/memory.ts";
import { readTrace } from "../guest/trace/read.ts";
import { TraceLoad } from "../guest/trace/replay.ts";
import { createWorkload } from "../guest/workloads/workloads.ts";
import { requireInRange } from "../range.ts";
import type { Scenario, ScenarioBlock, ScenarioLoad } from "./scenario.ts";

/** How much memory a simulated block may have, in bytes. */
const MAX_BLOCK_SIZE = 2 ** 32;

/** The lines of each trace, by its path. */
export type TraceLines = ReadonlyMap<string, readonly string[]>;

/** A guest that can run. */
export interface ScenarioRun {
  readonly memory: SimulatedMemory;
  readonly blocks: readonly GuestBlock[];
  readonly load: Load;
}

/** The scale of a scenario: a power of two from 1. Throws a RangeError if it is none. */
export function scaleOf({ scale = 1 }: Scenario): number {
  requireInRange("scale", scale, { least: 1, most: 65_536 });
  if (Number.isInteger(Math.log2(scale))) return scale;
  throw new RangeError(`scale has to be a power of two, not ${scale}`);
}

/**
 * Makes the guest of a scenario; of two of the same scenario all bytes, and all writes, are the same.
 *
 * @param scenario - Of which it is.
 * @param traces - Those that it names.
 * @throws RangeError for a number outside of its range, by its name, and for a trace that is not of this guest; MalformedTraceError.
 */
export function createGuest(scenario: Scenario, traces: TraceLines): ScenarioRun {
  const scale = scaleOf(scenario);
  const { pageSize = 4096, blocks: parts } = scenario.guest;
  const seed = scenario.seed ?? 1;
  const blocks = parts.map((part, index) => createBlock(part, pageSize, scale, seed + index));
  const memory = new SimulatedMemory("none", blocks as [GuestBlock, ...GuestBlock[]]);
  const loads: Load[] = (scenario.load ?? []).map((load, index) => {
    const block = memory.block(load.block ?? parts[0].name);
    return createLoad(load, block, scale, seed + blocks.length + index);
  });
  loads.push(...createTraceLoads(scenario, memory, traces));
  return { memory, blocks, load: { run: (durationUs) => loads.reduce((sum, load) => sum + load.run(durationUs), 0) } };
}

function createBlock(
  { name, byteCount, contents }: ScenarioBlock,
  pageSize: number,
  scale: number,
  seed: number,
): GuestBlock {
  if (byteCount % (pageSize * scale) !== 0 || MAX_BLOCK_SIZE < byteCount / scale) {
    const multiple = `a multiple of ${pageSize * scale} (page size times scale)`;
    throw new RangeError(
      `byteCount of block ${name} has to be ${multiple}, and at most ${MAX_BLOCK_SIZE * scale}, not ${byteCount}`,
    );
  }
  const block = new GuestBlock(name, new Uint8Array(byteCount / scale), pageSize);
  if (contents !== undefined) layContents(block, contents, seed);
  return block;
}

function createLoad(load: ScenarioLoad, block: GuestBlock, scale: number, seed: number): Load {
  const start = Math.floor((load.start ?? 0) / scale);
  const byteCount = load.byteCount === undefined ? block.bytes.length - start : Math.ceil(load.byteCount / scale);
  const workload = createWorkload(load.workload, { block, start, byteCount }, seed, load.parameters);
  return new PacedLoad(workload, Math.round(load.bytesPerSecond / scale));
}

function createTraceLoads(scenario: Scenario, memory: SimulatedMemory, traces: TraceLines): Load[] {
  const paths = scenario.traces ?? [];
  if (0 < paths.length && 1 < scaleOf(scenario)) throw new RangeError("scale has to be 1 where there are traces");
  return paths.map((path) => {
    const lines = traces.get(path);
    if (lines === undefined) throw new RangeError(`there is no trace ${path}`);
    return new TraceLoad(memory, readTrace(lines));
  });
}
