"""The fence: what it answers is what slow exact code answers, and what is in doubt is uncertain."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
import shapely  # type: ignore[import-untyped]
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from comity.airspace import plots
from comity.airspace.fence import INSIDE, UNCERTAIN, Room, fence_around, presence
from comity.model.geometry import rings_meet
from comity.model.volume import DEG_E7, HALF_TURN_E7, Point, Ring, ring_problem
from geometry.made import rings
from sky.reference import boundary_gap_m, in_height, where

EXAMPLES = settings(deadline=None, max_examples=150)
NO_FLOOR = ((-math.inf, -math.inf), (-math.inf, -math.inf))
NO_CEILING = ((math.inf, math.inf), (math.inf, math.inf))
WORDS = {INSIDE: "inside", UNCERTAIN: "uncertain"}
NEARLY = 0.98  # what is nearer than that share of the doubt must be uncertain
BEYOND = 1.03  # what is farther than that must not: of it two thirds of a percent are the ellipsoid's


def room(ring: Ring) -> Room:
    """An area without bounds."""
    return Room(ring, NO_FLOOR, NO_CEILING)


def answers(
    rooms: Sequence[Room], places: Sequence[Point], doubt_m: float = 0.0, reach_m: float = 5_000.0
) -> dict[tuple[int, int], str]:
    """(place, room) -> "inside" or "uncertain", of places of unknown height."""
    count = len(places)
    low, high = np.full((count, 2), -math.inf), np.full((count, 2), math.inf)
    found = presence(
        fence_around(rooms, reach_m),
        np.array(places, np.int64).reshape(-1, 2),
        low,
        high,
        np.full(count, doubt_m),
        np.zeros(count),
    )
    keys = list(zip(found.track.tolist(), found.area.tolist(), strict=True))
    assert len(keys) == len(set(keys)) and found.track.tolist() == sorted(found.track.tolist())
    return {key: WORDS[answer] for key, answer in zip(keys, found.answer.tolist(), strict=True)}


def scaled(ring: Ring, step: int, south: int = 0, west: int = 0) -> Ring:
    """A ring of small numbers, drawn large, somewhere."""
    return tuple((south + lat * step, west + lon * step) for lat, lon in ring)


corners = st.tuples(st.integers(-2, 18), st.integers(-2, 18))


@EXAMPLES
@given(
    st.lists(rings(), max_size=6),
    st.lists(corners, min_size=1, max_size=30),
    st.sampled_from([1, 7, 40_000, 300_001, 9_000_000]),
    st.sampled_from([(0, 0), (-40 * DEG_E7, 170 * DEG_E7), (12 * DEG_E7, -HALF_TURN_E7)]),
)
def test_places_are_where_the_slow_code_says(
    small: list[Ring], halves: list[Point], step: int, corner: tuple[int, int]
) -> None:
    """Inside, outside, or on a boundary, exactly, at corners, on edges and between, at every scale."""
    drawn = [scaled(ring, 2 * step, *corner) for ring in small]
    places = [(corner[0] + lat * step, corner[1] + lon * step) for lat, lon in halves]
    found = answers([room(ring) for ring in drawn], places)
    words = {"inside": "inside", "edge": "uncertain", "outside": None}
    for n, place in enumerate(places):
        for k, ring in enumerate(drawn):
            assert found.get((n, k)) == words[where(*place, ring)]


@EXAMPLES
@given(st.lists(rings(), min_size=1, max_size=5), st.integers(0, 2**32), st.sampled_from([9, 400_000]))
def test_agrees_with_shapely(small: list[Ring], seed: int, step: int) -> None:
    """On random polygons, points on the boundary included, the answers are those of another library."""
    dice = np.random.default_rng(seed)
    drawn = [scaled(ring, step) for ring in small]
    places = dice.integers(-step, 8 * step, (200, 2)).tolist()
    places += [point for ring in drawn for point in ring]
    places += [((p[0] + q[0]) // 2, (p[1] + q[1]) // 2) for ring in drawn for p, q in pairwise(ring)]
    found = answers([room(ring) for ring in drawn], [(lat, lon) for lat, lon in places])
    for k, ring in enumerate(drawn):
        polygon = shapely.Polygon([(lon, lat) for lat, lon in ring])
        points = shapely.points([(lon, lat) for lat, lon in places])
        inside, meets = shapely.contains(polygon, points), shapely.intersects(polygon, points)
        for n in range(len(places)):
            expected = "inside" if inside[n] else "uncertain" if meets[n] else None
            assert found.get((n, k)) == expected


@settings(deadline=None, max_examples=60)
@given(
    rings(),
    st.lists(st.tuples(st.floats(-0.1, 0.5), st.floats(-0.1, 0.5)), min_size=1, max_size=12),
    st.floats(10, 9_000),
    st.sampled_from([(0, 0), (35, 36), (60, 179.8), (-85, -179.9), (88, 10)]),
    st.sampled_from([500.0, 5_000.0]),
)
def test_uncertain_within_the_doubt_and_only_there(
    small: Ring, halves: list[tuple[float, float]], doubt_m: float, corner: tuple[float, float], reach_m: float
) -> None:
    """A track nearer to a boundary than its doubt is uncertain, and one that is surely farther is not."""
    south, west = round(corner[0] * DEG_E7), round(corner[1] * DEG_E7)
    ring = scaled(small, DEG_E7 // 30, south, west)
    assume(abs(ring[0][1]) <= HALF_TURN_E7 and ring_problem(ring) is None)
    places = [(south + round(lat * DEG_E7), west + round(lon * DEG_E7)) for lat, lon in halves]
    found = answers([room(ring)], places, doubt_m, reach_m)
    for n, (lat, lon) in enumerate(places):
        gap_m = boundary_gap_m(lat, lon, ring, 60)
        answer = found.get((n, 0), "outside")
        if gap_m < doubt_m * NEARLY:
            assert answer == "uncertain"
        elif gap_m > (doubt_m + 200) * BEYOND + _width_of_a_step(ring, lat, doubt_m):
            assert answer == where(lat, lon, ring)


def _width_of_a_step(ring: Ring, lat: int, doubt_m: float) -> float:
    """How much the slow search may overlook between its steps, and how much meridians converge within the doubt."""
    longest = max(
        math.hypot(p[0] - q[0], (p[1] - q[1]) * math.cos(math.radians(lat / 1e7)))
        for p, q in zip(ring, ring[1:] + ring[:1], strict=True)
    )
    narrowing = math.tan(math.radians(min(89.5, abs(lat) / 1e7))) * doubt_m / 6_366_000
    return longest * 0.0112 / 60 + doubt_m * narrowing


@pytest.mark.parametrize("doubt_m", [0.0, 300.0, 4_000.0, 60_000.0, 500_000.0])
@pytest.mark.parametrize("south_deg", [0, 45, 80, -88])
def test_grid_and_full_search_agree(doubt_m: float, south_deg: int) -> None:
    """A doubt beyond the grid's reach, which a walk of all rings answers, gets the answers that the grid would give."""
    dice = np.random.default_rng(south_deg + 100)
    rooms = []
    for _ in range(60):
        lat, lon = south_deg + dice.uniform(0, 0.8), dice.uniform(179, 180)
        size = dice.uniform(0.05, 0.19)
        corners = [(lat, lon - size), (lat, lon), (lat + size, lon)]
        rooms.append(room(tuple((round(a * DEG_E7), round(b * DEG_E7)) for a, b in corners)))
    places = [
        (round(lat * DEG_E7), round(((lon + 180) % 360 - 180) * DEG_E7))
        for lat, lon in zip(
            south_deg + dice.uniform(-1, 1.9, 400).clip(-89.9 - south_deg, 89.9 - south_deg),
            dice.uniform(177, 183, 400),
            strict=True,
        )
    ]
    near = answers(rooms, places, doubt_m, reach_m=max(5_000.0, doubt_m))
    assert near == answers(rooms, places, doubt_m, reach_m=max(0.0, doubt_m - 1.0))
    assert near


