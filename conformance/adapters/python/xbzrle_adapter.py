"""The adapter protocol, version 1, for an XBZRLE codec, a receiver or a sender written in Python (docs/adapter.md).

One call makes a program an adapter; `example.py` is a whole one:

    run(name="mine", version="1.0", encode=encode, decode=decode)

Python 3.8 or later, standard library only. Copy this file beside your own.
"""

import binascii
import enum
import os
import re
import sys
import traceback
from typing import BinaryIO, Callable, Dict, List, NamedTuple, Optional, Union

__all__ = ["OVERFLOW", "ROUND", "UNCHANGED", "Malformed", "Outcome", "Round", "Unsupported", "Write", "run"]


class Outcome(enum.Enum):
    """What an encode function returns when it has no delta."""

    UNCHANGED = "unchanged"
    OVERFLOW = "overflow"


UNCHANGED = Outcome.UNCHANGED
OVERFLOW = Outcome.OVERFLOW


class Malformed(Exception):
    """Raised by a decode function to refuse a delta, or by a receive function a stream; the message is the reason."""


class Unsupported(Exception):
    """Raised by any of the functions for an input that it was not made for (a page size, say); the message is the reason."""


Encode = Callable[[bytes, bytes, int], Union[bytes, Outcome]]
Decode = Callable[[bytes, bytes], bytes]
Receive = Callable[[int, bytes], bytes]


class Write(NamedTuple):
    """A step of the guest of a sender: it writes bytes at an offset of its RAM."""

    offset: int
    content: bytes


class Round(enum.Enum):
    """A step of the guest of a sender: the sender does a round."""

    ROUND = "r"


ROUND = Round.ROUND

Send = Callable[[int, int, List[Union[Write, Round]]], bytes]

# From the name of an operation to what answers the fields after it.
_Operations = Dict[str, Callable[[List[str]], str]]


def run(
    name: str,
    version: str,
    encode: Optional[Encode] = None,
    decode: Optional[Decode] = None,
    receive: Optional[Receive] = None,
    send: Optional[Send] = None,
) -> None:
    """Answer the requests on standard input, and return when they end or nobody reads the answers any more.

    `name` and `version` say who answers: printable ASCII, no spaces.
    `encode(old_page, new_page, capacity)` gets two pages of one size and returns a delta of 1 to `capacity` bytes,
    `UNCHANGED` or `OVERFLOW`. `decode(old_page, delta)` returns the whole new page.
    `receive(ram_size, stream)` returns the whole RAM, which was all zero before the stream.
    `send(ram_size, cache_size, steps)` returns the whole stream of a guest whose RAM was all zero before the first step; a
    step is a `Write` of the guest or a `ROUND` of the sender, and behind the last one the guest has stopped. An operation
    that is not given is not offered.

    `decode` raises `Malformed` to refuse a delta, as `receive` does for a stream, and all raise `Unsupported` for what
    they were not made for. Any other exception is answered as `error`, with the traceback on standard error, and the adapter goes on.

    Standard output belongs to the answers from this call on: `print`, and what C code writes, go to standard error.

    Raises ValueError if `name` or `version` is not a single token, or if there is no operation to offer.
    """
    operations: _Operations = {}
    if encode is not None:
        operations["encode"] = _Encode(encode)
    if decode is not None:
        operations["decode"] = _Decode(decode)
    if receive is not None:
        operations["receive"] = _Receive(receive)
    if send is not None:
        operations["send"] = _Send(send)
    if not operations:
        raise ValueError("no operation to offer: give encode, decode, receive or send")
    for token in (name, version):
        if not re.fullmatch("[!-~]+", token):
            raise ValueError(f"not a single token of printable ASCII: {token!r}")
    hello = " ".join(["hello 1", name, version, *operations])

    try:
        with _claim_standard_output() as answers:
            for line in sys.stdin.buffer:
                answer = _answer(line, hello, operations)
                if answer is not None:
                    answers.write(answer.encode("ascii") + b"\n")
                    answers.flush()
    except BrokenPipeError:
        pass  # The harness has gone away, and there is nobody left to answer.


