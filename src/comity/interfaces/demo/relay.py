"""The lines between the offices of the demo: small relays that can be cut, so that no office needs a switch for it.

Bytes pass as they are, encrypted between the offices; a cut line drops what is open and refuses what is new.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

HOST = "127.0.0.1"
PIECE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """The way from one office to another: its relay's port, and the port that it leads to."""

    caller: str
    called: str
    port: int
    leads_to: int


class Lines:
    """All lines, in a thread of their own."""

    def __init__(self, ports: dict[str, int]) -> None:
        """`ports` is where each office listens."""
        self.lines = [
            Line(caller, called, free_port(), leads_to)
            for caller in ports
            for called, leads_to in ports.items()
            if caller != called
        ]
        self._cut: set[str] = set()
        self._open: set[tuple[Line, asyncio.StreamWriter]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()

    def port(self, caller: str, called: str) -> int:
        """Where the caller reaches the called."""
        return next(each.port for each in self.lines if (each.caller, each.called) == (caller, called))

    def set_cut(self, names: Iterable[str]) -> None:
        """Cuts every line from and to these offices, and heals all others."""
        self._cut = set(names)
        self._loop.call_soon_threadsafe(self._drop_cut)

    def close(self) -> None:
        """Ends all lines."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _drop_cut(self) -> None:
        for line, writer in list(self._open):
            if self._is_cut(line):
                writer.close()

    def _is_cut(self, line: Line) -> bool:
        return line.caller in self._cut or line.called in self._cut

    async def _listen(self) -> None:
        for line in self.lines:
            await asyncio.start_server(partial(self._carry, line), HOST, line.port)

    async def _carry(self, line: Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut(line):
            writer.close()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(HOST, line.leads_to)
        except OSError:
            writer.close()
            return
        ends = {(line, writer), (line, far_writer)}
        self._open |= ends
        await asyncio.gather(_pass_on(reader, far_writer), _pass_on(far_reader, writer))
        self._open -= ends


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while piece := await reader.read(PIECE_BYTES):
            writer.write(piece)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


def free_port() -> int:
    """A port of the loopback address that is free now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
