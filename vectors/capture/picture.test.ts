import { expect, test } from "vitest";
import { drawPicture } from "./picture.ts";

const HEADER_SIZE_BYTES = 54;
const LINE_SIZE_BYTES = 320 * 3;

test("The picture is a BMP file of 320 by 200 pixels of 24 bits, which SeaBIOS and QEMU accept.", () => {
  const file = drawPicture();
  const header = new DataView(file.buffer, file.byteOffset);
  expect(Buffer.from(file.subarray(0, 2)).toString()).toBe("BM");
  expect(header.getUint32(2, true)).toBe(file.length);
  expect([header.getInt32(18, true), header.getInt32(22, true), header.getUint16(28, true)]).toEqual([320, 200, 24]);
  expect(file).toHaveLength(HEADER_SIZE_BYTES + 200 * LINE_SIZE_BYTES);
});

test("The picture has nothing in its first line and grows denser, up to nearly all pixels in its last.", () => {
  const pixels = drawPicture().subarray(HEADER_SIZE_BYTES);
  // A BMP file begins with its lowest line.
  const litOf = (line: number) =>
    pixels.subarray((199 - line) * LINE_SIZE_BYTES, (200 - line) * LINE_SIZE_BYTES).filter((byte) => byte !== 0).length;
  expect(litOf(0)).toBe(0);
  expect(litOf(100)).toBeGreaterThan(litOf(20));
  expect(litOf(199)).toBeGreaterThan(litOf(100));
});

test("Each call draws the same picture.", () => {
  expect(Buffer.compare(drawPicture(), drawPicture())).toBe(0);
});
