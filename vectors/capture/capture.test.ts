import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { arrayFaults } from "./array-guest.ts";
import { ARRAY_ADDRESS, ARRAY_SIZE_BYTES, COUNTER_STRIDE_BYTES } from "./boot-sector.ts";
import { captureGuest } from "./capture.ts";
import { firmware } from "./firmware.ts";
import { PAGE_SIZE } from "./guest.ts";
import { INSTALL_COMMAND, Machine, QEMU } from "./machine.ts";
import { readCapture } from "./read.ts";
import { isRefused } from "./refuse.ts";
import { readRomFiles } from "./rom-files.ts";
import { RomWindows } from "./rom-windows.ts";
import { syntheticLoad } from "./synthetic-load.ts";

const STORED_FOLDER = fileURLToPath(new URL("../bin/real/", import.meta.url));

const hasQemu = spawnSync(QEMU, ["--version"]).error === undefined;
const roms = hasQemu ? await readRomFiles() : [];
const romWindows = new RomWindows(roms);

describe.skipIf(!hasQemu)(`A guest under QEMU (${INSTALL_COMMAND})`, () => {
  test("The synthetic load counts its passes at multiples of 1024 and writes nothing else in its array.", async () => {
    const guest = syntheticLoad();
    const machine = await Machine.start(guest);
    onTestFinished(() => machine.end());

    const arrayIndex = guest.regions.findIndex(({ address }) => address === ARRAY_ADDRESS);
    for (const dotCount of [1, 2, 40, 127, 129, 255, 258]) {
      await machine.run({ name: `dot ${dotCount}`, untilDotCount: dotCount });
      expect(machine.dotCount).toBeGreaterThanOrEqual(dotCount);
      const array = (await machine.snapshot())[arrayIndex]!;
      expect(array).toHaveLength(ARRAY_SIZE_BYTES);
      expect(arrayFaults(array, machine.dotCount)).toEqual([]);
    }
  });

  test("A capture gives the page pairs that were asked for, and leaves neither QEMU nor its folder behind.", async () => {
    const guest = syntheticLoad();
    const before = await captureFolders();
    const { source, pagePairs } = await captureGuest({ ...guest, moments: guest.moments.slice(0, 5) }, 4, romWindows);
    expect(pagePairs).toHaveLength(4);
    expect(source.moments).toHaveLength(5);
    for (const { oldPage, newPage } of pagePairs) expect(Buffer.compare(oldPage, newPage)).not.toBe(0);
    expect(await captureFolders()).toEqual(before);
  });

  test("A guest that gives fewer page pairs than were asked for is an error.", async () => {
    const guest = syntheticLoad();
    const capture = captureGuest({ ...guest, moments: guest.moments.slice(0, 2) }, 1000, romWindows);
    await expect(capture).rejects.toMatchObject({ fault: "pairs-too-few" });
  });

  test("A guest that takes too long is ended.", async () => {
    const guest = { ...syntheticLoad(), lifetimeMs: 500 };
    await expect(captureGuest(guest, 1, romWindows)).rejects.toMatchObject({ fault: "guest-late" });
  });

  test("An option that QEMU does not know is told in QEMU's words.", async () => {
    const guest = { ...syntheticLoad(), options: ["-no-such-option"] };
    await expect(captureGuest(guest, 1, romWindows)).rejects.toThrow(/^qemu-ended: .*status 1: .*no-such-option/);
  });
});

