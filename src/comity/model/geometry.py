"""The integer geometry of verdicts (law 24): what meets, what lies inside, what is too narrow.

The boundary rule, pinned by tests/geometry/boundary.txt:
- A ring is a closed set in the plane of latitude and longitude, straight between its points, boundary included: two
  rings that share one boundary point meet, and a ring that touches the outer one's boundary from inside is inside.
- Longitudes 180 and -180 are one line: rings that touch it from both sides at one latitude meet.
- A band is closed, so bands that share one height meet. Heights are compared only with the same datum: of
  different datums nothing is known, so such bands meet, and neither lies inside the other. A null bound is unbounded.
- A window is half-open: back-to-back windows do not meet. A null end never comes.
So restraint is wide and permission is narrow: whatever is in doubt meets, and is not inside.

Exact: integers and Fractions only, no rounding but where `narrower_than` says so; the same everywhere, for ever.
Trusted: rings for which `ring_problem` is None. With any other, even an empty one, each function still ends and
raises nothing, but its answer means nothing.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from comity.model.volume import (
    HALF_TURN_E7,
    Altitude,
    Band,
    Point,
    Ring,
    Volume,
    Window,
    certainly_above,
    ring_edges,
    segments_meet,
    turn,
)

Box = tuple[int, int, int, int]  # south, west, north, east in 1e-7 degree
Place = Literal["inside", "edge", "outside"]

# The least that 1e-7 degree measures anywhere on the WGS84 ellipsoid, rounded down.
LATITUDE_STEP_UM = 11_057  # of latitude, at the equator; 1 percent more at the poles
LONGITUDE_STEP_UM = 11_131  # of longitude, times the cosine of the latitude
EMPTY_BOX: Box = (2 * HALF_TURN_E7, 2 * HALF_TURN_E7, -2 * HALF_TURN_E7, -2 * HALF_TURN_E7)
ONE_E18 = 10**18
PI_E18 = 3_141_592_653_589_793_239  # rounded up


def volumes_meet(a: Volume, b: Volume) -> bool:
    """Whether the volumes share a moment, a height and a place; symmetric."""
    return windows_meet(a.window, b.window) and rooms_meet(a, b)


def rooms_meet(a: Volume, b: Volume) -> bool:
    """Whether the volumes share a height and a place, whatever the hour: what has not ended is still there."""
    return bands_meet(a.band, b.band) and rings_meet(a.ring, b.ring)


def volume_inside(inner: Volume, outer_ring: Ring, outer_band: Band) -> bool:
    """Whether the inner volume certainly never leaves the ring and the band; the window is the caller's."""
    return band_inside(inner.band, outer_band) and ring_inside(inner.ring, outer_ring)


def windows_meet(a: Window, b: Window) -> bool:
    """Whether the windows share a moment; the end of one is not in it; symmetric."""
    return (b.until_ms is None or a.from_ms < b.until_ms) and (a.until_ms is None or b.from_ms < a.until_ms)


def window_inside(inner: Window, outer: Window) -> bool:
    """Whether every moment of the inner window belongs to the outer one."""
    if inner.from_ms < outer.from_ms:
        return False
    return outer.until_ms is None or (inner.until_ms is not None and inner.until_ms <= outer.until_ms)


def bands_meet(a: Band, b: Band) -> bool:
    """Whether the bands may share a height: unless one floor is certainly above the other ceiling; symmetric."""
    if a.floor is not None and b.ceiling is not None and certainly_above(a.floor, b.ceiling):
        return False
    return not (b.floor is not None and a.ceiling is not None and certainly_above(b.floor, a.ceiling))


def band_inside(inner: Band, outer: Band) -> bool:
    """Whether the inner band certainly never leaves the outer one: each outer bound is null or of the same datum."""
    return _floor_holds(outer.floor, inner.floor) and _ceiling_holds(outer.ceiling, inner.ceiling)


