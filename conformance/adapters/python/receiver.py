"""A receiver of migration streams: a stream becomes the memory of a guest (docs/xbzrle/record.md, stream.md, compressed.md).

Written from the chapters alone. The guest has pages of 4096 bytes, one RAM block, and no devices.
"""

import zlib
from typing import Dict, Tuple

import codec

__all__ = ["PAGE_SIZE", "MalformedStream", "receive"]

PAGE_SIZE = 4096

# The flags of a word (record.md, "Words").
ZERO, MEMORY_SIZES, PAGE, END_OF_SECTION = 0x002, 0x004, 0x008, 0x010
CONTINUE, XBZRLE, COMPRESSED, MULTIFD_FLUSH = 0x020, 0x040, 0x100, 0x200

# COMP-3: the greatest length of a zlib stream of a page of 4096 bytes.
MAX_COMPRESSED = 4110

# stream.md, "Commands": the numbers of octets that each may have; any number where none is listed.
COMMAND_SIZES: Dict[int, Tuple[int, ...]] = {
    1: (0,), 2: (4,), 3: (0, 16), 4: (0,), 5: (0,), 6: (), 7: (4,), 8: (0,), 9: (0,), 10: (), 11: (0,),
}
POSTCOPY_LISTEN, PACKAGE = 4, 7


class MalformedStream(ValueError):
    """A stream that is refused: its fault, the offset in the stream where it shows, and the requirement."""

    def __init__(self, fault: str, offset: int, requirement: str) -> None:
        super().__init__(f"{fault} at stream byte {offset} ({requirement})")


def receive(ram_size: int, stream: bytes, machine: bytes = b"none", block: bytes = b"ram") -> bytes:
    """Return the RAM of the guest, which was all zero before the stream. Raises MalformedStream."""
    return _Receiver(ram_size, stream, machine, block).receive()


