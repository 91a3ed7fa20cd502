"""The status page: what is owed and held comes first, what is stale says so, and no text of others is markup."""

from __future__ import annotations

import re

from comity.interfaces.status.page import OfficeState, status_page
from comity.model.acts.operations import OperationPropose
from comity.model.spans import HOUR_MS, MINUTE_MS
from comity.office.problems import Problem
from laws.plays import Play, admitted, designate, fact, line_check, stage, volume
from laws.world import World


def page(world: World, name: str = "south", at_ms: int | None = None, **changes: object) -> str:
    """The page of an office as text for people: tags become spaces."""
    whole = html(world, name, at_ms, **changes).partition("</style>")[2].replace("&nbsp;", " ")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", whole))


def html(world: World, name: str = "south", at_ms: int | None = None, **changes: object) -> str:
    """The page of an office."""
    fields: dict[str, object] = {"heads": {}, "problems": (), "fault": None} | changes
    state = OfficeState(participant=name, name=name.title(), role="signatory", **fields)  # type: ignore[arg-type]
    return status_page(world[name].view, state, at_ms or world[name].at_ms)


def test_what_this_office_owes_comes_first() -> None:
    """An officer who reads one line reads what waits for him."""
    play = Play(World())
    designate(play.world)
    play.propose()
    text = page(play.world, at_ms=play.world.at_ms + 30 * HOUR_MS)
    assert "3 things wait for this office; ▲ 2 overdue ; first: " in text.replace("  ", " ")
    assert text.index("This office owes") < text.index("The other offices") < text.index("The others owe")
    assert "answer operation op-1" in text[text.index("This office owes") : text.index("The other offices")]


def test_flagged_start_is_held_and_says_for_whom_it_waits() -> None:
    """A start that crossed a fact is never read as agreed."""
    play = stage()
    admitted(play.start())
    fact(play.world, "monitor")
    play.world.share()
    held = page(play.world)
    section = held[held.index("Held, under review") : held.index("The other offices")]
    assert "op-1" in section and "concurrent (fact.state of monitor)" in section and "south" in section


def test_a_problem_says_when_it_was_last_seen_and_goes_when_it_is_over() -> None:
    """Yesterday's broken line stands on the page as if it were broken now."""
    world = World()
    now_ms = world.at_ms
    open_one = Problem(now_ms - HOUR_MS, "north is out of reach", now_ms - 3 * MINUTE_MS, times=20, about="north")
    over = Problem(now_ms - HOUR_MS, "centre is out of reach", now_ms - HOUR_MS, about="centre", over_ms=now_ms)
    text = page(world, problems=(open_one, over))
    current, before = text[text.index("Going wrong now") :].split("Over by now: 1")
    assert "north is out of reach" in current and "last seen 3 min ago" in current and "20 times" in current
    assert "centre" not in current and "centre is out of reach , over since" in before
    assert "Going wrong now" not in page(world, problems=(over,))
    assert "Over by now" not in page(world, problems=())


def test_staleness_of_each_peer() -> None:
    """A picture that is hours old looks like one of now."""
    world = World()
    late_ms = world.at_ms + HOUR_MS
    text = page(world, at_ms=late_ms, heard_ms={"north": late_ms - MINUTE_MS})
    peers = text[text.index("The other offices") :]
    assert "✓ 1 min ago" in peers and "1 h ago: stale" in peers and "not in this run" in peers


def test_a_line_is_good_by_the_word_of_both_ends() -> None:
    """The page calls a line good on which the rules of a start do not rest."""
    world = World()
    world.share()
    assert "✓ working" in _peers(page(world))
    world.tick(120)
    line_check(world, "north", "south")
    world.share()
    assert "working now; not found working of late by south" in _peers(page(world))
    line_check(world, "south", "north")
    world.share()
    assert "✓ working" in _peers(page(world))
    assert "working 2 h ago: stale" in _peers(page(world, at_ms=world["south"].at_ms + 2 * HOUR_MS))
    line_check(world, "south", "north", result="dead")
    world.share()
    assert "▲ dead" in _peers(page(world))


def test_what_stops_the_office_is_an_alarm() -> None:
    """The office signs nothing, and its page looks as always."""
    text = page(World(), fault="the store failed", clock_fault="its clock is off", waiting=("hold.place",))
    assert "▲ nothing is signed here: the store failed" in text
    assert "▲ only restraints are signed here: its clock is off" in text
    assert "▲ hold.place is here and binds" in text


def test_texts_are_no_markup() -> None:
    """What another office or the disk says becomes part of the page."""
    world = World()
    problem = Problem(world.at_ms, "<script>alert(1)</script>", world.at_ms)
    found = html(world, problems=(problem,), fault="<b>bold</b>", heads={"<i>": 1})
    assert "<script" not in found and "<b>" not in found and "<i>" not in found


def test_texts_hide_nothing() -> None:
    """What another office says turns the line around, or moves the cursor of who copies it."""
    world = World()
    problem = Problem(world.at_ms, "north answered \u202edettimda\u202c \x1b[2Jgone", world.at_ms)
    found = html(world, problems=(problem,), fault="a\x9bb", heads={"demo/\u2066": 1}, waiting=("\u200f",))
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200f\x1b\x9b]", found)
    assert "north answered \\u202edettimda\\u202c \\u001b[2Jgone" in found


def test_the_page_cannot_act() -> None:
    """A page that people leave open at night has nothing to press."""
    play = stage()
    act = play.request.entry.act
    assert isinstance(act, OperationPropose) and act.volume == volume("orchard")
    assert not re.search(r"<(form|input|button|script|a|img|link)\b", html(play.world))


def _peers(text: str) -> str:
    return text[text.index("The other offices") :]
