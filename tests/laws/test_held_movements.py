"""Attacks on clearances and emergencies that cross what would have stopped them (laws 4, 16, 20, 26, 32, 33)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from comity.model.acts.agreement import FloorPropose, LiftPropose, Suspend, Vote, Withdraw
from comity.model.acts.areas import AreaDissolve
from comity.model.acts.keys import Compromised
from comity.model.acts.movements import MovementArrive, MovementCancel, MovementConform, MovementDeny, MovementDepart
from comity.model.history import Taken
from comity.model.records.change import heads
from comity.views.flags import evidence, flags
from comity.views.movements import movements
from comity.views.operations import operations
from laws.agreement import Draft
from laws.holding import OFFICES, check_clearance_is_held, check_start_is_held, debtors
from laws.plays import Play, acknowledge, admitted, clear, designate, fork, movement, stage
from laws.world import World

NO_FLOOR = Draft(keeps=("duty",))


def agreed(draft: Draft | None = None) -> tuple[World, Taken]:
    """A movement of north's that south has acknowledged and agreed to."""
    world = World(draft or Draft())
    request = movement(world, "north")
    world.share()
    acknowledge(world, request, "south")
    world.share()
    return world, request


def denied(world: World, request: Taken) -> Taken:
    """South changes its mind."""
    return admitted(world.sign("south", MovementDeny(request=request.entry.id, reason="unsafe")))


def suspended(world: World, request: Taken) -> Taken:
    """South suspends the agreement."""
    return admitted(world.sign("south", Suspend()))


def withdrawn(world: World, request: Taken) -> Taken:
    """South leaves the agreement."""
    return admitted(world.sign("south", Withdraw()))


def floor_ended(world: World, request: Taken) -> Taken:
    """The agreement is suspended, before all eyes; the floor on which movements go on is ended before all but north's,
    whose own vote for that is out."""
    admitted(world.sign("south", Suspend()))
    world.share()
    act = FloorPropose()
    admitted(world.sign("north", act))
    world.share()
    vote = Vote(thing="floor", after=(), round=0, content=act.content())
    admitted(world.sign("north", vote))
    world.share()
    return admitted(world.sign("south", vote))


def lifted(world: World, request: Taken) -> Taken:
    """All lift the movement's protection; north has voted and has not heard of south's vote."""
    act = LiftPropose(lifts=(request.entry.id,))
    admitted(world.sign("north", act))
    vote = Vote(thing=act.thing, after=(), round=0, content=act.content())
    admitted(world.sign("north", vote))
    world.share()
    return admitted(world.sign("south", vote))


def found_stolen(world: World, request: Taken) -> Taken:
    """The key that agreed for south was in other hands."""
    since_seq = world["south"].size("pact/south") - 1
    statement = Compromised(key=world.key("south", "first"), since_seq=since_seq)
    return admitted(world.sign("south", statement, officer="root", seat="root"))


CROSSINGS: dict[str, tuple[Draft, Callable[[World, Taken], Taken]]] = {
    "denial": (Draft(), denied),
    "suspension": (NO_FLOOR, suspended),
    "withdrawal": (NO_FLOOR, withdrawn),
    "end of the floor": (Draft(), floor_ended),
    "lift": (Draft(), lifted),
    "theft": (Draft(), found_stolen),
}


@pytest.mark.parametrize("crossing", CROSSINGS)
def test_law_16_whatever_stops_a_clearance_flags_it_when_they_cross(crossing: str) -> None:
    """A movement is cleared just as somebody signs what stops it, and goes on as cleared; so do its reviewers."""
    draft, sign = CROSSINGS[crossing]
    world, request = agreed(draft)
    crossed = sign(world, request)
    cleared = admitted(clear(world, request, "north"))
    assert "concurrent" not in flags(world["north"].view, cleared)
    check_clearance_is_held(world, cleared, crossed)