class _Receiver:
    def __init__(self, ram_size: int, stream: bytes, machine: bytes, block: bytes) -> None:
        self.ram = bytearray(ram_size)
        self.stream = stream
        self.machine = machine
        self.block = block
        self.offset = 0
        # Where the package ends that is being read.
        self.package_end = len(stream) + 1
        self.sections: Dict[int, bytes] = {}
        # RECORD-9: whether a record has named the block, in whichever payload.
        self.is_named = False
        self.is_postcopy = False

    def receive(self) -> bytes:
        # STREAM-1, STREAM-2
        self._expect(b"QEVM", "magic-unknown", "STREAM-1")
        self._expect(b"\0\0\0\3", "version-unsupported", "STREAM-2")
        # STREAM-3
        self._expect(b"\7", "configuration-missing", "STREAM-3")
        self._configuration()
        while self._item():
            pass
        # STREAM-24, STREAM-25, STREAM-26: whatever follows the end says nothing to a receiver.
        return bytes(self.ram)

    def _configuration(self) -> None:
        at = self.offset
        machine = self._take(self._number(4))
        # STREAM-4
        self._require(machine == self.machine, "machine-mismatch", at, "STREAM-4")
        while self.stream[self.offset : self.offset + 1] == b"\5":
            at = self.offset
            self._take(1)
            name, version = self._name(), self._number(4)
            # STREAM-5
            self._require(version == 1, "subsection-unknown", at, "STREAM-5")
            if name == b"configuration/target-page-bits":
                # STREAM-6
                self._require(1 << min(self._number(4), 64) == PAGE_SIZE, "page-size-mismatch", at, "STREAM-6")
            elif name == b"configuration/capabilities":
                # STREAM-7: none is on.
                self._require(self._number(4) == 0, "capability-mismatch", at, "STREAM-7")
            elif name == b"configuration/uuid":
                # STREAM-8: the guest has none to compare.
                self._take(16)
            else:
                self._require(False, "subsection-unknown", at, "STREAM-5")

    def _item(self) -> bool:
        """Read one item, and return False for the end."""
        at = self.offset
        kind = self._number(1)
        if kind == 0:
            # STREAM-21
            self._require(len(self.stream) < self.package_end, "package-overrun", at, "STREAM-21")
            return False
        if kind in (1, 4):
            self._start(at, kind)
        elif kind in (2, 3):
            identity = self._number(4)
            # STREAM-14
            self._require(identity in self.sections, "section-id-unknown", at + 1, "STREAM-14")
            self._payload(identity)
        elif kind == 8:
            self._command()
        else:
            # STREAM-10
            self._require(False, "item-unknown", at, "STREAM-10")
        # STREAM-21
        self._require(self.offset <= self.package_end, "package-overrun", at, "STREAM-21")
        if self.offset == self.package_end:
            self.package_end = len(self.stream) + 1
        return True

    def _start(self, at: int, kind: int) -> None:
        identity, name, instance = self._number(4), self._name(), self._number(4)
        version = self._number(4)
        # STREAM-11
        self._require(name == b"ram" and instance == 0, "section-unknown", at, "STREAM-11")
        # STREAM-12
        self._require(version == 4, "section-version-unsupported", at, "STREAM-12")
        # STREAM-13; STREAM-14: a full gives no id that parts could have.
        if kind == 1:
            self.sections[identity] = name
        self._payload(identity)

    def _payload(self, identity: int) -> None:
        # STREAM-15, RECORD-29
        while self._record():
            pass
        # STREAM-16
        self._expect(b"\x7e", "footer-missing", "STREAM-16")
        at = self.offset
        # STREAM-17
        self._require(self._number(4) == identity, "footer-mismatch", at, "STREAM-17")

    def _command(self) -> None:
        at = self.offset
        command, size = self._number(2), self._number(2)
        # STREAM-19
        self._require(command in COMMAND_SIZES, "command-unknown", at, "STREAM-19")
        sizes = COMMAND_SIZES[command]
        # STREAM-20
        self._require(not sizes or size in sizes, "command-length-mismatch", at, "STREAM-20")
        content = self._take(size)
        # STREAM-22
        self.is_postcopy |= command == POSTCOPY_LISTEN
        if command == PACKAGE:
            self.package_end = self.offset + int.from_bytes(content, "big")
            # STREAM-23: it is there as a whole before its first item is taken.
            self._require(self.package_end <= len(self.stream), "stream-truncated", len(self.stream), "STREAM-23")

    def _record(self) -> bool:
        """Read and apply one record (RECORD-6), and return False for an end of section."""
        at = self.offset
        word = self._number(8)
        # RECORD-1
        flags, address = word % PAGE_SIZE, word - word % PAGE_SIZE
        is_continued, kind = bool(flags & CONTINUE), flags & ~CONTINUE
        if kind == END_OF_SECTION:
            # RECORD-31
            return False
        if kind == MEMORY_SIZES:
            self._memory_sizes(address)
        elif kind == MULTIFD_FLUSH:
            # RECORD-4: no page changes.
            pass
        elif kind in (ZERO, PAGE, XBZRLE, COMPRESSED):
            self._page(kind, address, is_continued, at)
        else:
            # RECORD-2, RECORD-3
            self._require(False, "flags-unknown", at, "RECORD-2")
        return True

    def _page(self, kind: int, address: int, is_continued: bool, at: int) -> None:
        # RECORD-10
        self._require(self.is_named or not is_continued, "block-missing", at, "RECORD-10")
        if not is_continued:
            # RECORD-8, RECORD-11
            self._require(self._name() == self.block, "block-unknown", at + 8, "RECORD-11")
            self.is_named = True
        # RECORD-12
        self._require(address < len(self.ram), "page-outside-block", at, "RECORD-12")
        self.ram[address : address + PAGE_SIZE] = self._new_page(kind, bytes(self.ram[address : address + PAGE_SIZE]))

    def _new_page(self, kind: int, old_page: bytes) -> bytes:
        if kind == ZERO:
            # RECORD-15, RECORD-16
            return self._take(1) * PAGE_SIZE
        if kind == PAGE:
            # RECORD-18
            return self._take(PAGE_SIZE)
        if kind == COMPRESSED:
            return self._decompressed(old_page)
        # RECORD-20
        self._expect(b"\1", "encoding-unknown", "RECORD-20")
        # STREAM-22
        self._require(not self.is_postcopy, "xbzrle-in-postcopy", self.offset, "STREAM-22")
        at = self.offset
        size = self._number(2)
        # RECORD-21
        self._require(size <= PAGE_SIZE, "delta-too-long", at, "RECORD-21")
        delta = self._take(size)
        try:
            # RECORD-19
            return codec.decode(old_page, delta)
        except codec.MalformedDelta as error:
            # RECORD-22
            raise MalformedStream("delta-malformed", at + 2 + error.delta_offset, "RECORD-22") from error

    def _decompressed(self, old_page: bytes) -> bytes:
        at = self.offset
        size = self._number(4)
        # COMP-2
        self._require(size != 0, "compressed-empty", at, "COMP-2")
        # COMP-3
        self._require(size <= MAX_COMPRESSED, "compressed-too-long", at, "COMP-3")
        content = self._take(size)
        decompressor = zlib.decompressobj()
        try:
            # One byte more than a page shows that there is more.
            output = decompressor.decompress(content, PAGE_SIZE + 1)
            is_whole = decompressor.eof
        except zlib.error:
            is_whole, output = False, b""
        # COMP-5
        self._require(len(output) <= PAGE_SIZE, "page-exceeded", at + 4, "COMP-5")
        # COMP-4
        self._require(is_whole, "compressed-damaged", at + 4, "COMP-4")
        # COMP-1, COMP-6, COMP-7
        return output + old_page[len(output) :]

    def _memory_sizes(self, total: int) -> None:
        # RECORD-24
        while 0 < total:
            at = self.offset
            # RECORD-26
            self._require(self._name() == self.block, "listed-block-unknown", at, "RECORD-26")
            at = self.offset
            used_length = self._number(8)
            # RECORD-28
            is_aligned = used_length != 0 and used_length % PAGE_SIZE == 0
            self._require(is_aligned, "used-length-unaligned", at, "RECORD-28")
            # RECORD-25
            self._require(used_length <= total, "memory-sizes-exceeded", at, "RECORD-25")
            # RECORD-27
            self._require(used_length == len(self.ram), "used-length-mismatch", at, "RECORD-27")
            total -= used_length

    def _name(self) -> bytes:
        return self._take(self._number(1))

    def _number(self, size: int) -> int:
        return int.from_bytes(self._take(size), "big")

    def _take(self, size: int) -> bytes:
        taken = self.stream[self.offset : self.offset + size]
        # STREAM-23
        self._require(len(taken) == size, "stream-truncated", len(self.stream), "STREAM-23")
        self.offset += size
        return taken

    def _expect(self, wanted: bytes, fault: str, requirement: str) -> None:
        at = self.offset
        self._require(self._take(len(wanted)) == wanted, fault, at, requirement)

    def _require(self, holds: bool, fault: str, offset: int, requirement: str) -> None:
        if not holds:
            raise MalformedStream(fault, offset, requirement)
