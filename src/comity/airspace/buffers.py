"""Rings drawn around points and routes, made once by the proposer before signing (law 24).

Floating point serves here because nothing rests on it: what is signed, and judged in integers, is the finished ring.
Metres are measured short, as `narrower_than` measures them, so a ring always holds every point within the asked
distance on the WGS84 ellipsoid, and a circle of radius r is never narrower than 2 r. It reaches farther by at most
10 percent of the distance, plus one metre for each failed attempt (at most four), for distances up to 20 km, legs up
to 100 km and latitudes up to 70 degrees; beyond, a ring still holds everything but may be wider.
Legs are straight in latitude and longitude, as the edges of rings are; `densify_route` first for great circles.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from comity.model.errors import Misuse
from comity.model.geometry import LATITUDE_STEP_UM, LONGITUDE_STEP_UM, convex_hull, locate, ring_box
from comity.model.volume import RING_POINTS_MAX, Point, Ring, ring_edges, ring_problem, segments_meet

RADIUS_M_MAX = 500_000
ROUTE_POINTS_MAX = 64
CORNERS = (24, 16, 12, 8)  # of the disc around each point of a route, the finest first
ATTEMPTS = 5
MARGIN_M = 0.05  # more than rounding to 1e-7 degree can take away
EARTH_RADIUS_M = 6_371_009  # mean, for great circles


def circle(centre: Point, radius_m: float, points: int = 24) -> Ring:
    """A ring of that many points that holds every point within the radius; raises Misuse if it cannot be drawn."""
    if not 8 <= points <= RING_POINTS_MAX:
        raise Misuse(f"a circle of {points} points; give 8 to {RING_POINTS_MAX}")
    _check_distance("radius", radius_m)
    return _usable("circle", _disc(centre, radius_m, points))


def corridor(route: Sequence[Point], half_width_m: float) -> Ring:
    """A ring that holds every point within the half width of the route's legs; raises Misuse if it cannot be drawn.

    Ground that the route encloses belongs to the ring, which has no holes.
    """
    _check_distance("half width", half_width_m)
    stops = [point for point, before in zip(route, [None, *route], strict=False) if point != before]
    if not 2 <= len(stops) <= ROUTE_POINTS_MAX:
        raise Misuse(f"a route of {len(stops)} points; give 2 to {ROUTE_POINTS_MAX}, and a circle around one")
    problem = ""
    for corners in CORNERS:
        for attempt in range(ATTEMPTS):
            ring = _outline(stops, half_width_m + attempt, corners)
            problem = ring_problem(ring) or ""
            if not problem:
                return ring
            if len(ring) > RING_POINTS_MAX:
                break
    raise Misuse(f"no corridor around this route: {problem}; or make the route simpler")


def densify(ring: Ring, max_edge_m: float) -> Ring:
    """The ring whose edges were meant as great circles, with points added until none is longer than `max_edge_m`."""
    closed = densify_route([*ring, *ring[:1]], max_edge_m)
    return _usable("ring", closed[:-1])


def densify_route(route: Sequence[Point], max_edge_m: float) -> tuple[Point, ...]:
    """The route whose legs were meant as great circles, with points added until none is longer than `max_edge_m`."""
    _check_distance("greatest edge", max_edge_m)
    dense = list(route[:1])
    for p, q in pairwise(route):
        parts = math.ceil(great_circle_m(p, q) / max_edge_m)
        if len(dense) + parts > 10 * RING_POINTS_MAX:
            raise Misuse("too many points would be added; allow longer edges")
        dense.extend(_between(p, q, part / parts) for part in range(1, parts))
        dense.append(q)
    return tuple(dense)


def great_circle_m(p: Point, q: Point) -> float:
    """The distance on the mean sphere, metres: within 0.6 percent of the ellipsoid's; symmetric."""
    return EARTH_RADIUS_M * _angle(_vector(p), _vector(q))


_Exact = tuple[Fraction, Fraction]


def _usable(name: str, ring: Ring) -> Ring:
    problem = ring_problem(ring)
    if problem:
        raise Misuse(f"no {name} can be drawn there: {problem}")
    return ring


def _check_distance(name: str, distance_m: float) -> None:
    if not 1 <= distance_m <= RADIUS_M_MAX:
        raise Misuse(f"a {name} of {distance_m} m; give 1 to {RADIUS_M_MAX} m")


