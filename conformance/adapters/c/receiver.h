/*
 * A receiver of migration streams of docs/xbzrle/stream.md and record.md: a stream becomes the memory of a guest whose machine
 * type is `none`, with pages of 4096 bytes, one RAM block named `ram`, and no devices. It is no decompressing receiver.
 */
#ifndef RECEIVER_H
#define RECEIVER_H

#include <stddef.h>
#include <stdint.h>

enum {
    RECEIVER_TAKEN = 0,
    RECEIVER_REFUSED = -1,
    RECEIVER_COMPRESSED = -2 /* refused at a compressed record (RECORD-5) */
};

/* Makes of the RAM what the stream says. A refused stream has changed it up to the fault. */
int receiver_receive(const uint8_t *stream, size_t stream_size, uint8_t *ram, size_t ram_size);

#endif
