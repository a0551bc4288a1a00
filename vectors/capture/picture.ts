/**
 * The picture that the firmware guest shows while it waits for a key, drawn here: eight colour bars of which each line
 * has more than the line above. In memory that was empty, its pages change in a few bytes at the top and in most at the
 * bottom, in runs of 1, 2, 3 and many bytes, as the colours of the bars have it.
 */

/** The size is a mode of the VGA BIOS, so that the firmware can show the picture. */
const WIDTH = 320;
const HEIGHT = 200;
const BYTES_PER_PIXEL = 3;

const HEADER_SIZE_BYTES = 54;
/** What follows the 14 bytes that every BMP file begins with: a BITMAPINFOHEADER. */
const BITMAP_HEADER_SIZE_BYTES = 40;

/** Blue, green and red of the bars: white, yellow, cyan, green, magenta, red, blue, grey. */
const BARS = [
  [0xbf, 0xbf, 0xbf],
  [0x00, 0xbf, 0xbf],
  [0xbf, 0xbf, 0x00],
  [0x00, 0xbf, 0x00],
  [0xbf, 0x00, 0xbf],
  [0x00, 0x00, 0xbf],
  [0xbf, 0x00, 0x00],
  [0x40, 0x40, 0x40],
] as const;

/** The picture as a BMP file of 24 bits a pixel; SeaBIOS shows no other. */
export function drawPicture(): Uint8Array {
  const pixelsSizeBytes = WIDTH * HEIGHT * BYTES_PER_PIXEL;
  const file = new Uint8Array(HEADER_SIZE_BYTES + pixelsSizeBytes);
  const header = new DataView(file.buffer);
  file.set(Buffer.from("BM"));
  header.setUint32(2, file.length, true);
  header.setUint32(10, HEADER_SIZE_BYTES, true);
  header.setUint32(14, BITMAP_HEADER_SIZE_BYTES, true);
  header.setInt32(18, WIDTH, true);
  header.setInt32(22, HEIGHT, true);
  // Planes, and bits a pixel.
  header.setUint16(26, 1, true);
  header.setUint16(28, 8 * BYTES_PER_PIXEL, true);
  header.setUint32(34, pixelsSizeBytes, true);

  let random = 1;
  for (let line = 0; line < HEIGHT; line += 1) {
    for (let column = 0; column < WIDTH; column += 1) {
      // A linear congruential generator; its high bits are the better ones.
      random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
      if (line <= (random >>> 16) % HEIGHT) continue;
      // A BMP file begins with its lowest line.
      const pixel = (HEIGHT - 1 - line) * WIDTH + column;
      file.set(BARS[Math.floor((column * BARS.length) / WIDTH)]!, HEADER_SIZE_BYTES + pixel * BYTES_PER_PIXEL);
    }
  }
  return file;
}
