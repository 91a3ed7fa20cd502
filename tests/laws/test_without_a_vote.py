"""Attacks by who has no vote: an observer or the centre declares flights, and all wait for its word for ever."""

from __future__ import annotations

import pytest

from comity.model.acts.flights import Answer
from comity.model.acts.keys import Compromised
from comity.views.flags import flags
from comity.views.flights import conflict_standings
from laws.flights import answer, declare
from laws.plays import admitted, clear, refused
from laws.test_flights import agreed_movement, asked
from laws.test_unsettled import debtors, doubts
from laws.world import World


@pytest.mark.parametrize("silent", ["monitor", "centre"])
def test_law_22_silence_of_who_has_no_vote_bars_nothing(silent: str) -> None:
    """An observer is bought, or the centre seized: it declares a flight, answers nothing or disputes, and no medical
    flight is cleared there ever again."""
    words: tuple[Answer | None, ...] = (None, "disputed", "will-change")
    for word in words:
        check_is_cleared(silent, word)


def check_is_cleared(silent: str, word: Answer | None) -> None:
    """North clears its movement once it has answered itself, whatever the other says of its flight there."""
    world = World()
    request = agreed_movement(world)
    declared = declare(world, silent)
    world.share()
    if word is not None:
        admitted(answer(world, silent, declared, request, word))
        world.share()
    held = clear(world, request, "north")
    refused(held, "flight.conflict")
    assert held.refusal is not None and held.refusal.problem.endswith("not settled by north")
    admitted(answer(world, "north", declared, request))
    world.share()
    [standing] = conflict_standings(world["south"].view, world["centre"].at_ms)
    assert standing.status == ("disputed" if word == "disputed" else "unsettled") and silent in standing.owed_by
    assert silent in debtors(world, "")
    admitted(clear(world, request, "north"))
    world.share()
    assert doubts(world) and f"flight fl-1 of {silent}" in doubts(world)[0]


def test_law_22_silence_of_who_has_no_vote_stops_no_operation() -> None:
    """An observer declares a flight where an operation is asked for, and no consent and no start comes through."""
    world, play = asked()
    declared = declare(world, "monitor")
    world.share()
    refused(play.consent(), "flight.conflict")
    admitted(answer(world, "north", declared, play.request))
    world.share()
    admitted(play.consent())
    admitted(play.confirm())
    world.share()
    admitted(play.start())


def test_law_22_what_is_no_signatorys_is_answered_by_all_of_them() -> None:
    """The centre's flight and an observer's movement: both are silent and it is never cleared, or nobody has looked."""
    world = World()
    request = agreed_movement(world, by="monitor")
    declared = declare(world, "centre")
    world.share()
    refused(clear(world, request, "monitor"), "flight.conflict")
    admitted(answer(world, "north", declared, request))
    world.share()
    refused(clear(world, request, "monitor"), "flight.conflict")
    assert debtors(world, "answer the conflict of flight fl-1") == {"south", "monitor", "centre"}
    admitted(answer(world, "south", declared, request))
    world.share()
    admitted(clear(world, request, "monitor"))


def test_law_22_stolen_word_of_who_has_no_vote_flags_nothing() -> None:
    """The key of an observer that had answered was in other hands, and what never waited for it is held."""
    world = World()
    request = agreed_movement(world)
    declared = declare(world, "monitor")
    world.share()
    for by in ("north", "monitor"):
        admitted(answer(world, by, declared, request, officer="second"))
    world.share()
    cleared = admitted(clear(world, request, "north"))
    world.share()
    statement = Compromised(key=world.key("monitor", "second"), since_seq=0)
    admitted(world.sign("monitor", statement, officer="root", seat="root"))
    world.share()
    assert flags(world["south"].view, world.local("south", cleared)) == frozenset()
