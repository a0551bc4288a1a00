/*
 * The adapter protocol (docs/adapter.md), version 1, around an encoder and a decoder of docs/xbzrle/delta.md.
 *
 *     #include "xbzrle_adapter.h"
 *     int main(void) { return xbzrle_adapter_run("name", "version", my_encode, my_decode); }
 *
 * A receiver of migration streams (docs/xbzrle/stream.md) is given to xbzrle_adapter_run_all.
 *
 * C99. The implementation must not write to standard output. All memory that it is handed lies between guards that are
 * compared after each call, as is its input; with -fsanitize=address, reading a guard ends the program too.
 */
#ifndef XBZRLE_ADAPTER_H
#define XBZRLE_ADAPTER_H

#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(start, size) ((void)(start), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(start, size) ((void)(start), (void)(size))
#endif

enum {
    XBZRLE_UNSUPPORTED = INT_MIN, /* any function may return it for an input that it is not made for */
    XBZRLE_LARGEST_PAGE = 65536,
    XBZRLE_ROOM = 1 << 20,        /* bytes that can be handed over; no delta of a page is longer than 163840 */
    XBZRLE_GUARD = 65536,         /* bytes on each side: a pair that begins in a page ends at most 32766 behind it */
    XBZRLE_GUARD_NEAR = 256,      /* bytes on each side of an input that are compared */
    XBZRLE_PATTERN = 64,          /* bytes after which the filling of a guard repeats */
    XBZRLE_ALIGNMENT = 4096,      /* bytes; encoders may rely on the alignment that guest pages have */
    XBZRLE_RAM_PAGE = 4096,       /* bytes of a page of the RAM that is answered */
    XBZRLE_LARGEST_RAM = 1 << 28, /* bytes */
    XBZRLE_LINE_PIECE = 1 << 19   /* bytes; the longest request with pages of 65536 bytes fits */
};

/* Gives 0 for unchanged, -1 for overflow, or the size in bytes of the delta that it wrote, 1 to capacity. */
typedef int (*xbzrle_encode_function)(uint8_t *old_page, uint8_t *new_page, int page_size,
                                      uint8_t *delta, int capacity);

/* Applies the delta to the old page in place. Gives -1 for a malformed delta, any value of 0 or more for success. */
typedef int (*xbzrle_decode_function)(uint8_t *delta, int delta_size, uint8_t *page, int page_size);

/*
 * Makes of the RAM, which is all zero, what the stream says. Gives -1 for a malformed stream, 0 for success. The machine type
 * of the guest is `none`, and its one RAM block is named `ram`.
 */
typedef int (*xbzrle_receive_function)(uint8_t *stream, size_t stream_size, uint8_t *ram, size_t ram_size);

/* Memory that the implementation is handed: a guard, `size` bytes, a guard. */
typedef struct {
    uint8_t *bytes;
    size_t size;
    uint8_t pattern[2 * XBZRLE_PATTERN]; /* twice, so that it can be compared from every offset */
    uint8_t kept[2 * XBZRLE_ROOM];       /* the bytes as they were before the call; has room for two digits a byte */
    uint8_t memory[XBZRLE_ALIGNMENT + XBZRLE_GUARD + XBZRLE_ROOM + XBZRLE_GUARD];
} xbzrle_region;

typedef struct {
    const char *name, *version, *id;
    xbzrle_encode_function encode;
    xbzrle_decode_function decode;
    xbzrle_receive_function receive;
    xbzrle_region old_page, new_page, delta;
    xbzrle_region target;           /* what the implementation writes to: an encoder's delta, a decoder's page */
    uint16_t byte_of_digits[65536]; /* two digits, as they lie in memory -> byte, or 256 and more */
    char digits_of_byte[512], *line;
    size_t line_room;
} xbzrle_adapter;

/* Fills whole patterns until `size` bytes are filled, from `start`, where a pattern begins. */
static void xbzrle_region_fill(const xbzrle_region *region, uint8_t *start, size_t size)
{
    for (size_t offset = 0; offset < size; offset += XBZRLE_PATTERN)
        memcpy(start + offset, region->pattern, XBZRLE_PATTERN);
}

