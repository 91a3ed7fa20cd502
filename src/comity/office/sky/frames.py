"""What passes between the office and its watch over the air: length, then MessagePack. Agreed in, reports out.

Trusted by the office: nothing that comes out but its form; a frame has a bound, and what cannot be read ends the watch,
not the office.
"""

from __future__ import annotations

import asyncio

import msgspec

from comity.model.errors import Malformed
from comity.views.sky.agreed import Agreed
from comity.views.sky.report import AirReport

LENGTH_BYTES = 4
FRAME_BYTES_MOST = 64 * 1024 * 1024


def framed(value: Agreed | AirReport) -> bytes:
    """The bytes of one frame."""
    body = msgspec.msgpack.encode(value)
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


async def next_frame(reader: asyncio.StreamReader) -> bytes | None:
    """The body of the next frame; None at the end. Raises Malformed."""
    try:
        length = int.from_bytes(await reader.readexactly(LENGTH_BYTES), "big")
        if length > FRAME_BYTES_MOST:
            raise Malformed(f"a frame of {length} bytes")
        return await reader.readexactly(length)
    except asyncio.IncompleteReadError:
        return None


def report_in(body: bytes) -> AirReport:
    """The report that a frame holds; raises Malformed."""
    try:
        return msgspec.msgpack.decode(body, type=AirReport)
    except msgspec.DecodeError as error:
        raise Malformed(f"no report of the watch: {error}") from None


def agreed_in(body: bytes) -> Agreed:
    """What is agreed, as a frame holds it; raises Malformed."""
    try:
        return msgspec.msgpack.decode(body, type=Agreed)
    except msgspec.DecodeError as error:
        raise Malformed(f"nothing agreed: {error}") from None