describe("The stored captures", () => {
  test.each(["synthetic-load", "firmware"])(
    "%s: at least 100 page pairs, which all differ, none twice.",
    async (guest) => {
      const { provenance, pagePairs } = await readCapture(STORED_FOLDER, guest);
      expect(provenance).toMatchObject({ guest, pageSize: PAGE_SIZE });
      expect(pagePairs.length).toBeGreaterThanOrEqual(100);
      expect(provenance.pageAddresses).toEqual(pagePairs.map(({ address }) => address));
      for (const { address, oldMoment, newMoment, oldPage, newPage } of pagePairs) {
        expect(address % PAGE_SIZE).toBe(0);
        expect(newMoment).toBe(oldMoment + 1);
        expect(provenance.moments[newMoment]).toBeDefined();
        expect(Buffer.compare(oldPage, newPage)).not.toBe(0);
      }
      const distinct = new Set(
        pagePairs.map(({ oldPage, newPage }) => Buffer.concat([oldPage, newPage]).toString("hex")),
      );
      expect(distinct.size).toBe(pagePairs.length);
    },
  );

  test.skipIf(roms.length === 0).each(["synthetic-load", "firmware"])(
    `%s: no page holds firmware code: no window of it stands in a ROM file of QEMU (${INSTALL_COMMAND}).`,
    async (guest) => {
      const { pagePairs } = await readCapture(STORED_FOLDER, guest);
      const refused = pagePairs.filter(
        ({ oldPage, newPage }) => isRefused(oldPage, romWindows) || isRefused(newPage, romWindows),
      );
      expect(refused.map(({ address }) => address.toString(16))).toEqual([]);
    },
  );

  test("Every page is of a region of its guest, and the densities go from one byte to more than half of the page.", async () => {
    const densities: number[] = [];
    for (const guest of [syntheticLoad(), firmware()]) {
      const { provenance, pagePairs } = await readCapture(STORED_FOLDER, guest.name);
      expect(provenance.regions).toEqual(guest.regions);
      for (const { address, oldPage, newPage } of pagePairs) {
        const isInside = guest.regions.some(
          (region) => region.address <= address && address < region.address + region.sizeBytes,
        );
        expect(isInside).toBe(true);
        densities.push(oldPage.filter((byte, offset) => byte !== newPage[offset]).length);
      }
    }
    expect(Math.min(...densities)).toBe(1);
    expect(Math.max(...densities)).toBeGreaterThan(PAGE_SIZE / 2);
  });

  test("There are at least 256 page pairs in all.", async () => {
    const synthetic = await readCapture(STORED_FOLDER, "synthetic-load");
    const firmware = await readCapture(STORED_FOLDER, "firmware");
    expect(synthetic.pagePairs.length + firmware.pagePairs.length).toBeGreaterThanOrEqual(256);
  });

  test("The stored pages of the array hold nothing but counters, which step over 80 and 00.", async () => {
    const { pagePairs } = await readCapture(STORED_FOLDER, "synthetic-load");
    const inArray = pagePairs.filter(({ address }) => ARRAY_ADDRESS <= address);
    expect(inArray.length).toBeGreaterThanOrEqual(50);
    for (const { oldPage, newPage } of inArray) {
      for (let offset = 0; offset < PAGE_SIZE; offset += 1) {
        if (offset % COUNTER_STRIDE_BYTES !== 0 && oldPage[offset]! + newPage[offset]! !== 0) {
          expect.fail(`a byte beside the counters, at ${offset}`);
        }
      }
    }
    const steps = inArray.map(({ oldPage, newPage }) => [oldPage[0]!, newPage[0]!] as const);
    expect(steps.some(([before, after]) => before < 0x80 && 0x80 <= after)).toBe(true);
    expect(steps.some(([before, after]) => after < before)).toBe(true);
  });
});

test("Without QEMU the capture says how to install it.", async () => {
  const path = process.env.PATH;
  onTestFinished(() => {
    process.env.PATH = path;
  });
  process.env.PATH = "/nonexistent";
  expect(existsSync(process.env.PATH)).toBe(false);
  await expect(captureGuest(syntheticLoad(), 1, romWindows)).rejects.toMatchObject({
    fault: "qemu-missing",
    message: expect.stringContaining(INSTALL_COMMAND),
  });
});

async function captureFolders(): Promise<readonly string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith("xbzrle-capture-"));
}
