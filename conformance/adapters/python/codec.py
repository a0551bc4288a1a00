"""XBZRLE: a delta is made from two pages, and applied to one (docs/xbzrle/delta.md).

Written from the chapter alone. Pages have 1 to 65,536 bytes. Nothing is kept from one call to the next (DELTA-11,
DELTA-24).
"""

import enum
import re
from typing import Tuple, Union

__all__ = ["MAX_PAGE_SIZE", "MalformedDelta", "Outcome", "decode", "encode"]

MAX_PAGE_SIZE = 65536

# The greatest length that 14 bits hold, written ff 7f.
MAX_LENGTH = 16383

_CHANGED_BYTES = re.compile(rb"[^\x00]+")


class Outcome(enum.Enum):
    """What an encoder reports when it writes no delta."""

    UNCHANGED = "unchanged"
    OVERFLOW = "overflow"


class MalformedDelta(ValueError):
    """A delta that is refused: its fault, the offset in the delta where it shows, and the requirement."""

    def __init__(self, fault: str, delta_offset: int, found: str, requirement: str) -> None:
        super().__init__(f"{fault} at delta byte {delta_offset}: {found} ({requirement})")
        self.fault = fault
        self.delta_offset = delta_offset
        self.requirement = requirement


def encode(old_page: bytes, new_page: bytes, capacity: int) -> Union[bytes, Outcome]:
    """Return the canonical delta that turns the old page into the new one, if it fits `capacity` bytes.

    Returns Outcome.UNCHANGED for two equal pages, whatever the capacity, and Outcome.OVERFLOW if there is no canonical
    delta (a run of more than 16,383 bytes that would have to be written) or if it has more than `capacity` bytes.
    Raises ValueError if the pages differ in size, or if the size or the capacity is out of range.
    """
    _check_page_size(old_page)
    if len(new_page) != len(old_page):
        raise ValueError(f"the old page has {len(old_page)} bytes and the new page {len(new_page)}")
    if capacity < 0:
        raise ValueError(f"the capacity is {capacity}, less than 0")

    delta = bytearray()
    page_offset = 0
    # DELTA-21, DELTA-25: the literals are the bytes whose XOR is not zero, and no others.
    for changed in _CHANGED_BYTES.finditer(_xor(old_page, new_page)):
        zrun = changed.start() - page_offset
        # DELTA-31: an overflow instead of a bridge, which no canonical delta has.
        if MAX_LENGTH < zrun:
            return Outcome.OVERFLOW
        nzrun = changed.end() - changed.start()
        # DELTA-30
        if MAX_LENGTH < nzrun:
            return Outcome.OVERFLOW
        delta += _write_length(zrun)
        delta += _write_length(nzrun)
        # DELTA-23: the literals are the new bytes, not the XOR.
        delta += new_page[changed.start() : changed.end()]
        page_offset = changed.end()

    # DELTA-20, DELTA-22: equal pages have no pair, and an empty delta is not written.
    if not delta:
        return Outcome.UNCHANGED
    # DELTA-26, DELTA-27, DELTA-29: N bytes fit a capacity of N, and none less.
    if capacity < len(delta):
        return Outcome.OVERFLOW
    return bytes(delta)


def decode(old_page: bytes, delta: bytes) -> bytes:
    """Return the new page: the old page with the delta applied to it.

    Takes lengths in the longer form, and an empty delta, which leaves the page as it is. Raises MalformedDelta for a
    delta that is not well-formed, and ValueError for a page size out of range.
    """
    _check_page_size(old_page)
    # DELTA-5, DELTA-7, DELTA-10: what no nzrun names stays as it is in the old page.
    new_page = bytearray(old_page)
    page_offset = 0
    delta_offset = 0
    # DELTA-9: the first zrun, and no other, may be empty.
    shortest_zrun = 0

    while delta_offset < len(delta):
        zrun_offset = delta_offset
        zrun, delta_offset = _read_length(delta, delta_offset)
        # DELTA-14
        if zrun < shortest_zrun:
            raise MalformedDelta("zrun-empty", zrun_offset, "not the first zrun", "DELTA-14")
        shortest_zrun = 1
        zrun_room = len(old_page) - page_offset
        # DELTA-15
        if zrun_room < zrun:
            raise MalformedDelta("zrun-past-page", zrun_offset, f"{zrun} of {zrun_room} bytes left", "DELTA-15")
        page_offset += zrun
        # DELTA-16
        if delta_offset == len(delta):
            raise MalformedDelta("zrun-unpaired", zrun_offset, "the delta ends after the zrun", "DELTA-16")

        nzrun_offset = delta_offset
        nzrun, delta_offset = _read_length(delta, delta_offset)
        # DELTA-17
        if nzrun == 0:
            raise MalformedDelta("nzrun-empty", nzrun_offset, "an nzrun of no bytes", "DELTA-17")
        nzrun_room = len(old_page) - page_offset
        # DELTA-18
        if nzrun_room < nzrun:
            raise MalformedDelta("nzrun-past-page", nzrun_offset, f"{nzrun} of {nzrun_room} bytes left", "DELTA-18")
        literals_left = len(delta) - delta_offset
        # DELTA-19
        if literals_left < nzrun:
            raise MalformedDelta("nzrun-truncated", delta_offset, f"{literals_left} of {nzrun} literals", "DELTA-19")
        # DELTA-6: the literal itself, not its XOR with the old byte.
        new_page[page_offset : page_offset + nzrun] = delta[delta_offset : delta_offset + nzrun]
        page_offset += nzrun
        delta_offset += nzrun

    return bytes(new_page)


def _check_page_size(old_page: bytes) -> None:
    if not 1 <= len(old_page) <= MAX_PAGE_SIZE:
        raise ValueError(f"a page of {len(old_page)} bytes, not of 1 to {MAX_PAGE_SIZE}")


def _xor(old_page: bytes, new_page: bytes) -> bytes:
    """Return the XOR of two pages of one size; Python does it fastest as one large number."""
    changes = int.from_bytes(old_page, "big") ^ int.from_bytes(new_page, "big")
    return changes.to_bytes(len(old_page), "big")


def _write_length(length: int) -> bytes:
    # DELTA-4
    if length < 0x80:
        return bytes([length])
    return bytes([0x80 | length & 0x7F, length >> 7])


def _read_length(delta: bytes, delta_offset: int) -> Tuple[int, int]:
    """Return the length at an offset before the end of the delta, and the offset after it."""
    first = delta[delta_offset]
    # DELTA-1
    if first < 0x80:
        return first, delta_offset + 1
    # DELTA-12
    if delta_offset + 1 == len(delta):
        raise MalformedDelta("length-truncated", delta_offset, "the delta ends in the length", "DELTA-12")
    second = delta[delta_offset + 1]
    # DELTA-13
    if 0x80 <= second:
        raise MalformedDelta("length-too-long", delta_offset, "a third byte would follow", "DELTA-13")
    # DELTA-2, DELTA-3: a longer form is taken.
    return (first & 0x7F) + 128 * second, delta_offset + 2
