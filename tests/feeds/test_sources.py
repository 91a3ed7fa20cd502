"""Sources under one roof: reconnected, bounded, fair; a dead, flooding or broken one harms no other."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, suppress
from itertools import chain
from pathlib import Path

import pytest
from aiohttp import web

from comity.airspace.fix import Fix, Report
from comity.interfaces.feeds import FORMATS
from comity.model.errors import Misuse
from comity.office.folder import SYSTEM_CLOCK
from comity.office.sky.address import Wanted, wanted
from comity.office.sky.decoding import Formats
from comity.office.sky.health import State
from comity.office.sky.limits import SkyLimits
from comity.office.sky.reading import Allowance, Connect, Line
from comity.office.sky.sources import Sources, _share
from feeds.samples import AT_MS, CSV_HEADER, aircraft, event, kept, sbs, snapshot
from feeds.sky_clock import FakeClock, SaidLine

NORTH, SOUTH = wanted("north", "sbs://north:1"), wanted("south", "sbs://south:1")
WAIT_S = 10.0


def place(second: int, address: str = "3003AE", latitude: float = 45.0) -> bytes:
    """A place told so many seconds after the beginning."""
    clock = f"12:{second // 60:02}:{second % 60:02}.000"
    return sbs(3, address, clock, lat=round(latitude + second / 1e4, 5), lon=9, altitude=1000).encode()


def lines_of(calls: dict[str, Callable[[], Line]]) -> Callable[[Wanted], Connect]:
    """How each source is reached, by its name."""

    def connecting(each: Wanted) -> Connect:
        async def connect() -> Line:
            return calls[each.name]()

        return connect

    return connecting


def refuse() -> Line:
    """Nobody is there."""
    raise ConnectionRefusedError("refused")


def played(sources: Sources, clock: FakeClock, until_ms: int, look: Callable[[], None] = lambda: None) -> None:
    """Runs the sources until the fake clock says so, or they are done, looking in at every turn."""

    async def play() -> None:
        running = asyncio.create_task(sources.run())
        while clock.steady_ms() < until_ms and not running.done():
            await clock.turn(until_ms)
            look()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    asyncio.run(play())


def test_dead_source_is_tried_again_ever_more_rarely() -> None:
    """Pauses double up to their bound; the health says that nobody answers."""
    clock, tries = FakeClock(), list[int]()

    def call() -> Line:
        tries.append(clock.steady_ms())
        return refuse()

    sources = Sources([NORTH], FORMATS, clock, wait=clock.wait, connecting=lines_of({"north": call}))
    played(sources, clock, 200_000)
    assert tries == [0, 1_000, 3_000, 7_000, 15_000, 31_000, 63_000, 123_000, 183_000]
    assert str(sources.health()[0]).startswith("north: down for 3 min: nobody answers there; no tracks")


def test_source_that_comes_back_goes_on() -> None:
    """A connection that closes is made again at once if it brought tracks; nothing is told twice."""
    clock, lines = FakeClock(), list[SaidLine]()

    def call() -> Line:
        lines.append(SaidLine([place(number) for number in range(len(lines) + 2)]))
        return lines[-1]

    sources = Sources([NORTH], FORMATS, clock, wait=clock.wait, connecting=lines_of({"north": call}))
    taken: list[Fix] = []
    played(sources, clock, 3_500, lambda: taken.extend(sources.take()))
    assert len(lines) == 4 and all(line.closed for line in lines)
    assert [(fix.at_ms - AT_MS) // 1_000 for fix in taken] == [0, 1, 2, 3, 4]
    assert sources.health()[0].late > 0


def test_dead_source_does_not_hold_up_the_living() -> None:
    """While one source cannot be reached the other's tracks come, and the dead one's last ones are kept and age."""
    clock, calls = FakeClock(), itertools.count()

    def once() -> Line:
        return SaidLine([place(0, "4B43AC")]) if next(calls) == 0 else refuse()

    def living() -> Line:
        return SaidLine(place(clock.steady_ms() // 1_000) for _ in range(1_000_000))

    connecting = lines_of({"north": once, "south": living})
    sources = Sources([NORTH, SOUTH], FORMATS, clock, wait=clock.wait, connecting=connecting)
    taken: list[Fix] = []
    played(sources, clock, 20_000, lambda: taken.extend(sources.take()))
    north, south = sources.health()
    assert (north.state, north.tracks, south.state, south.tracks) == (State.DOWN, 1, State.UP, 1)
    assert north.oldest_ms is not None and north.oldest_ms > 19_000 and "oldest" in str(north)
    assert south.oldest_ms is not None and south.oldest_ms < 2_000
    assert {fix.source for fix in taken} == {"north", "south"}


@pytest.mark.parametrize(
    "flood",
    [
        b"".join(place(0, f"{number:06X}") for number in range(1, 700)),
        b"\r\n" * 32_000,
        b"MSG,3\n" * 10_000,
        b"x" * 65_000,
        b"</event>" * 8_000,
    ],
    ids=["aircraft", "blank lines", "bad lines", "no line", "other format"],
)
def test_flood_delays_nobody_and_is_bounded(flood: bytes) -> None:
    """Beside a source that sends without end, whatever it sends, the other's every report arrives in its second."""
    clock = FakeClock()
    limits = SkyLimits(queue_reports=1_000, reports_a_second=5_000, tracks_each=500)

    def flooding() -> Line:
        return SaidLine(itertools.repeat(flood))

    class Calm(SaidLine):
        async def read(self, most: int) -> bytes:
            await clock.wait(1.0)
            return await super().read(most)

    calm = Calm([place(second) for second in range(1, 9)])
    connecting = lines_of({"north": flooding, "south": lambda: calm})
    sources = Sources([NORTH, SOUTH], FORMATS, clock, limits, wait=clock.wait, connecting=connecting)
    taken: list[tuple[Fix, int]] = []
    deepest = list[int]()

    def look() -> None:
        taken.extend((fix, clock.now_ms()) for fix in sources.take() if fix.source == "south")
        deepest.append(max(len(feed.intake._queue) for feed in sources._feeds))

    played(sources, clock, 8_000, look)
    assert len(taken) >= 7 and max(now_ms - fix.at_ms for fix, now_ms in taken) <= 1_000
    assert max(deepest) <= 1_000
    north = sources.health()[0]
    assert north.state is State.FLOODING and north.dropped > 0 and "flooding" in str(north)


