"""How the page is drawn: part by part, its newest entries only, for no more than a share of the office's time."""

from __future__ import annotations

from typing import Any, cast

import pytest

from comity.interfaces.status import page as page_module
from comity.interfaces.status.page import OfficeState, status_page
from comity.model.acts.movements import MovementDeny
from comity.model.history import View
from comity.model.spans import MINUTE_MS
from comity.office.config import DEFAULT
from comity.office.office import Office
from comity.office.page import DRAWING, KEPT_TIMES, Drawn, Failed, Page
from comity.office.steps import Steps
from comity.views import board
from comity.views.board import TOPICS, log_rows, newest_log_rows
from laws.plays import acknowledge, admitted, clear, fork, movement, stage
from laws.world import World
from office.offices import HandClock
from status.test_page import page


def broken(*asked: object) -> Any:
    """A view that one entry breaks."""
    raise ValueError("year 287396 is out of range")


@pytest.mark.parametrize("topic", sorted(set(TOPICS) - {"lines", "obligations", "log"}))
def test_one_part_that_fails_takes_no_other(topic: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One entry that a chapter cannot show takes the whole page, with the obligations and the alarms."""
    play, failed = stage(), list[Exception]()
    monkeypatch.setitem(TOPICS, topic, broken)
    state = OfficeState("south", "South", "signatory", {}, (), fault="the store failed")
    text = status_page(play.world["south"].view, state, play.world.at_ms, failed.append)
    assert [str(each) for each in failed] == ["year 287396 is out of range"]
    assert "cannot be drawn here" in text or page_module.UNDRAWN in text
    for title in ("nothing is signed here: the store failed", "The other offices", "Record, newest first"):
        assert title in text


@pytest.mark.parametrize("name", ["obligations", "newest_log_rows", "movements", "last_signs"])
def test_a_view_that_fails_is_told_in_its_place(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the page rests on fails, and nobody reads why, or that it is less than the whole."""
    play, failed = stage(), list[Exception]()
    monkeypatch.setattr(page_module, name, broken)
    state = OfficeState("south", "South", "signatory", {}, (), None)
    text = status_page(play.world["south"].view, state, play.world.at_ms, failed.append)
    assert failed and page_module.UNDRAWN in text and "Operations" in text and "</html>" in text


@pytest.mark.parametrize("most", [1, 7, 60, 1000])
def test_the_newest_entries_are_the_newest(most: int) -> None:
    """The page shows the newest of each log, or the newest that came, and not the newest of all."""
    world = World()
    fork(world, "south")
    world.deliver("centre", "north")
    world.deliver("monitor", "north")
    view = world["north"].view
    assert newest_log_rows(view, most) == log_rows(view, world.at_ms)[::-1][:most]
    past = view.history.past(view.history.entries[-1])
    assert newest_log_rows(past, most) == log_rows(past, world.at_ms)[::-1][:most]


def test_only_what_is_shown_is_flagged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every entry ever signed is flagged for the sixty that are shown, at every look."""
    asked = []

    def counted(view: View, taken: Any) -> frozenset[str]:
        asked.append(taken)
        return frozenset()

    monkeypatch.setattr(board, "flags", counted)
    newest_log_rows(World()["north"].view, 3)
    assert len(asked) <= 3


def test_a_held_clearance_is_held_on_the_page() -> None:
    """A clearance that crossed a denial stands below as cleared, and nobody reads that it waits for a review."""
    world = World()
    request = admitted(movement(world, "north"))
    world.share()
    acknowledge(world, request, "south")
    world.share("south", "north")
    admitted(world.sign("south", MovementDeny(request=request.entry.id, reason="unsafe")))
    admitted(clear(world, request, "north"))
    world.share()
    text = page(world)
    section = text[text.index("Held, under review") : text.index("The other offices")]
    assert "flight-1" in section and "movement.deny of south" in section


@pytest.mark.parametrize("fault", [None, "the store failed"])
@pytest.mark.parametrize("ago_min", [1, 60])
def test_all_is_well_only_if_it_is(fault: str | None, ago_min: int) -> None:
    """A green tick over an office that signs nothing, or has heard nobody for an hour."""
    world = World()
    heard_ms = dict.fromkeys(("north", "south", "centre"), world.at_ms - ago_min * MINUTE_MS)
    text = page(world, "monitor", fault=fault, heard_ms=heard_ms)
    assert ("✓ nothing that the logs ask for waits" in text) == (fault is None and ago_min == 1)
    assert "nothing that the logs ask for waits" in text
    assert "✓ nothing that" not in page(world, "monitor", heard_ms={})


def test_the_page_says_what_it_leaves_out() -> None:
    """Nothing waits by the page, while the office's own register asks for a hold."""
    assert "own register asks for is on no page: comity obligations" in page(World(), "monitor")


class Loop:
    """An office's clock and a drawing that takes its time."""

    def __init__(self, takes_ms: int) -> None:
        self.clock, self.drawn, self.takes_ms = HandClock(), 0, takes_ms
        self.noted: list[str] = []
        self.mended: list[str] = []
        self.fails = False
        steps = Steps(
            self.clock, DEFAULT, lambda text: None, lambda text, about: self.noted.append(about), self.mended.append
        )
        self.page = Drawn(Page(0, self.draw), self.clock, steps)

    def draw(self, office: Office, failed: Failed) -> str:
        """The next drawing."""
        self.drawn += 1
        self.clock.pass_ms(self.takes_ms)
        if self.fails:
            failed(ValueError("of one part"))
        return str(self.drawn)

    def look(self) -> str:
        """What a browser gets."""
        return self.page.text(cast(Office, None))


def test_the_page_takes_a_share_of_the_time() -> None:
    """A browser with three tabs draws the whole agreement all the time, and receipts wait."""
    loop = Loop(takes_ms=300)
    looks = 0
    while loop.clock.steady_ms() < 60_000 and looks < 1_000:
        loop.look()
        loop.clock.pass_ms(100)
        looks += 1
    assert loop.drawn * 300 * KEPT_TIMES <= 66_000 and loop.drawn > 5


def test_a_quick_page_is_drawn_anew() -> None:
    """What was drawn a second ago is shown though drawing costs nothing."""
    loop = Loop(takes_ms=0)
    assert [loop.look(), loop.look()] == ["1", "2"]


def test_a_part_that_fails_is_a_problem_until_it_is_drawn() -> None:
    """The page lacks a part and nobody is told, or is told for ever."""
    loop = Loop(takes_ms=0)
    loop.fails = True
    loop.look()
    assert loop.noted == [DRAWING] and not loop.mended
    loop.fails = False
    loop.look()
    assert loop.mended == [DRAWING]
