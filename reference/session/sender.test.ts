import { describe, expect, test } from "vitest";
import { REPLACEMENT_NAMES } from "./cache/directory.ts";
import { FakeCompressor } from "./fakes/compressor.ts";
import { FakeGuest } from "./fakes/guest.ts";
import { FakeMigration, type FakeMigrationOptions } from "./fakes/migration.ts";
import { Sender } from "./sender.ts";

const PAGE_SIZE = 1024;

function migrate(options: FakeMigrationOptions = {}, pageCount = 8): FakeMigration {
  const guest = new FakeGuest(PAGE_SIZE, { ram: pageCount });
  for (let page = 0; page < pageCount; page++) guest.write(page, 0, Uint8Array.of(1 + page));
  return new FakeMigration(guest, {
    usesXbzrle: true,
    cacheSizeBytes: 8 * PAGE_SIZE,
    turnsItselfOff: false,
    ...options,
  });
}

/** The kinds of the records of the last round, with the pages. */
function lastRound({ records, sender }: FakeMigration): string[] {
  const last = records.filter(({ round }) => round === sender.round);
  return last.map(({ kind, address }) => `${kind} ${address / PAGE_SIZE}`);
}

test("the last stage is sent in pieces too, where it is asked for so (SESSION-12)", () => {
  const migration = migrate({}, 200);
  migration.round();
  for (let page = 0; page < 200; page++) migration.guest.write(page, 1, Uint8Array.of(7));
  migration.guest.stop();
  let pausedCount = 0;
  while (migration.sender.finish(0, 10 * PAGE_SIZE) === "paused") pausedCount += 1;
  expect(migration.sender.stage).toBe("complete");
  // At most a batch of 64 pages more is written.
  expect(pausedCount).toBeGreaterThanOrEqual(Math.floor(200 / (10 + 64)));
  const receivedPages = Array.from({ length: 200 }, (_, page) => Buffer.from(migration.receivedPage(page)));
  expect(receivedPages.filter((bytes, page) => !bytes.equals(migration.guest.page(page)))).toEqual([]);
});

describe("a page", () => {
  test("is cached the second time that it is sent, and is a delta the third time (SESSION-11)", () => {
    const migration = migrate();
    migration.round();
    expect([...migration.sender.cachedPages()]).toEqual([]);
    for (const kind of ["page", "xbzrle", "xbzrle"]) {
      migration.guest.write(3, 9, Uint8Array.of(migration.sender.round));
      migration.round();
      expect(lastRound(migration)).toEqual([`${kind} 3`]);
    }
    migration.finish();
  });

  test("that is dirty and equals its cached page is not sent, and names no block (SESSION-9, RECORD-13)", () => {
    const guest = new FakeGuest(PAGE_SIZE, { ram: 4, vram: 4 });
    const migration = new FakeMigration(guest, { usesXbzrle: true });
    const write = (...pages: number[]) => {
      for (const page of pages) guest.write(page, 0, Uint8Array.of(7));
    };
    write(0, 4, 5);
    migration.round();
    write(0, 4);
    migration.round();
    write(0, 4);
    guest.write(5, 0, Uint8Array.of(8));
    migration.round();
    // Pages 0 and 4 were skipped; page 5 continues the block of page 4, which was the last to be written in the round before.
    expect(migration.records.at(-1)).toMatchObject({ round: 3, name: "vram", isContinued: true });
    write(4);
    guest.write(0, 0, Uint8Array.of(9));
    guest.write(5, 0, Uint8Array.of(9));
    migration.round();
    expect(migration.records.slice(-2).map(({ name, isContinued }) => [name, isContinued])).toEqual([
      ["ram", false],
      ["vram", false],
    ]);
    expect(migration.sender.counters.cacheHits - migration.sender.counters.xbzrleRecords).toBe(3);
    migration.finish();
  });

  test("that becomes zero and comes back is a delta from zero (SESSION-7)", () => {
    const migration = migrate();
    const { guest } = migration;
    migration.round();
    const contents = [Uint8Array.of(5), new Uint8Array(PAGE_SIZE), Uint8Array.of(6)];
    const rounds = contents.map((bytes) => {
      guest.write(2, 0, bytes);
      migration.round();
      return lastRound(migration);
    });
    expect(rounds).toEqual([["page 2"], ["zero 2"], ["xbzrle 2"]]);
    // 00 01 06: the delta from a zero page.
    expect(migration.records.at(-1)?.byteCount).toBe(6);
    migration.finish();
  });

  test("that overflows is sent as it is, and the next delta is from there (SESSION-8)", () => {
    const migration = migrate();
    const { guest, sender } = migration;
    migration.round();
    for (const [offset, fill, kind] of [
      [0, 1, "page"],
      [0, 2, "page"],
      [9, 3, "xbzrle"],
    ] as const) {
      guest.write(2, offset, new Uint8Array(offset === 0 ? PAGE_SIZE : 1).fill(fill));
      migration.round();
      expect(lastRound(migration)).toEqual([`${kind} 2`]);
    }
    expect(sender.counters).toMatchObject({ overflows: 1, cacheHits: 2, cacheMisses: 1 });
    migration.finish();
  });

  test.each([
    [1017, "xbzrle"],
    [1018, "page"],
    [1021, "page"],
  ])(
    "of which the first %d bytes have changed is the shorter of a delta, which has 3 bytes more, and a page (SESSION-10)",
    (byteCount, kind) => {
      const migration = migrate();
      migration.round();
      for (const fill of [1, 2]) {
        migration.guest.write(2, 0, new Uint8Array(byteCount).fill(fill));
        migration.round();
      }
      expect(lastRound(migration)).toEqual([`${kind} 2`]);
      expect(migration.records.at(-1)!.byteCount).toBe(kind === "page" ? PAGE_SIZE : PAGE_SIZE - 1);
      migration.finish();
    },
  );

  test("that is left for the last stage is compared, and nothing is cached there (SESSION-12)", () => {
    const migration = migrate();
    const { guest, sender } = migration;
    migration.round();
    guest.write(1, 0, Uint8Array.of(50));
    migration.round();
    const cached = [...sender.cachedPages()].map(([page, bytes]) => [page, bytes[0]]);
    guest.write(1, 0, Uint8Array.of(51));
    guest.write(4, 0, Uint8Array.of(52));
    migration.finish();
    expect(lastRound(migration)).toEqual(["xbzrle 1", "page 4"]);
    expect([...sender.cachedPages()].map(([page, bytes]) => [page, bytes[0]])).toEqual(cached);
  });
});

