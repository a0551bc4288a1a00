/* See receiver.h. Written from the chapters alone. */
#include "receiver.h"

#include <string.h>

#include "codec.h"

enum {
    PAGE_BYTES = 4096,
    ZERO = 0x002, MEMORY_SIZES = 0x004, PAGE = 0x008, END_OF_SECTION = 0x010, CONTINUE = 0x020, XBZRLE = 0x040,
    COMPRESSED = 0x100, MULTIFD_FLUSH = 0x200,
    ANY = -1, POSTCOPY_ADVISE = 3, POSTCOPY_LISTEN = 4, PACKAGE = 7, LAST_COMMAND = 11,
    MOST_SECTIONS = 256 /* starts that are kept; a guest with one section has no use for more */
};

/* stream.md, "Commands": how many octets each has. */
static const int command_sizes[LAST_COMMAND + 1] = {ANY, 0, 4, ANY, 0, 0, ANY, 4, 0, 0, ANY, 0};

typedef struct {
    const uint8_t *next, *end, *package_end; /* package_end: where the items of a package end, or NULL outside of one */
    uint8_t *ram;
    size_t ram_size;
    uint32_t section_ids[MOST_SECTIONS];
    int section_count, is_named, is_postcopy, status;
} receiver;

/* The first fault stays; from then on there is nothing to read. Gives whether there is none. */
static int require(receiver *it, int holds)
{
    if (!holds && it->status == RECEIVER_TAKEN)
        it->status = RECEIVER_REFUSED;
    return it->status == RECEIVER_TAKEN;
}

/* The next bytes; NULL where there are not so many (STREAM-23). */
static const uint8_t *take(receiver *it, size_t size)
{
    const uint8_t *taken = it->next;
    if (!require(it, size <= (size_t)(it->end - it->next)))
        return NULL;
    it->next += size;
    return taken;
}