static void xbzrle_region_init(xbzrle_region *region, unsigned first, unsigned step)
{
    uint8_t *guard = region->memory + XBZRLE_ALIGNMENT - (uintptr_t)region->memory % XBZRLE_ALIGNMENT;
    for (unsigned i = 0; i < 2 * XBZRLE_PATTERN; i++)
        region->pattern[i] = (uint8_t)(first + step * (i % XBZRLE_PATTERN));
    xbzrle_region_fill(region, guard, XBZRLE_ROOM + 2 * XBZRLE_GUARD);
    region->bytes = guard + XBZRLE_GUARD;
}

/* Gives the region a size. The bytes of the request before are filled over, so that no answer can depend on them. */
static void xbzrle_region_open(xbzrle_region *region, size_t size)
{
    ASAN_UNPOISON_MEMORY_REGION(region->bytes - XBZRLE_GUARD, XBZRLE_ROOM + 2 * XBZRLE_GUARD);
    xbzrle_region_fill(region, region->bytes, region->size);
    region->size = size;
    ASAN_POISON_MEMORY_REGION(region->bytes - XBZRLE_GUARD, XBZRLE_GUARD);
    ASAN_POISON_MEMORY_REGION(region->bytes + size, XBZRLE_ROOM - size + XBZRLE_GUARD);
}

/* Compares the begin with the pattern and the rest with itself one pattern earlier: one memory is read, not two. */
static int xbzrle_guard_holds(const uint8_t *guard, const uint8_t *pattern, size_t size)
{
    return memcmp(guard, pattern, XBZRLE_PATTERN) == 0
        && memcmp(guard, guard + XBZRLE_PATTERN, size - XBZRLE_PATTERN) == 0;
}

/* Compares `reach` bytes on each side. Gives -1 or 1 for the side that was written to, repaired, or 0 for neither. */
static int xbzrle_region_broken_side(const xbzrle_region *region, size_t reach)
{
    uint8_t *guard = region->bytes - XBZRLE_GUARD, *behind = region->bytes + region->size;
    ASAN_UNPOISON_MEMORY_REGION(guard, XBZRLE_ROOM + 2 * XBZRLE_GUARD);
    int is_behind_held = xbzrle_guard_holds(behind, region->pattern + region->size % XBZRLE_PATTERN, reach);
    int side = !is_behind_held ? 1 : !xbzrle_guard_holds(region->bytes - reach, region->pattern, reach) ? -1 : 0;
    if (side != 0)
        xbzrle_region_fill(region, guard, XBZRLE_ROOM + 2 * XBZRLE_GUARD);
    return side;
}

static int xbzrle_region_changed(const xbzrle_region *region)
{
    return xbzrle_region_broken_side(region, XBZRLE_GUARD_NEAR) != 0
        || memcmp(region->bytes, region->kept, region->size) != 0;
}

/* Answers with a text and `target_size` bytes of the target. Standard output keeps the parts until they are flushed. */
static void xbzrle_answer(xbzrle_adapter *adapter, size_t target_size, const char *format, ...)
{
    va_list values;
    uint8_t *digits = adapter->target.kept, *bytes = adapter->target.bytes;
    va_start(values, format);
    printf("%s ", adapter->id);
    vprintf(format, values);
    for (size_t i = 0; i < target_size; i++)
        memcpy(digits + 2 * i, adapter->digits_of_byte + 2 * bytes[i], 2);
    fwrite(digits, 2, target_size, stdout);
    putchar('\n');
    fflush(stdout);
    va_end(values);
}

/* Cuts the next field off the line. One that is missing is empty, as no field may be. */
static char *xbzrle_next_field(char **line)
{
    char *field = *line, *space = strchr(field, ' ');
    *line = space == NULL ? strchr(field, '\0') : space + 1;
    if (space != NULL)
        *space = '\0';
    return field;
}

/* Reads the next field into a region and opens `tail` bytes more; gives 0 if it has answered instead. */
static int xbzrle_read_bytes(xbzrle_adapter *adapter, char **line, xbzrle_region *region, size_t largest, size_t tail)
{
    const char *field = xbzrle_next_field(line);
    size_t digit_count = strcmp(field, "-") == 0 ? 0 : strlen(field), size = digit_count / 2;
    unsigned seen = *field == '\0' || digit_count % 2 != 0 || size + tail == 0 ? 256 : 0;
    if (largest < size) {
        xbzrle_answer(adapter, 0, "unsupported %lu bytes", (unsigned long)size);
        return 0;
    }
    xbzrle_region_open(region, size + tail);
    for (size_t i = 0; i < size; i++) {
        uint16_t digits;
        memcpy(&digits, field + 2 * i, 2);
        seen |= adapter->byte_of_digits[digits];
        region->kept[i] = (uint8_t)adapter->byte_of_digits[digits];
    }
    memcpy(region->bytes, region->kept, size);
    if (256 <= seen)
        xbzrle_answer(adapter, 0, "error bytes are missing, or not hexadecimal of two digits each");
    return seen < 256;
}

