"""How far whoever may be in a room has to fly to be out of another, at the most.

The greatest distance, over all places that both rings hold, to the nearest edge of the one to be left: found by cutting
squares in four, the most promising first, and never less than the truth by more than `TOLERANCE_M` and one part in
`TOLERANCE_PARTS`. A square hands down only the edges that may be nearest in it. The work is bounded by `EDGES_MOST`;
where that does not do the answer is a bound that is too great, never too small. Distances are on the sphere of
navigation, on which a nautical mile is a minute of arc, laid flat about the ring with its widest longitude. Floating
point: it serves a warning, never a verdict.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from comity.model.geometry import ring_box
from comity.model.volume import Point, Ring

NM_M = 1_852.0
DEG_M = 60 * NM_M
ROOT_2 = math.sqrt(2)
TOLERANCE_M = 20.0
TOLERANCE_PARTS = 200
EDGES_MOST = 100_000

_Flat = Sequence[tuple[float, float]]
_Edge = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class _Side:
    """One ring as a place sees it: whether it holds the place, how far its nearest edge is, and the edges that may be
    the nearest of a place in the square about it."""

    ring: _Flat
    holds: bool
    edge_m: float
    edges: Sequence[_Edge]

    def at(self, north: float, east: float, away_m: float, reach_m: float) -> _Side:
        """The same from a place in that square, so far away from its middle, for a square of that reach about it."""
        ways = [_segment_m(p, q, north, east) for p, q in self.edges]
        nearest_m = min(ways)
        near = [edge for edge, way_m in zip(self.edges, ways, strict=True) if way_m <= nearest_m + 2 * reach_m]
        holds = self.holds if self.edge_m > away_m else _holds(self.ring, north, east)
        return _Side(self.ring, holds, nearest_m, near)

    def looks(self, away_m: float) -> int:
        """How many edges that takes to be looked at."""
        return len(self.edges) + (0 if self.edge_m > away_m else len(self.ring))


@dataclass(frozen=True, slots=True, order=True)
class _Square:
    """The first is minus the most that a place in it may have to leave; then its middle and half its side."""

    most_m: float
    north: float
    east: float
    half: float
    left: _Side = field(compare=False)
    room: _Side = field(compare=False)


@lru_cache(maxsize=16_384)
def leave_m(room: Ring, left: Ring) -> float:
    """The distance in metres, 0 if the rings have no place in common."""
    south, west, north, _ = ring_box(left)
    shrink = math.cos(math.radians(min(abs(south), abs(north)) / 1e7)) if south * north > 0 else 1.0
    to_leave, stay = (_flat(ring, (south, west), shrink) for ring in (left, room))
    return _deepest(to_leave, stay)


def at_most_m(left: Ring) -> float:
    """More than anybody may have to fly to leave a ring: half its box, across. It costs next to nothing."""
    south, west, north, east = ring_box(left)
    return min(north - south, east - west) / 2e7 * DEG_M


def beside_m(route: Sequence[Point], ring: Ring) -> float:
    """How much room a ring leaves on the narrower side of a route, metres; 0 if the route leaves it.

    Each distance is taken flat about its own place: a long route has no one width of a degree of longitude.
    """
    shrink = math.cos(math.radians(max(abs(lat) for lat, _ in route) / 1e7))
    around, way = (_flat(tuple(each), route[0], shrink) for each in (ring, route))
    if not all(_holds(around, *point) for point in way):
        return 0.0
    edges, legs = list(pairwise([*ring, ring[0]])), list(pairwise(route))
    ends = [_from_m(point, edge) for edge in edges for point in route]
    return min([*ends, *(_from_m(point, leg) for leg in legs for point in ring)])


def _from_m(place: Point, edge: tuple[Point, Point]) -> float:
    begin, end = _flat(edge, place, math.cos(math.radians(place[0] / 1e7)))
    return _segment_m(begin, end, 0.0, 0.0)


def _deepest(left: _Flat, room: _Flat) -> float:
    (south, west), (north, east) = _common(left, room)
    high, wide = north - south, east - west
    if high < 0 or wide < 0:
        return 0.0
    half = max(min(high, wide), max(high, wide) / 16, TOLERANCE_M) / 2
    sides = (_Side(left, False, 0.0, list(_edges(left))), _Side(room, False, 0.0, list(_edges(room))))
    queue: list[_Square] = []
    looked = 0
    for row in range(max(1, math.ceil(high / half / 2))):
        for column in range(max(1, math.ceil(wide / half / 2))):
            at = (south + (2 * row + 1) * half, west + (2 * column + 1) * half)
            looked += _push(queue, sides, at, math.inf, half)
    best = 0.0
    while queue and -queue[0].most_m > best + TOLERANCE_M + best / TOLERANCE_PARTS:
        if looked > EDGES_MOST:
            return -queue[0].most_m
        one = heapq.heappop(queue)
        if one.left.holds and one.room.holds:
            best = max(best, one.left.edge_m)
        half, sides = one.half / 2, (one.left, one.room)
        for up in (-half, half):
            for right in (-half, half):
                looked += _push(queue, sides, (one.north + up, one.east + right), half * ROOT_2, half)
    return best


def _push(queue: list[_Square], sides: tuple[_Side, _Side], at: tuple[float, float], away_m: float, half: float) -> int:
    """Keeps a square by the most that any place in it may have; one that touches neither ring is let go. Gives the
    number of edges that were looked at."""
    reach_m = half * ROOT_2
    left, room = (each.at(*at, away_m, reach_m) for each in sides)
    depth_m = left.edge_m if left.holds else -left.edge_m
    if depth_m + reach_m >= 0 and (room.holds or room.edge_m <= reach_m):
        heapq.heappush(queue, _Square(-(depth_m + reach_m), *at, half, left, room))
    return sides[0].looks(away_m) + sides[1].looks(away_m)


def _common(one: _Flat, other: _Flat) -> tuple[tuple[float, float], tuple[float, float]]:
    """The corners, south-west and north-east, of what the boxes of two rings have in common."""
    lows = [tuple(map(min, zip(*ring, strict=True))) for ring in (one, other)]
    highs = [tuple(map(max, zip(*ring, strict=True))) for ring in (one, other)]
    south, west = map(max, zip(*lows, strict=True))
    north, east = map(min, zip(*highs, strict=True))
    return (south, west), (north, east)


def _flat(ring: Ring, corner: tuple[int, int], shrink: float) -> _Flat:
    return [((lat - corner[0]) / 1e7 * DEG_M, (lon - corner[1]) / 1e7 * DEG_M * shrink) for lat, lon in ring]


def _holds(ring: _Flat, north: float, east: float) -> bool:
    inside = False
    for (a, b), (c, d) in _edges(ring):
        if (a > north) != (c > north) and east < (d - b) * (north - a) / (c - a) + b:
            inside = not inside
    return inside


def _edges(ring: _Flat) -> Iterator[_Edge]:
    return pairwise([*ring, ring[0]])


def _segment_m(p: tuple[float, float], q: tuple[float, float], north: float, east: float) -> float:
    up, right = q[0] - p[0], q[1] - p[1]
    length = up * up + right * right
    part = max(0.0, min(1.0, ((north - p[0]) * up + (east - p[1]) * right) / length)) if length else 0.0
    return math.hypot(p[0] + part * up - north, p[1] + part * right - east)
