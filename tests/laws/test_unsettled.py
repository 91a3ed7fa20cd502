"""Attacks on what was settled or seemed so: an answer taken back, a side that has left, a flight without an end."""

from __future__ import annotations

import pytest

from comity.model.acts.agreement import LiftPropose, TermsPropose, Vote
from comity.model.acts.flights import FlightOverdue
from comity.model.acts.movements import MovementDepart
from comity.model.history import Taken
from comity.model.records.change import heads
from comity.model.records.conflicts import conflicts_in, is_settled
from comity.model.records.flights import flight
from comity.model.records.movements import movement as movement_record
from comity.model.records.rooms import of_movement
from comity.views.flights import conflict_standings, flight_standings
from comity.views.movements import movements
from comity.views.obligations import obligations
from comity.views.operations import operations
from laws.agreement import Draft
from laws.flights import answer, change, close, declare
from laws.plays import Play, admitted, clear, lift, movement, refused
from laws.test_flights import agreed_movement, answered, asked
from laws.test_replaced_terms import WITH_THREE
from laws.world import World

LONG_MIN = 73 * 60


def consented() -> tuple[World, Play, Taken]:
    """South and north have settled the conflict of south's flight, and south consents and confirms: all hold it."""
    world, play = asked()
    declared = declare(world, "south")
    world.share()
    for by in ("north", "south"):
        admitted(answer(world, by, declared, play.request))
    world.share()
    admitted(play.consent())
    admitted(play.confirm())
    world.share()
    return world, play, declared


def test_law_20_dispute_before_a_clearance_refuses_it() -> None:
    """Both have settled a conflict, one takes it back before the clearance, and the old word still counts."""
    world = World()
    request, declared = answered(world)
    admitted(answer(world, "south", declared, request, "disputed"))
    world.share()
    refused(clear(world, request, "north"), "flight.conflict")
    for by in ("north", "south"):
        admitted(answer(world, by, declared, request))
    world.share()
    admitted(clear(world, request, "north"))


def test_law_20_dispute_after_a_clearance_stands_on_it() -> None:
    """A cleared movement departs into the air of a flight whose owner disputes the answer, and no row says so."""
    world = World()
    request, declared = answered(world)
    admitted(clear(world, request, "north"))
    world.share()
    assert doubts(world) == []
    admitted(answer(world, "south", declared, request, "disputed"))
    world.share()
    said = f"conflict with flight fl-1 of south ({declared.entry.id[:8]}) is disputed by south"
    for now in ("cleared", "under way"):
        assert all(doubts(world, name) == [said] for name in ("north", "south", "centre"))
        assert debtors(world, "settle the conflict of flight fl-1") == {"north", "south"}
        if now == "cleared":
            admitted(world.sign("north", MovementDepart(request=request.entry.id)))
            world.share()
    for by in ("north", "south"):
        admitted(answer(world, by, declared, request, "separated-by-time"))
    world.share()
    assert doubts(world) == [] and debtors(world, "settle the conflict") == set()


def test_law_18_dispute_before_a_consent_refuses_it() -> None:
    """What was settled is disputed, and the other side consents into the air of the flight all the same."""
    world, play = asked()
    declared = declare(world, "south")
    world.share()
    for by, word in (("north", "separated-by-level"), ("south", "separated-by-level"), ("north", "disputed")):
        admitted(answer(world, by, declared, play.request, word))  # type: ignore[arg-type]
    world.share()
    refused(play.consent(), "flight.conflict")


def test_law_18_dispute_after_a_consent_stops_the_start() -> None:
    """A consent waited for the answers; one is taken back before the start, and the start rests on it all the same."""
    world, play, declared = consented()
    admitted(answer(world, "south", declared, play.request, "disputed"))
    world.share()
    refused(play.start(), "flight.conflict")
    [standing] = operations(world["centre"].view, world["centre"].at_ms)
    assert any("may not start" in each and "fl-1" in each for each in standing.conditions)
    for by in ("north", "south"):
        admitted(answer(world, by, declared, play.request))
    world.share()
    admitted(play.start())


def test_law_18_dispute_after_a_start_stands_on_it() -> None:
    """An operation is under way into the air of a flight that is in dispute since, and no row says so."""
    world, play, declared = consented()
    admitted(play.start())
    world.share()
    admitted(answer(world, "south", declared, play.request, "disputed"))
    world.share()
    for name in ("north", "south", "centre"):
        [standing] = operations(world[name].view, world["centre"].at_ms)
        assert any(each.endswith("is disputed by south") for each in standing.conditions)
    assert debtors(world, "settle the conflict of flight fl-1") == {"north", "south"}


def left(world: World) -> None:
    """North proposes terms without east, all three vote, and everybody holds them."""
    after = tuple(each.id for each in heads(world["north"].view, "terms"))
    act = TermsPropose(text=Draft(edition=2).text(), after=after)
    admitted(world.sign("north", act))
    world.share()
    for name in WITH_THREE.signatories:
        admitted(world.sign(name, Vote(thing="terms", after=after, round=0, content=act.content())))
    world.share()
    world.draft = Draft(edition=2)


