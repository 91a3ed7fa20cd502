"""Attacks on declared flights by sheer number: thousands elsewhere, thousands in one place, one changed for ever."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from comity.model.acts.flights import FlightDeclare, FlightOverdue
from comity.model.acts.movements import MovementClear
from comity.model.geometry import boxes_meet, ring_box, volumes_meet, windows_meet
from comity.model.history import Taken, View
from comity.model.records import flights as records
from comity.model.records.change import terms_to_judge_by
from comity.model.records.flights import Flight, flight, flights_in
from comity.model.spans import HOUR_MS
from comity.model.standing_rooms import StandingRooms
from comity.model.volume import DEG_E7, Ring, Volume, Window
from comity.rules.judge import judge
from comity.views.conflict_lists import BESIDE_MOST, OWN_MOST, TOWARDS_MOST, Own, listed
from comity.views.flight_rows import conflict_rows
from comity.views.obligations import obligations
from laws.flights import change, close, declare, every_conflict
from laws.plays import EVERYWHERE, admitted, movement, volume
from laws.test_flights import agreed_movement
from laws.world import World

FAR, CROWD, CHANGES = 1_000, 60, 200


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


def crowd(world: World, by: str, place: str = "orchard", many: int = CROWD) -> list[Taken]:
    """So many flights of one party in one place."""
    return [declare(world, by, place, name=f"fl-{by}-{number}") for number in range(many)]


def listed_pairs(world: World) -> set[frozenset[str]]:
    """What the centre lists, pair by pair."""
    view = world["centre"].view
    found = listed(view, terms_to_judge_by(view), world["centre"].at_ms).conflicts
    return {each.ends for each in found}


def pair(one: Taken, other: Taken) -> frozenset[str]:
    """The conflict of two things."""
    return frozenset((one.entry.id, other.entry.id))


def test_law_29_flights_in_one_place_are_listed_in_part() -> None:
    """A party declares hundreds of flights where another has one, and no board is ever drawn again."""
    world = World()
    mine, other = declare(world, "north"), declare(world, "north", "quarry", name="fl-2")
    crowd(world, "south")
    last = declare(world, "south", "quarry", name="fl-last")
    world.share()
    view = world["centre"].view
    found = listed(view, terms_to_judge_by(view), world.at_ms)
    assert sum(mine.entry.id in each for each in listed_pairs(world)) == BESIDE_MOST
    assert pair(other, last) in listed_pairs(world)
    assert {each.act.flight for each in found.crowded} >= {"fl-1", f"fl-south-{CROWD - 1}"}
    assert not {"fl-2", "fl-last"} & {each.act.flight for each in found.crowded}
    assert found.own == (Own("south", OWN_MOST, more=True),)
    rows = conflict_rows(view, world.at_ms)
    assert any(row["declared"] == mine.entry.id for row in rows if row["with"] == "more than are listed here")
    assert rows[-1]["with"] == f"each other or other things of its own, {OWN_MOST} pairs or more"


def test_law_29_crowd_of_one_takes_no_place_of_another() -> None:
    """South declares fifty flights over north's, and north's conflict with an observer's flight, with a movement, and
    even with south's own movement is on no list."""
    world = World()
    mine = declare(world, "north")
    crowd(world, "south", many=50)
    later = declare(world, "monitor")
    asked, theirs = admitted(movement(world, "monitor")), admitted(movement(world, "south"))
    world.share()
    assert {pair(mine, later), pair(mine, asked), pair(mine, theirs)} <= listed_pairs(world)


def test_law_29_crowd_of_two_takes_no_place_of_a_third() -> None:
    """South and an observer flood each other and north's first flight, and north's last with the centre is unseen."""
    world = World()
    crowd(world, "south"), crowd(world, "monitor")
    hidden = [declare(world, "north", name=f"fl-n{number}") for number in range(20)]
    last, met = declare(world, "north", "quarry", name="fl-last"), declare(world, "centre", "quarry")
    theirs = declare(world, "south", "quarry", name="fl-q")
    world.share()
    pairs = listed_pairs(world)
    assert {pair(last, met), pair(last, theirs)} <= pairs
    for each in hidden:
        beside = [names for names in pairs if each.entry.id in names]
        assert 2 <= len(beside) <= 2 * BESIDE_MOST, "each of its flights has its first with either"
    assert len(pairs) <= 6 * 2 * TOWARDS_MOST