def test_antimeridian() -> None:
    """A track just beyond the antimeridian is near an area that ends there, and on its edge is uncertain."""
    east = ((0, 179 * DEG_E7), (DEG_E7, 179 * DEG_E7), (DEG_E7, HALF_TURN_E7), (0, HALF_TURN_E7))
    west = ((0, -HALF_TURN_E7), (DEG_E7, -HALF_TURN_E7), (DEG_E7, -179 * DEG_E7), (0, -179 * DEG_E7))
    half = DEG_E7 // 2
    for line in (HALF_TURN_E7, -HALF_TURN_E7):
        assert answers([room(east), room(west)], [(half, line)]) == {(0, 0): "uncertain", (0, 1): "uncertain"}
    beyond = (half, -HALF_TURN_E7 + 10_000)  # 111 m
    assert answers([room(east), room(west)], [beyond], 50.0) == {(0, 1): "inside"}
    assert answers([room(east), room(west)], [beyond], 200.0) == {(0, 0): "uncertain", (0, 1): "uncertain"}


def test_poles() -> None:
    """At a pole every meridian is near: a track in doubt there is uncertain for a ring at 89 degrees, on any side."""
    ring = ((88 * DEG_E7, 0), (89 * DEG_E7, 0), (89 * DEG_E7, 5 * DEG_E7))
    for longitude_deg in (0, 90, -180, 180):
        place = (90 * DEG_E7, longitude_deg * DEG_E7)
        assert answers([room(ring)], [place], 100_000.0) == {}
        assert answers([room(ring)], [place], 115_000.0) == {(0, 0): "uncertain"}


