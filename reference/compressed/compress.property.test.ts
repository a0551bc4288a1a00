/** Compression threads: what goes in comes out, once, and nobody has more pages at a time than there are threads. */

import { deflateSync, inflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../guest/random.ts";
import { maxCompressedLength } from "../record/record.ts";
import { type CompressionOptions, CompressionThreads } from "./compress.ts";
import { receiveStreamInThreads } from "./decompress.ts";
import { BLOCK, guestWith, PAGE_SIZE, type RecordOfPage, streamOf } from "./fakes/stream.ts";

const options: fc.Arbitrary<CompressionOptions> = fc.record({
  level: fc.nat(9),
  threadCount: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(255)),
});

/** A page of few different bytes, of random ones, or of one. */
const content = fc.record({ seed: fc.nat(), limit: fc.constantFrom(1, 4, 256) });
function pageOf({ seed, limit }: { readonly seed: number; readonly limit: number }, pageSize: number): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length: pageSize }, () => random.below(limit));
}

describe("compression threads", () => {
  test("give for each page, once, the zlib stream of what it was when it was given", async () => {
    const pageSizes = fc.constantFrom(1024, 4096, 65_536);
    await fc.assert(
      fc.asyncProperty(
        options,
        pageSizes,
        fc.array(content, { maxLength: 30 }),
        async (options, pageSize, contents) => {
          const threads = new CompressionThreads(pageSize, options);
          const memory = new Uint8Array(3 * pageSize);
          const taken = new Map<number, Uint8Array>();
          const take = () => {
            for (let done = threads.take(); done !== undefined; done = threads.take()) {
              expect(taken.has(done.page)).toBe(false);
              taken.set(done.page, done.zlib);
            }
          };
          for (const [index, content] of contents.entries()) {
            memory.set(pageOf(content, pageSize), pageSize);
            while (!threads.give(index, memory, pageSize)) {
              // COMP-18: so many threads are not free, and no more.
              expect(threads.inFlightCount).toBe(options.threadCount);
              await threads.finished();
              take();
            }
            memory.fill(0xee);
          }
          while (0 < threads.inFlightCount) {
            await threads.finished();
            take();
          }
          expect(threads.take()).toBeUndefined();
          threads.close();
          expect([...taken.keys()].sort((left, right) => left - right)).toEqual([...contents.keys()]);
          for (const [index, zlib] of taken) {
            const page = pageOf(contents[index]!, pageSize);
            // COMP-8: the whole page, and nothing after the end of the zlib stream.
            const { buffer, engine } = inflateSync(zlib, { info: true }) as unknown as {
              buffer: Buffer;
              engine: { bytesWritten: number };
            };
            expect(Buffer.compare(buffer, page)).toBe(0);
            expect(engine.bytesWritten).toBe(zlib.length);
            expect(zlib.length).toBeLessThanOrEqual(maxCompressedLength(pageSize));
            expect(Buffer.compare(zlib, deflateSync(page, { level: options.level! }))).toBe(0);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test("give a receiver the same memory as one page after the other, however many there are, busy or not", async () => {
    const writes = fc.array(fc.record({ page: fc.nat(7), content }), { maxLength: 20 });
    const rounds = fc.array(writes, { maxLength: 4 });
    const receiving = fc.integer({ min: 1, max: 5 });
    await fc.assert(
      fc.asyncProperty(options, fc.boolean(), rounds, receiving, async (options, waits, rounds, threadCount) => {
        const memory = new Uint8Array(BLOCK.usedLength);
        const records = await recordsOf(memory, rounds, new CompressionThreads(PAGE_SIZE, options), waits);
        const guest = guestWith();
        await receiveStreamInThreads([streamOf(records)], guest, threadCount);
        expect(Buffer.compare(guest.blocks.get("ram")!, memory)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test("have the level that QEMU shows in the header of zlib, and level 0 does not compress", async () => {
    const headers = await Promise.all(
      [0, 1, 6, 9].map(async (level) => {
        const threads = new CompressionThreads(4096, { level });
        threads.give(0, new Uint8Array(4096), 0);
        await threads.finished();
        const { zlib } = threads.take()!;
        return [level, zlib.subarray(0, 2).toString(), 4096 < zlib.length];
      }),
    );
    const bytes = (hex: string) => Buffer.from(hex, "hex").toString();
    expect(headers).toEqual([
      [0, bytes("7801"), true],
      [1, bytes("7801"), false],
      [6, bytes("789c"), false],
      [9, bytes("78da"), false],
    ]);
  });

  test("are as QEMU has them unless told, and let everyone who waits go on", async () => {
    const threads = new CompressionThreads(4096);
    expect(threads.threadCount).toBe(8);
    await threads.finished();
    threads.give(7, new Uint8Array(4096), 0);
    await Promise.all([threads.finished(), threads.finished()]);
    expect(threads.take()?.page).toBe(7);
  });

  test("can be closed with pages in flight", async () => {
    const threads = new CompressionThreads(65_536, { level: 9 });
    for (let page = 0; page < 8; page++) threads.give(page, pageOf({ seed: page, limit: 4 }, 65_536), 0);
    threads.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(threads.take()).toBeUndefined();
  });

  test.each([
    [{ level: 10 }, "compress-level has to be an integer from 0 to 9, not 10 (COMP-16)"],
    [{ level: -1 }, "compress-level has to be an integer from 0 to 9, not -1 (COMP-16)"],
    [{ threadCount: 0 }, "compress-threads has to be an integer from 1 to 255, not 0 (COMP-16)"],
    [{ threadCount: 256 }, "compress-threads has to be an integer from 1 to 255, not 256 (COMP-16)"],
  ])("refuse %j by the name of the parameter and its range", (options, message) => {
    expect(() => new CompressionThreads(4096, options)).toThrow(message);
  });
});

/** The records of a sender: the pages that a round has written to, once each, and all of them written before the next round. */
async function recordsOf(
  memory: Uint8Array,
  rounds: readonly (readonly { readonly page: number; readonly content: { seed: number; limit: number } }[])[],
  threads: CompressionThreads,
  waits: boolean,
): Promise<RecordOfPage[]> {
  // COMP-9: the first names the block.
  const records: RecordOfPage[] = [{ kind: "page", address: 0, body: memory.slice(0, PAGE_SIZE) }];
  const take = () => {
    for (let done = threads.take(); done !== undefined; done = threads.take()) {
      records.push({ kind: "compressed", address: done.page * PAGE_SIZE, body: done.zlib });
    }
  };
  for (const writes of rounds) {
    for (const { page, content } of writes) memory.set(pageOf(content, PAGE_SIZE), page * PAGE_SIZE);
    for (const page of new Set(writes.map(({ page }) => page))) {
      take();
      while (waits && threads.inFlightCount === threads.threadCount) {
        await threads.finished();
        take();
      }
      const address = page * PAGE_SIZE;
      if (!threads.give(page, memory, address)) {
        records.push({ kind: "page", address, body: memory.slice(address, address + PAGE_SIZE) });
      }
    }
    // COMP-12
    while (0 < threads.inFlightCount) {
      await threads.finished();
      take();
    }
  }
  threads.close();
  return records;
}
