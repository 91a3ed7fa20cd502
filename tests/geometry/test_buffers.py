"""Rings around points and routes hold what they must, hardly more, and are usable."""

import math
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.airspace.buffers import circle, corridor, densify, densify_route, great_circle_m
from comity.model.errors import Misuse
from comity.model.geometry import locate, narrower_than, ring_inside
from comity.model.volume import Point, Ring, ring_edges, ring_problem
from geometry.golden import ring
from geometry.test_width import metres_of_a_degree
from thorough import deep

HERE: Point = (350_000_000, 360_000_000)
places = st.tuples(st.integers(-70 * 10**7, 70 * 10**7), st.integers(-170 * 10**7, 170 * 10**7))


def distance_m(p: Point, q: Point) -> float:
    """The distance of neighbours on the ellipsoid, by the size of a degree between them; good to 1 in 1,000."""
    north_m, east_m = metres_of_a_degree((p[0] + q[0]) / 2e7)
    return math.hypot((p[0] - q[0]) / 1e7 * north_m, (p[1] - q[1]) / 1e7 * east_m)


def around(point: Point, radius_m: float) -> list[Point]:
    """Points on the circle of that radius, on the ellipsoid."""
    north_m, east_m = metres_of_a_degree(point[0] / 1e7)
    steps = [number * math.pi / 20 for number in range(40)]
    return [
        (
            point[0] + round(radius_m * math.sin(step) / north_m * 1e7),
            point[1] + round(radius_m * math.cos(step) / east_m * 1e7),
        )
        for step in steps
    ]


def along(route: Sequence[Point]) -> list[Point]:
    """Points on the legs of a route, straight in latitude and longitude."""
    return [
        (p[0] + (q[0] - p[0]) * part // 12, p[1] + (q[1] - p[1]) * part // 12)
        for p, q in pairwise(route)
        for part in range(13)
    ]


def edge_points(a: Ring) -> list[Point]:
    """Points all along the edges of a ring."""
    return along([*a, a[0]])


@settings(deadline=None)
@given(places, st.integers(2, 20_000), st.sampled_from((8, 12, 24, 25, 64)))
def test_circle_holds_its_disc_and_little_more(centre: Point, radius_m: int, points: int) -> None:
    """A circle holds every point within its radius, reaches at most 10 percent farther, and is no narrower than 2 r."""
    drawn = circle(centre, radius_m, points)
    assert ring_problem(drawn) is None and len(drawn) == points
    assert all(locate(*point, 1, drawn) == "inside" for point in around(centre, radius_m * 0.998))
    assert all(distance_m(centre, point) <= radius_m * 1.101 + 0.2 for point in edge_points(drawn))
    assert not narrower_than(drawn, 2 * radius_m)


@st.composite
def routes(draw: st.DrawFn) -> list[Point]:
    """A route of a few legs of up to 30 km each way, which may cross itself and turn back."""
    route = [draw(places)]
    for _ in range(draw(st.integers(1, 6))):
        north, east = (draw(st.integers(-30, 30)) * 100_000 for _ in range(2))
        route.append((route[-1][0] + north, route[-1][1] + east))
    return route


@settings(deadline=None, max_examples=deep(60, 25))
@given(routes(), st.integers(100, 20_000))
def test_corridor_holds_its_route_and_little_more(route: list[Point], half_width_m: int) -> None:
    """A corridor holds every point within its half width, and its edge lies within 10 percent more of the route."""
    if len(set(pairwise(route))) == 0 or all(point == route[0] for point in route):
        return
    drawn = corridor(route, half_width_m)
    assert ring_problem(drawn) is None
    line = along(route)
    assert all(locate(*p, 1, drawn) == "inside" for spot in line for p in around(spot, half_width_m * 0.997))
    far_m = half_width_m * 1.101 + 5
    legs = list(pairwise(route))
    assert all(min(_to_leg_m(point, p, q) for p, q in legs) <= far_m for point in edge_points(drawn))


def _to_leg_m(point: Point, p: Point, q: Point) -> float:
    """The distance from a point to a leg, in the plane at the point's latitude."""
    north_m, east_m = metres_of_a_degree(point[0] / 1e7)
    (y, x), (v, u) = (((t[0] - point[0]) / 1e7 * north_m, (t[1] - point[1]) / 1e7 * east_m) for t in (p, q))
    length = (u - x) ** 2 + (v - y) ** 2
    part = max(0.0, min(1.0, -(x * (u - x) + y * (v - y)) / length)) if length else 0.0
    return math.hypot(x + part * (u - x), y + part * (v - y)) * 0.999


def test_corridor_around_a_loop_fills_it() -> None:
    """A route that closes on itself gives one ring without a hole."""
    loop = ring("0,0 0,1000000 1000000,1000000 1000000,0 0,0")
    assert ring_inside(loop[:4], corridor(loop, 1_000))
    assert len(corridor(loop, 1_000)) == 24


def test_there_and_back_is_the_same_as_there() -> None:
    """Flying a leg back, stopping on it or standing still adds nothing to its corridor."""
    there = corridor(ring("0,0 0,1000000"), 1_000)
    assert corridor(ring("0,0 0,1000000 0,0"), 1_000) == there
    assert corridor(ring("0,0 0,500000 0,500000 0,1000000"), 1_000) == there


def test_densify_follows_the_great_circle() -> None:
    """A 500 km great circle at 35 north leaves the straight line by some 3.4 km; no edge stays long."""
    square = (HERE, (350_000_000, 414_800_000), (380_000_000, 414_800_000), (380_000_000, 360_000_000))
    dense = densify(square, 20_000)
    assert ring_problem(dense) is None
    assert all(great_circle_m(p, q) <= 20_001 for p, q in ring_edges(dense))
    south = densify_route(square[:2], 20_000)
    farthest_m = max((point[0] - 350_000_000) / 1e7 * 110_900 for point in south)
    assert 3_300 < farthest_m < 3_500
    assert densify(dense, 20_001) == dense


def test_densify_keeps_a_route_short_enough() -> None:
    """A route of short legs is left alone; ends stay where they were."""
    route = (HERE, (350_500_000, 360_000_000))
    assert densify_route(route, 10_000) == route
    assert densify_route(route, 1_000)[0] == HERE and densify_route(route, 1_000)[-1] == route[-1]


@pytest.mark.parametrize(
    ("route", "half_width_m", "word"),
    [
        ("0,0", 1_000, "route of 1 points"),
        ("0,0 0,0", 1_000, "route of 1 points"),
        ("0,0 0,1000000", 0.5, "half width of 0.5 m"),
        ("0,0 0,1000000", float("nan"), "half width of nan m"),
        ("0,1799000000 0,1800000000", 1_000, "antimeridian"),
        ("889000000,0 889999999,0", 1_000, "pole"),
        (" ".join(f"0,{number * 1000}" for number in range(65)), 1_000, "route of 65 points"),
    ],
)
def test_what_cannot_be_drawn_is_said(route: str, half_width_m: float, word: str) -> None:
    """A route or a distance that gives no usable ring is refused with the reason."""
    with pytest.raises(Misuse, match=word):
        corridor(ring(route), half_width_m)


def test_too_many_points_are_refused() -> None:
    """Neither a circle nor a dense ring may have more points than a ring can."""
    with pytest.raises(Misuse, match="257 points"):
        circle(HERE, 1_000, 257)
    with pytest.raises(Misuse, match="points"):
        densify(ring("0,0 0,100000000 100000000,0"), 1_000)