/* Answers a call that ended as none may, or in `unsupported`, and gives whether it did. `what` is the target's size. */
static int xbzrle_answer_fault(xbzrle_adapter *adapter, int result, int largest, int input_changed, const char *what)
{
    unsigned long size = (unsigned long)adapter->target.size;
    int side = xbzrle_region_broken_side(&adapter->target, XBZRLE_GUARD);
    if (side != 0)
        xbzrle_answer(adapter, 0, "error wrote %s the %s of %lu byte%s", side < 0 ? "before" : "past", what, size,
                      size == 1 ? "" : "s");
    else if (input_changed)
        xbzrle_answer(adapter, 0, "error changed its input");
    else if (result == XBZRLE_UNSUPPORTED)
        xbzrle_answer(adapter, 0, "unsupported page size");
    else if (result < -1 || largest < result)
        xbzrle_answer(adapter, 0, "error returned %d for a %s of %lu", result, what, size);
    else
        return 0;
    return 1;
}

static void xbzrle_request_encode(xbzrle_adapter *adapter, char *line)
{
    xbzrle_region *old_page = &adapter->old_page, *new_page = &adapter->new_page, *delta = &adapter->target;
    const char *number = xbzrle_next_field(&line);
    int is_number = *number != '\0' && strspn(number, "0123456789") == strlen(number);
    unsigned long capacity = strtoul(number, NULL, 10);
    if (!xbzrle_read_bytes(adapter, &line, old_page, XBZRLE_LARGEST_PAGE, 0)
        || !xbzrle_read_bytes(adapter, &line, new_page, XBZRLE_LARGEST_PAGE, 0))
        return;
    if (!is_number || old_page->size != new_page->size || *line != '\0') {
        xbzrle_answer(adapter, 0, "error encode takes a number and two pages of one size");
    } else if (XBZRLE_ROOM < capacity) {
        xbzrle_answer(adapter, 0, "unsupported capacity of more than %d bytes", XBZRLE_ROOM);
    } else {
        xbzrle_region_open(delta, capacity);
        int page_size = (int)old_page->size, limit = (int)capacity;
        int result = adapter->encode(old_page->bytes, new_page->bytes, page_size, delta->bytes, limit);
        int input_changed = xbzrle_region_changed(old_page) | xbzrle_region_changed(new_page);
        if (!xbzrle_answer_fault(adapter, result, limit, input_changed, "capacity"))
            xbzrle_answer(adapter, result < 0 ? 0 : (size_t)result,
                          result < 0 ? "overflow" : result == 0 ? "unchanged" : "delta ");
    }
}

/*
 * Behind the delta stand 01s: as a zrun, an nzrun or a literal they go on like a well-formed delta, so that a decoder
 * that reads them gives a page and is found out. Where the delta may end inside a length a 00 comes first, as 01 would
 * add 128 to the length, past the end of a small page.
 */
static void xbzrle_request_decode(xbzrle_adapter *adapter, char *line)
{
    xbzrle_region *page = &adapter->target, *delta = &adapter->delta;
    if (!xbzrle_read_bytes(adapter, &line, page, XBZRLE_LARGEST_PAGE, 0)
        || !xbzrle_read_bytes(adapter, &line, delta, XBZRLE_ROOM - 1, 1))
        return;
    if (*line != '\0') {
        xbzrle_answer(adapter, 0, "error a field follows the delta");
        return;
    }
    size_t delta_size = delta->size - 1;
    int may_be_cut = 0 < delta_size && 0x80 < delta->bytes[delta_size - 1];
    delta->bytes[delta_size] = delta->kept[delta_size] = may_be_cut ? 0 : 1;
    ASAN_POISON_MEMORY_REGION(delta->bytes + delta_size, 1);
    int result = adapter->decode(delta->bytes, (int)delta_size, page->bytes, (int)page->size);
    if (!xbzrle_answer_fault(adapter, result, INT_MAX, xbzrle_region_changed(delta), "page"))
        xbzrle_answer(adapter, result < 0 ? 0 : page->size, result < 0 ? "malformed" : "page ");
}

