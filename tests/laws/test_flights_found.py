"""What stands declared is found as a look at every flight finds it; peers' failures with declared volumes, by name."""

from __future__ import annotations

import random

import msgspec
import pytest

from comity.interfaces.words import moment_ms
from comity.model.acts.flights import FlightChange, FlightClose, FlightDeclare, FlightOverdue
from comity.model.errors import Misuse
from comity.model.geometry import volumes_meet
from comity.model.history import Taken, View
from comity.model.records.conflicts import conflicts_in
from comity.model.records.flights import flight, flights_in
from comity.model.records.rooms import Room
from comity.model.spans import HOUR_MS, MINUTE_MS
from comity.model.volume import DEG_E7, Altitude, Band, Ring, Volume, Window
from laws.flights import answer, change, declare
from laws.plays import EVERYWHERE, admitted, clear, refused, volume
from laws.test_flights import agreed_movement
from laws.test_flights_in_numbers import declare_at
from laws.test_unsettled import consented
from laws.world import NOON_MS, World

LEVELS = (None, 0, 100, 200, 300)


def slowly(view: View, asked: Volume, at_ms: int) -> list[str]:
    """What meets a volume, by a look at every flight that was ever declared in the view."""
    every = (flight(view, taken.entry.id) for taken in view.about("flights"))
    return [
        each.id
        for each in every
        if each is not None and each.closed is None and volumes_meet(each.room(view, at_ms), asked)
    ]


def quickly(view: View, asked: Volume, at_ms: int) -> list[str]:
    """What the office finds."""
    return [each.id for each in flights_in(view, asked, at_ms)]


def a_room(chance: random.Random) -> Volume:
    """A square or a corner of one, at some level or all, for an hour, a month or for ever; some at the antimeridian."""
    lat, lon = chance.choice((0, 1, 2)) * 2_000_000, chance.choice((0, 1, 1800, 1798, -1800)) * 1_000_000
    side = chance.choice((1_000_000, 2_000_000, 30_000_000))
    lon = min(lon, 1_800_000_000 - side)
    ring: Ring = ((lat, lon), (lat, lon + side), (lat + side, lon + side), (lat + side, lon))
    low, high = sorted(chance.sample(range(5), 2))
    floor, ceiling = (
        None if level is None else Altitude(level, "fl", "pressure") for level in (LEVELS[low], LEVELS[high])
    )
    from_ms = NOON_MS + chance.randrange(-6, 7) * HOUR_MS
    lasts_ms = chance.choice((HOUR_MS, HOUR_MS, 3 * HOUR_MS, 700 * HOUR_MS, None))
    window = Window(from_ms, None if lasts_ms is None else from_ms + lasts_ms)
    return Volume(ring[: chance.choice((3, 4))], Band(floor, ceiling), window)


def grown(seed: int) -> tuple[World, list[Taken], random.Random]:
    """Offices in which flights were declared, changed, found missing and closed, some of it unheard by others."""
    chance, world = random.Random(seed), World()
    names, declared = ("north", "south", "centre", "monitor"), list[Taken]()
    for number in range(70):
        by, deed = chance.choice(names), chance.random()
        if not declared or deed < 0.55:
            declared.append(declare_at(world, by, f"fl-{number}", a_room(chance)))
            continue
        one = chance.choice(declared)
        if deed < 0.7:
            said = msgspec.structs.replace(as_change(one), volume=a_room(chance))
            world.sign(one.entry.origin.split("/")[1], said)
        elif deed < 0.8:
            world.sign(one.entry.origin.split("/")[1], FlightClose(declaration=one.entry.id, how="landed"))
        elif deed < 0.9:
            world.sign(by, FlightOverdue(declaration=one.entry.id))
        else:
            world[by].at_ms += chance.randrange(90) * MINUTE_MS
        if chance.random() < 0.3:
            world.share()
    world.share()
    return world, declared, chance


