/**
 * A picture of the RAM: one pixel a page, coloured by how the page was last sent.
 */

import { encode } from "fast-png";
import { RefusedError } from "../streams.ts";
import type { Statistics } from "./statistics.ts";

/** By the index of the kind of record; and the colours of pages that were not sent, and of no page. */
const PALETTE: [number, number, number][] = [
  [0xb0, 0xb0, 0xb0],
  [0x1f, 0x6f, 0xd6],
  [0xe8, 0x7a, 0x1d],
  [0x2e, 0x9e, 0x4f],
  [0x20, 0x20, 0x20],
  [0xff, 0xff, 0xff],
];
const NOT_SENT = 4;
const NO_PAGE = 5;
/** Of a pixel: two share a byte, the first its high bits. */
const BIT_COUNT = 4;

/** What the colours are, for people. */
export const LEGEND =
  "zero grey, page blue, XBZRLE orange, compressed green, not sent black; blocks from top to bottom";

/** A larger picture would take more than 100 MB of memory, with what the library needs: some 3 bytes a pixel. */
const MAX_PIXEL_COUNT = 2 ** 25;
const MIN_WIDTH = 64;

/** A picture as a file, and its size in pixels. */
export interface Picture {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * Draws the blocks beneath each other, each from the beginning of a line.
 *
 * @param statistics - Of the whole stream.
 * @param pageSize - In bytes.
 * @returns A picture about as wide as high.
 * @throws RefusedError if the blocks have more pages than a picture can have pixels.
 */
export function drawPages(statistics: Statistics, pageSize: number): Picture {
  const pageCounts = statistics.blocks.map(({ block }) => block.usedLength / pageSize);
  const pageCount = pageCounts.reduce((sum, count) => sum + count, 0);
  const width = Math.max(MIN_WIDTH, 2 ** Math.ceil(Math.log2(Math.sqrt(pageCount))));
  const height = Math.max(
    1,
    pageCounts.reduce((sum, count) => sum + Math.ceil(count / width), 0),
  );
  if (MAX_PIXEL_COUNT < width * height) {
    const sizes = `${pageCount} pages, and ${MAX_PIXEL_COUNT} pixels is the most`;
    throw new RefusedError(`no picture of so large a RAM: ${sizes}; leave --picture out`);
  }
  const pixels = new Uint8Array((width * height) / 2).fill((NO_PAGE << BIT_COUNT) | NO_PAGE);
  let first = 0;
  statistics.blocks.forEach(({ block }, index) => {
    for (let page = 0; page < pageCounts[index]!; page++) colour(pixels, first + page, NOT_SENT);
    for (const [page, kind] of statistics.kindsOf(block)) {
      if (page < pageCounts[index]!) colour(pixels, first + page, kind);
    }
    first += width * Math.ceil(pageCounts[index]! / width);
  });
  const png = encode({ width, height, data: pixels, channels: 1, depth: BIT_COUNT, palette: PALETTE });
  return { png, width, height };
}

function colour(pixels: Uint8Array, pixel: number, index: number): void {
  const byte = pixels[pixel >> 1]!;
  pixels[pixel >> 1] = pixel % 2 === 0 ? (index << BIT_COUNT) | (byte & 0x0f) : (byte & 0xf0) | index;
}
