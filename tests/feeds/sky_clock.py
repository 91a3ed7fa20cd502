"""A clock that passes only by what is done and waited for, and lines that say what a test tells them to."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import math
from collections.abc import Iterable

from feeds.samples import AT_MS

IDLE_TURNS = 12
TURN_MS = 1.0


class FakeClock:
    """Both clocks of an office. A turn given to others takes a millisecond. Satisfies `office.ports.Clock`.

    `stepped_ms` is by how much the one that people see was set.
    """

    def __init__(self) -> None:
        self.passed_ms = 0.0
        self.stepped_ms = 0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._number = itertools.count()

    def now_ms(self) -> int:
        """Milliseconds UTC."""
        return AT_MS + int(self.passed_ms) + self.stepped_ms

    def steady_ms(self) -> int:
        """Milliseconds since the test began."""
        return int(self.passed_ms)

    async def wait(self, seconds: float) -> None:
        """Sleeps so long by this clock; `turn` must be called meanwhile."""
        if seconds <= 0:
            self._pass_to(self.passed_ms + TURN_MS)
            await asyncio.sleep(0)
            return
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.passed_ms + seconds * 1000, next(self._number), woken))
        await woken

    async def turn(self, until_ms: float = math.inf) -> None:
        """Lets all others run; when none of them does anything, time passes to when the first wakes."""
        before_ms = self.passed_ms
        for _ in range(IDLE_TURNS):
            await asyncio.sleep(0)
            if self.passed_ms != before_ms:
                return
        if self._sleepers:
            self._pass_to(min(until_ms, self._sleepers[0][0]))

    def _pass_to(self, passed_ms: float) -> None:
        self.passed_ms = max(self.passed_ms, passed_ms)
        while self._sleepers and self._sleepers[0][0] <= self.passed_ms:
            woken = heapq.heappop(self._sleepers)[2]
            if not woken.done():
                woken.set_result(None)


class SaidLine:
    """A connection that says these pieces, then closes. Satisfies `office.sky.reading.Line`."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self.closed = False

    async def read(self, most: int) -> bytes:
        """The next piece."""
        await asyncio.sleep(0)
        piece = next(self._pieces, b"")
        assert len(piece) <= most, "a piece is no longer than a slice"
        return piece

    def close(self) -> None:
        """It is let go."""
        self.closed = True