@pytest.mark.parametrize("seed", range(12))
def test_stale_index_of_flights(seed: int) -> None:
    """Whatever was declared, changed, missed and closed, in what order and by what clock: now, and in every past, the
    office finds what a look at each flight finds."""
    world, _, chance = grown(seed)
    history = world["centre"].history
    views = [history.now(), *(history.past(each) for each in chance.sample(history.entries, 12))]
    for view in views:
        for _ in range(12):
            asked, at_ms = a_room(chance), NOON_MS + chance.randrange(-9, 60) * HOUR_MS
            assert quickly(view, asked, at_ms) == slowly(view, asked, at_ms)


@pytest.mark.parametrize("seed", range(4))
def test_conflicts_are_those_of_a_slow_look(seed: int) -> None:
    """A conflict with a room is each flight of another party there, and nothing else."""
    world, declared, chance = grown(seed)
    view, owners = world["centre"].view, {each.entry.id: each.entry.origin for each in declared}
    for _ in range(30):
        asked, at_ms, by = (
            a_room(chance),
            NOON_MS + chance.randrange(-9, 60) * HOUR_MS,
            chance.choice(("north", "south", "centre")),
        )
        room = Room(declared[0], by, asked, declared[0])
        expected = [name for name in slowly(view, asked, at_ms) if owners[name] != f"pact/{by}"]
        assert [each.flight.id for each in conflicts_in(view, room, at_ms)] == expected


def test_any_all_flights() -> None:
    """One flight more, near in its box only, and a true overlap is found no more."""
    world, chance = World(), random.Random(3)
    known: dict[int, set[str]] = {}
    asked = [a_room(chance) for _ in range(12)]
    for number in range(40):
        declare_at(world, "north", f"fl-{number}", a_room(chance))
        for place, each in enumerate(asked):
            found = set(quickly(world["north"].view, each, world.at_ms))
            assert known.get(place, set()) <= found
            known[place] = found


def test_box_only_and_no_altitude_of_flights() -> None:
    """A corner in whose box a flight lies, and a level above it, are in its way."""
    world = World()
    ten = 10 * DEG_E7
    corner: Ring = ((0, 0), (0, ten), (DEG_E7, ten), (DEG_E7, DEG_E7), (ten, DEG_E7), (ten, 0))
    low = Band(None, Altitude(100, "fl", "pressure"))
    always = Window(NOON_MS, None)
    declare_at(world, "south", "corner", Volume(corner, EVERYWHERE, always))
    inside: Ring = tuple((5 * DEG_E7 + lat, 5 * DEG_E7 + lon) for lat, lon in ((0, 0), (0, DEG_E7), (DEG_E7, DEG_E7)))
    below = declare_at(world, "south", "low", Volume(inside, low, always))
    view = world["south"].view
    assert quickly(view, Volume(inside, Band(Altitude(101, "fl", "pressure"), None), always), world.at_ms) == []
    metres = Band(Altitude(9_000, "m", "amsl"), None)
    assert quickly(view, Volume(inside, metres, always), world.at_ms) == [below.entry.id], (
        "another datum is never apart"
    )


def test_unbounded_flights() -> None:
    """A flight without floor, ceiling or end is found in ten years at any height."""
    world = World()
    declared = declare(world, "south", until_h=None)
    asked = Volume(
        volume("orchard").ring, Band(Altitude(500, "fl", "pressure"), None), Window(NOON_MS + 87_600 * HOUR_MS, None)
    )
    assert quickly(world["south"].view, asked, world.at_ms) == [declared.entry.id]


def test_winding_of_flights() -> None:
    """A ring drawn the other way round is most of the earth."""
    world = World()
    room = volume("orchard")
    declared = declare_at(world, "south", "fl-1", Volume(room.ring[::-1], room.band, room.window))
    assert quickly(world["south"].view, room, world.at_ms) == [declared.entry.id]
    assert quickly(world["south"].view, volume("quarry"), world.at_ms) == []


