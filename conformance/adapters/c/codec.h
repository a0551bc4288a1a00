/*
 * Deltas of docs/xbzrle/delta.md: a pair of pages becomes a delta, a delta and an old page become a new page.
 * Pages have 1 to 65536 bytes; the pages need no alignment. Neither function keeps anything between two calls.
 */
#ifndef CODEC_H
#define CODEC_H

#include <stdint.h>

/*
 * Writes the canonical delta of two pages of `page_size` bytes. Gives its size in bytes, 0 if the pages are equal, or
 * -1 (overflow) if it is larger than `capacity` bytes or a run before the last changed byte is longer than 16383.
 */
int codec_encode(uint8_t *old_page, uint8_t *new_page, int page_size, uint8_t *delta, int capacity);

/*
 * Turns the old page in `page` into the new page. Gives the page offset behind the last nzrun, or -1 if the delta is
 * malformed; the pairs before the fault are then applied.
 */
int codec_decode(uint8_t *delta, int delta_size, uint8_t *page, int page_size);

#endif
