"""The connections that others open to an office: pinned callers only, few from each, none for long.

Who opens connections and says nothing, or says it byte by byte, holds a few places for a while and no more: a handshake
has its time, every connection its age, every caller a number. It may be cut off in the middle, for whoever calls asks
again. Not trusted: callers, the pinned ones included. Beyond this office's reach: a flood from those who are not.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from collections.abc import Callable

from comity.model.spans import SECOND_MS
from comity.office.config import Limits

NameOf = Callable[[asyncio.BaseTransport], str | None]


class _Line(asyncio.Protocol):
    """One connection, handed on to what speaks HTTP once its caller is known and has a place left."""

    def __init__(self, inner: asyncio.Protocol, places: Places) -> None:
        self._inner = inner
        self._places = places
        self._name: str | None = None
        self._end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._name = self._places.taken(transport)
        if self._name is None:
            transport.abort()
            return
        self._end = asyncio.get_running_loop().call_later(self._places.age_s, transport.abort)
        self._inner.connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self._name is None:
            return
        self._places.left(self._name)
        if self._end is not None:
            self._end.cancel()
        self._inner.connection_lost(error)

    def data_received(self, data: bytes) -> None:
        if self._name is not None:
            self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received() if self._name is not None else None

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()


class Places:
    """How many connections each caller has open."""

    def __init__(self, name_of: NameOf, limits: Limits) -> None:
        """`name_of` knows a caller by its certificate."""
        self._name_of = name_of
        self._most = limits.connections_each
        self._open: Counter[str] = Counter()
        self.age_s = limits.connection_age_ms / SECOND_MS

    def taken(self, transport: asyncio.BaseTransport) -> str | None:
        """The caller, if it is one of ours and has a place left."""
        name = self._name_of(transport)
        if name is None or self._open[name] >= self._most:
            return None
        self._open[name] += 1
        return name

    def left(self, name: str) -> None:
        """One of the caller's connections is gone."""
        self._open[name] -= 1


async def listen_for_peers(
    speak: Callable[[], asyncio.Protocol], places: Places, where: tuple[str, int], tls: ssl.SSLContext, limits: Limits
) -> asyncio.Server:
    """Listens there; `speak` makes what speaks HTTP on one connection."""
    return await asyncio.get_running_loop().create_server(
        lambda: _Line(speak(), places),
        *where,
        ssl=tls,
        ssl_handshake_timeout=limits.handshake_ms / SECOND_MS,
        ssl_shutdown_timeout=limits.handshake_ms / SECOND_MS,
    )
