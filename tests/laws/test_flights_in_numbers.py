"""Attacks on declared flights by sheer number: thousands elsewhere, thousands in one place, one changed for ever."""

from __future__ import annotations

import random

import pytest

from comity.model.acts.flights import FlightDeclare
from comity.model.acts.movements import MovementClear
from comity.model.geometry import boxes_meet, ring_box
from comity.model.history import Taken, View
from comity.model.records import flights as records
from comity.model.records.change import terms_to_judge_by
from comity.model.records.conflicts import ALL_MOST, EACH_MOST, OWN_MOST, listed
from comity.model.records.flights import Flight, flight, flights_in
from comity.model.standing_rooms import StandingRooms
from comity.model.volume import DEG_E7, Ring, Volume, Window
from comity.rules.judge import judge
from comity.views.flight_rows import conflict_rows
from laws.flights import change, close, declare
from laws.plays import EVERYWHERE, admitted, volume
from laws.test_flights import agreed_movement
from laws.world import World

FAR, CROWD, CHANGES = 1_000, 120, 200


def box(lat: int, lon: int, half: int = 500_000) -> Ring:
    """A square around a point, all in 1e-7 degree."""
    return ((lat - half, lon - half), (lat - half, lon + half), (lat + half, lon + half), (lat + half, lon - half))


def far(number: int, until_h: float | None) -> Volume:
    """Somewhere in the south, each elsewhere."""
    window = volume("orchard", -6, until_h).window
    return Volume(box(-10 * DEG_E7 - number // 40 * 2_000_000, number % 40 * 2_000_000), EVERYWHERE, window)


def declare_at(world: World, by: str, name: str, room: Volume) -> Taken:
    """A flight of the signer's own in that room."""
    act = FlightDeclare(flight=name, operator=world.written(by), aircraft_class="rotary", volume=room)
    return admitted(world.sign(by, act))


@pytest.mark.parametrize("until_h", [6, -1, None])
def test_law_29_flights_elsewhere_cost_a_verdict_nothing(
    until_h: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand flights on the other side of the globe, open, overdue or without an end, slow every clearance down."""
    world = World()
    for number in range(FAR):
        declare_at(world, "south", f"far-{number}", far(number, until_h))
    declared = declare(world, "south")
    request = agreed_movement(world)
    looked: list[str] = []
    right = records._flight

    def look(view: View, name: str) -> Flight | None:
        looked.append(name)
        return right(view, name)

    monkeypatch.setattr(records, "_flight", look)
    refusal = judge(world.draw("north", MovementClear(request=request.entry.id)), world["north"].view)
    assert refusal is not None and refusal.rule == "flight.conflict"
    assert set(looked) == {declared.entry.id}


def test_law_29_flights_in_one_place_are_listed_in_part() -> None:
    """A party declares hundreds of flights where another has one, and no board is ever drawn again."""
    world = World()
    mine, other = declare(world, "north"), declare(world, "north", "quarry", name="fl-2")
    for number in range(CROWD):
        declare(world, "south", name=f"fl-s{number}")
    last = declare(world, "south", "quarry", name="fl-last")
    world.share()
    view = world["centre"].view
    found = listed(view, terms_to_judge_by(view), world.at_ms)
    others = [each for each in found.conflicts if not each.is_own]
    assert sum(mine.entry.id in (each.flight.id, each.other.entry.id) for each in others) == EACH_MOST
    assert any({each.flight.id, each.other.entry.id} == {other.entry.id, last.entry.id} for each in others)
    assert len(others) <= ALL_MOST and len(found.conflicts) - len(others) <= OWN_MOST
    assert mine.entry.id in {each.id for each in found.crowded}
    told = [row for row in conflict_rows(view, world.at_ms) if row["with"] == "more than are listed here"]
    assert any(row["declared"] == mine.entry.id for row in told)


def test_law_18_flight_changed_for_ever_is_its_newest_word() -> None:
    """A flight is moved two hundred times, and every old room of it bars somebody."""
    world = World()
    request = agreed_movement(world)
    declared = declare(world, "south")
    for number in range(CHANGES):
        change(world, declared, ("orchard", "quarry")[number % 2])
    world.share()
    view = world["north"].view
    assert flights_in(view, volume("orchard"), world.at_ms) == []
    assert [each.id for each in flights_in(view, volume("quarry"), world.at_ms)] == [declared.entry.id]
    assert judge(world.draw("north", MovementClear(request=request.entry.id)), view) is None


def test_law_32_past_still_has_what_was_closed_since() -> None:
    """Flights are closed and forgotten, and who judges an old entry anew finds its air empty."""
    world = World()
    open_ones = [declare(world, "south", name=f"fl-{number}") for number in range(CROWD)]
    world.share()
    mark = agreed_movement(world)
    for each in open_ones:
        close(world, each)
    world.share()
    view = world["north"].view
    then = view.history.past(world.local("north", mark))
    assert flights_in(view, volume("orchard"), world.at_ms) == []
    assert [each.id for each in flights_in(then, volume("orchard"), world.at_ms)] == [
        each.entry.id for each in open_ones
    ]
    one = flight(then, open_ones[0].entry.id)
    assert isinstance(one, Flight) and one.closed is None


def test_standing_rooms_find_what_a_look_at_each_finds() -> None:
    """What was let go of is found again, or what stands is forgotten with it."""
    chance = random.Random(7)
    rooms: StandingRooms[int] = StandingRooms()
    kept: dict[str, list[tuple[str, Volume, int]]] = {}
    for number in range(2_000):
        if kept and chance.random() < 0.45:
            thing = chance.choice(list(kept))
            assert sorted(rooms.end(thing)) == [said for _, _, said in kept.pop(thing)]
        else:
            thing, log = f"t{chance.randrange(400)}", f"log-{chance.randrange(3)}"
            from_ms = chance.randrange(10**6)
            room = Volume(
                box(
                    chance.randrange(-5, 5) * DEG_E7,
                    chance.randrange(-180, 180) * DEG_E7,
                    chance.choice((10**6, 10**8)),
                ),
                EVERYWHERE,
                Window(from_ms=from_ms, until_ms=from_ms + 10),
            )
            rooms.add(thing, log, room, number)
            kept.setdefault(thing, []).append((log, room, number))
        asked = Volume(box(0, chance.randrange(-180, 180) * DEG_E7, 3 * DEG_E7), EVERYWHERE, Window(0, 10**6))
        expected = {
            said
            for each in kept.values()
            for log, room, said in each
            if log != "log-1" and boxes_meet(ring_box(room.ring), ring_box(asked.ring))
        }
        assert set(rooms.near(asked, lambda log: log != "log-1")) == expected
    assert rooms.end("nothing") == []