def test_law_29_who_has_left_answers_no_conflict() -> None:
    """A party leaves with a flight declared, and every movement in its air waits for its word for ever."""
    world = World(Draft(names=WITH_THREE))
    declared = declare(world, "east", until_h=4)
    world.share()
    left(world)
    request = agreed_movement(world)
    refused(clear(world, request, "north"), "flight.conflict")
    assert debtors(world, "answer the conflict of flight fl-1") == {"north"}
    admitted(answer(world, "north", declared, request))
    world.share()
    [standing] = [
        each for each in conflict_standings(world["south"].view, world["centre"].at_ms) if not each.conflict.is_own
    ]
    assert (standing.status, standing.owed_by) == ("settled", ())
    admitted(clear(world, request, "north"))


def test_law_29_word_of_who_has_left_does_not_bind() -> None:
    """A party disputes a conflict and leaves, and its word is the last for ever."""
    world = World(Draft(names=WITH_THREE))
    declared = declare(world, "east", until_h=4)
    request = admitted(movement(world, "north"))
    world.share()
    admitted(answer(world, "east", declared, request, "disputed"))
    admitted(answer(world, "north", declared, request))
    world.share()
    assert not settled(world, request)
    left(world)
    assert settled(world, request)


def test_law_16_flight_of_one_who_has_left_is_lifted_by_all() -> None:
    """A leaver's flight is overdue, nobody can close it, and nobody is asked to."""
    world = World(Draft(names=WITH_THREE))
    declared = declare(world, "east", until_h=1)
    mine = declare(world, "south", "quarry", name="fl-2")
    world.share()
    left(world)
    world.tick(61)
    [shown] = [
        each for each in flight_standings(world["north"].view, world["centre"].at_ms) if each.record.party == "east"
    ]
    assert "east has left and closes it no more: every signatory lifts it" in shown.conditions
    assert debtors(world, "lift flight fl-1") == {"north", "south"}
    refused(world.sign("north", LiftPropose(lifts=(mine.entry.id,))), "operation.hold", 16)
    lift(world, declared)
    record = flight(world["north"].view, declared.entry.id)
    assert record is not None and record.closed is not None
    assert debtors(world, "lift flight fl-1") == set()
    again = agreed_movement(world)
    admitted(clear(world, again, "north"))


@pytest.mark.parametrize("until_h", [None, 24 * 365])
def test_law_16_flight_without_an_end_is_spoken_of_anew(until_h: float | None) -> None:
    """A flight is declared without an end, or for a year: it keeps its air for ever, and nobody is ever late."""
    world = World()
    declared = declare(world, "south", until_h=until_h)
    world.share()
    early = FlightOverdue(declaration=declared.entry.id)
    refused(world.sign("north", early), "flight.overdue")
    assert debtors(world, "close flight fl-1") == set()
    world.tick(LONG_MIN)
    owed = [each for each in obligations(world["north"].view, world["centre"].at_ms) if each.about == declared.entry.id]
    assert [(each.debtor, each.what) for each in owed] == [
        ("south", "close flight fl-1, or change it to say that it is still there")
    ]
    [shown] = flight_standings(world["north"].view, world["centre"].at_ms)
    assert "overdue since 2016-08-02T12:00:00Z and not closed" in shown.conditions[0]
    admitted(world.sign("north", early))
    world.share()
    change(world, declared, "orchard", until_h=until_h)
    world.share()
    assert debtors(world, "close flight fl-1") == set()
    assert flight_standings(world["north"].view, world["centre"].at_ms)[0].conditions == ()
    close(world, declared)


def test_law_16_how_long_a_word_stands_is_in_the_terms() -> None:
    """The terms let one word stand for an hour, and a flight of six hours is taken to be there for all six."""
    world = World(Draft(numbers=(("flight_word_stands_h", 1),)))
    declared = declare(world, "south")
    world.tick(61)
    world.share()
    one = flight(world["north"].view, declared.entry.id)
    assert one is not None and one.is_overdue(world["north"].view, world["centre"].at_ms)


def doubts(world: World, name: str = "north") -> list[str]:
    """The conflicts that stand on the row of the one movement."""
    [standing] = movements(world[name].view, world["centre"].at_ms)
    return [each for each in standing.conditions if each.startswith("conflict with")]


def debtors(world: World, what: str) -> set[str]:
    """Who owes something of those words, as the centre has it."""
    return {
        each.debtor for each in obligations(world["centre"].view, world["centre"].at_ms) if each.what.startswith(what)
    }


def settled(world: World, request: Taken) -> bool:
    """Whether south's office finds the conflicts with a movement settled."""
    view, at_ms = world["south"].view, world["south"].at_ms
    record = movement_record(view, request.entry.id)
    assert record is not None
    return all(is_settled(view, each, at_ms) for each in conflicts_in(view, of_movement(record), at_ms))