def rings_meet(a: Ring, b: Ring) -> bool:
    """Whether the closed rings share a point, their boundaries included; symmetric."""
    box_a, box_b = ring_box(a), ring_box(b)
    if box_a[0] > box_b[2] or box_b[0] > box_a[2]:
        return False
    if box_a[1] <= box_b[3] and box_b[1] <= box_a[3] and _share_point(a, b):
        return True
    if box_a[3] == HALF_TURN_E7 and box_b[1] == -HALF_TURN_E7:
        return _share_point(a, _turned_once(b))
    return box_b[3] == HALF_TURN_E7 and box_a[1] == -HALF_TURN_E7 and _share_point(_turned_once(a), b)


@lru_cache(maxsize=16_384)
def ring_inside(inner: Ring, outer: Ring) -> bool:
    """Whether every point of the closed inner ring belongs to the closed outer one; implies that they meet.

    A ring has no holes, so it is enough that the inner boundary stays in the outer ring: each inner edge is cut
    where it meets an outer edge, and each piece then lies on one side only, where its middle lies.
    """
    a, b = ring_box(inner), ring_box(outer)
    if a[0] < b[0] or a[1] < b[1] or a[2] > b[2] or a[3] > b[3]:
        return False
    return all(_edge_inside(p, q, outer) for p, q in ring_edges(inner))


def boxes_meet(a: Box, b: Box) -> bool:
    """Whether the closed boxes share a point, the antimeridian included: False proves that the rings do not meet."""
    if a[0] > b[2] or b[0] > a[2]:
        return False
    if a[1] <= b[3] and b[1] <= a[3]:
        return True
    return (a[3] == HALF_TURN_E7 and b[1] == -HALF_TURN_E7) or (b[3] == HALF_TURN_E7 and a[1] == -HALF_TURN_E7)


@lru_cache(maxsize=16_384)
def ring_box(ring: Ring) -> Box:
    """The least box around the ring: south, west, north, east; around no points, a box that meets none."""
    if not ring:
        return EMPTY_BOX
    lats, lons = zip(*ring, strict=True)
    return min(lats), min(lons), max(lats), max(lons)


def locate(lat: int, lon: int, scale: int, ring: Ring) -> Place:
    """Where the point (lat / scale, lon / scale) lies, scale > 0: rational points without rounding."""
    if not ring:
        return "outside"
    inside = False
    q_lat, q_lon = ring[-1][0] * scale, ring[-1][1] * scale
    for point in ring:
        p_lat, p_lon, q_lat, q_lon = q_lat, q_lon, point[0] * scale, point[1] * scale
        if (p_lat > lat) != (q_lat > lat):
            side = (q_lon - p_lon) * (lat - p_lat) - (lon - p_lon) * (q_lat - p_lat)
            if side == 0:
                return "edge"
            inside ^= (side > 0) == (q_lat > p_lat)
        elif q_lat == lat and (q_lon == lon or (p_lat == lat and (p_lon > lon) != (q_lon > lon))):
            return "edge"
    return "inside" if inside else "outside"


@lru_cache(maxsize=16_384)
def narrower_than(ring: Ring, width_m: int) -> bool:
    """Whether the ring is too narrow to be an area: its hull is narrower, or it encloses under half of a square.

    The first: the least width of its convex hull is under `width_m`. The second catches only slivers bent around
    empty ground: an area under width_m * width_m / 2, where a convex shape of least width w has at least
    w * w / sqrt(3). Both are measured short, with the least step of the ellipsoid and the cosine of the ring's
    latitude farthest from the equator, so whatever is in doubt is narrower. The comparison itself is exact.
    """
    north_um = LATITUDE_STEP_UM * ONE_E18
    east_um = LONGITUDE_STEP_UM * cosine_e18(max((abs(lat_e7) for lat_e7, _ in ring), default=0))
    width = width_m * 1_000_000 * ONE_E18
    doubled = abs(sum(p[1] * q[0] - p[0] * q[1] for p, q in ring_edges(ring)))
    if doubled * north_um * east_um < width * width:
        return True
    hull = convex_hull(ring)
    far = 1
    for i, p in enumerate(hull):
        q = hull[(i + 1) % len(hull)]
        while turn(p, q, hull[(far + 1) % len(hull)]) > turn(p, q, hull[far]):
            far = (far + 1) % len(hull)
        across = turn(p, q, hull[far]) * north_um * east_um
        length_squared = ((q[0] - p[0]) * north_um) ** 2 + ((q[1] - p[1]) * east_um) ** 2
        if across * across < width * width * length_squared:
            return True
    return False


