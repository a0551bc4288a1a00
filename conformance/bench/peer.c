/*
 * The C codec for the benchmark: reads commands from standard input, and answers with the time that the command took in
 * nanoseconds of this process and the number of bytes of all deltas.
 *
 *     load               followed by the old pages and the new pages
 *     encode CAPACITY    each pair of pages, the deltas one behind the other
 *     decode             each of these deltas, to its old page in place
 *     memcmp, memcpy     each old page with an equal copy, the limit of this memory
 */
#define _POSIX_C_SOURCE 199309L
#include "../adapters/c/codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static size_t page_size, page_count, delta_bytes;
static uint8_t *old_pages, *new_pages, *equal_pages, *deltas;
static int *delta_sizes;
/* What is computed is kept, so that the compiler cannot leave it out. */
static volatile int kept;

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void load(void)
{
    const size_t size = page_size * page_count;
    if (fread(old_pages, 1, size, stdin) != size || fread(new_pages, 1, size, stdin) != size)
        exit(EXIT_FAILURE);
    memcpy(equal_pages, old_pages, size);
}

static void encode(int capacity)
{
    delta_bytes = 0;
    for (size_t page = 0; page < page_count; page++) {
        const size_t offset = page * page_size;
        const int size =
            codec_encode(old_pages + offset, new_pages + offset, (int)page_size, deltas + delta_bytes, capacity);
        delta_sizes[page] = size;
        if (0 < size)
            delta_bytes += (size_t)size;
    }
}

static void decode(void)
{
    size_t delta_offset = 0;
    for (size_t page = 0; page < page_count; page++) {
        if (delta_sizes[page] <= 0)
            continue;
        kept += codec_decode(deltas + delta_offset, delta_sizes[page], old_pages + page * page_size, (int)page_size);
        delta_offset += (size_t)delta_sizes[page];
    }
}

static void compare(void)
{
    for (size_t offset = 0; offset < page_count * page_size; offset += page_size)
        kept += memcmp(old_pages + offset, equal_pages + offset, page_size);
}

static void copy(void)
{
    for (size_t offset = 0; offset < page_count * page_size; offset += page_size)
        memcpy(equal_pages + offset, old_pages + offset, page_size);
}

int main(int argument_count, char **arguments)
{
    char line[64];
    if (argument_count != 3)
        return EXIT_FAILURE;
    page_size = (size_t)atoi(arguments[1]);
    page_count = (size_t)atoi(arguments[2]);
    old_pages = malloc(page_size * page_count);
    new_pages = malloc(page_size * page_count);
    equal_pages = malloc(page_size * page_count);
    deltas = calloc(2 * page_count, page_size);
    delta_sizes = calloc(page_count, sizeof(int));
    if (!old_pages || !new_pages || !equal_pages || !deltas || !delta_sizes)
        return EXIT_FAILURE;
    while (fgets(line, sizeof line, stdin)) {
        const int64_t started_ns = now_ns();
        if (strcmp(line, "load\n") == 0)
            load();
        else if (strncmp(line, "encode ", 7) == 0)
            encode(atoi(line + 7));
        else if (strcmp(line, "decode\n") == 0)
            decode();
        else if (strcmp(line, "memcmp\n") == 0)
            compare();
        else if (strcmp(line, "memcpy\n") == 0)
            copy();
        else
            return EXIT_FAILURE;
        printf("%lld %zu\n", (long long)(now_ns() - started_ns), delta_bytes);
        fflush(stdout);
    }
    return EXIT_SUCCESS;
}