def test_law_29_crowd_is_not_looked_at_pair_by_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hundred and sixty flights in one place make 33,670 pairs, and each is measured at every look."""
    world = World()
    crowd(world, "north", many=130), crowd(world, "south", many=130)
    world.share()
    looked = Counter[str]()
    monkeypatch.setattr(records, "volumes_meet", lambda *both: bool(looked.update(("pair",))) or volumes_meet(*both))
    owed = obligations(world["centre"].view, world["centre"].at_ms)
    assert len(owed) >= 2 * TOWARDS_MOST and looked["pair"] < 5_000


@pytest.mark.parametrize("seed", range(6))
def test_law_32_few_conflicts_are_all_listed(seed: int) -> None:
    """A list leaves out what it has room for, or lists what is no conflict."""
    chance, world = random.Random(seed), World()
    for number in range(16):
        by, place = chance.choice(world.draft.names.all), chance.choice(("orchard", "quarry", "wide"))
        until_h = chance.choice((None, -1, 2, 4))
        declared = declare(world, by, place, chance.choice((-3, -2)), until_h, name=f"fl-{number}")
        if chance.random() < 0.3:
            change(world, declared, "airfield" if place == "quarry" else "quarry", 1, chance.choice((2, None)))
        if chance.random() < 0.2:
            movement(world, by, place)
    world.share()
    view, at_ms = world["centre"].view, world["centre"].at_ms
    every = {each.ends: each for each in every_conflict(view, at_ms)}
    assert listed_pairs(world) == {ends for ends, each in every.items() if not each.is_own}
    found = listed(view, terms_to_judge_by(view), at_ms)
    assert found.crowded == ()
    assert sum(each.pairs for each in found.own) == sum(each.is_own for each in every.values())


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


def test_law_25_missing_by_a_clock_ahead_is_looked_for() -> None:
    """A clock far ahead says that a flight is missing before it has begun by anybody else's, and its air is empty."""
    world = World()
    declared = declare(world, "south", from_h=1, until_h=2)
    world.share()
    world["monitor"].at_ms += 8 * HOUR_MS
    admitted(world.sign("monitor", FlightOverdue(declaration=declared.entry.id)))
    world.share()
    [one] = flights_in(world["north"].view, volume("orchard", 4, 5), world["north"].at_ms)
    assert one.id == declared.entry.id


def test_standing_rooms_find_what_a_look_at_each_finds() -> None:
    """What was let go of is found again, or what stands is forgotten with it."""
    chance = random.Random(7)
    rooms: StandingRooms[int] = StandingRooms()
    kept: dict[str, list[tuple[str, Volume, int]]] = {}
    for number in range(2_000):
        if kept and chance.random() < 0.45:
            thing = chance.choice(list(kept))
            assert sorted(rooms.end(thing)) == sorted(said for _, _, said in kept.pop(thing))
        elif kept and chance.random() < 0.1:
            thing = chance.choice(list(kept))
            rooms.miss(thing)
            kept[thing] += [
                (log, Volume(room.ring, room.band, Window(room.window.from_ms, None)), said)
                for log, room, said in kept[thing]
            ]
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
        from_ms, clock_ms = chance.randrange(10**6), chance.choice((0, 5 * 10**5, 10**6))
        window = Window(from_ms, from_ms + 10**5)
        asked = Volume(box(0, chance.randrange(-180, 180) * DEG_E7, 3 * DEG_E7), EVERYWHERE, window)
        expected = [
            (log, said)
            for each in kept.values()
            for log, room, said in each
            if boxes_meet(ring_box(room.ring), ring_box(asked.ring))
            and (windows_meet(room.window, window) or room.window.from_ms <= min(clock_ms, from_ms + 10**5 - 1))
        ]
        near = rooms.near(asked, lambda log: log != "log-1", {"log-0": clock_ms, "log-2": clock_ms}.__getitem__)
        assert set(near) == {said for log, said in expected if log != "log-1"}
    assert rooms.end("nothing") == []
