"""What comes within a stand-off distance: never missed, on either side of the antimeridian and near a pole too."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.airspace.buffers import great_circle_m
from comity.airspace.standoff import comes_within, pieces, reach_boxes
from comity.model.geometry import boxes_meet, ring_box
from comity.model.protected import Protected, thing_problem
from comity.model.volume import HALF_TURN_E7, LATITUDE_MAX_E7, Band, Point, Ring, Volume, Window
from comity.views.precaution import THINGS_NAMED, Readable

ALWAYS = Window(from_ms=0, until_ms=None)
DEG = 10_000_000
LATITUDES = st.integers(-LATITUDE_MAX_E7 + 100, LATITUDE_MAX_E7 - 100)
LONGITUDES = st.one_of(
    st.integers(-HALF_TURN_E7, HALF_TURN_E7),
    st.integers(HALF_TURN_E7 - DEG, HALF_TURN_E7),
    st.integers(-HALF_TURN_E7, -HALF_TURN_E7 + DEG),
)
POINTS = st.tuples(LATITUDES, LONGITUDES)
SPHERE = 0.99  # the mean sphere and the ellipsoid differ by 0.6 percent


def place(*points: Point, standoff_m: int = 2_000, shape: str = "point", kind: str = "hospital") -> Protected:
    """A made-up thing."""
    return Protected(
        kind=kind,  # type: ignore[arg-type]
        label="made up",
        shape=shape,  # type: ignore[arg-type]
        points=points,
        standoff_m=standoff_m,
        window=ALWAYS,
    )


def speck(point: Point) -> Ring:
    """A ring of a few centimetres, brought back into one turn."""
    lat, lon = point
    lon = min(max(lon, -HALF_TURN_E7), HALF_TURN_E7 - 3)
    return ((lat, lon), (lat, lon + 3), (lat + 3, lon))


@given(POINTS, st.integers(-200_000, 200_000), st.integers(-2_000_000, 2_000_000), st.integers(1, 100_000))
def test_nothing_near_is_missed(centre: Point, north: int, east: int, standoff_m: int) -> None:
    """Whatever lies within the distance is found, by the exact test and by the index before it."""
    lat = max(-LATITUDE_MAX_E7, min(LATITUDE_MAX_E7 - 3, centre[0] + north))
    lon = (centre[1] + east + HALF_TURN_E7) % (2 * HALF_TURN_E7) - HALF_TURN_E7
    thing, ring = place(centre, standoff_m=standoff_m), speck((lat, lon))
    near = great_circle_m(centre, ring[0]) <= standoff_m * SPHERE
    if near:
        assert comes_within(thing, ring)
    if comes_within(thing, ring):
        assert any(boxes_meet(box, ring_box(ring)) for box in reach_boxes(thing))
        assert abs(lat) > 88 * DEG or great_circle_m(centre, ring[0]) < standoff_m * 1.2 + 5


@given(POINTS, st.integers(1, 100_000))
def test_index_boxes_hold_every_piece(centre: Point, standoff_m: int) -> None:
    """The boxes that the index files lie within the globe, and hold each piece wherever rings are written."""
    thing = place(centre, standoff_m=standoff_m)
    boxes = reach_boxes(thing)
    assert all(-HALF_TURN_E7 <= west <= east <= HALF_TURN_E7 for _, west, _, east in boxes)
    for piece in pieces(thing):
        for lat, lon in piece:
            if abs(lon) <= HALF_TURN_E7:
                corner = (lat, lon, lat, lon)
                assert any(boxes_meet(box, corner) for box in boxes) or abs(lat) > LATITUDE_MAX_E7


def test_antimeridian() -> None:
    """A place a few metres west of the antimeridian is near what lies a few metres east of it, and the reverse."""
    for sign in (1, -1):
        here, there = (10 * DEG, sign * (HALF_TURN_E7 - 500)), (10 * DEG, -sign * (HALF_TURN_E7 - 500))
        assert comes_within(place(here), speck(there)) and comes_within(place(here), speck(here))
        found = Readable([place(here)]).found_in(Volume(speck(there), Band(None, None), ALWAYS))
        assert found.things
        assert not comes_within(place(here), speck((10 * DEG, -sign * (HALF_TURN_E7 - DEG))))


def test_pole() -> None:
    """At the last latitude a stand-off that would hold the pole holds every longitude."""
    here, other = (LATITUDE_MAX_E7, 0), (LATITUDE_MAX_E7 - 100, HALF_TURN_E7 // 2)
    assert comes_within(place(here, standoff_m=100_000), speck(other))
    south = tuple((-lat, lon) for lat, lon in speck(other))
    assert comes_within(place((-LATITUDE_MAX_E7, 0), standoff_m=100_000), south)
    assert not comes_within(place(here, standoff_m=100_000), speck((80 * DEG, 0)))


def test_rings_and_routes() -> None:
    """A ring is kept from inside and out; a route along its legs and not in the bight between them."""
    square = ((36 * DEG, 37 * DEG), (36 * DEG, 38 * DEG), (37 * DEG, 38 * DEG), (37 * DEG, 37 * DEG))
    kept = place(*square, shape="ring")
    assert comes_within(kept, speck((365_000_000, 375_000_000)))
    assert comes_within(kept, speck((36 * DEG - 100_000, 375_000_000)))
    assert not comes_within(kept, speck((36 * DEG - 400_000, 375_000_000)))
    bight = place(*square, shape="route", kind="movement")
    assert comes_within(bight, speck((36 * DEG, 375_000_000)))
    assert not comes_within(bight, speck((365_000_000, 375_000_000)))
    assert not comes_within(bight, speck((365_000_000, 370_000_000 + 400_000)))


@pytest.mark.parametrize(
    ("thing", "said"),
    [
        (place(), "the point has 0 points"),
        (place((0, 0), (1, 1)), "give 1"),
        (place((0, 0), (0, 9), (0, 3), shape="ring"), "no area"),
        (place((0, 0), (9, 9), (0, 9), (9, 0), shape="ring"), "crosses"),
        (place((0, 0), (0, 9), shape="ring"), "give 3"),
        (place(*((n, n * n) for n in range(33)), shape="ring"), "give 3 to 32"),
        (place((90 * DEG, 0)), "beyond 89 degrees"),
        (place((0, 181 * DEG)), "beyond 89 degrees of latitude or 180"),
        (place((0, 0), standoff_m=0), "1 to 100,000 m"),
        (place((0, 0), standoff_m=100_001), "1 to 100,000 m"),
        (place((0, 0), kind="movement"), "a movement has a route"),
        (place((0, 0), (1, 1), shape="route"), "nothing else has one"),
        (place((0, 179 * DEG), (0, -179 * DEG), shape="route", kind="movement"), "end the route at the antimeridian"),
    ],
)
def test_unfit_things(thing: Protected, said: str) -> None:
    """What cannot be kept is refused in words that say what to change."""
    problem = thing_problem(thing)
    assert problem is not None and said in problem


def test_fifty_thousand() -> None:
    """Fifty thousand places are filed in seconds and asked in well under one; what is found is named up to a bound."""
    things = [place((36 * DEG + 811 * n % (2 * DEG), 37 * DEG + 7919 * n % (3 * DEG))) for n in range(50_000)]
    begun = time.process_time()
    readable = Readable(things)
    filed = time.process_time()
    wide = ((36 * DEG, 37 * DEG), (36 * DEG, 39 * DEG), (38 * DEG, 39 * DEG), (38 * DEG, 37 * DEG))
    found = readable.found_in(Volume(wide, Band(None, None), ALWAYS))
    for number in range(200):
        ring = speck((36 * DEG + 9_000 * number, 38 * DEG))
        readable.found_in(Volume(ring, Band(None, None), ALWAYS))
    asked = time.process_time()
    assert len(found.things) == THINGS_NAMED and found.more
    assert filed - begun < 10 and asked - filed < 2, (filed - begun, asked - filed)
