/*
 * An adapter for the codec and the receiver beside it, and the pattern for your own.
 *
 *     cc -std=c99 -O2 -o my_receiver receiver_example.c receiver.c codec.c
 */
#include "codec.h"
#include "receiver.h"
#include "xbzrle_adapter.h"

static int receive(uint8_t *stream, size_t stream_size, uint8_t *ram, size_t ram_size)
{
    int status = receiver_receive(stream, stream_size, ram, ram_size);
    return status == RECEIVER_COMPRESSED ? XBZRLE_UNSUPPORTED : status;
}

int main(void)
{
    return xbzrle_adapter_run_all("c-receiver-example", "1.0", codec_encode, codec_decode, receive);
}
