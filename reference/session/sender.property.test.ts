/** Migrations of any course: what the guest writes and when, how far each call gets, and what the operator changes on the way. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { REPLACEMENT_NAMES } from "./cache/directory.ts";
import { FakeCompressor } from "./fakes/compressor.ts";
import { FakeGuest } from "./fakes/guest.ts";
import { FakeMigration, type FakeMigrationOptions } from "./fakes/migration.ts";

const PAGE_SIZE = 1024;
const PAGE_COUNT = 20;

/** What happens next. */
type Step = (migration: FakeMigration, compressor: FakeCompressor | undefined) => void;

const page = fc.nat(PAGE_COUNT - 1);
/** What the guest writes: a few bytes, a page of one byte (zero among them), or noise. */
const writing = fc.oneof(
  fc.record({ offset: fc.nat(PAGE_SIZE - 1), bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }) }),
  fc.constantFrom(0, 0, 1).map((fill) => ({ offset: 0, bytes: new Uint8Array(PAGE_SIZE).fill(fill) })),
  fc.nat(1000).map((seed) => ({ offset: 0, bytes: noise(seed) })),
);

const cacheSize = fc.integer({ min: 0, max: 6 }).map((power) => PAGE_SIZE * 2 ** power);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(page, writing).map(
      ([page, { offset, bytes }]): Step =>
        ({ guest }) =>
          guest.write(page, offset, bytes),
    ),
  },
  // The guest writes to the very page that is being read, just before or after it is copied.
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom("beforeRead" as const, "afterRead" as const), writing).map(
      ([moment, { offset, bytes }]): Step =>
        ({ guest }) => {
          guest[moment] = (page) => guest.write(page, offset, bytes);
        },
    ),
  },
  {
    weight: 3,
    arbitrary: fc.nat(3000).map(
      (bytes): Step =>
        (migration) => {
          begin(migration);
          migration.sender.step(bytes + 1);
        },
    ),
  },
  {
    weight: 6,
    arbitrary: fc.constant<Step>((migration) => {
      begin(migration);
      migration.endRound();
    }),
  },
  {
    weight: 1,
    arbitrary: cacheSize.map(
      (size): Step =>
        ({ sender }) =>
          sender.setCacheSize(size),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.boolean().map(
      (isOn): Step =>
        ({ sender }) =>
          sender.setXbzrle(isOn),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.nat(3).map(
      (worker): Step =>
        (_, compressor) =>
          compressor?.finish(worker),
    ),
  },
);

const options = fc.record({
  usesXbzrle: fc.boolean(),
  cacheSizeBytes: cacheSize,
  replacement: fc.constantFrom(...REPLACEMENT_NAMES),
  turnsItselfOff: fc.boolean(),
  waitsForCompressor: fc.boolean(),
});

const workerCount = fc.constantFrom(0, 0, 1, 3);

/** A round that is begun is gone on with. */
function begin(migration: FakeMigration): void {
  if (migration.sender.isRoundComplete) migration.beginRound(10);
}

/** Bytes that no delta can say in less. */
function noise(seed: number): Uint8Array {
  let state = seed + 1;
  return Uint8Array.from({ length: PAGE_SIZE }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 16;
  });
}

/** Plays a migration, looks at it after each step, and gives it when it is at its end. */
function play(
  options: FakeMigrationOptions,
  workers: number,
  steps: readonly Step[],
  look: (migration: FakeMigration) => void,
): FakeMigration {
  const compressor = workers === 0 ? undefined : new FakeCompressor(workers);
  const guest = new FakeGuest(PAGE_SIZE, { ram: PAGE_COUNT - 6, "vga.vram": 6 });
  const migration = new FakeMigration(guest, { ...options, ...(compressor && { compressor }) });
  for (const step of steps) {
    step(migration, compressor);
    look(migration);
  }
  migration.finish();
  return migration;
}

const steps = (maxLength: number) => fc.array(step, { maxLength, size: "max" });

describe("whatever the guest and the operator do", () => {
  test("the receiver ends with the memory of the guest, and each cached page is the receiver's (SESSION-1, SESSION-3 to SESSION-8)", () => {
    fc.assert(
      fc.property(options, workerCount, steps(120), (options, workers, steps) => {
        play(options, workers, steps, ({ wrongCachedPages }) => expect(wrongCachedPages).toEqual([]));
      }),
      { numRuns: 400 },
    );
  });

  test("a page has one record in a round at most, and in the first round exactly one (SESSION-1, SESSION-2)", () => {
    fc.assert(
      fc.property(options, workerCount, steps(60), (options, workers, steps) => {
        const { records } = play(options, workers, [(migration) => migration.round(), ...steps], () => {});
        const places = records.map(({ round, name, address }) => `${round} ${name} ${address}`);
        expect(new Set(places).size).toBe(places.length);
        expect(records.filter(({ round }) => round === 1).length).toBe(PAGE_COUNT);
      }),
      { numRuns: 200 },
    );
  });

  test("no XBZRLE record is written in the first round, nor while XBZRLE is off (SESSION-11, SESSION-16)", () => {
    fc.assert(
      fc.property(options, workerCount, steps(60), (options, workers, steps) => {
        const wasOn: boolean[] = [];
        const { records } = play(options, workers, steps, ({ sender, records }) => {
          while (wasOn.length < records.length) wasOn.push(sender.usesXbzrle);
        });
        for (const [index, { kind, round }] of records.slice(0, wasOn.length).entries()) {
          if (kind === "xbzrle") expect([wasOn[index], 1 < round]).toEqual([true, true]);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("no XBZRLE record is longer than the page record would be (SESSION-10)", () => {
    fc.assert(
      fc.property(options, steps(60), (options, steps) => {
        const { records } = play({ ...options, usesXbzrle: true }, 0, steps, () => {});
        for (const { byteCount } of records) expect(byteCount).toBeLessThan(PAGE_SIZE + 1);
      }),
      { numRuns: 100 },
    );
  });

  test("the counters are those of the stream (SESSION-19)", () => {
    fc.assert(
      fc.property(options, workerCount, steps(60), (options, workers, steps) => {
        const { records, sender, pieces } = play(options, workers, steps, () => {});
        const of = (kind: string) => records.filter((record) => record.kind === kind);
        const bytesOf = (kind: string) => of(kind).reduce((sum, { byteCount }) => sum + byteCount, 0);
        const names = of("xbzrle").filter(({ isContinued }) => !isContinued);
        const nameBytes = names.reduce((sum, { name }) => sum + 1 + name.length, 0);
        const { counters } = sender;
        expect(counters).toMatchObject({
          streamBytes: pieces.reduce((sum, { length }) => sum + length, 0),
          zeroRecords: of("zero").length,
          pageRecords: of("page").length,
          xbzrleRecords: of("xbzrle").length,
          compressedRecords: of("compressed").length,
          xbzrleBytes: bytesOf("xbzrle") + nameBytes + counters.overflows * PAGE_SIZE,
          compressedBytes: bytesOf("compressed"),
        });
        // CONTINUE goes with every compressed record (COMP-9).
        expect(of("compressed").every(({ isContinued }) => isContinued)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
