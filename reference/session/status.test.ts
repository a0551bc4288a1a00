/** What a sender reports, beside what a real QEMU reports for the same numbers. */

import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { INSTALL_COMMAND, Machine, QEMU } from "../../vectors/capture/machine.ts";
import { bootRom } from "../../vectors/capture/migrate.ts";
import { FakeCompressor } from "./fakes/compressor.ts";
import { FakeGuest } from "./fakes/guest.ts";
import { FakeMigration } from "./fakes/migration.ts";
import { infoMigrate, infoMigrateOf2011 } from "./info-migrate.ts";
import { type MigrationStatus, migrationStatus } from "./status.ts";

const PAGE_SIZE = 1024;
const hasQemu = spawnSync(QEMU, ["--version"]).error === undefined;

/** Five pages: 0 and 1 change a little in each round, 2 as a whole, 3 not at all although it is written to; 4 is zero. */
function playFiveRounds(): FakeMigration {
  const guest = new FakeGuest(PAGE_SIZE, { ram: 5 });
  const migration = new FakeMigration(guest, {
    usesXbzrle: true,
    cacheSizeBytes: 8 * PAGE_SIZE,
    turnsItselfOff: false,
  });
  guest.write(3, 0, Uint8Array.of(1));
  for (let round = 1; round <= 5; round++) {
    for (const page of [0, 1]) guest.write(page, 7, Uint8Array.of(round));
    guest.write(2, 0, new Uint8Array(PAGE_SIZE).fill(round));
    guest.write(3, 0, Uint8Array.of(1));
    migration.round(500);
  }
  return migration;
}

describe("the counters of a migration (SESSION-19)", () => {
  test("are those of the chapter, by hand", () => {
    const { sender } = playFiveRounds();
    // Round 1: four pages and a zero page. Round 2: four misses. Rounds 3 to 5: two deltas of 3 bytes, an overflow, and a page unchanged.
    const status = migrationStatus(sender.standing, { status: "active", totalMs: 2500, setupMs: 1 });
    expect(status["xbzrle-cache"]).toEqual({
      "cache-size": 8 * PAGE_SIZE,
      bytes: 3 * (2 * 6 + PAGE_SIZE),
      pages: 12,
      "cache-miss": 4,
      // The last period: from the begin of round 2 at 1000 ms to that of round 4 at 2000 ms, so rounds 2 and 3.
      "cache-miss-rate": 4 / 7,
      "encoding-rate": (4 * PAGE_SIZE) / (2 * 6 + PAGE_SIZE),
      overflow: 3,
    });
    expect(status.ram).toMatchObject({
      transferred: sender.counters.streamBytes,
      total: 5 * PAGE_SIZE,
      remaining: 0,
      duplicate: 1,
      normal: 4 + 4 + 3,
      "normal-bytes": 11 * PAGE_SIZE,
      skipped: 0,
      "dirty-sync-count": 5,
      "dirty-pages-rate": 8,
      "pages-per-second": 7,
      "page-size": PAGE_SIZE,
    });
  });

  test("are nothing of XBZRLE or compression where the capability is off", () => {
    const migration = new FakeMigration(new FakeGuest(PAGE_SIZE, { ram: 2 }));
    migration.round();
    const times = { status: "active", totalMs: 0 } as const;
    expect(Object.keys(migrationStatus(migration.sender.standing, times))).toEqual(["status", "total-time", "ram"]);
    expect(
      infoMigrateOf2011(migrationStatus(migration.sender.standing, times), migration.sender.counters),
    ).not.toContain("xbrle");
  });

  test("of compression are pages, and bytes with their length", () => {
    const guest = new FakeGuest(PAGE_SIZE, { ram: 3 });
    for (let page = 0; page < 3; page++) guest.write(page, 0, Uint8Array.of(1));
    const migration = new FakeMigration(guest, { compressor: new FakeCompressor(2) });
    migration.round();
    migration.round(1000);
    migration.finish();
    const compressed = migration.records.filter(({ kind }) => kind === "compressed");
    const bytes = compressed.reduce((sum, { byteCount }) => sum + byteCount, 0);
    const { compression, ram } = migrationStatus(migration.sender.standing, {
      status: "completed",
      totalMs: 1000,
      downtimeMs: 0,
    });
    const rate = (2 * PAGE_SIZE) / bytes;
    expect(compression).toEqual({
      pages: 2,
      busy: 0,
      "busy-rate": 0,
      "compressed-size": bytes,
      "compression-rate": rate,
    });
    expect(ram.mbps).toBeCloseTo((8 * migration.sender.counters.streamBytes) / 1e6, 9);
  });

  test("are the lines of 2011", () => {
    const { sender } = playFiveRounds();
    const text = infoMigrateOf2011(
      migrationStatus(sender.standing, { status: "active", totalMs: 2500 }),
      sender.counters,
    );
    expect(text.split("\n")).toEqual([
      "Migration status: active",
      expect.stringMatching(/^transferred ram: \d+ kbytes$/),
      "remaining ram: 0 kbytes",
      "total ram: 5 kbytes",
      "transferred ram-duplicate: 1 kbytes",
      "transferred ram-duplicate: 1 pages",
      "transferred ram-normal: 11 kbytes",
      "transferred ram-normal: 11 pages",
      "transferred ram-xbrle: 0 kbytes",
      "transferred ram-xbrle: 6 pages",
      "overflow ram-xbrle: 3 pages",
      "cache-hit ram-xbrle: 12 pages",
      "cache-lookup ram-xbrle: 16 pages",
      "",
    ]);
  });
});

describe.skipIf(!hasQemu)(`the text of a real QEMU (${INSTALL_COMMAND})`, () => {
  test("is the text that is made of the numbers that it answers", async () => {
    const machine = await Machine.start(bootRom());
    try {
      const capabilities = ["xbzrle", "compress"].map((capability) => ({ capability, state: true }));
      await machine.execute("migrate-set-capabilities", { capabilities });
      await machine.execute("migrate", { uri: "exec:cat > /dev/null" });
      let status = (await machine.execute("query-migrate")) as MigrationStatus;
      // Bounded by the time that the test has.
      for (; status.status !== "completed"; status = (await machine.execute("query-migrate")) as MigrationStatus)
        await sleep(20);
      const text = (await machine.execute("human-monitor-command", { "command-line": "info migrate" })) as string;
      const lines = linesOf(text.slice(text.indexOf("Migration status")));
      expect(lines.length).toBeGreaterThan(20);
      expect(linesOf(infoMigrate(status))).toEqual(lines);
    } finally {
      await machine.end();
    }
  });
});

/** Lines, but for those on multifd and postcopy. */
function linesOf(text: string): string[] {
  const lines = text.replaceAll("\r", "").trimEnd().split("\n");
  return lines.filter((line) => !/^(multifd|precopy|postcopy|downtime) (bytes|ram)/.test(line));
}
