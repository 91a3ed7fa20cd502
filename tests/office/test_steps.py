"""What nobody foresaw ends no office: it is told once, counted, named to people, tried after a pause, and then over."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from comity.model.acts.duty import LineCheck
from comity.model.entry import Entry
from comity.model.errors import PeerError
from comity.model.history import View
from comity.model.verdict import Refusal
from comity.office.audit import audit
from comity.office.config import DEFAULT, Limits
from comity.office.control import status
from comity.office.intake import Intake
from comity.office.office import Office
from comity.office.precaution import Watchman
from comity.office.problems import Problems
from comity.office.serve import Server
from comity.office.serving import Serving
from comity.office.steps import Steps
from comity.rules.judge import judge
from comity.tlog.errors import StoreError
from office.founded import Founded
from office.offices import HandClock, opened
from office.served import NAMES, post, running, until


def faults(server: Server) -> list[dict[str, Any]]:
    """The problems of one office that are faults of the software."""
    return [each for each in status(server.office)["problems"] if "fault of the software" in each["text"]]


def spoilt(monkeypatch: pytest.MonkeyPatch, kind: type, name: str) -> Callable[[], None]:
    """From now on that method raises; gives what mends it."""
    true = getattr(kind, name)

    def spoil(self: Any, *arguments: Any, **named: Any) -> None:
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr(kind, name, spoil)
    return lambda: monkeypatch.setattr(kind, name, true)


@pytest.mark.parametrize("kind, name", [(Office, "turn"), (Serving, "answer"), (Intake, "receive")])
def test_what_nobody_foresaw(
    tmp_path: Path, founded: Founded, monkeypatch: pytest.MonkeyPatch, kind: type, name: str
) -> None:
    """The fault is written out once an office, counted in its status, and the office goes on when it is mended."""

    async def play() -> None:
        mend = spoilt(monkeypatch, kind, name)
        said: list[str] = []
        async with running(tmp_path, said.append) as servers:
            await until(lambda: any(each["times"] > 2 for server in servers.values() for each in faults(server)))
            assert said and max(Counter(said).values()) <= len(servers), "once an office"
            assert all("RuntimeError: nobody foresaw this" in each for each in said)
            assert (await status_of(servers["north"]))["problems"]
            mend()
            await until(lambda: all(len(each.office.history.entries) == 5 for each in servers.values()))
            over = [each["over_ms"] for server in servers.values() for each in faults(server)]
            await until(
                lambda: all(each["over_ms"] is not None for server in servers.values() for each in faults(server))
            )
            assert over
            assert all(server.office.fault() is None for server in servers.values())

    asyncio.run(play())


def test_a_display_that_fails_holds_up_no_receipt(
    tmp_path: Path, founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What people are told of findings and clocks fails, and the office looks unstaffed to all, so consents freeze."""

    async def play() -> None:
        spoilt(monkeypatch, Watchman, "news")
        async with running(tmp_path) as servers:
            await until(lambda: all(len(each.office.history.entries) == 5 for each in servers.values()))
            await until(lambda: all(faults(server) for server in servers.values()))
            for server in servers.values():
                assert "looking for what people must be told" in faults(server)[0]["text"]
                assert server.office.fault() is None

    asyncio.run(play())


async def status_of(server: Server) -> dict[str, Any]:
    """What the office's people are told."""
    path = server._options.folder.socket
    session = aiohttp.ClientSession(connector=aiohttp.UnixConnector(path=str(path)))
    async with session, session.get("http://office/status") as answer:
        found: dict[str, Any] = await answer.json()
        return found


