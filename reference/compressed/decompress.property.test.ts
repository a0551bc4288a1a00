/** A receiver with threads against its plain twin, with threads that are done in any order. */

import type { InputType, ZlibOptions } from "node:zlib";
import { constants, deflateRawSync, deflateSync } from "node:zlib";
import fc from "fast-check";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { MalformedStreamError } from "../errors.ts";
import { Random } from "../guest/random.ts";
import { receiveStream } from "../stream/receive.ts";
import { applyCompressed } from "./apply.ts";
import { receiveStreamInThreads } from "./decompress.ts";
import { BLOCK, chunksOf, guestWith, PAGE_SIZE, type RecordOfPage, streamOf } from "./fakes/stream.ts";

type Done = (error: Error | null, result: Buffer) => void;

/** Work that is done and not told of yet; and how many were at work at the same time at most. */
const pool = vi.hoisted(() => ({ done: [] as (() => void)[], next: (): number => 0, runningCount: 0, mostCount: 0 }));

/** Instead of when it is done, a thread is heard of by chance: of those that are done, any. */
vi.mock("node:zlib", async (importOriginal) => {
  const original = await importOriginal<typeof import("node:zlib")>();
  const inflate = (bytes: InputType, options: ZlibOptions, done: Done) => {
    pool.runningCount += 1;
    pool.mostCount = Math.max(pool.mostCount, pool.runningCount);
    original.inflate(bytes, options, (error, result) => {
      pool.done.push(() => {
        pool.runningCount -= 1;
        done(error, result);
      });
      setImmediate(() => pool.done.splice(pool.next() % pool.done.length, 1)[0]!());
    });
  };
  return { ...original, inflate };
});

beforeEach(() => {
  const random = new Random(1);
  pool.next = () => random.next();
});

const page = fc.nat(7).map((index) => index * PAGE_SIZE);
const filled = (fill: number) => Uint8Array.from({ length: PAGE_SIZE }, (_, at) => (at * fill) & 0xff);
const record = (kind: RecordOfPage["kind"], body: fc.Arbitrary<Uint8Array>) =>
  fc.record({ kind: fc.constant(kind), address: page, body });
const fills = fc.integer({ min: 1, max: 255 });

const compressed = (made: (fill: number) => Uint8Array) => record("compressed", fills.map(made));
const soundRecord: fc.Arbitrary<RecordOfPage> = fc.oneof(
  { arbitrary: compressed((fill) => deflateSync(filled(fill))), weight: 6 },
  { arbitrary: compressed((fill) => deflateSync(filled(fill).subarray(0, 100 + fill))), weight: 1 },
  { arbitrary: compressed((fill) => Buffer.concat([deflateSync(filled(fill)), Buffer.of(fill)])), weight: 1 },
  { arbitrary: record("zero", fc.constant(new Uint8Array(0))), weight: 1 },
  { arbitrary: record("page", fills.map(filled)), weight: 1 },
  {
    arbitrary: record(
      "xbzrle",
      fc.tuple(fc.nat(100), fills).map((pair) => Uint8Array.of(pair[0], 1, pair[1])),
    ),
    weight: 2,
  },
);
/** Records that a receiver refuses: zlib streams, deltas, and one that the reader itself refuses. */
const faultyRecord: fc.Arbitrary<RecordOfPage> = fc.oneof(
  compressed((fill) => deflateRawSync(filled(fill))),
  compressed((fill) => deflateSync(filled(fill)).subarray(0, -1)),
  compressed(() => deflateSync(new Uint8Array(PAGE_SIZE + 1))),
  record("xbzrle", fc.constant(Uint8Array.of(0, 0))),
  record("compressed", fc.constant(new Uint8Array(0))),
);

/** Memory and message of a receiver. */
async function outcomeOf(receive: (guest: ReturnType<typeof guestWith>) => void | Promise<void>) {
  const guest = guestWith(new Uint8Array(BLOCK.usedLength).fill(0x5a));
  let message = "";
  try {
    await receive(guest);
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedStreamError);
    message = (error as Error).message;
  }
  return { message, memory: Buffer.from(guest.blocks.get("ram")!).toString("hex") };
}

describe("a receiver with threads", () => {
  const records = fc
    .tuple(
      fc.array(soundRecord, { maxLength: 30 }),
      fc.array(faultyRecord, { maxLength: 2 }),
      fc.array(soundRecord, { maxLength: 12 }),
    )
    .map((parts) => parts.flat());
  const cut = fc.record({ chunkSize: fc.integer({ min: 1, max: 4000 }), threadCount: fc.integer({ min: 1, max: 9 }) });

  test("comes to the memory and the fault of its plain twin, whichever thread is done first", async () => {
    await fc.assert(
      fc.asyncProperty(records, cut, async (records, { chunkSize, threadCount }) => {
        const stream = streamOf(records);
        const plain = await outcomeOf((guest) => receiveStream(chunksOf(stream, chunkSize), guest, applyCompressed));
        pool.mostCount = 0;
        const threaded = await outcomeOf((guest) =>
          receiveStreamInThreads(chunksOf(stream, chunkSize), guest, threadCount),
        );
        expect(threaded).toEqual(plain);
        expect(pool.mostCount).toBeLessThanOrEqual(threadCount);
      }),
      { numRuns: 300 },
    );
  });

  test("has all its threads at work, and keeps nothing of a chunk", async () => {
    const pages = Array.from({ length: 40 }, (_, index) => ({
      kind: "compressed" as const,
      address: (index % 8) * PAGE_SIZE,
      body: deflateSync(filled(index + 1), { level: constants.Z_BEST_SPEED }),
    }));
    const guest = guestWith();
    pool.mostCount = 0;
    const reused = Buffer.alloc(500);
    async function* chunks() {
      for (const chunk of chunksOf(streamOf(pages), reused.length)) {
        reused.set(chunk);
        yield reused.subarray(0, chunk.length);
      }
    }
    await receiveStreamInThreads(chunks(), guest, 3);
    expect(pool.mostCount).toBe(3);
    const memory = guest.blocks.get("ram")!;
    for (let index = 0; index < 8; index++) {
      expect(memory.subarray(index * PAGE_SIZE, (index + 1) * PAGE_SIZE)).toEqual(filled(33 + index));
    }
  });

  test("tells the fault that stands first, though a reader comes to a later one sooner", async () => {
    const damaged = { kind: "compressed" as const, address: 0, body: Uint8Array.of(1, 2, 3) };
    const tooLong = { kind: "compressed" as const, address: 0, body: new Uint8Array(5000) };
    const received = receiveStreamInThreads([streamOf([damaged, tooLong])], guestWith());
    await expect(received).rejects.toThrow(
      /^compressed-damaged at stream byte \d+ \(block "ram", page 0\): .* \(COMP-4\)$/,
    );
  });

  test("passes on the error of what the stream comes from, when all that came was applied", async () => {
    const guest = guestWith();
    const stream = streamOf([{ kind: "compressed", address: 0, body: deflateSync(filled(3)) }]);
    async function* broken() {
      yield stream;
      throw new Error("the link broke");
    }
    await expect(receiveStreamInThreads(broken(), guest)).rejects.toThrow("the link broke");
    expect(guest.blocks.get("ram")!.subarray(0, PAGE_SIZE)).toEqual(filled(3));
  });

  test.each([0, 256, 1.5])("refuses %d threads by the name of the parameter", async (threadCount) => {
    await expect(receiveStreamInThreads([], guestWith(), threadCount)).rejects.toThrow(
      `decompress-threads has to be an integer from 1 to 255, not ${threadCount} (COMP-17)`,
    );
  });
});