def convex_hull(points: Ring) -> Ring:
    """The corners of the convex hull, anticlockwise as the map is drawn, no three of them on a line."""
    ordered = sorted(set(points))
    return (*_half_hull(ordered), *_half_hull(ordered[::-1]))


def cosine_e18(lat_e7: int) -> int:
    """The cosine of a latitude, times 1e18, never above the true value and at most 200 below it.

    Power series in integers: the rounding of its 16 terms and of the angle stays under 100, which is taken off.
    """
    angle = -(-min(abs(lat_e7), HALF_TURN_E7 // 2) * PI_E18 // HALF_TURN_E7)
    square = angle * angle // ONE_E18
    total, term, order, sign = ONE_E18, ONE_E18, 0, 1
    while term:
        order, sign = order + 2, -sign
        term = term * square // (ONE_E18 * order * (order - 1))
        total += sign * term
    return max(0, total - 100)


def _floor_holds(outer: Altitude | None, inner: Altitude | None) -> bool:
    return outer is None or (inner is not None and inner.datum == outer.datum and not certainly_above(outer, inner))


def _ceiling_holds(outer: Altitude | None, inner: Altitude | None) -> bool:
    return outer is None or (inner is not None and inner.datum == outer.datum and not certainly_above(inner, outer))


def _share_point(a: Ring, b: Ring) -> bool:
    if locate(b[0][0], b[0][1], 1, a) != "outside" or locate(a[0][0], a[0][1], 1, b) != "outside":
        return True
    edges_b = _edges_near(b, ring_box(a))
    return any(segments_meet(p, q, r, s) for p, q in _edges_near(a, ring_box(b)) for r, s in edges_b)


def _edges_near(ring: Ring, box: Box) -> list[tuple[Point, Point]]:
    south, west, north, east = box
    return [
        (p, q)
        for p, q in ring_edges(ring)
        if (p[0] >= south or q[0] >= south)
        and (p[0] <= north or q[0] <= north)
        and (p[1] >= west or q[1] >= west)
        and (p[1] <= east or q[1] <= east)
    ]


def _edge_inside(p: Point, q: Point, outer: Ring) -> bool:
    lat, lon = q[0] - p[0], q[1] - p[1]
    cuts = {Fraction(0), Fraction(1)}
    for r, s in ring_edges(outer):
        # An edge on the same line needs no cut: where it ends, the next edge off the line cuts.
        slope = lon * (s[0] - r[0]) - lat * (s[1] - r[1])
        if slope and segments_meet(p, q, r, s):
            cuts.add(Fraction((r[1] - p[1]) * (s[0] - r[0]) - (r[0] - p[0]) * (s[1] - r[1]), slope))
    return all(_middle_inside(p, q, start + end, outer) for start, end in pairwise(sorted(cuts)))


def _middle_inside(p: Point, q: Point, doubled: Fraction, outer: Ring) -> bool:
    part, scale = doubled.numerator, 2 * doubled.denominator
    lat = p[0] * scale + part * (q[0] - p[0])
    lon = p[1] * scale + part * (q[1] - p[1])
    return locate(lat, lon, scale, outer) != "outside"


def _half_hull(ordered: list[Point]) -> list[Point]:
    """One side of the hull of ordered points, without its last point, which begins the other side."""
    hull: list[Point] = []
    for point in ordered:
        while len(hull) > 1 and turn(hull[-2], hull[-1], point) <= 0:
            hull.pop()
        hull.append(point)
    return hull[:-1]


def _turned_once(ring: Ring) -> Ring:
    return tuple((lat_e7, lon_e7 + 2 * HALF_TURN_E7) for lat_e7, lon_e7 in ring)
