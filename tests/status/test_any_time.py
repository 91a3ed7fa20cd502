"""Whatever time an entry claims or an act names, every topic and the whole page can still be drawn."""

from __future__ import annotations

import msgspec
import pytest

from comity.interfaces.cli.rendering import in_words
from comity.interfaces.status.page import OfficeState, status_page
from comity.model.acts import ACTS, Act
from comity.model.acts.areas import AreaPropose
from comity.model.acts.duty import Roster
from comity.model.acts.keys import ClockStep, Depute, Watch
from comity.model.acts.movements import MovementReconcile
from comity.model.acts.operations import Authorise, Hold, OperationConsent
from comity.model.acts.tracks import AlertAcknowledge
from comity.model.spans import moment
from comity.model.volume import TIME_MAX_MS
from comity.views.board import TOPICS
from laws.plays import EVERYWHERE, Play, admitted, designate, lift, ring
from laws.world import World

MOST_MS = (1 << 53) - 1
TIMES = (0, TIME_MAX_MS, TIME_MAX_MS + 1, MOST_MS)


def readable(world: World) -> None:
    """Every topic, each part of the page and each entry in words, now and at both ends of time."""
    failed: list[Exception] = []
    for name in ("north", "south"):
        view, state = world[name].view, OfficeState(name, name, "signatory", {}, (), None)
        for now_ms in (0, world[name].at_ms, MOST_MS):
            for topic in TOPICS.values():
                topic(view, now_ms)
            status_page(view, state, now_ms, failed.append)
        for taken in view.history.entries:
            in_words(taken.entry, lambda digits: digits)
    assert failed == []


def acts(play: Play, at_ms: int) -> list[Act]:
    """One act of each kind that names a moment."""
    key, request = play.world.key("south", "first"), play.request.entry.id
    return [
        Hold(until_ms=at_ms),
        Hold(request=request, until_ms=at_ms),
        OperationConsent(request=request, executing="north", expires_ms=at_ms),
        Roster(seat="duty", key=key, from_ms=0, until_ms=at_ms),
        Roster(seat="duty", key=key, from_ms=at_ms, until_ms=MOST_MS),
        AreaPropose(area="orchard", tier="open", ring=ring("orchard"), band=EVERYWHERE, after=(), from_ms=at_ms),
        Authorise(authorisation="a-1", areas=("valley",), groups=("bands",), until_ms=at_ms),
        MovementReconcile(request=request, departed_ms=at_ms, arrived_ms=at_ms),
        ClockStep(before_ms=at_ms),
        AlertAcknowledge(kind="lost", identities=("4b1805",), began_ms=at_ms),
    ]


def test_every_act_that_names_a_moment_is_tried() -> None:
    """A later act names a moment, and nobody tries it at the ends of time."""
    named = {act.name for act in ACTS for each in msgspec.structs.fields(act) if each.name.endswith("_ms")}
    play = Play(World())
    designate(play.world)
    play.propose()
    assert named == {each.name for each in acts(play, 0)} | {Depute.name}


@pytest.mark.parametrize("at_ms", TIMES)
def test_any_moment_in_an_act(at_ms: int) -> None:
    """A hold until the end of the integers takes the page from every office until all have lifted it."""
    play = Play(World())
    designate(play.world)
    play.propose()
    for act in acts(play, at_ms):
        play.world.sign("south", act)
    depute = Depute(key=play.world.key("south", "junior"), seat="duty", until_ms=at_ms)
    play.world.sign("south", depute, officer="root", seat="root")
    play.world.share()
    readable(play.world)


@pytest.mark.parametrize("who", ["south", "centre", "monitor"])
def test_any_moment_at_which_an_entry_claims_to_be_signed(who: str) -> None:
    """One sign of life of an observer, dated beyond every calendar, takes the record from every office for ever."""
    world = World()
    admitted(world.sign(who, Watch(), officer="office", seat="office", at=MOST_MS))
    world.share()
    readable(world)


def test_a_hold_beyond_the_calendar_is_shown_and_lifted() -> None:
    """What no calendar holds cannot be read, and so cannot be lifted."""
    world = World()
    held = admitted(world.sign("monitor", Hold(until_ms=MOST_MS)))
    world.share()
    (row,) = TOPICS["holds"](world["north"].view, world["north"].at_ms)
    assert row["until"] == f"{MOST_MS} ms"
    lift(world, held)
    assert TOPICS["holds"](world["north"].view, world["north"].at_ms) == []


def test_the_one_moment() -> None:
    """Three rooms turn milliseconds into a date, each for itself, and one of them breaks."""
    assert moment(0) is not None and moment(TIME_MAX_MS) is not None
    assert moment(TIME_MAX_MS + 1) is None and moment(MOST_MS) is None and moment(-MOST_MS) is None
