"""The least width: exact against a slow search, short against floating point, and blind to how a ring is written."""

import math

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from comity.model.geometry import LATITUDE_STEP_UM, LONGITUDE_STEP_UM, convex_hull, cosine_e18, narrower_than
from comity.model.volume import Point, Ring, ring_edges, ring_problem, turn
from geometry.golden import ring
from geometry.made import rings
from thorough import deep

FLATTENING = 1 / 298.257223563
EQUATOR_M = 6_378_137.0


def metres_of_a_degree(lat_deg: float) -> tuple[float, float]:
    """What a degree of latitude and of longitude measures on the WGS84 ellipsoid."""
    squared = FLATTENING * (2 - FLATTENING)
    bulge = 1 - squared * math.sin(math.radians(lat_deg)) ** 2
    north = EQUATOR_M * (1 - squared) / bulge**1.5
    return math.radians(north), math.radians(EQUATOR_M * math.cos(math.radians(lat_deg)) / math.sqrt(bulge))


def slow_width_m(a: Ring) -> float:
    """The least over all pairs of points of the extent across their line."""
    cosine = math.cos(math.radians(max(abs(lat) for lat, _ in a) / 1e7))
    flat = [(lon * LONGITUDE_STEP_UM * cosine / 1e6, lat * LATITUDE_STEP_UM / 1e6) for lat, lon in a]
    widths = []
    for x, y in flat:
        for u, v in flat:
            if (x, y) != (u, v):
                length = math.hypot(u - x, v - y)
                across = [((u - x) * (t - y) - (v - y) * (s - x)) / length for s, t in flat]
                widths.append(max(across) - min(across))
    return min(widths)


def placed(a: Ring, lat_deg: int, unit: int) -> Ring:
    """The small ring enlarged and moved to a latitude."""
    return tuple((lat * unit + lat_deg * 10**7, lon * unit + 360_000_000) for lat, lon in a)


@settings(deadline=None, max_examples=deep(150, 60))
@given(rings(), st.integers(-80, 80), st.integers(1_000, 100_000), st.integers(1, 60))
def test_width_is_that_of_a_slow_search(a: Ring, lat_deg: int, unit: int, part: int) -> None:
    """A ring is narrower than a width exactly if the slow search, or half of its square, says so."""
    here = placed(a, lat_deg, unit)
    slow = slow_width_m(here)
    cosine = math.cos(math.radians(max(abs(lat) for lat, _ in here) / 1e7))
    doubled = abs(sum(turn((0, 0), p, q) for p, q in ring_edges(a))) * unit**2
    square = doubled * LATITUDE_STEP_UM * LONGITUDE_STEP_UM * cosine / 1e12
    width_m = max(1, int(slow * part / 30))
    assume(abs(slow - width_m) > 1e-6 * slow and abs(square - width_m**2) > 1e-6 * square)
    assert narrower_than(here, width_m) == (slow < width_m or square < width_m**2)


@settings(deadline=None)
@given(rings(), st.integers(-80, 80), st.integers(1_000, 100_000), st.integers(1, 50_000), st.booleans())
def test_width_does_not_depend_on_writing(a: Ring, lat_deg: int, unit: int, width_m: int, turned: bool) -> None:
    """Winding, first point, hemisphere and longitude do not change whether a ring is narrower."""
    here = placed(a, lat_deg, unit)
    other = tuple((-lat, lon - 1_000_000_000) for lat, lon in (here[2:] + here[:2])[:: -1 if turned else 1])
    assert narrower_than(here, width_m) == narrower_than(other, width_m)
    assert narrower_than(here, width_m + 1) or not narrower_than(here, width_m)


@given(st.integers(-890_000_000, 890_000_000))
def test_cosine_is_short_by_next_to_nothing(lat_e7: int) -> None:
    """The integer cosine never exceeds the true one and is short by at most 2e-16, seen through floating point."""
    true = math.cos(math.radians(lat_e7 / 1e7))
    assert -3e-16 < true - cosine_e18(lat_e7) / 1e18 < 6e-16


def test_cosine_where_it_is_known_exactly() -> None:
    """At 0, 60 and 90 degrees the integer cosine is 1, one half and 0, short by at most 200 units."""
    for lat_deg, true in ((0, 10**18), (60, 5 * 10**17), (-60, 5 * 10**17)):
        assert true - 200 <= cosine_e18(lat_deg * 10**7) <= true
    assert cosine_e18(900_000_000) == cosine_e18(2**53) == 0


@given(st.integers(0, 89))
def test_a_step_is_measured_short_on_the_ellipsoid(lat_deg: int) -> None:
    """Everywhere a degree measures at least what we take, and at most 1.1 percent more."""
    north_m, east_m = metres_of_a_degree(lat_deg)
    cosine = cosine_e18(lat_deg * 10**7) / 1e18
    assert 1 <= north_m / (LATITUDE_STEP_UM * 10) <= 1.011
    assert 1 <= east_m / (LONGITUDE_STEP_UM * 10 * cosine) <= 1.011


@given(st.floats(0, math.pi), st.integers(5_000, 50_000))
def test_equilateral_triangle_passes_at_its_height(angle: float, height_m: int) -> None:
    """The convex shape with the least area for its width is never refused for its area."""
    corners: list[Point] = []
    for third in range(3):
        reach_m = height_m * 2 / 3 * 1.012
        across = angle + third * 2 * math.pi / 3
        lon = reach_m * math.cos(across) / (LONGITUDE_STEP_UM / 1e6)
        corners.append((round(reach_m * math.sin(across) / (LATITUDE_STEP_UM / 1e6)), round(lon)))
    assert not narrower_than(tuple(corners), height_m)
    assert narrower_than(tuple(corners), height_m * 102 // 100)


def test_sliver_is_narrow_in_every_direction() -> None:
    """A strip 100 km long and 100 m wide is narrower than 1 km, along, across and aslant."""
    for points in ("0,0 0,9000000 9000,9000000 9000,0", "0,0 9000000,0 9000000,9000 0,9000"):
        assert narrower_than(ring(points), 1_000)
    assert narrower_than(ring("0,0 6000000,6000000 6006000,5994000 6000,-6000"), 1_000)


def test_near_a_pole_a_degree_of_longitude_is_nearly_nothing() -> None:
    """A box of one degree each way is 19 km wide at 80 degrees and under 2 km at 89."""
    at_80 = ring("790000000,0 790000000,10000000 800000000,10000000 800000000,0")
    at_89 = ring("880000000,0 880000000,10000000 890000000,10000000 890000000,0")
    assert not narrower_than(at_80, 19_000) and narrower_than(at_89, 2_000)


@given(rings())
def test_hull_holds_its_ring(a: Ring) -> None:
    """The hull turns left at each corner, has the ring's points on its left, and takes its corners from them."""
    hull = convex_hull(a)
    assert ring_problem(hull) is None and set(hull) <= set(a)
    assert all(turn(p, q, point) >= 0 for p, q in ring_edges(hull) for point in a)
    assert all(turn(hull[i - 2], hull[i - 1], hull[i]) > 0 for i in range(len(hull)))