static uint64_t number(receiver *it, size_t size)
{
    const uint8_t *bytes = take(it, size);
    uint64_t value = 0;
    for (size_t i = 0; bytes != NULL && i < size; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* Whether the next name, with as many bytes before it as say its length, is this one. */
static int name_is(receiver *it, size_t length_size, const char *wanted)
{
    size_t size = (size_t)number(it, length_size);
    const uint8_t *name = take(it, size);
    return name != NULL && size == strlen(wanted) && memcmp(name, wanted, size) == 0;
}

static void configuration(receiver *it)
{
    require(it, number(it, 1) == 7);              /* STREAM-3 */
    require(it, name_is(it, 4, "none"));          /* STREAM-4 */
    while (it->status == RECEIVER_TAKEN && it->next < it->end && *it->next == 5) {
        take(it, 1);
        size_t size = (size_t)number(it, 1);
        const char *name = (const char *)take(it, size);
        require(it, number(it, 4) == 1);          /* STREAM-5 */
        if (it->status != RECEIVER_TAKEN)
            return;
        if (size == 30 && memcmp(name, "configuration/target-page-bits", size) == 0)
            require(it, number(it, 4) == 12);     /* STREAM-6 */
        else if (size == 26 && memcmp(name, "configuration/capabilities", size) == 0)
            require(it, number(it, 4) == 0);      /* STREAM-7 */
        else if (size == 18 && memcmp(name, "configuration/uuid", size) == 0)
            take(it, 16);                         /* STREAM-8 */
        else
            require(it, 0);                       /* STREAM-5 */
    }
}

static void memory_sizes(receiver *it, uint64_t total)
{
    while (0 < total) {                                           /* RECORD-24 */
        require(it, name_is(it, 1, "ram"));                       /* RECORD-26 */
        uint64_t used_length = number(it, 8);
        require(it, 0 < used_length && used_length % PAGE_BYTES == 0); /* RECORD-28 */
        require(it, used_length <= total);                        /* RECORD-25 */
        if (!require(it, used_length == it->ram_size))            /* RECORD-27 */
            return;
        total -= used_length;
    }
}

static void xbzrle(receiver *it, uint8_t *page)
{
    uint8_t delta[PAGE_BYTES];
    require(it, number(it, 1) == 1);                              /* RECORD-20 */
    require(it, !it->is_postcopy);                                /* STREAM-22 */
    size_t size = (size_t)number(it, 2);
    require(it, size <= PAGE_BYTES);                              /* RECORD-21 */
    const uint8_t *bytes = take(it, size);
    if (bytes == NULL)
        return;
    memcpy(delta, bytes, size);
    require(it, 0 <= codec_decode(delta, (int)size, page, PAGE_BYTES)); /* RECORD-19, RECORD-22 */
}

static void page_record(receiver *it, unsigned kind, uint64_t address, int is_continued)
{
    require(it, it->is_named || !is_continued);                   /* RECORD-9, RECORD-10 */
    if (!is_continued)
        require(it, name_is(it, 1, "ram"));                       /* RECORD-8, RECORD-11 */
    it->is_named = 1;
    if (!require(it, address < it->ram_size))                     /* RECORD-12 */
        return;
    uint8_t *page = it->ram + address;
    if (kind == XBZRLE) {
        xbzrle(it, page);
    } else if (kind == COMPRESSED) {
        it->status = RECEIVER_COMPRESSED;                         /* RECORD-5 */
    } else if (kind == ZERO) {
        uint8_t fill = (uint8_t)number(it, 1);
        if (it->status == RECEIVER_TAKEN)
            memset(page, fill, PAGE_BYTES);                       /* RECORD-15, RECORD-16 */
    } else {
        const uint8_t *bytes = take(it, PAGE_BYTES);
        if (bytes != NULL)
            memcpy(page, bytes, PAGE_BYTES);                      /* RECORD-18 */
    }
}

static void payload(receiver *it, uint32_t id)
{
    for (;;) {
        uint64_t word = number(it, 8);
        unsigned flags = (unsigned)(word % PAGE_BYTES), kind = flags & ~(unsigned)CONTINUE; /* RECORD-1 */
        if (it->status != RECEIVER_TAKEN)
            return;
        if (kind == END_OF_SECTION)                               /* RECORD-29, RECORD-31 */
            break;
        if (kind == MEMORY_SIZES)
            memory_sizes(it, word - flags);
        else if (kind == ZERO || kind == PAGE || kind == XBZRLE || kind == COMPRESSED)
            page_record(it, kind, word - flags, (flags & CONTINUE) != 0);
        else
            require(it, kind == MULTIFD_FLUSH);                   /* RECORD-2, RECORD-3, RECORD-4 */
    }
    require(it, number(it, 1) == 0x7e);                           /* STREAM-16 */
    require(it, number(it, 4) == id);                             /* STREAM-17 */
}

/* A start, or a full, which gives no id that parts could have. */
static void start(receiver *it, int is_full)
{
    uint32_t id = (uint32_t)number(it, 4);
    require(it, name_is(it, 1, "ram"));                           /* STREAM-11 */
    require(it, number(it, 4) == 0);
    require(it, number(it, 4) == 4);                              /* STREAM-12 */
    if (!require(it, it->section_count < MOST_SECTIONS))          /* STREAM-31 */
        return;
    if (!is_full)
        it->section_ids[it->section_count++] = id;                /* STREAM-13, STREAM-14 */
    payload(it, id);
}

static void part(receiver *it)
{
    uint32_t id = (uint32_t)number(it, 4);
    int index = 0;
    while (index < it->section_count && it->section_ids[index] != id)
        index++;
    if (require(it, index < it->section_count))                   /* STREAM-14 */
        payload(it, id);
}

static void command(receiver *it)
{
    unsigned code = (unsigned)number(it, 2);
    size_t size = (size_t)number(it, 2);
    if (!require(it, 1 <= code && code <= LAST_COMMAND))          /* STREAM-19 */
        return;
    int wanted = command_sizes[code];
    require(it, wanted == ANY || size == (size_t)wanted);         /* STREAM-20 */
    require(it, code != POSTCOPY_ADVISE || size == 0 || size == 16);
    it->is_postcopy |= code == POSTCOPY_LISTEN;                   /* STREAM-22 */
    if (code != PACKAGE) {
        take(it, size);
        return;
    }
    uint64_t package_size = number(it, 4);
    if (require(it, package_size <= (uint64_t)(it->end - it->next))) /* STREAM-23 */
        it->package_end = it->next + package_size;
}

/* Reads an item; gives 0 for the end. */
static int item(receiver *it)
{
    unsigned kind = (unsigned)number(it, 1);
    if (kind == 1 || kind == 4)
        start(it, kind == 4);
    else if (kind == 2 || kind == 3)
        part(it);
    else if (kind == 8)
        command(it);
    else
        require(it, kind == 0 && it->package_end == NULL);        /* STREAM-10, STREAM-21 */
    require(it, it->package_end == NULL || it->next <= it->package_end); /* STREAM-21 */
    if (it->next == it->package_end)
        it->package_end = NULL;
    return kind != 0 && it->status == RECEIVER_TAKEN;
}

int receiver_receive(const uint8_t *stream, size_t stream_size, uint8_t *ram, size_t ram_size)
{
    receiver it = {0};
    it.next = stream;
    it.end = stream + stream_size;
    it.ram = ram;
    it.ram_size = ram_size;
    require(&it, number(&it, 4) == 0x5145564d);                   /* STREAM-1 */
    require(&it, number(&it, 4) == 3);                            /* STREAM-2 */
    configuration(&it);
    while (it.status == RECEIVER_TAKEN && item(&it))
        continue;
    return it.status; /* STREAM-24, STREAM-25: what follows the end says nothing to a receiver. */
}