def test_share_of_each_source_is_equal() -> None:
    """When less is taken than waits, each source gives the same number, its oldest first."""
    clock = FakeClock()
    connecting = lines_of(
        {
            "north": lambda: SaidLine([b"".join(place(second, "4B43AC") for second in range(100))]),
            "south": lambda: SaidLine([b"".join(place(second) for second in range(3))]),
        }
    )
    limits = SkyLimits(ahead_most_ms=1_000_000)
    sources = Sources([NORTH, SOUTH], FORMATS, clock, limits, wait=clock.wait, connecting=connecting)
    played(sources, clock, 500)
    first = sources.take(6)
    assert [fix.source for fix in first] == ["north", "south"] * 3
    assert [fix.at_ms for fix in first] == sorted(fix.at_ms for fix in first)
    assert len(sources.take(20)) == 20, "what the south does not need is the north's"


def test_what_one_source_does_not_need_another_gets() -> None:
    """Of sixteen sources fifteen are idle or nearly so: the busy one's reports are all taken, in every look."""
    clock = FakeClock()
    names = [f"source-{number}" for number in range(16)]

    def said(name: str) -> Line:
        count = 4_000 if name == names[7] else 3 if name == names[3] else 0
        flown = [place(0, f"{number:06X}") for number in range(1, count + 1)]
        return SaidLine([b"".join(flown[at : at + 500]) for at in range(0, count, 500)])

    connecting = lines_of({name: lambda name=name: said(name) for name in names})  # type: ignore[misc]
    each = [wanted(name, f"sbs://{name}:1") for name in names]
    sources = Sources(each, FORMATS, clock, wait=clock.wait, connecting=connecting)
    played(sources, clock, 900)
    taken = sources.take(4_003)
    assert (len(taken), sum(fix.source == names[3] for fix in taken)) == (4_003, 3)
    assert not sources.take()


def test_few_are_taken_of_many_that_wait() -> None:
    """No share is more than all together may be; the small are served whole."""
    assert [_share(waiting, 10) for waiting in ([], [0, 0], [3], [50, 1, 1], [5, 5, 5], [50] * 20)] == [
        *(10, 10, 10, 8, 3, 1),
    ]


@pytest.mark.parametrize(
    ("address", "data", "reports"),
    [
        ("sbs://north:1", b"".join(place(0, f"{number:06X}") for number in range(1, 601)), 600),
        ("cot+tcp://north:1", b"".join(event(uid=f"n{number}").encode() for number in range(100)), 100),
        ("http://north/data", snapshot(*(aircraft(hex=f"{number:06x}") for number in range(1, 401))), 400),
    ],
)
def test_what_is_dropped_unread_is_counted(address: str, data: bytes, reports: int) -> None:
    """Of a slice or a page with more reports than are read in a second the rest counts as so many, not as one."""
    clock = FakeClock()
    limits = SkyLimits(reports_a_second=30, behind_most_ms=10**15)
    (feed,) = Sources([wanted("north", address)], FORMATS, clock, limits)._feeds
    decoder = feed.decoder()

    async def read() -> None:
        allowance = Allowance(limits)
        assert feed.told_in(data) == reports
        told = chain(decoder.feed(data, clock.now_ms()), decoder.end(clock.now_ms()))
        assert not await feed.put(told, allowance, feed.told_in(data))

    asyncio.run(read())
    health = feed.intake.health(clock.now_ms(), 0)
    assert feed.intake.accepted + health.rejected + health.doubled == 30
    assert health.dropped == reports - 30


