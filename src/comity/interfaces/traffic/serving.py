"""Made-up traffic as a receiver serves it: SBS-1 over TCP, on the loopback address only, to any number of readers.

A reader that does not read is let go: nobody holds the others up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from comity.airspace.fix import Fix
from comity.interfaces.traffic.reports import sbs_lines

LOOPBACK = "127.0.0.1"
BEHIND_BYTES_MOST = 8 * 1024 * 1024
READERS_MOST = 64
BEAT_S = 0.1
JUMP_MS = 20_000
AT_ONCE = 500


@dataclass(slots=True)
class Receiver:
    """Who reads now."""

    _readers: set[asyncio.StreamWriter] = field(default_factory=set)
    _server: asyncio.Server | None = None

    async def listen(self, port: int) -> int:
        """Takes readers from now on; the port, which is a free one for 0; raises OSError."""
        self._server = await asyncio.start_server(self._take, LOOPBACK, port)
        taken: int = self._server.sockets[0].getsockname()[1]
        return taken

    @property
    def readers(self) -> int:
        """How many read."""
        return len(self._readers)

    def tell(self, fix: Fix) -> None:
        """Says one report to all."""
        if self._readers:
            data = sbs_lines(fix).encode()
            for each in self._readers:
                each.write(data)

    def drop_slow(self) -> None:
        """Lets those go that are far behind."""
        for each in list(self._readers):
            if each.is_closing() or each.transport.get_write_buffer_size() > BEHIND_BYTES_MOST:
                self._readers.discard(each)
                each.close()

    async def close(self) -> None:
        """Takes nobody more, and lets all go."""
        if self._server is not None:
            self._server.close()
        for each in self._readers:
            each.close()
        self._readers.clear()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._readers) >= READERS_MOST:
            writer.close()
            return
        self._readers.add(writer)
        with suppress(OSError):
            while await reader.read(1024):
                pass  # a receiver listens to nobody
        self._readers.discard(writer)
        writer.close()


async def serve(
    receiver: Receiver, reports_from: Callable[[int], Iterator[Fix]], now_ms: Callable[[], float], until_ms: int
) -> None:
    """Says each report when its time has come, by the clock that is handed in; what a jump of it leaves behind is not
    said."""
    while (begun_ms := int(now_ms())) < until_ms:
        for count, fix in enumerate(reports_from(begun_ms)):
            while fix.at_ms > now_ms():
                receiver.drop_slow()
                await asyncio.sleep(BEAT_S)
            if now_ms() - fix.at_ms > JUMP_MS:
                break
            receiver.tell(fix)
            if count % AT_ONCE == 0:
                await asyncio.sleep(0)
        else:
            return
