/** What our sender writes, given to a real QEMU: its guest has the memory of ours. */

import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { INSTALL_COMMAND, QEMU } from "../../vectors/capture/machine.ts";
import { receive } from "../../vectors/qemu/receive.ts";
import { REPLACEMENT_NAMES } from "./cache/directory.ts";
import { FakeCompressor } from "./fakes/compressor.ts";
import { FakeGuest } from "./fakes/guest.ts";
import { generator, writeLoad } from "./fakes/load.ts";
import { FakeMigration, type FakeMigrationOptions } from "./fakes/migration.ts";

const PAGE_SIZE = 4096;
const PAGE_COUNT = 64;
const hasQemu = spawnSync(QEMU, ["--version"]).error === undefined;

/** Twelve rounds of small writes, noise and zero pages, with a resize in the midst. */
function play(options: FakeMigrationOptions): FakeMigration {
  const guest = new FakeGuest(PAGE_SIZE, { ram: PAGE_COUNT });
  const migration = new FakeMigration(guest, { cacheSizeBytes: 32 * PAGE_SIZE, turnsItselfOff: false, ...options });
  const random = generator(1);
  for (let round = 1; round <= 12; round++) {
    writeLoad(guest, { seed: 1, pageCount: 40, workingSet: PAGE_COUNT, noisePercent: 20, changedBytes: 4 }, random);
    guest.write(random() % PAGE_COUNT, 0, new Uint8Array(PAGE_SIZE));
    migration.round();
    if (round === 6) migration.sender.setCacheSize(16 * PAGE_SIZE);
  }
  writeLoad(guest, { seed: 1, pageCount: 20, workingSet: PAGE_COUNT, noisePercent: 0, changedBytes: 1 }, random);
  migration.finish();
  return migration;
}

const compressor = () => new FakeCompressor(4, PAGE_SIZE);

describe.skipIf(!hasQemu)(`A real QEMU (${INSTALL_COMMAND}) has the memory of our guest`, () => {
  test.each<[string, FakeMigrationOptions, readonly string[]]>([
    ["as it is", {}, ["page", "zero"]],
    ...REPLACEMENT_NAMES.map((replacement): [string, FakeMigrationOptions, readonly string[]] => [
      `with XBZRLE, ${replacement}`,
      { usesXbzrle: true, replacement },
      ["page", "xbzrle", "zero"],
    ]),
    ["compressed", { compressor: compressor() }, ["compressed", "page", "zero"]],
    ["with both", { usesXbzrle: true, compressor: compressor() }, ["compressed", "page", "xbzrle", "zero"]],
  ])("after a migration that was sent %s", async (_, options, kinds) => {
    const { pieces, guest, records } = play(options);
    expect([...new Set(records.map(({ kind }) => kind))].sort()).toEqual(kinds);
    const ramSize = PAGE_COUNT * PAGE_SIZE;
    const capabilities = options.compressor === undefined ? [] : ["compress"];
    const receipt = await receive(Buffer.concat(pieces), { ramSize, readBytes: ramSize, capabilities });
    if (receipt.kind === "refused") throw new Error(receipt.errorText);
    expect(Buffer.compare(receipt.ram, guest.memories.get("ram") as Uint8Array)).toBe(0);
  });
});