@pytest.mark.parametrize("back_ms", [-3_600_000, -20_000])
def test_a_clock_that_steps_back_loses_nothing(back_ms: int) -> None:
    """A source whose reports are of their arrival goes on being taken, in order, when the clock is set back."""
    clock = FakeClock()
    lines = (place(number, latitude=45.0) for number in range(1_000))

    class Slow(SaidLine):
        async def read(self, most: int) -> bytes:
            await clock.wait(1.0)
            return await super().read(most)

    each = wanted("north", "sbs://north:1?time=arrival")
    sources = Sources([each], FORMATS, clock, wait=clock.wait, connecting=lines_of({"north": lambda: Slow(lines)}))
    taken: list[int] = []

    def look() -> None:
        if clock.steady_ms() > 30_500:
            clock.stepped_ms = back_ms
        taken.extend(clock.now_ms() - fix.at_ms for fix in sources.take())

    played(sources, clock, 60_000, look)
    assert 55 <= len(taken) <= 60
    assert all(0 <= age_ms <= 1_000 for age_ms in taken)
    assert sources.health()[0].late == 0


def test_replay_from_now_goes_on_when_the_clock_steps(tmp_path: Path) -> None:
    """What is moved to now stays there, wherever now goes."""
    clock = FakeClock()
    sources = Sources([wanted("replay", f"file:{csv_file(tmp_path, 30)}?from=now")], FORMATS, clock, wait=clock.wait)
    taken: list[Fix] = []

    def look() -> None:
        clock.stepped_ms = 0 if clock.steady_ms() < 100_000 else -3_600_000
        taken.extend(sources.take())

    played(sources, clock, 10**6, look)
    assert len(taken) == 30
    assert all(fix.at_ms == fix.arrived_ms for fix in taken)


def test_fault_of_the_software_stays_with_its_source() -> None:
    """A decoder that raises what nobody foresaw is told once, shown as down, tried again, and harms no other."""

    class Faulty:
        def feed(self, data: bytes, arrived_ms: int | None) -> Iterator[Report]:
            raise RuntimeError("nobody foresaw this")

        def gap(self) -> None: ...

        def end(self, arrived_ms: int | None) -> Iterator[Report]:
            return iter(())

    clock, said = FakeClock(), list[str]()
    formats = Formats(
        {"sbs": lambda source, by_arrival: Faulty() if source == "north" else FORMATS.decoders["sbs"](source, False)},
        FORMATS.read_file,
    )
    connecting = lines_of({name: lambda: SaidLine([place(0)]) for name in ("north", "south")})
    sources = Sources([NORTH, SOUTH], formats, clock, wait=clock.wait, connecting=connecting, say=said.append)
    played(sources, clock, 200_000)
    assert len(said) == 1 and "nobody foresaw this" in said[0]
    assert "fault of the software" in str(sources.health()[0])
    assert len(sources.take()) == 1


def csv_file(folder: Path, count: int) -> Path:
    """A file of one flight that reports every ten seconds."""
    rows = "".join(f"{AT_MS + 10_000 * n},3003ae,n,{45 + n / 100:.4f},9,1000,1,1,1\n" for n in range(count))
    return kept(folder, CSV_HEADER + "bad\n" + rows, packed=True)


@pytest.mark.parametrize(("speed", "took_ms"), [("1", 290_000), ("60", 4_833), ("most", 0)])
def test_file_is_replayed_at_any_speed(tmp_path: Path, speed: str, took_ms: int) -> None:
    """Thirty reports of ten seconds take their time divided by the speed; no time if as fast as it goes."""
    clock = FakeClock()
    each = wanted("replay", f"file:{csv_file(tmp_path, 30)}?speed={speed}")
    sources = Sources([each], FORMATS, clock, wait=clock.wait)
    played(sources, clock, 10**12)
    fixes = sources.take()
    assert len(fixes) == 30 and fixes[-1].arrived_ms == fixes[-1].at_ms == AT_MS + 290_000
    assert clock.steady_ms() == pytest.approx(took_ms, abs=40)
    assert str(sources.health()[0]).startswith("replay: at its end; 1 track, oldest 0 s, 1 rejected")
    assert sources.health()[0].rejected == 1


