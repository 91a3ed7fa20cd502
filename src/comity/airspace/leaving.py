"""How far whoever may be in a room has to fly to be out of another, at the most.

The greatest distance, over all places that both rings hold, to the nearest edge of the one to be left: found by cutting
squares in four, the most promising first, and never less than the truth by more than `TOLERANCE_M` and one part in
`TOLERANCE_PARTS`. Distances are on the sphere of navigation, on which a nautical mile is a minute of arc, laid flat
about the ring with its widest longitude. Floating point: it serves a warning, never a verdict.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from comity.model.geometry import ring_box
from comity.model.volume import Point, Ring

NM_M = 1_852.0
DEG_M = 60 * NM_M
TOLERANCE_M = 20.0
TOLERANCE_PARTS = 200
SQUARES_MOST = 4_000

_Flat = Sequence[tuple[float, float]]
_Square = tuple[float, float, float, float]  # minus the most that a place in it may have, its middle, half its side


@lru_cache(maxsize=4_096)
def leave_m(room: Ring, left: Ring) -> float:
    """The distance in metres, 0 if the rings have no place in common."""
    south, west, north, east = ring_box(left)
    shrink = math.cos(math.radians(min(abs(south), abs(north)) / 1e7)) if south * north > 0 else 1.0
    to_leave, stay = (_flat(ring, (south, west), shrink) for ring in (left, room))
    high, wide = (north - south) / 1e7 * DEG_M, (east - west) / 1e7 * DEG_M * shrink
    return _deepest(to_leave, stay, high, wide)


def beside_m(route: Sequence[Point], ring: Ring) -> float:
    """How much room a ring leaves on the narrower side of a route, metres; 0 if the route leaves it."""
    lats = [lat for lat, _ in route]
    shrink = math.cos(math.radians(max(abs(lat) for lat in lats) / 1e7))
    around, way = (_flat(tuple(each), route[0], shrink) for each in (ring, route))
    if not all(_holds(around, *point) for point in way):
        return 0.0
    legs, edges = list(pairwise(way)), list(pairwise([*around, around[0]]))
    ends = [_segment_m(*edge, *point) for edge in edges for point in way]
    return min([*ends, *(_segment_m(*leg, *point) for leg in legs for point in around)])


def _deepest(left: _Flat, room: _Flat, high: float, wide: float) -> float:
    half = max(min(high, wide), max(high, wide) / 16) / 2
    queue: list[_Square] = []
    for row in range(math.ceil(high / half / 2)):
        for column in range(math.ceil(wide / half / 2)):
            _push(queue, left, room, ((2 * row + 1) * half, (2 * column + 1) * half), half)
    best = 0.0
    for _ in range(SQUARES_MOST):
        if not queue or -queue[0][0] <= best + TOLERANCE_M + best / TOLERANCE_PARTS:
            return best
        _, north, east, half = heapq.heappop(queue)
        if _holds(left, north, east) and _holds(room, north, east):
            best = max(best, _edge_m(left, north, east))
        half /= 2
        for up in (-half, half):
            for right in (-half, half):
                _push(queue, left, room, (north + up, east + right), half)
    return -queue[0][0] if queue else best


def _push(queue: list[_Square], left: _Flat, room: _Flat, at: tuple[float, float], half: float) -> None:
    """Keeps a square by the most that any place in it may have; one that touches neither ring is let go."""
    reach = half * math.sqrt(2)
    depth = _edge_m(left, *at) * (1 if _holds(left, *at) else -1)
    if depth + reach < 0 or (not _holds(room, *at) and _edge_m(room, *at) > reach):
        return
    heapq.heappush(queue, (-(depth + reach), *at, half))


def _flat(ring: Ring, corner: tuple[int, int], shrink: float) -> _Flat:
    return [((lat - corner[0]) / 1e7 * DEG_M, (lon - corner[1]) / 1e7 * DEG_M * shrink) for lat, lon in ring]


def _holds(ring: _Flat, north: float, east: float) -> bool:
    inside = False
    for (a, b), (c, d) in pairwise([*ring, ring[0]]):
        if (a > north) != (c > north) and east < (d - b) * (north - a) / (c - a) + b:
            inside = not inside
    return inside


def _edge_m(ring: _Flat, north: float, east: float) -> float:
    return min(_segment_m(p, q, north, east) for p, q in pairwise([*ring, ring[0]]))


def _segment_m(p: tuple[float, float], q: tuple[float, float], north: float, east: float) -> float:
    up, right = q[0] - p[0], q[1] - p[1]
    length = up * up + right * right
    part = max(0.0, min(1.0, ((north - p[0]) * up + (east - p[1]) * right) / length)) if length else 0.0
    return math.hypot(p[0] + part * up - north, p[1] + part * right - east)
