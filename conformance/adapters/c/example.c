/*
 * An adapter for the codec beside it, and the pattern for your own: put your two functions in the place of
 * codec_encode and codec_decode, or NULL for the one that you do not have.
 *
 *     cc -std=c99 -O2 -o my_adapter example.c codec.c
 *     printf 'hello 1\na decode 0000000000000000 020109\n' | ./my_adapter
 */
#include "codec.h"
#include "xbzrle_adapter.h"

int main(void)
{
    return xbzrle_adapter_run("c-example", "1.0", codec_encode, codec_decode);
}