def test_replay_may_begin_now(tmp_path: Path) -> None:
    """Asked to begin now, a file of any year is moved as a whole, and what arrives has arrived now."""
    clock = FakeClock()
    clock.passed_ms = 10**11
    each = wanted("replay", f"file:{csv_file(tmp_path, 3)}?from=now")
    sources = Sources([each], FORMATS, clock, wait=clock.wait)
    played(sources, clock, 10**12)
    fixes = sources.take()
    assert [fix.at_ms - AT_MS - 10**11 for fix in fixes] == [0, 10_000, 20_000]
    assert [fix.arrived_ms for fix in fixes] == [fix.at_ms for fix in fixes]


def test_fast_replay_waits_for_room(tmp_path: Path) -> None:
    """As fast as it goes nothing is dropped, however small the queue and slow the taking."""
    clock = FakeClock()
    each = wanted("replay", f"file:{csv_file(tmp_path, 500)}?speed=most")
    sources = Sources([each], FORMATS, clock, SkyLimits(queue_reports=7), wait=clock.wait)
    taken: list[Fix] = []

    async def play() -> None:
        running = asyncio.create_task(sources.run())
        while not running.done():
            taken.extend(sources.take())
            await clock.turn()
        await running

    asyncio.run(play())
    taken += sources.take()
    assert len(taken) == 500 and sources.health()[0].dropped == 0


def test_file_that_is_none_is_told() -> None:
    """A replay of what is not there, or no file of tracks, is at its end with the reason."""
    sources = Sources([wanted("replay", "file:nowhere.csv")], FORMATS, FakeClock())
    asyncio.run(sources.run())
    assert "at its end: nowhere.csv cannot be read" in str(sources.health()[0])


def test_two_sources_of_one_name_are_misuse() -> None:
    """Names are what tracks go by, so no two are alike; and there are not too many."""
    with pytest.raises(Misuse, match="a name of its own"):
        Sources([NORTH, NORTH], FORMATS, FakeClock())
    with pytest.raises(Misuse, match="at most 1 sources"):
        Sources([NORTH, SOUTH], FORMATS, FakeClock(), SkyLimits(sources_most=1))


Serve = Callable[[AsyncExitStack], Awaitable[tuple[str, Callable[[list[Fix]], bool]]]]


def served(serve: Serve) -> list[Fix]:
    """What comes of a real server on this machine's own address, which `serve` starts and tells the end of."""
    taken: list[Fix] = []

    async def play() -> None:
        async with AsyncExitStack() as stack, asyncio.timeout(WAIT_S):
            address, enough = await serve(stack)
            sources = Sources([wanted("north", address)], FORMATS, SYSTEM_CLOCK, SkyLimits(backoff_first_ms=20))
            running = asyncio.create_task(sources.run())
            while not enough(taken):
                await asyncio.sleep(0.01)
                taken.extend(sources.take())
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    asyncio.run(play())
    return taken


def test_lines_come_over_tcp() -> None:
    """A real connection is read, and made again when the other end closes it."""
    calls = itertools.count(1)

    async def serve(stack: AsyncExitStack) -> tuple[str, Callable[[list[Fix]], bool]]:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(place(next(calls)))
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        await stack.enter_async_context(server)
        port = server.sockets[0].getsockname()[1]
        return f"sbs://127.0.0.1:{port}?time=arrival", lambda taken: len(taken) >= 3

    assert {fix.address for fix in served(serve)} == {"3003ae"}


def test_pages_come_over_http() -> None:
    """A real page is asked for again and again; errors, redirections and floods are no page and no end."""
    calls = itertools.count()

    async def serve(stack: AsyncExitStack) -> tuple[str, Callable[[list[Fix]], bool]]:
        async def answer(request: web.Request) -> web.Response:
            match next(calls):
                case 0:
                    return web.Response(status=500)
                case 1:
                    raise web.HTTPFound("/elsewhere")
                case 2:
                    return web.Response(body=b" " * (9 * 2**20))
                case number:
                    return web.Response(body=snapshot(aircraft(lat=45 + number / 100), now=None))

        application = web.Application()
        application.router.add_get("/data/aircraft.json", answer)
        runner = web.AppRunner(application)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        return f"http://127.0.0.1:{port}/data/aircraft.json?every=0.2", lambda taken: len(taken) >= 2

    assert [round(fix.latitude_deg, 2) for fix in served(serve)][:2] == [45.03, 45.04]


def test_events_come_by_datagram() -> None:
    """Events sent to a listening port are read, one each; what is none is counted."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    async def serve(stack: AsyncExitStack) -> tuple[str, Callable[[list[Fix]], bool]]:
        out = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        number = itertools.count()

        def enough(taken: list[Fix]) -> bool:
            out.sendto(event(uid=f"n{next(number)}", times="").encode(), ("127.0.0.1", port))
            out.sendto(b"\xff", ("127.0.0.1", port))
            return len(taken) >= 3

        return f"cot+udp://127.0.0.1:{port}?time=arrival", enough

    assert all(fix.name.startswith("n") for fix in served(serve))