describe("XBZRLE", () => {
  test("is off unless it is turned on (SESSION-16)", () => {
    const guest = new FakeGuest(PAGE_SIZE, { ram: 4 });
    const migration = new FakeMigration(guest);
    for (let round = 1; round <= 4; round++) {
      guest.write(0, 0, Uint8Array.of(round));
      migration.round();
    }
    migration.finish();
    expect(migration.records.filter(({ kind }) => kind === "xbzrle")).toEqual([]);
    expect(migration.sender.counters).toMatchObject({ cacheMisses: 0, cacheHits: 0 });
  });

  test("takes over from the compressor after the first round", () => {
    const migration = migrate({ compressor: new FakeCompressor(2) });
    migration.round();
    expect(lastRound(migration).map((record) => record.split(" ")[0])).toEqual([
      "page",
      ...Array(7).fill("compressed"),
    ]);
    for (const kind of ["page", "xbzrle"]) {
      migration.guest.write(3, 9, Uint8Array.of(migration.sender.round));
      migration.round();
      expect(lastRound(migration)).toEqual([`${kind} 3`]);
    }
    migration.finish();
  });

  test("sends a page as it is where no worker is free and it need not wait for one", () => {
    const migration = migrate({ compressor: new FakeCompressor(1), waitsForCompressor: false, usesXbzrle: false });
    migration.beginRound();
    expect(migration.sender.step()).toBe("waiting");
    migration.endRound();
    expect(migration.sender.counters).toMatchObject({ compressedRecords: 1, pageRecords: 7, busyPages: 6 });
    migration.finish();
  });
});

describe("a call", () => {
  test("writes as many bytes as it may, but for the last record and the end of the item", () => {
    const migration = migrate({}, 200);
    migration.beginRound();
    const before = migration.sender.counters.streamBytes;
    expect(migration.sender.step(10_000)).toBe("paused");
    expect(migration.sender.counters.streamBytes - before).toBeGreaterThanOrEqual(10_000);
    expect(migration.sender.counters.streamBytes - before).toBeLessThan(10_000 + PAGE_SIZE + 50);
    migration.endRound();
    migration.finish();
  });

  test("out of order is refused", () => {
    const migration = migrate();
    migration.beginRound();
    expect(() => migration.beginRound()).toThrow("round 1 is not complete");
    migration.finish();
    expect(() => migration.beginRound()).toThrow("the sender is complete, and has to be running");
    expect(() => migration.receiver.push(Uint8Array.of(0))).toThrow("the receiver is complete");
    expect(() => new Sender(migration.guest, () => {}).step()).toThrow(
      "the sender is not started, and has to be running",
    );
  });
});

describe("a cache size", () => {
  test.each([0, 1, 512, 3000, 6144, -1024, 1024.5, Number.NaN, 2 ** 32, Number.POSITIVE_INFINITY])(
    "of %d is refused by name and range, at the start and in mid-migration, and the old one stays (SESSION-14)",
    (size) => {
      const message = `xbzrle-cache-size has to be a power of two from 1024 (the page size) to 2147483648 bytes, not ${size}`;
      expect(() => migrate({ cacheSizeBytes: size })).toThrow(new RangeError(`${message} (SESSION-14)`));
      const migration = migrate();
      migration.round();
      expect(() => migration.sender.setCacheSize(size)).toThrow(message);
      expect(migration.sender.cacheSizeBytes).toBe(8 * PAGE_SIZE);
      migration.finish();
    },
  );

  test.each(REPLACEMENT_NAMES)("that is changed keeps the pages that fit: %s (SESSION-15)", (replacement) => {
    const migration = migrate({ replacement });
    const { guest, sender } = migration;
    migration.round();
    for (let page = 0; page < 8; page++) guest.write(page, 5, Uint8Array.of(1));
    migration.round();
    const sizes = [8, 16, 4, 1].map((pages) => {
      sender.setCacheSize(pages * PAGE_SIZE);
      expect(migration.wrongCachedPages).toEqual([]);
      return [...sender.cachedPages()].length;
    });
    expect(sizes).toEqual([8, 8, 4, 1]);
    migration.finish();
  });
});
