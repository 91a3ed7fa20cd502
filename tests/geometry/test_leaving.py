"""How far it is out of a ring: against squares whose answer is known, against a slow search, and in strange places."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.airspace import leaving
from comity.airspace.buffers import corridor
from comity.airspace.leaving import EDGES_MOST, NM_M, at_most_m, beside_m, leave_m
from comity.model.geometry import ring_box
from comity.model.volume import Ring


def box(south: float, west: float, north: float, east: float) -> Ring:
    """A ring of whole ten-millionths of a degree."""
    return tuple(
        (round(lat * 1e7), round(lon * 1e7))
        for lat, lon in ((south, west), (south, east), (north, east), (north, west))
    )


SEA = box(35.0, 35.0, 36.0, 36.5)


def test_thirty_miles_are_thirty_miles() -> None:
    """In a degree of latitude nobody is farther than thirty miles from an edge (S3)."""
    assert leave_m(SEA, SEA) / NM_M == pytest.approx(30.0, abs=0.2)
    assert leave_m(box(35.1, 35.2, 35.2, 35.3), SEA) / NM_M == pytest.approx(12.0, abs=0.1)


def test_what_does_not_meet_needs_no_way() -> None:
    """A flight elsewhere has nothing to leave; one that touches the edge hardly anything."""
    assert leave_m(box(40, 35, 41, 36), SEA) == 0.0
    assert leave_m(box(34, 34, 35, 37), SEA) / NM_M < 0.2


def test_near_the_equator_and_the_pole() -> None:
    """Longitudes are as wide as at the widest latitude of the ring: the way is never made too short."""
    wide = box(-0.5, 10, 0.5, 13)
    assert leave_m(wide, wide) / NM_M == pytest.approx(30.0, abs=0.2)
    high = box(80, 10, 81, 11)
    assert leave_m(high, high) / NM_M == pytest.approx(30 * math.cos(math.radians(80)), abs=0.2)


@given(st.floats(35.05, 35.9), st.floats(35.05, 36.4), st.floats(0.02, 0.4), st.floats(0.02, 0.4))
def test_never_shorter_than_a_slow_search(south: float, west: float, high: float, wide: float) -> None:
    """Every place of a grid in both rings is at most as far from the edge."""
    room = box(south, west, min(south + high, 36.2), min(west + wide, 36.7))
    found = leave_m(room, SEA)
    shrink = math.cos(math.radians(35))
    slowest = 0.0
    for row in range(21):
        for column in range(21):
            lat = (room[0][0] + (room[2][0] - room[0][0]) * row / 20) / 1e7
            lon = (room[0][1] + (room[2][1] - room[0][1]) * column / 20) / 1e7
            ways = (lat - 35, 36 - lat, (lon - 35) * shrink, (36.5 - lon) * shrink)
            slowest = max(slowest, min(ways) * 60 * NM_M)
    assert found >= slowest * 0.99 - 25


def test_room_beside_a_route() -> None:
    """A corridor is as wide as it was asked for; a ring that the route leaves has no room."""
    route = ((360_000_000, 370_000_000), (361_000_000, 371_500_000))
    assert beside_m(route, corridor(route, 4630)) == pytest.approx(4630, rel=0.02)
    assert beside_m(route, box(36.0, 37.0, 36.05, 37.2)) == 0.0


def test_a_long_route_is_measured_where_it_is() -> None:
    """A corridor drawn with the buffer of the terms was told to be narrower the farther it led from the pole."""
    route = ((366_000_000, 365_000_000), (352_000_000, 365_100_000), (300_000_000, 380_000_000))
    assert beside_m(route, corridor(route, 4630)) == pytest.approx(4630, rel=0.01)


def zigzag(turns: int) -> Ring:
    """A corridor of two kilometres to both sides that turns back and forth."""
    return corridor(
        [(360_000_000 + 6_000_000 * (turn % 2), 370_000_000 + 1_500_000 * turn) for turn in range(turns)], 2000
    )


@pytest.mark.parametrize("turns", [3, 6, 24])
def test_work_is_bounded_and_the_way_never_too_short(turns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long and bent the rings, so many edges are looked at, and what is not found out makes the way longer."""
    ring = zigzag(turns)
    looked = Counter[str]()
    right = leaving._segment_m

    def look(*given: object) -> float:
        looked["edge"] += 1
        return right(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(leaving, "_segment_m", look)
    leave_m.cache_clear()
    found_m = leave_m(ring, ring)
    assert looked["edge"] <= EDGES_MOST * 1.01 + 16 * 2 * len(ring)
    assert 1_900 <= found_m <= at_most_m(ring)
    assert turns == 24 or found_m < 4_000
    before = looked["edge"]
    assert leave_m(tuple(ring), tuple(ring)) == found_m and looked["edge"] == before, "equal rings are measured once"


@given(st.lists(st.tuples(st.floats(35.0, 36.0), st.floats(35.0, 36.5)), min_size=3, max_size=9, unique=True))
def test_handed_down_edges_are_all_that_matter(points: list[tuple[float, float]]) -> None:
    """A ring of any shape: a grid of its places finds none that is farther from its edges than was said."""
    middle = (sum(lat for lat, _ in points) / len(points), sum(lon for _, lon in points) / len(points))
    turned = sorted(points, key=lambda at: math.atan2(at[0] - middle[0], at[1] - middle[1]))
    ring: Ring = tuple((round(lat * 1e7), round(lon * 1e7)) for lat, lon in turned)
    room = box(35.2, 35.2, 35.9, 36.4)
    found_m = leave_m(room, ring)
    south, west, north, _ = ring_box(ring)
    shrink = math.cos(math.radians(min(south, north) / 1e7))
    flat = leaving._flat(ring, (south, west), shrink)
    inside = leaving._flat(room, (south, west), shrink)
    (low, left), _, (high, right), _ = inside
    for row in range(20):
        for column in range(20):
            at = (low + (high - low) * row / 19, left + (right - left) * column / 19)
            if leaving._holds(flat, *at):
                way_m = min(leaving._segment_m(p, q, *at) for p, q in leaving._edges(flat))
                assert way_m <= found_m * 1.006 + 21
