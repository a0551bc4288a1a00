"""An adapter: the codec in codec.py, the receiver in receiver.py and the sender in sender.py behind the adapter protocol. Run it with `python3 example.py`."""

from typing import List, Union

import codec
import receiver
import sender
from xbzrle_adapter import OVERFLOW, UNCHANGED, Malformed, Outcome, Round, Unsupported, Write, run


def encode(old_page: bytes, new_page: bytes, capacity: int) -> Union[bytes, Outcome]:
    """Encode with the codec; its outcomes become those of the protocol."""
    check_page_size(old_page)
    outcome = codec.encode(old_page, new_page, capacity)
    if outcome is codec.Outcome.UNCHANGED:
        return UNCHANGED
    if outcome is codec.Outcome.OVERFLOW:
        return OVERFLOW
    return outcome


def decode(old_page: bytes, delta: bytes) -> bytes:
    """Decode with the codec; its refusal becomes that of the protocol."""
    check_page_size(old_page)
    try:
        return codec.decode(old_page, delta)
    except codec.MalformedDelta as error:
        raise Malformed(str(error)) from error


def receive(ram_size: int, stream: bytes) -> bytes:
    """Receive with the receiver; its refusal becomes that of the protocol."""
    try:
        return receiver.receive(ram_size, stream)
    except receiver.MalformedStream as error:
        raise Malformed(str(error)) from error


def send(ram_size: int, cache_size: int, steps: List[Union[Write, Round]]) -> bytes:
    """Send the guest that does the steps with the sender, in a round wherever a step says so."""
    if cache_size < sender.PAGE_SIZE or cache_size & (cache_size - 1):
        raise Unsupported(f"cache size {cache_size}")
    guest = sender.Sender(ram_size, cache_size)
    for step in steps:
        if isinstance(step, Write):
            guest.write(step.offset, step.content)
        else:
            guest.round()
    return guest.finish()


def check_page_size(page: bytes) -> None:
    """Raise Unsupported for a page of a size that the codec is not made for."""
    if not 1 <= len(page) <= codec.MAX_PAGE_SIZE:
        raise Unsupported(f"page size {len(page)}")


if __name__ == "__main__":
    run(name="python-example", version="1.0", encode=encode, decode=decode, receive=receive, send=send)
