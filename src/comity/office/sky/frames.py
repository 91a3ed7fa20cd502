"""What passes between the office and its watch over the air: length, then MessagePack. Agreed in, reports out.

Trusted by the office: nothing that comes out but its form; a frame has a bound, and what cannot be read ends the watch,
not the office.
"""

from __future__ import annotations

import asyncio

import msgspec

from comity.model.errors import Malformed
from comity.office.sky.handing import Handed
from comity.views.sky.kept import Kept

LENGTH_BYTES = 4
FRAME_BYTES_MOST = 64 * 1024 * 1024
REPORT_BYTES_MOST = 16 * 1024 * 1024


def framed(value: Handed | Kept) -> bytes:
    """The bytes of one frame."""
    body = msgspec.msgpack.encode(value)
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


async def next_frame(reader: asyncio.StreamReader, bytes_most: int) -> bytes | None:
    """The body of the next frame; None at the end. Raises Malformed."""
    try:
        length = int.from_bytes(await reader.readexactly(LENGTH_BYTES), "big")
        if length > bytes_most:
            raise Malformed(f"a frame of {length} bytes")
        return await reader.readexactly(length)
    except asyncio.IncompleteReadError:
        return None


def kept_in(body: bytes) -> Kept:
    """The report that a frame holds, with what a next watch goes on with; raises Malformed."""
    try:
        return msgspec.msgpack.decode(body, type=Kept)
    except msgspec.DecodeError as error:
        raise Malformed(f"no report of the watch: {error}") from None


def handed_in(body: bytes) -> Handed:
    """What is agreed, as a frame holds it; raises Malformed."""
    try:
        return msgspec.msgpack.decode(body, type=Handed)
    except msgspec.DecodeError as error:
        raise Malformed(f"nothing agreed: {error}") from None
