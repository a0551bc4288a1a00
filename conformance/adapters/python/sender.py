"""A sender of migration streams: the memory of a guest that runs becomes a stream (docs/xbzrle/session.md, record.md, stream.md).

Written from the chapters alone. The guest has pages of 4096 bytes, one RAM block, and no devices. It runs between two rounds
only, so a page that is read is a snapshot (SESSION-5) as soon as it is copied.
"""

from collections import OrderedDict
from typing import Optional, Set

import codec

__all__ = ["PAGE_SIZE", "Sender"]

PAGE_SIZE = 4096

# The flags of a word (record.md, "Words").
ZERO, MEMORY_SIZES, PAGE, END_OF_SECTION, CONTINUE, XBZRLE = 0x002, 0x004, 0x008, 0x010, 0x020, 0x040

# The first bytes of items, and the id of the one section (stream.md, "Grammar").
END, START, PART, LAST, DESCRIPTION, CONFIGURATION, FOOTER = b"\0", b"\1", b"\2", b"\3", b"\6", b"\7", b"\x7e"
SECTION_ID = (2).to_bytes(4, "big")

# SESSION-10: a record of a delta has three bytes more, and is to be no longer than that of the page.
CAPACITY = PAGE_SIZE - 3

ZEROS = bytes(PAGE_SIZE)


class Sender:
    """A guest that is being sent with XBZRLE. Its RAM is all zero at the begin."""

    def __init__(self, ram_size: int, cache_size: int, machine: bytes = b"none", block: bytes = b"ram") -> None:
        self._ram = bytearray(ram_size)
        self._cache = _Cache(cache_size // PAGE_SIZE)
        self._block = bytes([len(block)]) + block
        # SESSION-1: in the first round all pages are dirty.
        self._dirty: Set[int] = set(range(0, ram_size, PAGE_SIZE))
        # RECORD-13: whether a record of a page has named the block.
        self._is_named = False
        self._is_bulk_stage = True
        self._stream = bytearray(b"QEVM" + _be32(3) + CONFIGURATION + _be32(len(machine)) + machine)
        self._stream += START + SECTION_ID + b"\3ram" + _be32(0) + _be32(4)
        self._stream += _be64(ram_size | MEMORY_SIZES) + self._block + _be64(ram_size)
        self._end_item()

    def write(self, offset: int, content: bytes) -> None:
        """Let the guest write to its RAM."""
        self._ram[offset : offset + len(content)] = content
        first_page = offset - offset % PAGE_SIZE
        self._dirty.update(range(first_page, offset + len(content), PAGE_SIZE))

    def round(self) -> None:
        """Send all dirty pages, while the guest runs."""
        self._stream += PART + SECTION_ID
        self._send_dirty(is_last_stage=False)
        self._end_item()

    def finish(self) -> bytes:
        """Stop the guest, send what is left, and return the stream."""
        self._stream += LAST + SECTION_ID
        # SESSION-4
        self._send_dirty(is_last_stage=True)
        self._end_item()
        self._stream += END + DESCRIPTION + _be32(2) + b"{}"
        return bytes(self._stream)

    def _send_dirty(self, is_last_stage: bool) -> None:
        # SESSION-2, SESSION-3: a page is clean before it is read, and comes once.
        addresses, self._dirty = sorted(self._dirty), set()
        for address in addresses:
            snapshot = bytes(self._ram[address : address + PAGE_SIZE])
            self._send(address, snapshot)
            # SESSION-11, SESSION-12
            if not self._is_bulk_stage and not is_last_stage:
                # SESSION-6, SESSION-7, SESSION-8: what the receiver has now, whatever record has given it.
                self._cache.put(address, snapshot)
        self._is_bulk_stage = False

    def _send(self, address: int, snapshot: bytes) -> None:
        if snapshot == ZEROS:
            # RECORD-17
            self._record(address | ZERO, b"\0")
            return
        # RECORD-23: there is no delta of a page that is not in the cache.
        old_page = self._cache.get(address)
        outcome = codec.Outcome.OVERFLOW if old_page is None else codec.encode(old_page, snapshot, CAPACITY)
        if outcome is codec.Outcome.UNCHANGED:
            # SESSION-9
            return
        if outcome is codec.Outcome.OVERFLOW:
            self._record(address | PAGE, snapshot)
            return
        self._record(address | XBZRLE, b"\1" + len(outcome).to_bytes(2, "big") + outcome)

    def _record(self, word: int, content: bytes) -> None:
        # RECORD-13, RECORD-14: all pages are of one block, which the first record names.
        self._stream += _be64(word | CONTINUE) if self._is_named else _be64(word) + self._block
        self._stream += content
        self._is_named = True

    def _end_item(self) -> None:
        # RECORD-30
        self._stream += _be64(END_OF_SECTION) + FOOTER + SECTION_ID


class _Cache:
    """The page cache: so many copies of pages, of which the one that was used longest ago makes room."""

    def __init__(self, entry_count: int) -> None:
        # SESSION-14
        self._entry_count = entry_count
        self._pages: "OrderedDict[int, bytes]" = OrderedDict()

    def get(self, address: int) -> Optional[bytes]:
        return self._pages.get(address)

    def put(self, address: int, page: bytes) -> None:
        self._pages[address] = page
        self._pages.move_to_end(address)
        if self._entry_count < len(self._pages):
            self._pages.popitem(last=False)


def _be32(number: int) -> bytes:
    return number.to_bytes(4, "big")


def _be64(number: int) -> bytes:
    return number.to_bytes(8, "big")