@given(rings(), corners)
def test_winding(small: Ring, half: Point) -> None:
    """A ring and the same ring wound the other way have one inside, the smaller side; beside both is outside."""
    ring, place = scaled(small, 200_000), (half[0] * 100_000, half[1] * 100_000)
    one, other = (answers([room(each)], [place]) for each in (ring, ring[::-1]))
    word = {"inside": "inside", "edge": "uncertain", "outside": None}[where(*place, ring)]
    assert one == other == ({} if word is None else {(0, 0): word})
    south, west = (min(point[axis] for point in ring) - 1 for axis in (0, 1))
    assert not answers([room(ring), room(ring[::-1])], [(south, ring[0][1]), (ring[0][0], west)])


@EXAMPLES
@given(st.lists(rings(), min_size=1, max_size=6), st.lists(corners, min_size=1, max_size=8), st.floats(0, 20_000))
def test_any_all(small: list[Ring], halves: list[Point], doubt_m: float) -> None:
    """Adding an area takes no answer away: a true overlap beside a near miss is an overlap."""
    rooms = [room(scaled(ring, 200_000)) for ring in small]
    places = [(lat * 100_000, lon * 100_000) for lat, lon in halves]
    found = answers(rooms, places, doubt_m)
    assert answers(rooms[:-1], places, doubt_m).items() <= found.items()
    for n, place in enumerate(places):
        alone = answers(rooms, [place], doubt_m)
        assert alone == {(0, area): answer for (track, area), answer in found.items() if track == n}


