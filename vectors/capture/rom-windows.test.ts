import { expect, test } from "vitest";
import { LEAST_DISTINCT_VALUES, RomWindows, WINDOW_SIZE_BYTES } from "./rom-windows.ts";

/** Bytes that no window of which stands in another of these; the seed is the byte that they begin with. */
function noise(seed: number, sizeBytes: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: sizeBytes }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  });
}

const ROMS = [noise(1, 5000), noise(2, 17), noise(3, 3000)];
const windows = new RomWindows(ROMS);

test("Every window of every ROM file is found, at whatever offset it stands.", () => {
  for (const rom of ROMS) {
    for (let offset = 0; offset + WINDOW_SIZE_BYTES <= rom.length; offset += 1) {
      // The byte before is not the ROM's, so that no window begins earlier.
      const page = new Uint8Array(64).fill(0xff ^ (rom[offset - 1] ?? 0));
      const pageOffset = offset % 48;
      page.set(rom.subarray(offset, offset + WINDOW_SIZE_BYTES), pageOffset);
      expect(windows.firstIn(page)).toBe(pageOffset);
    }
  }
});

test("A window with one byte less or one byte changed is not found.", () => {
  for (let offset = 0; offset + WINDOW_SIZE_BYTES <= 1000; offset += 1) {
    const window = ROMS[0]!.slice(offset, offset + WINDOW_SIZE_BYTES);
    expect(windows.firstIn(window.subarray(1))).toBeUndefined();
    window[offset % WINDOW_SIZE_BYTES]! ^= 1;
    expect(windows.firstIn(window)).toBeUndefined();
  }
});

test("Where two ROM files meet is no window.", () => {
  const seam = Buffer.concat([ROMS[0]!.subarray(-8), ROMS[1]!.subarray(0, 8)]);
  expect(windows.firstIn(seam)).toBeUndefined();
});

test("Bytes that agree with no ROM file for as long as a window hold none.", () => {
  expect(windows.firstIn(noise(4, 100_000))).toBeUndefined();
});

test("Code that was relocated is found by a window between two patched words.", () => {
  const relocated = ROMS[0]!.slice(0, 4 + WINDOW_SIZE_BYTES + 4);
  relocated.fill(0xee, 0, 4);
  relocated.fill(0xee, 4 + WINDOW_SIZE_BYTES);
  expect(windows.firstIn(relocated)).toBe(4);
});

test("A window of fewer than 6 values is trivial, one of 6 is not.", () => {
  const window = (values: number) => Uint8Array.from({ length: WINDOW_SIZE_BYTES }, (_, index) => index % values);
  expect(LEAST_DISTINCT_VALUES).toBe(6);
  expect(new RomWindows([window(5)]).firstIn(window(5))).toBeUndefined();
  expect(new RomWindows([window(6)]).firstIn(window(6))).toBe(0);
});

test("ROM files that are empty, shorter than a window, or the same twice are no fault.", () => {
  expect(new RomWindows([]).firstIn(ROMS[0]!)).toBeUndefined();
  expect(new RomWindows([new Uint8Array(0), ROMS[0]!.subarray(0, 15)]).firstIn(ROMS[0]!)).toBeUndefined();
  expect(new RomWindows([ROMS[0]!, ROMS[0]!]).firstIn(ROMS[0]!)).toBe(0);
});
