/**
 * What compresses pages beside a sender (docs/xbzrle/compressed.md): workers that take copies of pages and give zlib streams,
 * in any order and at any time. The sender hands out pages and takes what is finished; it never waits itself, but says that it
 * would have to, so that whoever runs it can.
 */

/** A page that was compressed. */
export interface CompressedPage {
  /** The number that it was given with. */
  readonly page: number;
  /** The zlib stream of the whole page, of the greatest length at most (COMP-3, COMP-8). */
  readonly zlib: Uint8Array;
}

/** Workers of a bounded number. */
export interface PageCompressor {
  /** How many pages were given and not taken back yet. */
  readonly inFlightCount: number;
  /** Copies the page that begins at `start` and compresses it; or gives `false` at once if no worker is free. */
  give(page: number, bytes: Uint8Array, start: number): boolean;
  /** Takes back a page that is finished, in any order; `undefined` if none is finished now. */
  take(): CompressedPage | undefined;
}