def test_a_command_that_fails_unforeseen(tmp_path: Path, founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """An act whose preparing fails unforeseen is answered in one sentence, and the traceback is written once."""

    async def play() -> None:
        said: list[str] = []
        async with running(tmp_path, said.append) as servers:
            await until(lambda: servers["north"]._options.folder.socket.exists())
            spoilt(monkeypatch, Office, "prepare")
            asked = {"act": "hold.place", "seat": "duty", "key": "00" * 32, "body": {}}
            for _ in range(5):
                answer = await post(servers["north"]._options.folder, "/prepare", asked)
                assert "fault of the software" in answer["problem"]
            assert len(said) == 1
            assert [each["times"] for each in faults(servers["north"])] == [5]

    asyncio.run(play())


def test_memory_in_doubt_is_read_anew() -> None:
    """After something unforeseen in the middle of taking, an office signs nothing on what is in its memory."""
    office = opened()[0].desks["north"].office
    with pytest.raises(RuntimeError), office._kept_whole():
        raise RuntimeError("in the middle")
    assert "in doubt" in str(office.fault())
    for harmless in (PeerError("no"), StoreError("the disk said no")):
        other = opened()[0].desks["north"].office
        with pytest.raises(type(harmless)), other._kept_whole():
            raise harmless
        assert (other.fault() is None) == isinstance(harmless, PeerError)


@pytest.mark.parametrize("at", range(4))
def test_a_page_that_breaks_in_the_middle(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """The entries before the one that nobody foresaw are kept and vouched for; the rest comes when it is mended."""
    wire, _ = opened(NAMES)
    north, south = wire.desks["north"], wire.desks["south"]
    wire.cut = {("north", "south"), ("north", "centre"), ("south", "north"), ("centre", "north")}
    acts = [south.act(LineCheck(with_participant="north", result="working")).entry.id for _ in range(4)]
    true = judge

    def fail(entry: Entry, past: View) -> Refusal | None:
        if entry.id == acts[at]:
            raise RuntimeError("nobody foresaw this")
        return true(entry, past)

    monkeypatch.setattr("comity.office.intake.judge", fail)
    wire.cut = set()
    with pytest.raises(RuntimeError):
        wire.polled()
    north.office.stop()
    north.start()
    assert [north.office.history.find(each) is not None for each in acts] == [True] * at + [False] * (4 - at)
    assert audit(north.office.logs, north.office.notary).clean
    monkeypatch.setattr("comity.office.intake.judge", true)
    wire.polled()
    assert all(north.office.history.find(each) is not None for each in acts)


def test_problems_come_and_go() -> None:
    """A problem has a beginning, a newest time and a count; what is mended is shown a while as over, then goes."""
    clock = HandClock()
    problems = Problems(clock, DEFAULT)
    begun_ms = clock.wall_ms
    for _ in range(3):
        problems.note("north cannot be reached", "north")
        clock.pass_ms(1000)
    problems.note("log demo/south is forked")
    (standing, fork) = problems
    assert (standing.at_ms, standing.last_ms, standing.times) == (begun_ms, begun_ms + 2000, 3)
    problems.mended("south")
    problems.mended("north")
    assert [each.over_ms for each in problems] == [clock.wall_ms, None]
    clock.pass_ms(DEFAULT.mended_shown_ms)
    assert list(problems) == [fork]
    problems.note("north cannot be reached", "north")
    again = list(problems)[-1]
    assert (again.at_ms, again.times, again.over_ms) == (clock.wall_ms, 4, None)


def test_problems_are_bounded() -> None:
    """Whoever makes problems without end pushes out old ones, and no more."""
    problems = Problems(HandClock(), Limits(problems_kept=10))
    for number in range(1000):
        problems.note(f"problem {number}")
    assert [each.text for each in problems] == [f"problem {number}" for number in range(990, 1000)]


def test_pauses_double_to_a_bound_and_are_forgotten() -> None:
    """A step that fails again and again is left alone for longer and longer, up to the bound; not for ever after."""
    clock, said = HandClock(), list[str]()
    limits = Limits(backoff_first_ms=1_000, backoff_most_ms=8_000)
    steps = Steps(clock, limits, said.append, lambda text, about: None, lambda about: None)
    pauses = []
    for _ in range(6):
        try:
            raise RuntimeError("again")
        except RuntimeError as error:
            steps.failed("a step", error)
        begun_ms = clock.run_ms
        while not steps.may("a step"):
            clock.pass_ms(100)
        pauses.append(clock.run_ms - begun_ms)
        assert steps.may("another step")
    assert pauses == [1_000, 2_000, 4_000, 8_000, 8_000, 8_000]
    assert len(said) == 1
    clock.pass_ms(8_000)
    steps.pause("a step")
    clock.pass_ms(1_000)
    assert steps.may("a step")