/* Answers with the pages that are not all zero, in the room of the target. */
static void xbzrle_answer_ram(xbzrle_adapter *adapter, const uint8_t *ram, size_t ram_size)
{
    static const uint8_t zeros[XBZRLE_RAM_PAGE];
    uint8_t *digits = adapter->target.kept;
    printf("%s ram", adapter->id);
    for (size_t offset = 0; offset < ram_size; offset += XBZRLE_RAM_PAGE) {
        if (memcmp(ram + offset, zeros, XBZRLE_RAM_PAGE) == 0)
            continue;
        for (size_t i = 0; i < XBZRLE_RAM_PAGE; i++)
            memcpy(digits + 2 * i, adapter->digits_of_byte + 2 * ram[offset + i], 2);
        printf(" %lu:", (unsigned long)offset);
        fwrite(digits, 2, XBZRLE_RAM_PAGE, stdout);
    }
    putchar('\n');
    fflush(stdout);
}

/* The RAM has a guard of one page on each side, filled like those of the target. */
static void xbzrle_receive_into(xbzrle_adapter *adapter, uint8_t *memory, size_t ram_size)
{
    uint8_t *ram = memory + XBZRLE_RAM_PAGE, *behind = ram + ram_size;
    xbzrle_region_fill(&adapter->target, memory, XBZRLE_RAM_PAGE);
    xbzrle_region_fill(&adapter->target, behind, XBZRLE_RAM_PAGE);
    int result = adapter->receive(adapter->delta.bytes, adapter->delta.size - 1, ram, ram_size);
    const uint8_t *pattern = adapter->target.pattern;
    if (!xbzrle_guard_holds(behind, pattern, XBZRLE_RAM_PAGE))
        xbzrle_answer(adapter, 0, "error wrote past the RAM of %lu bytes", (unsigned long)ram_size);
    else if (!xbzrle_guard_holds(memory, pattern, XBZRLE_RAM_PAGE))
        xbzrle_answer(adapter, 0, "error wrote before the RAM of %lu bytes", (unsigned long)ram_size);
    else if (xbzrle_region_changed(&adapter->delta))
        xbzrle_answer(adapter, 0, "error changed its input");
    else if (result == XBZRLE_UNSUPPORTED)
        xbzrle_answer(adapter, 0, "unsupported stream");
    else if (result < -1)
        xbzrle_answer(adapter, 0, "error returned %d for a stream", result);
    else if (result < 0)
        xbzrle_answer(adapter, 0, "malformed");
    else
        xbzrle_answer_ram(adapter, ram, ram_size);
}

static void xbzrle_request_receive(xbzrle_adapter *adapter, char *line)
{
    const char *number = xbzrle_next_field(&line);
    int is_number = *number != '\0' && strspn(number, "0123456789") == strlen(number);
    unsigned long ram_size = strtoul(number, NULL, 10);
    xbzrle_region_open(&adapter->target, 0);
    if (!xbzrle_read_bytes(adapter, &line, &adapter->delta, XBZRLE_ROOM - 1, 1))
        return;
    /* The byte behind the stream is none of it. */
    adapter->delta.bytes[adapter->delta.size - 1] = adapter->delta.kept[adapter->delta.size - 1] = 1;
    ASAN_POISON_MEMORY_REGION(adapter->delta.bytes + adapter->delta.size - 1, 1);
    if (!is_number || *line != '\0') {
        xbzrle_answer(adapter, 0, "error receive takes a number and a stream");
    } else if (ram_size % XBZRLE_RAM_PAGE != 0 || XBZRLE_LARGEST_RAM < ram_size) {
        xbzrle_answer(adapter, 0, "unsupported RAM of %lu bytes", ram_size);
    } else {
        uint8_t *memory = (uint8_t *)calloc(ram_size / XBZRLE_RAM_PAGE + 2, XBZRLE_RAM_PAGE);
        if (memory == NULL)
            xbzrle_answer(adapter, 0, "unsupported RAM of %lu bytes: there is not so much memory", ram_size);
        else
            xbzrle_receive_into(adapter, memory, ram_size);
        free(memory);
    }
}

