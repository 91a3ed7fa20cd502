"""How far a place is off a room: metres aside of its ring, metres above or below its band."""

from __future__ import annotations

import math
from collections.abc import Sequence

from comity.airspace.fence import Room
from comity.model.geometry import locate
from comity.model.volume import DEG_E7, Point, ring_edges

E7_M = 1852.0 * 60 / DEG_E7


def off(room: Room, place: Point, low_m: Sequence[float], high_m: Sequence[float]) -> tuple[float, float]:
    """Metres to the ring if the place is outside it, and metres above (or, below zero, below) the band at least."""
    is_inside = locate(*place, 1, room.ring) != "outside"
    return (0.0 if is_inside else _to_boundary_m(room.ring, place)), _above_m(room, low_m, high_m)


def _above_m(room: Room, low_m: Sequence[float], high_m: Sequence[float]) -> float:
    over = max(low - edge[1] for low, edge in zip(low_m, room.ceiling_m, strict=True))
    under = max(edge[0] - high for high, edge in zip(high_m, room.floor_m, strict=True))
    if over > 0:
        return over
    return -under if under > 0 else 0.0


def _to_boundary_m(ring: Sequence[Point], place: Point) -> float:
    """In the plane around the place, to within one percent for distances up to 200 km away from the poles."""
    flat = math.cos(math.radians(place[0] / DEG_E7))
    least = math.inf
    for p, q in ring_edges(tuple(ring)):
        px, py = (p[1] - place[1]) * flat, float(p[0] - place[0])
        dx, dy = (q[1] - place[1]) * flat - px, q[0] - place[0] - py
        length2 = dx * dx + dy * dy
        share = 0.0 if length2 == 0 else min(1.0, max(0.0, -(px * dx + py * dy) / length2))
        least = min(least, math.hypot(px + share * dx, py + share * dy))
    return least * E7_M
