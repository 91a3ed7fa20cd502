"""How far a place is off a room: metres aside of its ring, metres above or below its band.

Edges are straight in latitude and longitude (law 24), so along them distances are measured over the sphere, step by
step and then finer about the nearest: right beside the antimeridian and at the poles, to a metre or a part in 1,000.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from comity.airspace.fence import Room
from comity.airspace.sphere import SPHERE_M, Floats, places_m
from comity.model.geometry import locate
from comity.model.volume import DEG_E7, HALF_TURN_E7, Point, Ring

STEPS, FINER = 33, 3  # an edge in so many steps, so many times


def off(room: Room, place: Point, low_m: Sequence[float], high_m: Sequence[float]) -> tuple[float, float]:
    """Metres to the ring if the place is outside it, and metres above (or, below zero, below) the band at least."""
    turns = (place[1] + turn for turn in (0, -2 * HALF_TURN_E7, 2 * HALF_TURN_E7))
    is_inside = any(locate(place[0], longitude, 1, room.ring) != "outside" for longitude in turns)
    return (0.0 if is_inside else _to_boundary_m(room.ring, place)), _above_m(room, low_m, high_m)


def _above_m(room: Room, low_m: Sequence[float], high_m: Sequence[float]) -> float:
    over = max(low - edge[1] for low, edge in zip(low_m, room.ceiling_m, strict=True))
    under = max(edge[0] - high for high, edge in zip(high_m, room.floor_m, strict=True))
    if over > 0:
        return over
    return -under if under > 0 else 0.0


def _to_boundary_m(ring: Ring, place: Point) -> float:
    begin = np.array(ring, float) / DEG_E7
    end = np.roll(begin, -1, axis=0)
    here = places_m(place[0] / DEG_E7, place[1] / DEG_E7)
    least = np.inf
    for _ in range(FINER):
        far_m, begin, end = _finer(begin, end, here)
        least = min(least, far_m)
    return float(2 * SPHERE_M * np.arcsin(min(1.0, least / (2 * SPHERE_M))))


def _finer(begin: Floats, end: Floats, here: Floats) -> tuple[float, Floats, Floats]:
    """The least chord to so many places on each edge, and the parts of the edges about their nearest."""
    share = np.linspace(0.0, 1.0, STEPS)[:, None, None]
    points = begin + share * (end - begin)
    chords = np.linalg.norm(places_m(points[..., 0], points[..., 1]) - here, axis=-1)
    nearest, edges = chords.argmin(axis=0), np.arange(len(begin))
    before, after = np.maximum(nearest - 1, 0), np.minimum(nearest + 1, STEPS - 1)
    return float(chords.min()), points[before, edges], points[after, edges]
