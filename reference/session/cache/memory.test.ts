import { expect, test, vi } from "vitest";
import { FakeGuest } from "../fakes/guest.ts";
import { FakeMigration } from "../fakes/migration.ts";

const PAGE_SIZE = 1024;

/** The machine has memory for so many slots. */
const MAX_SLOT_COUNT = 100;

vi.mock("../../codec.ts", async (importOriginal) => {
  const codec = await importOriginal<typeof import("../../codec.ts")>();
  const createArena: typeof codec.createArena = (shape) => {
    if (MAX_SLOT_COUNT < shape.slotCount) throw new RangeError("WebAssembly.Memory(): could not allocate memory");
    return codec.createArena(shape);
  };
  return { ...codec, createArena };
});

test("a cache that there is no memory for is refused by name, and the migration goes on with the one that it has", () => {
  const guest = new FakeGuest(PAGE_SIZE, { ram: 64 });
  const migration = new FakeMigration(guest, { usesXbzrle: true, cacheSizeBytes: 32 * PAGE_SIZE });
  migration.round();
  const message =
    "no memory for xbzrle-cache-size 65536: 131072 bytes are needed; set a smaller one, a power of two from 1024";
  expect(() => migration.sender.setCacheSize(64 * PAGE_SIZE)).toThrow(new RangeError(message));
  expect(migration.sender.cacheSizeBytes).toBe(32 * PAGE_SIZE);
  migration.sender.setXbzrle(false);
  migration.sender.setCacheSize(64 * PAGE_SIZE);
  expect(() => migration.sender.setXbzrle(true)).toThrow(message);
  expect(migration.sender.usesXbzrle).toBe(false);
  migration.finish();
});