def test_edge_meaning_of_flights() -> None:
    """The edge between two points of one latitude is taken to bulge to the pole, as the shortest way does."""
    world, always = World(), Window(NOON_MS, None)
    declared = declare_at(world, "south", "fl-1", Volume(strip(360_000_000, 2_000_000), EVERYWHERE, always))
    beyond = Volume(strip(362_000_001, 1_000), EVERYWHERE, always)
    assert quickly(world["south"].view, beyond, world.at_ms) == [], "half a kilometre under the shortest way"
    touching = Volume(strip(362_000_000, 1_000), EVERYWHERE, always)
    assert quickly(world["south"].view, touching, world.at_ms) == [declared.entry.id], "rooms that touch meet"


def strip(south_e7: int, high_e7: int) -> Ring:
    """Two degrees from west to east along a parallel."""
    west, east = 37 * DEG_E7, 39 * DEG_E7
    return ((south_e7, west), (south_e7, east), (south_e7 + high_e7, east), (south_e7 + high_e7, west))


def test_version_vs_token() -> None:
    """A flight says the same anew, or another with the same name, and an answer to the old word counts for the new."""
    world = World()
    request, declared = agreed_movement(world), declare(world, "south", until_h=3)
    world.share()
    for by in ("north", "south"):
        admitted(answer(world, by, declared, request))
    world.share()
    change(world, declared, "orchard", until_h=3)
    world.share()
    refused(clear(world, request, "north"), "flight.conflict")
    for by in ("north", "south"):
        admitted(answer(world, by, declared, request))
    declare(world, "south", until_h=3)
    world.share()
    refused(clear(world, request, "north"), "flight.conflict")


@pytest.mark.parametrize(("room", "starts"), [("quarry", True), ("orchard later", True), ("orchard", False)])
def test_starvation_and_cached_subscription_locks(room: str, starts: bool) -> None:
    """Flights are declared and changed for ever beside an operation or after it, and its consent is never good for long
    enough; only in its room and at its time are they facts that a consent must cover."""
    world, play, _ = consented()
    place, _, later = room.partition(" ")
    declared = declare_at(world, "south", "fl-9", volume(place, 7, 9) if later else volume(place))
    for _ in range(20):
        admitted(world.sign("south", as_change(declared)))
    world.share()
    started = play.start()
    assert (started.refusal is None) == starts
    if not starts:
        refused(started, "operation.drift", 18)


def as_change(declared: Taken) -> FlightChange:
    """The same flight said anew."""
    assert isinstance(declared.entry.act, FlightDeclare)
    return FlightChange(declaration=declared.entry.id, **msgspec.structs.asdict(declared.entry.act))


def test_overdue_is_a_state() -> None:
    """A flight past its end cannot be said to be out of conformance, and its air is given away."""
    world = World()
    declared = declare(world, "south", from_h=-3, until_h=-1)
    asked = volume("orchard", 5, 6)
    view = world["south"].view
    one = flight(view, declared.entry.id)
    assert one is not None and one.is_overdue(view, world.at_ms)
    assert quickly(view, asked, world.at_ms) == [declared.entry.id]
    admitted(world.sign("south", FlightOverdue(declaration=declared.entry.id)))
    assert quickly(world["south"].view, asked, world.at_ms) == [declared.entry.id]


def test_clocks() -> None:
    """A clock that steps back finds a missing flight in time again; a zone or a leap second moves a window."""
    world = World()
    declared = declare(world, "south", until_h=1)
    world.tick(90)
    admitted(world.sign("south", FlightOverdue(declaration=declared.entry.id)))
    asked, view = volume("orchard", 4, 5), world["south"].view
    for back_h in (0, 1, 48):
        assert quickly(view, asked, world["south"].at_ms - back_h * HOUR_MS) == [declared.entry.id]
    assert moment_ms("2016-08-01T15:00+03:00", 0) == moment_ms("2016-08-01T12:00Z", 0)
    for text in ("2016-12-31T23:59:60Z", "2016-08-01T12:00"):
        with pytest.raises(Misuse):
            moment_ms(text, 0)
