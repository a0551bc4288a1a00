/* The encoder and the decoder of docs/xbzrle/delta.md. Ids of requirements stand above the lines that meet them. */
#include "codec.h"

#include <stddef.h>
#include <string.h>

enum { UNCHANGED = 0, OVERFLOWED = -1, MALFORMED = -1 };
enum { LARGEST_LENGTH = 16383, WORD_SIZE = 8 };

static size_t unchanged_run(const uint8_t *old_bytes, const uint8_t *new_bytes, size_t size);
static size_t changed_run(const uint8_t *old_bytes, const uint8_t *new_bytes, size_t size);
static size_t length_size(size_t length);
static size_t write_length(uint8_t *delta, size_t length);
static int read_length(const uint8_t *delta, size_t delta_size, size_t *delta_offset, size_t *length);

/* DELTA-24: there is no state but the arguments. */
int codec_encode(uint8_t *old_page, uint8_t *new_page, int page_size, uint8_t *delta, int capacity)
{
    size_t page_left = (size_t)page_size;
    size_t capacity_left = (size_t)capacity;
    uint8_t *delta_end = delta;

    for (;;) {
        /* DELTA-25: runs are as long as they can be, so only changed bytes become literals. */
        size_t zrun = unchanged_run(old_page, new_page, page_left);
        /* DELTA-20, DELTA-21, DELTA-22: the zrun at the end of the page is not written. */
        if (zrun == page_left)
            break;
        size_t nzrun = changed_run(old_page + zrun, new_page + zrun, page_left - zrun);

        /* DELTA-30: no length says it. */
        if (LARGEST_LENGTH < nzrun)
            return OVERFLOWED;
        /* DELTA-31: it could be bridged; a page of 4096 bytes never asks for it. */
        if (LARGEST_LENGTH < zrun)
            return OVERFLOWED;
        /* DELTA-26, DELTA-27, DELTA-29: overflow exactly if the canonical delta does not fit. */
        size_t pair_size = length_size(zrun) + length_size(nzrun) + nzrun;
        if (capacity_left < pair_size)
            return OVERFLOWED;

        /* DELTA-23 */
        delta_end += write_length(delta_end, zrun);
        delta_end += write_length(delta_end, nzrun);
        memcpy(delta_end, new_page + zrun, nzrun);
        delta_end += nzrun;
        capacity_left -= pair_size;
        old_page += zrun + nzrun;
        new_page += zrun + nzrun;
        page_left -= zrun + nzrun;
    }
    return delta_end == delta ? UNCHANGED : (int)(delta_end - delta);
}

/*
 * DELTA-11: there is no state but the arguments. Each refusal stands alone and compares with what is left, so no sum of
 * lengths can wrap. DELTA-10: an empty delta is accepted.
 */
int codec_decode(uint8_t *delta, int delta_size, uint8_t *page, int page_size)
{
    const size_t delta_end = (size_t)delta_size;
    const size_t page_end = (size_t)page_size;
    size_t delta_offset = 0;
    size_t page_offset = 0;

    while (delta_offset < delta_end) {
        size_t zrun, nzrun;

        if (read_length(delta, delta_end, &delta_offset, &zrun) == MALFORMED)
            return MALFORMED;
        /* DELTA-14 zrun-empty; DELTA-9: the first, which alone begins at page offset 0, may be. */
        if (zrun == 0 && 0 < page_offset)
            return MALFORMED;
        /* DELTA-15 zrun-past-page */
        if (page_end - page_offset < zrun)
            return MALFORMED;
        /* DELTA-5: its bytes stay. */
        page_offset += zrun;
        /* DELTA-16 zrun-unpaired */
        if (delta_offset == delta_end)
            return MALFORMED;

        if (read_length(delta, delta_end, &delta_offset, &nzrun) == MALFORMED)
            return MALFORMED;
        /* DELTA-17 nzrun-empty */
        if (nzrun == 0)
            return MALFORMED;
        /* DELTA-18 nzrun-past-page */
        if (page_end - page_offset < nzrun)
            return MALFORMED;
        /* DELTA-19 nzrun-truncated */
        if (delta_end - delta_offset < nzrun)
            return MALFORMED;
        /* DELTA-6: literals are new bytes, not the XOR of old and new. */
        memcpy(page + page_offset, delta + delta_offset, nzrun);
        page_offset += nzrun;
        delta_offset += nzrun;
    }
    /* DELTA-7: the bytes behind stay. DELTA-8: nothing else is refused. */
    return (int)page_offset;
}