def test_box_only() -> None:
    """A track in the box around an area but outside its ring is outside."""
    corner = (
        (0, 0),
        (0, 10 * DEG_E7),
        (DEG_E7, 10 * DEG_E7),
        (DEG_E7, DEG_E7),
        (10 * DEG_E7, DEG_E7),
        (10 * DEG_E7, 0),
    )
    assert answers([room(corner)], [(5 * DEG_E7, 5 * DEG_E7)]) == {}
    assert answers([room(corner)], [(5 * DEG_E7, DEG_E7 // 2)]) == {(0, 0): "inside"}
    assert rings_meet(corner, ((5 * DEG_E7, 0), (6 * DEG_E7, 0), (6 * DEG_E7, 1)))


edges = st.sampled_from([-math.inf, 0.0, 100.0, 200.0, 300.0, math.inf])


@given(st.tuples(*[st.lists(edges, min_size=2, max_size=2).map(sorted)] * 6))
def test_heights_are_what_the_slow_code_says(lists: tuple[list[float], ...]) -> None:
    """In, out, or uncertain in height, in either datum, bounds included, as the slow code says."""
    pressure, geometric, floor_p, floor_g, ceiling_p, ceiling_g = lists
    floor = ((floor_p[0], floor_p[1]), (floor_g[0], floor_g[1]))
    ceiling = ((ceiling_p[0], ceiling_p[1]), (ceiling_g[0], ceiling_g[1]))
    low, high = (pressure[0], geometric[0]), (pressure[1], geometric[1])
    square = ((0, 0), (0, DEG_E7), (DEG_E7, DEG_E7), (DEG_E7, 0))
    found = presence(
        fence_around([Room(square, floor, ceiling)]),
        np.array([[5, 5]]),
        np.array([low]),
        np.array([high]),
        np.zeros(1),
        np.zeros(1),
    )
    answer = WORDS[int(found.answer[0])] if len(found.answer) else "outside"
    assert answer == in_height(low, high, floor, ceiling)


@pytest.mark.parametrize(("at_s", "inside"), [(9.999, False), (10.0, True), (19.999, True), (20.0, False)])
def test_window_is_half_open(at_s: float, inside: bool) -> None:
    """An area counts from its beginning on and no longer at its end."""
    square = ((0, 0), (0, DEG_E7), (DEG_E7, DEG_E7), (DEG_E7, 0))
    around = fence_around([Room(square, NO_FLOOR, NO_CEILING, 10.0, 20.0)])
    unknown = np.full((1, 2), math.inf)
    found = presence(around, np.array([[5, 5]]), -unknown, unknown, np.zeros(1), np.array([at_s]))
    assert found.answer.tolist() == [INSIDE] * inside


def test_unbounded_and_unknown() -> None:
    """An unknown height is inside an area without bounds, uncertain in one with a bound, and never outside."""
    square = ((0, 0), (0, DEG_E7), (DEG_E7, DEG_E7), (DEG_E7, 0))
    known = ((3_000.0, 3_000.0), (2_000.0, 4_000.0))
    rooms = [room(square), Room(square, known, NO_CEILING), Room(square, NO_FLOOR, known), Room(square, known, known)]
    assert answers(rooms, [(5, 5)]) == {(0, 0): "inside", **{(0, n): "uncertain" for n in (1, 2, 3)}}


def test_no_area_and_no_track() -> None:
    """A fence around nothing answers nothing, and so does a fence asked about no track."""
    assert answers([], [(0, 0)], 10.0) == {}
    assert answers([], [(0, 0)], 10_000.0) == {}
    assert answers([room(((0, 0), (0, 9), (9, 0)))], []) == {}


def test_degenerate_area(monkeypatch: pytest.MonkeyPatch) -> None:
    """Areas at opposite ends of the world, or of no size, never make more plots than the most, nor other answers."""
    tiny = ((0, 0), (0, 1), (1, 0))
    far = scaled(tiny, DEG_E7, -80 * DEG_E7, -170 * DEG_E7)
    rooms = [room(tiny), room(far), room(scaled(tiny, DEG_E7, 80 * DEG_E7, 170 * DEG_E7))]
    around = fence_around(rooms)
    assert len(around.plots.starts) <= plots.PLOTS_MOST + 1
    places = [(0, 0), (1, 1), far[0], (far[0][0] + DEG_E7 // 4, far[0][1] + DEG_E7 // 4)]
    found = answers(rooms, places)
    monkeypatch.setattr(plots, "PLOTS_MOST", 100)
    assert len(fence_around(rooms).plots.starts) <= 101
    assert answers(rooms, places) == found == {(0, 0): "uncertain", (2, 1): "uncertain", (3, 1): "inside"}


def test_self_intersection_spike_zero_area() -> None:
    """A bow-tie, a spike, no area, a repeated point and a million points are refused in words, never mended."""
    wrong: list[tuple[Ring, str]] = [
        (((0, 0), (9, 9), (0, 9), (9, 0)), "crosses or touches itself"),
        (((0, 0), (0, 9), (0, 4), (9, 4)), "spike|crosses|touches"),
        (((0, 0), (4, 4), (9, 9)), "encloses no area"),
        (((0, 0), (0, 9), (0, 9), (9, 0)), "are the same"),
        (tuple((n, n % 7) for n in range(1_000_000)), "give 3 to 256"),
    ]
    for ring, words in wrong:
        problem = ring_problem(ring)
        assert problem is not None and re.search(words, problem)


def test_edge_meaning() -> None:
    """An edge is straight in latitude and longitude: the middle of 500 km along 35 north lies on it, not 3.4 km off."""
    north, east = 35 * DEG_E7, 55 * DEG_E7 // 10
    ring = ((north, 0), (north, east), (north - DEG_E7, east), (north - DEG_E7, 0))
    middle = east // 2
    places = [(north, middle), (north + 1, middle), (north - 1, middle)]
    assert answers([room(ring)], places) == {(0, 0): "uncertain", (2, 0): "inside"}