def _claim_standard_output() -> BinaryIO:
    """Return a file that writes to standard output, and lead all other writers of it to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return answers


class _Unparsable(Exception):
    """A request that the protocol does not allow; the message says why."""


def _answer(line: bytes, hello: str, operations: _Operations) -> Optional[str]:
    """Return the answer to one line, or None if there is nobody to address it to."""
    request = line.rstrip(b"\r\n").decode("ascii", "replace")
    if request == "hello 1":
        return hello
    request_id, *fields = request.split(" ")
    if not re.fullmatch("[A-Za-z0-9._:/-]{1,64}", request_id):
        print("xbzrle_adapter: a line without a request id is not answered", file=sys.stderr)
        return None
    try:
        return f"{request_id} {_perform(fields, operations)}"
    except _Unparsable as error:
        # The end of the input has cut off a last line without LF.
        if not line.endswith(b"\n"):
            return None
        return f"{request_id} error {_one_line(str(error))}"


def _perform(fields: List[str], operations: _Operations) -> str:
    """Return the answer to the fields after the id, or raise _Unparsable."""
    operation, *arguments = fields or [""]
    if not operation:
        raise _Unparsable("the request has no operation")
    if operation not in operations:
        return "unsupported " + _one_line(f"operation {operation}")
    try:
        return operations[operation](arguments)
    except (_Unparsable, KeyboardInterrupt):
        raise
    except Unsupported as error:
        return f"unsupported {_one_line(str(error))}".rstrip()
    except BaseException as error:
        # Not Exception: sys.exit() in a codec, or the panic of a Rust extension, must not end the adapter either.
        traceback.print_exc()
        return "error " + _one_line("".join(traceback.format_exception_only(type(error), error)))


class _Encode:
    """The operation `encode <capacity> <old page> <new page>`."""

    def __init__(self, encode: Encode) -> None:
        self._encode = encode

    def __call__(self, arguments: List[str]) -> str:
        if len(arguments) != 3:
            raise _Unparsable(f"encode takes 3 fields, not {len(arguments)}")
        capacity = _read_number(arguments[0])
        old_page = _read_bytes(arguments[1])
        new_page = _read_bytes(arguments[2])
        if len(old_page) != len(new_page):
            raise _Unparsable(f"the old page has {len(old_page)} bytes and the new page {len(new_page)}")

        outcome = self._encode(old_page, new_page, capacity)
        if isinstance(outcome, Outcome):
            return outcome.value
        if not isinstance(outcome, (bytes, bytearray, memoryview)):
            return f"error encode returned {type(outcome).__name__}, not bytes, UNCHANGED or OVERFLOW"
        delta = bytes(outcome)
        if not delta:
            return "error encode returned no bytes; equal pages are UNCHANGED"
        if capacity < len(delta):
            return f"error encode returned {len(delta)} bytes for a capacity of {capacity}"
        return f"delta {delta.hex()}"


class _Decode:
    """The operation `decode <old page> <delta>`."""

    def __init__(self, decode: Decode) -> None:
        self._decode = decode

    def __call__(self, arguments: List[str]) -> str:
        if len(arguments) != 2:
            raise _Unparsable(f"decode takes 2 fields, not {len(arguments)}")
        old_page = _read_bytes(arguments[0])
        delta = _read_bytes(arguments[1])

        try:
            outcome = self._decode(old_page, delta)
        except Malformed as error:
            return f"malformed {_one_line(str(error))}".rstrip()
        if not isinstance(outcome, (bytes, bytearray, memoryview)):
            return f"error decode returned {type(outcome).__name__}, not bytes"
        new_page = bytes(outcome)
        if len(new_page) != len(old_page):
            return f"error decode returned {len(new_page)} bytes for a page of {len(old_page)}"
        return f"page {new_page.hex() or '-'}"


class _Receive:
    """The operation `receive <ram size> <stream>`."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive

    def __call__(self, arguments: List[str]) -> str:
        if len(arguments) != 2:
            raise _Unparsable(f"receive takes 2 fields, not {len(arguments)}")
        ram_size = _read_number(arguments[0])
        stream = _read_bytes(arguments[1])

        try:
            outcome = self._receive(ram_size, stream)
        except Malformed as error:
            return f"malformed {_one_line(str(error))}".rstrip()
        if not isinstance(outcome, (bytes, bytearray, memoryview)):
            return f"error receive returned {type(outcome).__name__}, not bytes"
        ram = bytes(outcome)
        if len(ram) != ram_size:
            return f"error receive returned {len(ram)} bytes for a RAM of {ram_size}"
        pages = ((offset, ram[offset : offset + _RAM_PAGE]) for offset in range(0, ram_size, _RAM_PAGE))
        return " ".join(["ram", *(f"{offset}:{page.hex()}" for offset, page in pages if any(page))])


class _Send:
    """The operation `send <ram size> <cache size> <step>...`."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def __call__(self, arguments: List[str]) -> str:
        if len(arguments) < 2:
            raise _Unparsable(f"send takes 2 fields and steps, not {len(arguments)}")
        ram_size = _read_number(arguments[0])
        cache_size = _read_number(arguments[1])
        steps = [_read_step(field, ram_size) for field in arguments[2:]]

        outcome = self._send(ram_size, cache_size, steps)
        if not isinstance(outcome, (bytes, bytearray, memoryview)):
            return f"error send returned {type(outcome).__name__}, not bytes"
        return f"stream {bytes(outcome).hex() or '-'}"


# The bytes of a page of an answer `ram`.
_RAM_PAGE = 4096


def _read_number(field: str) -> int:
    # Not int() alone, which takes "+1" and "1_000" too. 64 bits have at most 20 digits.
    if not re.fullmatch("[0-9]{1,20}", field):
        raise _Unparsable(f"not an unsigned decimal number: {field}")
    return int(field)


def _read_bytes(field: str) -> bytes:
    if field == "-":
        return b""
    if not field:
        raise _Unparsable("an empty field; no bytes are written as -")
    try:
        # Not bytes.fromhex(), which skips white space.
        return binascii.unhexlify(field)
    except ValueError as error:
        raise _Unparsable(f"not bytes in hexadecimal: {error}") from None


def _read_step(field: str, ram_size: int) -> Union[Write, Round]:
    if field == ROUND.value:
        return ROUND
    word, *rest = field.split(":")
    if word != "w" or len(rest) != 2:
        raise _Unparsable(f"neither r nor w:OFFSET:BYTES: {field[:40]}")
    step = Write(_read_number(rest[0]), _read_bytes(rest[1]))
    if ram_size < step.offset + len(step.content):
        raise _Unparsable(f"a write of {len(step.content)} bytes at {step.offset} of a RAM of {ram_size}")
    return step


def _one_line(reason: str) -> str:
    """Return the reason as printable ASCII that fits a line."""
    return re.sub("[^ -~]+", " ", reason)[:300].strip()