def test_law_33_theft_found_after_a_clearance_flags_it() -> None:
    """Whoever agreed for south had stolen the key, as is found when the movement is cleared."""
    world, request = agreed()
    since_seq = world["south"].size("pact/south") - 1
    cleared = admitted(clear(world, request, "north"))
    world.share()
    act = Compromised(key=world.key("south", "first"), since_seq=since_seq)
    statement = admitted(world.sign("south", act, officer="root", seat="root"))
    check_clearance_is_held(world, cleared, statement, "compromised")


def test_law_04_fork_beside_a_clearance_flags_it() -> None:
    """South says two things at once while the movement is cleared, which no view with both would have borne."""
    world, request = agreed()
    cleared = admitted(clear(world, request, "north"))
    fork(world, "south")
    for name in ("centre", "monitor"):
        world.deliver(name, "north")
    assert "concurrent" in flags(world["north"].view, cleared)
    [standing] = movements(world["north"].view, world.at_ms)
    assert "its clearance is concurrent (the fork of pact/south)" in standing.conditions[0]


@pytest.mark.parametrize("act", [Suspend(), Withdraw()])
def test_law_16_suspension_crosses_no_clearance_on_the_floor(act: Suspend | Withdraw) -> None:
    """The safety floor carries movements through a suspension: a clearance beside one is what it would have been."""
    world, request = agreed()
    admitted(world.sign("south", act))
    cleared = admitted(clear(world, request, "north"))
    world.share()
    for name in OFFICES:
        assert flags(world[name].view, world.local(name, cleared)) == frozenset()
    again = admitted(clear(world, request, "north"))
    assert again.refusal is None, "with the suspension in its past it is admitted all the same"


def test_law_32_restored_floor_takes_no_flag_back() -> None:
    """The floor that a clearance lost is restored, and the flag is gone with it."""
    world, request = agreed()
    crossed = floor_ended(world, request)
    cleared = admitted(clear(world, request, "north"))
    world.share()
    check_clearance_is_held(world, cleared, crossed)
    world.agree("north", "south", propose=lambda after: FloorPropose(stands=True, after=after))
    check_clearance_is_held(world, cleared, crossed)


def test_law_32_what_came_after_a_clearance_does_not_cross_it() -> None:
    """Whoever has seen a clearance takes it back in the name of the past."""
    for name in ("denial", "suspension", "withdrawal", "lift"):
        draft, sign = CROSSINGS[name]
        world, request = agreed(draft)
        cleared = admitted(clear(world, request, "north"))
        world.share()
        sign(world, request)
        world.share()
        assert flags(world["north"].view, cleared) == frozenset()


def test_law_16_finding_closes_the_review_of_a_clearance() -> None:
    """A clearance that crossed a denial is looked at for ever, or by nobody who knew of the denial."""
    world, request = agreed()
    crossed = denied(world, request)
    cleared = admitted(clear(world, request, "north"))
    check_clearance_is_held(world, cleared, crossed)
    admitted(world.sign("north", MovementArrive(request=request.entry.id)))
    world.share()
    admitted(world.sign("south", MovementConform(request=request.entry.id, finding="conforming")))
    world.share()
    assert debtors(world, "centre", cleared, "review the clearance") == set()
    assert not any("held" in each for each in movements(world["centre"].view, world.at_ms)[0].conditions)


def test_law_16_cancelled_clearance_waits_for_nobody() -> None:
    """Its owner has given the movement up, and the others still owe a word on its clearance."""
    world, request = agreed()
    denied(world, request)
    cleared = admitted(clear(world, request, "north"))
    world.share()
    admitted(world.sign("north", MovementCancel(request=request.entry.id)))
    world.share()
    assert debtors(world, "centre", cleared, "review the clearance") == set()