def _disc(centre: Point, radius_m: float, corners: int) -> Ring:
    """A polygon around the disc, its edges touching it, anticlockwise; wide enough at its rim nearest to a pole."""
    reach_um = (radius_m + MARGIN_M) / math.cos(math.pi / corners) * 1e6
    north_e7 = reach_um / LATITUDE_STEP_UM
    rim = math.radians(min(89.5, (abs(centre[0]) + north_e7 + 1) / 1e7))
    east_e7 = reach_um / (LONGITUDE_STEP_UM * math.cos(rim))
    angles = [2 * math.pi * (number + 0.5) / corners for number in range(corners)]
    return tuple(
        (centre[0] + round(north_e7 * math.sin(angle)), centre[1] + round(east_e7 * math.cos(angle)))
        for angle in angles
    )


def _outline(stops: Sequence[Point], half_width_m: float, corners: int) -> Ring:
    """The outer boundary of the union of the legs' hulls, found exactly and then rounded to 1e-7 degree."""
    discs = [_disc(point, half_width_m, corners) for point in stops]
    hulls = [convex_hull(a + b) for a, b in pairwise(discs)]
    following: dict[_Exact, set[_Exact]] = {}
    for start, end in _rim_pieces(hulls):
        following.setdefault(start, set()).add(end)
    first = min(following)
    walk = [first]
    while (ends := following[walk[-1]]) != {first}:
        if len(ends) != 1 or len(walk) > len(following):
            return ()  # two rims touch in a point: the next attempt is a metre wider
        walk.extend(ends)
    corner_points = [r for p, r, q in zip([walk[-1], *walk], walk, [*walk[1:], first], strict=False) if _bends(p, r, q)]
    rounded = [(round(lat), round(lon)) for lat, lon in corner_points]
    return tuple(point for point, before in zip(rounded, [rounded[-1], *rounded], strict=False) if point != before)


def _rim_pieces(hulls: Sequence[Ring]) -> set[tuple[_Exact, _Exact]]:
    """The directed pieces of the hulls' edges that have the union on their left only."""
    pieces: set[tuple[_Exact, _Exact]] = set()
    for hull in hulls:
        others = [other for other in hulls if other is not hull and _boxes_overlap(hull, other)]
        for p, q in ring_edges(hull):
            for start, end in pairwise(_cut_points(p, q, others)):
                if not any(_middle_within(start, end, other) for other in others):
                    pieces.add((start, end))
    return {(start, end) for start, end in pieces if (end, start) not in pieces}


def _boxes_overlap(a: Ring, b: Ring) -> bool:
    (south, west, north, east), other = ring_box(a), ring_box(b)
    return south <= other[2] and other[0] <= north and west <= other[3] and other[1] <= east


def _cut_points(p: Point, q: Point, others: Sequence[Ring]) -> list[_Exact]:
    """The ends of pq and each point where another hull's edge crosses its line, in order from p."""
    lat, lon = q[0] - p[0], q[1] - p[1]
    parts = {Fraction(0), Fraction(1)}
    for r, s in (edge for other in others for edge in ring_edges(other)):
        slope = lon * (s[0] - r[0]) - lat * (s[1] - r[1])
        if slope and segments_meet(p, q, r, s):
            parts.add(Fraction((r[1] - p[1]) * (s[0] - r[0]) - (r[0] - p[0]) * (s[1] - r[1]), slope))
    return [(p[0] + part * lat, p[1] + part * lon) for part in sorted(parts)]


def _middle_within(start: _Exact, end: _Exact, hull: Ring) -> bool:
    lat, lon = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    scale = lat.denominator * lon.denominator
    return locate(int(lat * scale), int(lon * scale), scale, hull) == "inside"


def _bends(p: _Exact, q: _Exact, r: _Exact) -> bool:
    return (q[1] - p[1]) * (r[0] - q[0]) != (q[0] - p[0]) * (r[1] - q[1])


_Vector = tuple[float, float, float]


def _vector(point: Point) -> _Vector:
    lat, lon = (math.radians(angle / 1e7) for angle in point)
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


def _angle(a: _Vector, b: _Vector) -> float:
    half_chord = math.dist(a, b) / 2
    return 2 * math.asin(min(1.0, half_chord))


def _between(p: Point, q: Point, part: float) -> Point:
    a, b = _vector(p), _vector(q)
    angle = _angle(a, b)
    near, far = math.sin((1 - part) * angle), math.sin(part * angle)
    x, y, z = (near * i + far * j for i, j in zip(a, b, strict=True))
    return round(math.degrees(math.atan2(z, math.hypot(x, y))) * 1e7), round(math.degrees(math.atan2(y, x)) * 1e7)
