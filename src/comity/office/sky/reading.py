"""How bytes come from a source: connections that break and come back, pages asked for again and again, datagrams.

A source is read in slices, between which all others have their turn. Beyond so many bytes a second they are thrown
away unread and counted. What answers wrongly or not at all is asked again after a pause that doubles up to a bound.
Not trusted: whoever answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

import aiohttp

from comity.airspace.fix import Report
from comity.model.errors import PeerError
from comity.office.ports import Clock
from comity.office.sky.address import Wanted
from comity.office.sky.decoding import Decoder, MakeDecoder
from comity.office.sky.intake import Intake
from comity.office.sky.limits import SkyLimits

MS_PER_S = 1000
_SIGNS = {"http": b'"hex"', "https": b'"hex"', "cot+tcp": b"</event>"}  # what stands once in a report, by scheme
Wait = Callable[[float], Awaitable[None]]


class Line(Protocol):
    """A connection, read."""

    async def read(self, most: int) -> bytes:
        """What came, at most so many bytes; none at the end."""
        ...

    def close(self) -> None:
        """Lets it go."""
        ...


Connect = Callable[[], Awaitable[Line]]


@dataclass(frozen=True, slots=True)
class Feed:
    """One source with what its reading needs; `wait` is `asyncio.sleep`, save in tests."""

    wanted: Wanted
    make: MakeDecoder
    intake: Intake
    clock: Clock
    limits: SkyLimits
    wait: Wait

    def told_in(self, data: bytes) -> int:
        """About how many reports there are in these bytes, unread."""
        return max(1, data.count(_SIGNS.get(self.wanted.scheme, b"\n")))

    def decoder(self) -> Decoder:
        """One for a new connection."""
        return self.make(self.wanted.name, self.wanted.by_arrival)

    async def put(self, reports: Iterable[Report], allowance: Allowance, told: int = 0) -> bool:
        """Puts reports in, with a turn for all others after every slice; False if there were too many.

        `told` is about how many there are; those behind one too many are not read, and counted as so many.
        """
        for count, report in enumerate(reports, 1):
            if not allowance.read(1, self.clock.steady_ms()):
                self.intake.lost(max(1, told - count + 1), self.clock.steady_ms())
                return False
            self.intake.put(report, self.clock.steady_ms())
            if count % self.limits.slice_reports == 0:
                await self.wait(0)
        return True


class Allowance:
    """How many bytes and how many reports of one source are read in a second."""

    def __init__(self, limits: SkyLimits) -> None:
        self._limits = limits
        self._second = -1
        self._bytes = self._reports = 0

    def receive(self, count: int, steady_ms: int) -> bool:
        """Whether so many more bytes may be read now."""
        self._begin(steady_ms)
        self._bytes += count
        return self._bytes <= self._limits.bytes_a_second and self._reports < self._limits.reports_a_second

    def read(self, count: int, steady_ms: int) -> bool:
        """Whether so many more reports may be."""
        self._begin(steady_ms)
        self._reports += count
        return self._reports <= self._limits.reports_a_second

    def _begin(self, steady_ms: int) -> None:
        if steady_ms // MS_PER_S != self._second:
            self._second, self._bytes, self._reports = steady_ms // MS_PER_S, 0, 0


async def read_stream(feed: Feed, connect: Connect) -> None:
    """Connects and reads, again and again, for ever."""
    pause_ms = feed.limits.backoff_first_ms
    while True:
        before = feed.intake.accepted
        try:
            async with asyncio.timeout(feed.limits.connect_ms / MS_PER_S):
                line = await connect()
            try:
                feed.intake.up(feed.clock.steady_ms())
                await _read_line(feed, line)
            finally:
                line.close()
            reason = "it closed the connection"
        except (OSError, TimeoutError) as error:
            reason = _reason(error)
        feed.intake.down(reason, feed.clock.steady_ms())
        if feed.intake.accepted > before:
            pause_ms = feed.limits.backoff_first_ms
        await feed.wait(pause_ms / MS_PER_S)
        pause_ms = min(pause_ms * 2, feed.limits.backoff_most_ms)


async def read_pages(feed: Feed) -> None:
    """Asks for the page, again and again, for ever."""
    timeout = aiohttp.ClientTimeout(total=feed.limits.connect_ms / MS_PER_S)
    pause_ms, allowance = 0, Allowance(feed.limits)
    async with aiohttp.ClientSession(timeout=timeout, auto_decompress=False, trust_env=False) as session:
        while True:
            try:
                document = await _page(session, feed)
                feed.intake.up(feed.clock.steady_ms())
                pause_ms = 0
            except (aiohttp.ClientError, TimeoutError, OSError, PeerError) as error:
                feed.intake.down(_reason(error), feed.clock.steady_ms())
                pause_ms = min(max(pause_ms * 2, feed.limits.backoff_first_ms), feed.limits.backoff_most_ms)
            else:
                decoder, arrived_ms = feed.decoder(), feed.clock.now_ms()
                told = feed.told_in(document)
                if await feed.put(decoder.feed(document, arrived_ms), allowance, told):
                    await feed.put(decoder.end(arrived_ms), allowance, told)
            await feed.wait(max(pause_ms / MS_PER_S, feed.wanted.every_s))


async def read_datagrams(feed: Feed) -> None:
    """Listens there for datagrams, one event each, for ever; raises OSError if it cannot."""
    where = (feed.wanted.host, feed.wanted.port)
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: _Datagrams(feed), where)
    try:
        feed.intake.up(feed.clock.steady_ms())
        await asyncio.get_running_loop().create_future()
    finally:
        transport.close()


async def connect_to(wanted: Wanted) -> Line:
    """A connection over TCP; raises OSError."""
    reader, writer = await asyncio.open_connection(wanted.host, wanted.port)
    return _TcpLine(reader, writer)


@dataclass(frozen=True, slots=True)
class _TcpLine:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def read(self, most: int) -> bytes:
        return await self.reader.read(most)

    def close(self) -> None:
        self.writer.close()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._allowance = Allowance(feed.limits)

    def datagram_received(self, data: bytes, address: object) -> None:
        intake, clock = self._feed.intake, self._feed.clock
        steady_ms = clock.steady_ms()
        if not self._allowance.receive(len(data), steady_ms) or not self._allowance.read(1, steady_ms):
            intake.lost(1, steady_ms)
            return
        decoder, arrived_ms = self._feed.decoder(), clock.now_ms()
        for reports in (decoder.feed(data, arrived_ms), decoder.end(arrived_ms)):
            for report in reports:
                intake.put(report, steady_ms)


async def _read_line(feed: Feed, line: Line) -> None:
    decoder, allowance = feed.decoder(), Allowance(feed.limits)
    while True:
        async with asyncio.timeout(feed.limits.idle_ms / MS_PER_S):
            data = await line.read(feed.limits.slice_bytes)
        if not data:
            break
        if not allowance.receive(len(data), feed.clock.steady_ms()):
            feed.intake.lost(feed.told_in(data), feed.clock.steady_ms())
            decoder.gap()
        elif not await feed.put(decoder.feed(data, feed.clock.now_ms()), allowance, feed.told_in(data)):
            decoder.gap()
        await feed.wait(0)
    await feed.put(decoder.end(feed.clock.now_ms()), allowance)


async def _page(session: aiohttp.ClientSession, feed: Feed) -> bytes:
    headers = {"Accept-Encoding": "identity"}
    async with session.get(feed.wanted.where, headers=headers, allow_redirects=False) as answer:
        if answer.status != 200:
            raise PeerError(f"it answers {answer.status}")
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            raise PeerError("it answers packed, though asked not to")
        data = bytearray()
        async for chunk in answer.content.iter_chunked(feed.limits.slice_bytes):
            data += chunk
            if len(data) > feed.limits.document_bytes:
                raise PeerError(f"it answers with more than {feed.limits.document_bytes} bytes")
        return bytes(data)


def _reason(error: Exception) -> str:
    if isinstance(error, PeerError):
        return str(error)
    return "no answer in time" if isinstance(error, TimeoutError) else "nobody answers there"