def early(play: Play) -> tuple[Taken, Taken]:
    """An emergency that all know of is declared for two hours on, when the operation is over; it leaves now."""
    world = play.world
    request = admitted(movement(world, "centre", emergency=True, from_h=2, until_h=4))
    world.share()
    play.consent()
    play.confirm()
    world.share()
    return request, admitted(world.sign("centre", MovementDepart(request=request.entry.id)))


def test_law_20_early_departure_of_an_emergency_crosses_a_start() -> None:
    """The emergency leaves before its time into the air of a start that knew it for later, and neither is told."""
    play = stage(until_h=1)
    request, departure = early(play)
    start = admitted(play.start())
    check_start_is_held(play.world, start, departure)
    for name in OFFICES:
        view = play.world[name].view
        held = play.world.local(name, departure)
        assert "concurrent" in flags(view, held) and start.entry.id in {each.entry.id for each in evidence(view, held)}
        [standing] = movements(view, play.world.at_ms)
        assert "concurrent" in standing.flags
        assert "operation op-1 of north is under way in its volume" in standing.conditions
        [operation] = operations(view, play.world.at_ms)
        assert "STOP: emergency movement flight-1 of centre is in its volume" in operation.conditions
    assert request.refusal is None


def test_law_20_emergency_crosses_a_start() -> None:
    """Somebody falls from the sky as somebody starts below: both are flagged, and who started is told to stop."""
    play = stage()
    start = admitted(play.start())
    request = admitted(movement(play.world, "centre", emergency=True))
    check_start_is_held(play.world, start, request)
    for name in OFFICES:
        view = play.world[name].view
        assert "concurrent" in flags(view, play.world.local(name, request))
        assert any(each.startswith("STOP") for each in operations(view, play.world.at_ms)[0].conditions)


def test_law_20_emergency_rings_where_its_start_was_known_too() -> None:
    """An emergency is declared into an operation under way: nothing is concurrent, and those below must stop as well,
    until it has arrived or they have ended."""
    play = stage()
    world = play.world
    admitted(play.start())
    world.share()
    request = admitted(movement(world, "centre", emergency=True))
    world.share()
    assert flags(world["north"].view, world.local("north", request)) == frozenset()
    told = "STOP: emergency movement flight-1 of centre is in its volume"
    assert told in operations(world["north"].view, world.at_ms)[0].conditions
    admitted(world.sign("centre", MovementArrive(request=request.entry.id)))
    world.share()
    assert told not in operations(world["north"].view, world.at_ms)[0].conditions


def test_law_20_emergency_elsewhere_rings_for_nobody() -> None:
    """A start is told to stop for an emergency that is nowhere near, and stops for the next one no more."""
    play = stage()
    start = admitted(play.start())
    request = admitted(movement(play.world, "centre", "quarry", emergency=True))
    play.world.share()
    view = play.world["north"].view
    assert flags(view, start) == frozenset() == flags(view, play.world.local("north", request))
    assert not any(each.startswith("STOP") for each in operations(view, play.world.at_ms)[0].conditions)


def test_law_21_area_dissolved_beside_a_clearance_stops_nothing() -> None:
    """A movement is held because its area was dissolved as it was cleared: it is flagged, looked at, and goes on."""
    world = World()
    designate(world)
    request = movement(world, "north")
    world.share()
    acknowledge(world, request, "south")
    after = tuple(each.id for each in heads(world["south"].view, "area/valley"))
    act = AreaDissolve(area="valley", after=after)
    vote = Vote(thing="area/valley", after=after, round=0, content=act.content())
    admitted(world.sign("south", act))
    world.share()
    admitted(world.sign("north", vote))
    world.share()
    admitted(world.sign("south", vote))
    cleared = admitted(clear(world, request, "north"))
    world.share()
    view = world["centre"].view
    assert flags(view, world.local("centre", cleared)) == {"concurrent"}
    assert not any("held" in each for each in movements(view, world.at_ms)[0].conditions)
    assert debtors(world, "centre", request, "review movement flight-1: its area was dissolved") == {"south"}
