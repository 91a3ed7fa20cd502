"""Which volumes come within the stand-off distance of a protected thing. Widens, never narrows.

A thing's reach is a set of convex pieces: a disc around a point, the hull of two discs along each leg or edge, and the
inside of a ring. The discs hold every point within the distance on the ellipsoid (`buffers.circle`); whether a piece
meets a ring is integer arithmetic. Height does not count: what is protected is protected from the ground to the sky.
A piece that reaches over the antimeridian is looked at from both sides; where a disc would come beyond 89 degrees of
latitude, everything as near to the pole belongs to the reach. Serves views and the own door, never a verdict.
Trusted: things for which `thing_problem` is None.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from comity.airspace.buffers import circle
from comity.model.errors import Misuse
from comity.model.geometry import (
    LATITUDE_STEP_UM,
    LONGITUDE_STEP_UM,
    ONE_E18,
    Box,
    convex_hull,
    cosine_e18,
    ring_box,
    rings_meet,
)
from comity.model.protected import Protected
from comity.model.volume import DEG_E7, HALF_TURN_E7, LATITUDE_MAX_E7, Point, Ring

CORNERS = 24
SPREAD_PERMILLE = 1_010  # a polygon of 24 corners around a disc reaches 0.87 percent farther
MARGIN_UM = 1_000_000
ROUNDING_E7 = DEG_E7 // 100
POLE_E7 = 90 * DEG_E7


def comes_within(thing: Protected, ring: Ring) -> bool:
    """Whether some point of the ring may lie within the thing's stand-off distance."""
    return any(rings_meet(piece, ring) for piece in pieces(thing))


@lru_cache(maxsize=4096)
def pieces(thing: Protected) -> tuple[Ring, ...]:
    """Rings whose union holds everything within the stand-off distance; each also a whole turn east or west."""
    return tuple(copy for piece in _pieces(thing) for copy in _turned(piece))


def reach_boxes(thing: Protected) -> list[Box]:
    """Boxes on the globe whose union holds every piece: where the index files the thing."""
    south, west, north, east = ring_box(thing.points)
    reach_um = thing.standoff_m * 1_000 * SPREAD_PERMILLE + MARGIN_UM
    north_e7 = reach_um // LATITUDE_STEP_UM + 2
    rim_e7 = _rounded_up(max(abs(south), abs(north)) + north_e7)
    south, north = max(-POLE_E7, south - north_e7), min(POLE_E7, north + north_e7)
    if rim_e7 >= LATITUDE_MAX_E7:
        return [(south, -HALF_TURN_E7, north, HALF_TURN_E7)]
    east_e7 = reach_um * ONE_E18 // (LONGITUDE_STEP_UM * _cosine_e18(rim_e7)) + 2
    west, east = west - east_e7, east + east_e7
    boxes = [(south, max(west, -HALF_TURN_E7), north, min(east, HALF_TURN_E7))]
    if west <= -HALF_TURN_E7:
        boxes.append((south, west + 2 * HALF_TURN_E7, north, HALF_TURN_E7))
    if east >= HALF_TURN_E7:
        boxes.append((south, -HALF_TURN_E7, north, east - 2 * HALF_TURN_E7))
    return boxes


def _pieces(thing: Protected) -> Iterator[Ring]:
    discs = [_disc(point, thing.standoff_m) for point in thing.points]
    if thing.shape == "point":
        yield discs[0]
        return
    legs = list(pairwise(discs))
    if thing.shape == "ring":
        yield thing.points
        legs.append((discs[-1], discs[0]))
    for one, other in legs:
        yield convex_hull(one + other)


def _disc(centre: Point, standoff_m: int) -> Ring:
    """The disc around the centre, its longitudes not brought back into one turn; a polar cap where it has none."""
    latitude_e7, longitude_e7 = centre
    shape = _disc_at(latitude_e7, standoff_m)
    return tuple((lat_e7, lon_e7 + longitude_e7) for lat_e7, lon_e7 in shape)


@lru_cache(maxsize=4096)
def _disc_at(latitude_e7: int, standoff_m: int) -> Ring:
    try:
        return circle((latitude_e7, 0), standoff_m, CORNERS)
    except Misuse:
        rim_e7 = abs(latitude_e7) - (standoff_m * 1_000 * SPREAD_PERMILLE + MARGIN_UM) // LATITUDE_STEP_UM - 2
        sign = 1 if latitude_e7 > 0 else -1
        rim, pole, turn = sign * rim_e7, sign * POLE_E7, 2 * HALF_TURN_E7
        return ((rim, -turn), (rim, turn), (pole, turn), (pole, -turn))


def _rounded_up(latitude_e7: int) -> int:
    """To a hundredth of a degree: wider by a hair, and many things share one cosine."""
    return -(-latitude_e7 // ROUNDING_E7) * ROUNDING_E7


_cosine_e18 = lru_cache(maxsize=4096)(cosine_e18)


def _turned(piece: Ring) -> Iterator[Ring]:
    """The piece where it lies, and a turn away if it leaves the range in which rings are written."""
    _, west, _, east = ring_box(piece)
    yield piece
    if west < -HALF_TURN_E7:
        yield tuple((lat_e7, lon_e7 + 2 * HALF_TURN_E7) for lat_e7, lon_e7 in piece)
    if east > HALF_TURN_E7:
        yield tuple((lat_e7, lon_e7 - 2 * HALF_TURN_E7) for lat_e7, lon_e7 in piece)
