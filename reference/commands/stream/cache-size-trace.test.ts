/** `xbzrle cache-size` of a trace: for each size it says what a sender has counted whose guest the trace is of. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GuestBlock, SimulatedMemory } from "../../guest/memory.ts";
import { readTrace } from "../../guest/trace/read.ts";
import { TraceLoad } from "../../guest/trace/replay.ts";
import type { TraceHead, TraceWrite } from "../../guest/trace/trace.ts";
import { headLine, writeLine } from "../../guest/trace/write.ts";
import type { RamBlock } from "../../record/record.ts";
import { REPLACEMENT_NAMES, type ReplacementName } from "../../session/cache/directory.ts";
import type { GuestMemory } from "../../session/guest-memory.ts";
import { Sender } from "../../session/sender.ts";
import { file, run, temporaryFolder } from "./fakes/run.ts";
import { fileNameOf } from "./file-name.ts";

const folder = temporaryFolder();
const PAGE_SIZE = 1024;
const HEAD: TraceHead = {
  pageSize: PAGE_SIZE,
  blocks: [
    { name: "low", byteCount: 8 * PAGE_SIZE },
    { name: "high", byteCount: 16 * PAGE_SIZE },
  ],
};
/** A page takes a millisecond, and a zero page nearly no time. */
const BYTES_PER_SECOND = 1_032_000;

interface Summary {
  readonly lookups: number;
  readonly roundCount: number;
  readonly maxBandwidth: number;
  readonly sizes: readonly { readonly sizeBytes: number; readonly hits: number; readonly sentBytes: number }[];
  readonly choice: { readonly sizeBytes?: number; readonly reason: string };
}

const write = fc.record({
  waitUs: fc.oneof(fc.nat(500), fc.nat(20_000)),
  block: fc.nat(1),
  page: fc.nat(15),
  offset: fc.nat(PAGE_SIZE - 1),
  byteCount: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: PAGE_SIZE })),
  value: fc.oneof(fc.constant(0), fc.nat(255)),
});
const writes = fc.array(write, { minLength: 20, maxLength: 150 }).map((drawn) => {
  let timeUs = 0;
  return drawn.map(({ waitUs, block, page, offset, byteCount, value }): TraceWrite => {
    timeUs += waitUs;
    const { name, byteCount: blockBytes } = HEAD.blocks[block]!;
    const address = (page * PAGE_SIZE) % blockBytes;
    // Zeros are written to whole pages, so that pages become zero again.
    if (value === 0) return { timeUs, block: name, address, bytes: new Uint8Array(PAGE_SIZE) };
    const bytes = new Uint8Array(Math.min(byteCount, blockBytes - address - offset)).fill(value);
    return { timeUs, block: name, address: address + offset, bytes };
  });
});

const traceOf = (writes: readonly TraceWrite[]) => Buffer.from([headLine(HEAD), ...writes.map(writeLine)].join(""));

/** A guest that runs while its pages are copied, for as long as the link takes for them as pages. */
class RunningMemory implements GuestMemory {
  readonly machine = "none";
  readonly pageSize = PAGE_SIZE;
  readonly blocks: readonly RamBlock[];
  readonly #memory: SimulatedMemory;
  readonly load: TraceLoad;
  isDirty = false;
  #linkUs = 0;