/* Moves the offset behind a length. Gives 0, or MALFORMED. The delta has a byte at the offset. */
static int read_length(const uint8_t *delta, size_t delta_size, size_t *delta_offset, size_t *length)
{
    const uint8_t first = delta[(*delta_offset)++];
    /* DELTA-1 */
    *length = first;
    if (first < 0x80)
        return 0;
    /* DELTA-12 length-truncated */
    if (*delta_offset == delta_size)
        return MALFORMED;
    const uint8_t second = delta[(*delta_offset)++];
    /* DELTA-13 length-too-long */
    if (0x7f < second)
        return MALFORMED;
    /* DELTA-2: seven bits of each, the low ones first. DELTA-3: the longer form is read like any other. */
    *length = (size_t)(first & 0x7f) + 128 * (size_t)(second & 0x7f);
    return 0;
}

/* DELTA-4: 0 to 127 takes one byte. */
static size_t length_size(size_t length)
{
    return length < 128 ? 1 : 2;
}

/* Writes a length of at most 16383, and gives the number of bytes that it took. */
static size_t write_length(uint8_t *delta, size_t length)
{
    if (length < 128) {
        delta[0] = (uint8_t)length;
        return 1;
    }
    delta[0] = (uint8_t)(0x80 | length % 128);
    delta[1] = (uint8_t)(length / 128);
    return 2;
}

/* The XOR of eight bytes of the pages: a byte of it is zero where the pages agree. */
static uint64_t compare_word(const uint8_t *old_bytes, const uint8_t *new_bytes)
{
    uint64_t old_word, new_word;
    memcpy(&old_word, old_bytes, WORD_SIZE);
    memcpy(&new_word, new_bytes, WORD_SIZE);
    return old_word ^ new_word;
}

/* Marks each zero byte of a word by 80, and no other: no carry leaves its byte, so both byte orders can use it. */
static uint64_t mark_zero_bytes(uint64_t word)
{
    const uint64_t low_bits = UINT64_C(0x7f7f7f7f7f7f7f7f);
    return ~(((word & low_bits) + low_bits) | word | low_bits);
}

/* The offset in memory of the first byte of a word that is not zero; the word has one. */
static size_t first_nonzero_byte(uint64_t word)
{
#if defined(__GNUC__) && defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return (size_t)__builtin_ctzll(word) / 8;
#elif defined(__GNUC__) && defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return (size_t)__builtin_clzll(word) / 8;
#else
    uint8_t bytes[WORD_SIZE];
    size_t offset = 0;
    memcpy(bytes, &word, WORD_SIZE);
    while (bytes[offset] == 0)
        offset++;
    return offset;
#endif
}

/* The number of bytes, from the start, that are the same in both. */
static size_t unchanged_run(const uint8_t *old_bytes, const uint8_t *new_bytes, size_t size)
{
    size_t run = 0;
    for (; WORD_SIZE <= size - run; run += WORD_SIZE) {
        const uint64_t difference = compare_word(old_bytes + run, new_bytes + run);
        if (difference != 0)
            return run + first_nonzero_byte(difference);
    }
    while (run < size && old_bytes[run] == new_bytes[run])
        run++;
    return run;
}

/* The number of bytes, from the start, that differ. */
static size_t changed_run(const uint8_t *old_bytes, const uint8_t *new_bytes, size_t size)
{
    size_t run = 0;
    for (; WORD_SIZE <= size - run; run += WORD_SIZE) {
        const uint64_t agreement = mark_zero_bytes(compare_word(old_bytes + run, new_bytes + run));
        if (agreement != 0)
            return run + first_nonzero_byte(agreement);
    }
    while (run < size && old_bytes[run] != new_bytes[run])
        run++;
    return run;
}
