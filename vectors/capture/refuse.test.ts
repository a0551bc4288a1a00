import { expect, test } from "vitest";
import { PAGE_SIZE } from "./guest.ts";
import { isRefused } from "./refuse.ts";
import { RomWindows } from "./rom-windows.ts";

const ROM = Uint8Array.from({ length: 64 }, (_, index) => (index * 37) & 0xff);
const windows = new RomWindows([ROM]);

test("A page without a window of a ROM file and without a table is let through.", () => {
  expect(isRefused(new Uint8Array(PAGE_SIZE), windows)).toBe(false);
  expect(isRefused(new Uint8Array(PAGE_SIZE).fill(0x41), windows)).toBe(false);
});

test.each([0, 1, 2047, PAGE_SIZE - 16])("A page with a window of a ROM file at %d is refused.", (offset) => {
  const page = new Uint8Array(PAGE_SIZE);
  page.set(ROM.subarray(7, 7 + 16), offset);
  expect(isRefused(page, windows)).toBe(true);
});

test.each([0, 1, 2, 3])("A page with the shape of a letter in plane %d of the video RAM is refused.", (plane) => {
  const page = Uint8Array.from({ length: PAGE_SIZE }, (_, offset) => (offset % 2 === 0 ? 0x20 : 0x07));
  for (const [index, byte] of ROM.subarray(0, 16).entries()) page[128 + 4 * index + plane] = byte;
  expect(windows.firstIn(page)).toBeUndefined();
  expect(isRefused(page, windows)).toBe(true);
});

test.each(["RSD PTR ", "RSDT", "DSDT", "SSDT", "FACP", "APIC", "_SM_", "_MP_", "PCMP", "$PIR"])(
  "A page with the table %s is refused, wherever the table begins.",
  (signature) => {
    for (const offset of [0, 3, PAGE_SIZE - signature.length]) {
      const page = new Uint8Array(PAGE_SIZE);
      page.set(Buffer.from(signature), offset);
      expect(isRefused(page, windows)).toBe(true);
    }
  },
);
