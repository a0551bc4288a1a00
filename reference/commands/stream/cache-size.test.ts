/** `xbzrle cache-size`: for each size it says what the sender's own cache of that size has counted. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { readStream, STREAMS_FOLDER } from "../../../vectors/capture/stored-stream.ts";
import { REPLACEMENT_NAMES, type ReplacementName } from "../../session/cache/directory.ts";
import { FakeGuest } from "../../session/fakes/guest.ts";
import { FakeMigration } from "../../session/fakes/migration.ts";
import { run } from "./fakes/run.ts";

const PAGE_SIZE = 1024;
const PAGE_COUNT = 24;

interface Summary {
  readonly lookups: number;
  readonly roundCount: number;
  readonly sizes: readonly { readonly sizeBytes: number; readonly hits: number; readonly sentBytes: number }[];
  readonly choice: { readonly sizeBytes?: number; readonly reason: string };
}

async function summaryOf(stream: Uint8Array, words: readonly string[]): Promise<Summary> {
  const { stdout } = await run(["cache-size", "-", "--json", ...words], { stdin: [stream] });
  return JSON.parse(stdout.toString());
}

/** A guest that fills all pages, and changes those of each round; page 0 is always sent first, so that a new round can be told. */
function migrate(rounds: readonly (readonly number[])[], replacement: ReplacementName, cacheSizeBytes: number) {
  const guest = new FakeGuest(PAGE_SIZE, { ram: PAGE_COUNT });
  let value = 0;
  const change = (page: number, byteCount: number) => {
    value += 1;
    guest.write(page, 0, new Uint8Array(byteCount).fill(1 + (value % 255)));
  };
  for (let page = 0; page < PAGE_COUNT; page++) change(page, PAGE_SIZE);
  const options = { usesXbzrle: true, turnsItselfOff: false, replacement, cacheSizeBytes };
  const migration = new FakeMigration(guest, options);
  migration.round();
  for (const pages of rounds) {
    for (const page of new Set([0, ...pages])) change(page, 1 + ((value * 37) % PAGE_SIZE));
    migration.round();
  }
  migration.finish();
  return { stream: Buffer.concat(migration.pieces), counters: migration.sender.counters };
}

const rounds = fc.array(fc.array(fc.nat(PAGE_COUNT - 1), { maxLength: 30 }), { minLength: 1, maxLength: 12 });
const sizes = fc.nat(5).map((power) => PAGE_SIZE * 2 ** power);

test("each size has the hits and the bytes of a sender whose cache has it, whatever the cache that the stream was sent with", async () => {
  const migrations = fc.asyncProperty(
    rounds,
    sizes,
    sizes,
    fc.constantFrom(...REPLACEMENT_NAMES),
    fc.constantFrom(...REPLACEMENT_NAMES),
    async (pages, capturedSize, size, capturedWith, replacement) => {
      const { stream } = migrate(pages, capturedWith, capturedSize);
      const { counters } = migrate(pages, replacement, size);
      const words = ["--page-size", String(PAGE_SIZE), "--replacement", replacement];
      const summary = await summaryOf(stream, words);
      const { cacheHits, cacheMisses, lookedUpBytes } = counters;
      expect(summary.lookups).toBe(cacheHits + cacheMisses);
      expect(summary.sizes.find(({ sizeBytes }) => sizeBytes === size)).toEqual({
        sizeBytes: size,
        hits: cacheHits,
        sentBytes: lookedUpBytes,
      });
    },
  );
  await fc.assert(migrations, { numRuns: 60 });
});

test("a captured load of 128 pages wants a cache for them, and the reason is told with it", async () => {
  const { stream } = await readStream(STREAMS_FOLDER, "plain");
  const { choice, sizes } = await summaryOf(stream, []);
  expect(choice.sizeBytes).toBe(128 * 4096);
  expect(sizes.map(({ sizeBytes }) => sizeBytes)).toEqual(Array.from({ length: 11 }, (_, power) => 4096 * 2 ** power));
  const { stdout } = await run(["cache-size", "-"], { stdin: [stream] });
  expect(stdout.toString()).toContain("take 512 KiB (direct-mapped): ");
});

test("a stream of one round has nothing for a cache to do, and a fault is told behind what stands before it", async () => {
  const { stream } = migrate([], "lru", PAGE_SIZE);
  const cut = stream.subarray(0, stream.length - 9);
  const { stdout, stderr, status } = await run(["cache-size", "-", "--page-size", "1024"], { stdin: [cut] });
  expect(stdout.toString()).toContain("leave XBZRLE off: no page was sent again after the first round");
  expect([status, stderr]).toEqual([1, expect.stringContaining("stream-truncated at stream byte")]);
});