static void xbzrle_request(xbzrle_adapter *adapter, char *line)
{
    adapter->id = xbzrle_next_field(&line);
    const char *operation = xbzrle_next_field(&line);
    size_t id_size = strspn(adapter->id, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._:/-");
    if (id_size < 1 || 64 < id_size || adapter->id[id_size] != '\0')
        fprintf(stderr, "xbzrle_adapter: no answer to a line that does not begin with an id\n");
    else if (strcmp(adapter->id, "hello") == 0 && strcmp(operation, "1") == 0)
        xbzrle_answer(adapter, 0, "1 %s %s%s%s%s", adapter->name, adapter->version,
                      adapter->encode == NULL ? "" : " encode", adapter->decode == NULL ? "" : " decode",
                      adapter->receive == NULL ? "" : " receive");
    else if (strcmp(operation, "encode") == 0 && adapter->encode != NULL)
        xbzrle_request_encode(adapter, line);
    else if (strcmp(operation, "decode") == 0 && adapter->decode != NULL)
        xbzrle_request_decode(adapter, line);
    else if (strcmp(operation, "receive") == 0 && adapter->receive != NULL)
        xbzrle_request_receive(adapter, line);
    else
        xbzrle_answer(adapter, 0, *operation == '\0' ? "error no operation" : "unsupported operation");
}

/* Gives whether there was a line. One that the end of the input cuts is a line too: it is answered as it stands. */
static int xbzrle_read_line(xbzrle_adapter *adapter)
{
    size_t size = 0;
    do {
        if (adapter->line_room < size + XBZRLE_LINE_PIECE) {
            adapter->line_room = 2 * size + XBZRLE_LINE_PIECE;
            adapter->line = (char *)realloc(adapter->line, adapter->line_room);
        }
        if (adapter->line == NULL || fgets(adapter->line + size, XBZRLE_LINE_PIECE, stdin) == NULL)
            return adapter->line != NULL && 0 < size;
        size += strlen(adapter->line + size);
    } while (size == 0 || adapter->line[size - 1] != '\n');
    adapter->line[size - (2 <= size && adapter->line[size - 2] == '\r' ? 2 : 1)] = '\0';
    return 1;
}

/*
 * Answers requests until standard input ends. `name` and `version` hold no space; an operation that is NULL is not
 * offered. Gives the exit status: 0 at the end of the input, 1 when it cannot be read or an answer not written.
 */
static inline int xbzrle_adapter_run_all(const char *name, const char *version, xbzrle_encode_function encode,
                                         xbzrle_decode_function decode, xbzrle_receive_function receive)
{
    static const char digits[] = "0123456789ABCDEF0123456789abcdef";
    static xbzrle_adapter adapter;
    adapter.name = name;
    adapter.version = version;
    adapter.encode = encode;
    adapter.decode = decode;
    adapter.receive = receive;
    /* Guards hold no 00, 01 or ff, but behind a delta. Those of old and new page differ: who reads on sees changes. */
    xbzrle_region_init(&adapter.target, 2, 3);
    xbzrle_region_init(&adapter.old_page, 3, 3);
    xbzrle_region_init(&adapter.new_page, 4, 3);
    xbzrle_region_init(&adapter.delta, 1, 0);
    memset(adapter.byte_of_digits, 1, sizeof adapter.byte_of_digits); /* 257 each: no byte */
    for (unsigned i = 0; i < 32 * 32; i++) {
        unsigned byte = i / 32 % 16 * 16 + i % 16;
        char two[2] = {digits[i / 32], digits[i % 32]};
        uint16_t index;
        memcpy(&index, two, 2);
        adapter.byte_of_digits[index] = (uint16_t)byte;
        memcpy(adapter.digits_of_byte + 2 * byte, two, 2); /* lower case comes last, and stays */
    }
    setvbuf(stdin, NULL, _IOFBF, XBZRLE_LINE_PIECE);
    setvbuf(stdout, NULL, _IOFBF, XBZRLE_LINE_PIECE);
    while (!ferror(stdout) && xbzrle_read_line(&adapter))
        xbzrle_request(&adapter, adapter.line);
    return adapter.line == NULL || ferror(stdin) || ferror(stdout) ? 1 : 0;
}

/* The same, for a codec that is no receiver. */
static inline int xbzrle_adapter_run(const char *name, const char *version, xbzrle_encode_function encode,
                                     xbzrle_decode_function decode)
{
    return xbzrle_adapter_run_all(name, version, encode, decode, NULL);
}

#endif