  constructor(trace: Uint8Array) {
    const blocks = HEAD.blocks.map(({ name, byteCount }) => new GuestBlock(name, new Uint8Array(byteCount), PAGE_SIZE));
    this.#memory = new SimulatedMemory("none", blocks as [GuestBlock, GuestBlock]);
    this.blocks = this.#memory.blocks;
    this.load = new TraceLoad(this.#memory, readTrace(Buffer.from(trace).toString().split("\n")));
  }

  takeDirty(dirty: Parameters<GuestMemory["takeDirty"]>[0]): number {
    this.isDirty = false;
    return this.#memory.takeDirty(dirty);
  }

  readPage(block: RamBlock, address: number, target: Uint8Array, start: number): void {
    this.#memory.readPage(block, address, target, start);
    const isZero = Buffer.alloc(PAGE_SIZE).equals(target.subarray(start, start + PAGE_SIZE));
    this.#linkUs += ((8 + (isZero ? 1 : PAGE_SIZE)) * 1e6) / BYTES_PER_SECOND;
    if (0 < this.load.run(Math.floor(this.#linkUs) - this.load.elapsedUs)) this.isDirty = true;
  }

  /** A sender for which there is nothing to send lets time pass. */
  wait(): void {
    this.isDirty = 0 < this.load.runToNext();
    this.#linkUs = this.load.elapsedUs;
  }
}

/** What a sender counts that begins a round as soon as a page is dirty, to the end of the trace. */
function migrate(trace: Uint8Array, replacement: ReplacementName, cacheSizeBytes: number) {
  const memory = new RunningMemory(trace);
  const options = { usesXbzrle: true, turnsItselfOff: false, replacement, cacheSizeBytes };
  const sender = new Sender(memory, () => {}, options);
  sender.start(0);
  do {
    sender.beginRound(0);
    sender.step();
    if (!memory.isDirty) memory.wait();
  } while (memory.isDirty);
  return sender;
}

const sizes = fc.nat(5).map((power) => PAGE_SIZE * 2 ** power);

describe("of a trace", () => {
  const words = ["--json", "--max-bandwidth", String(BYTES_PER_SECOND)];

  test("each size has the hits and the bytes of a sender whose cache has it, in the same rounds", async () => {
    let roundCount = 0;
    let hitCount = 0;
    const traces = fc.asyncProperty(
      writes,
      sizes,
      fc.constantFrom(...REPLACEMENT_NAMES),
      async (writes, size, replacement) => {
        const trace = traceOf(writes);
        const { counters, round } = migrate(trace, replacement, size);
        const path = file(folder, "trace", trace);
        const { stdout } = await run(["cache-size", path, ...words, "--replacement", replacement]);
        const summary: Summary = JSON.parse(stdout.toString());
        const { cacheHits, cacheMisses, lookedUpBytes } = counters;
        expect([summary.roundCount, summary.lookups]).toEqual([round, cacheHits + cacheMisses]);
        expect(summary.sizes.find(({ sizeBytes }) => sizeBytes === size)).toEqual({
          sizeBytes: size,
          hits: cacheHits,
          sentBytes: lookedUpBytes,
        });
        roundCount = Math.max(roundCount, round);
        hitCount += cacheHits;
      },
    );
    await fc.assert(traces, { numRuns: 60 });
    expect(roundCount).toBeGreaterThan(20);
    expect(hitCount).toBeGreaterThan(50);
  });

  /** Counters in ten pages, one after the other, a millisecond each. */
  const counting = (count: number) =>
    Array.from({ length: count }, (_, index) => {
      const bytes = Uint8Array.of(1 + (index % 255));
      return { timeUs: 1000 * index, block: "high", address: (index % 10) * PAGE_SIZE, bytes };
    });

  test("there are fewer rounds on a slower link, and the text says which rate they are of", async () => {
    const path = file(folder, "counting", traceOf(counting(2000)));
    const roundCountAt = async (bandwidth: string) => {
      const { stdout } = await run(["cache-size", path, "--json", "--max-bandwidth", bandwidth]);
      return (JSON.parse(stdout.toString()) as Summary).roundCount;
    };
    expect(await roundCountAt("1M")).toBeGreaterThan(await roundCountAt("100K"));
    const { stdout } = await run(["cache-size", path, "--max-bandwidth", "100K"]);
    expect(stdout.toString()).toMatch(/^\d+ rounds at 102400 bytes a second; /);
    // Ten pages that come again and again, each at an entry of its own.
    expect(stdout.toString()).toContain("take 16 KiB (direct-mapped): ");
    expect((await run(["cache-size", path, "--json"])).stdout.toString()).toContain('"maxBandwidth": 134217728');
  });

  test("an image is what the pages hold at first, so that those are not zero", async () => {
    const written = { timeUs: 10_000_000, block: "high", address: 0, bytes: Uint8Array.of(0) };
    const path = file(folder, "zero-written", traceOf([written]));
    const lookupsOf = async (given: readonly string[]) => {
      const { stdout } = await run(["cache-size", path, "--json", ...given]);
      return (JSON.parse(stdout.toString()) as Summary).lookups;
    };
    expect(await lookupsOf([])).toBe(0);
    const images = temporaryFolder();
    file(images, fileNameOf("high"), new Uint8Array(16 * PAGE_SIZE).fill(7));
    expect(await lookupsOf(["--image", images])).toBe(1);
  });

  test("a line that is none is told behind what stands before it", async () => {
    const trace = Buffer.concat([traceOf(counting(200)), Buffer.from("{}\n")]);
    const path = file(folder, "torn", trace);
    const { stdout, stderr, status } = await run(["cache-size", path, ...words]);
    expect((JSON.parse(stdout.toString()) as Summary).lookups).toBeGreaterThan(50);
    expect([status, stderr]).toEqual([1, expect.stringContaining("trace line 202: timeUs is missing")]);
    expect(stderr).toContain("; the pages before that are counted");
  });

  test.each([
    ['{"format":"x"}', [], 1, "trace line 1: version is missing"],
    ["QEVM", ["--max-bandwidth", "1M"], 2, "--max-bandwidth is for a trace, and FILE "],
    ["QEVM", ["--image", "i"], 2, "--image is for a trace, and FILE "],
    [headLine(HEAD), ["--max-bandwidth", "1023"], 2, "max-bandwidth has to be an integer from 1024 to"],
    [headLine(HEAD), ["--image", "/none"], 2, "--image /none is one file, and the trace has 2 blocks"],
  ])("%j with %j is refused in one line", async (content, given, status, message) => {
    const path = file(folder, "refused", Buffer.from(content));
    const outcome = await run(["cache-size", path, ...given]);
    expect(outcome.stderr).toContain(message);
    expect([outcome.status, outcome.stdout.length, outcome.stderr.split("\n").length]).toEqual([status, 0, 2]);
  });
});
