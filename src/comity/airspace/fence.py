"""Which tracks are in which areas: inside, outside, or uncertain.

Rings are straight between their points in latitude and longitude and closed, as in verdicts (law 24), and a place is
held against them in exact integers of 1e-7 degree. A track that may be anywhere within `doubt_m` of its place is
uncertain near a boundary, and on one; so is one whose band of heights is neither wholly in nor wholly out.
Distances are measured short, never long, so a track in doubt may be uncertain a little too early, never too late.
The grid (`plots`) only tells which rings need a walk; the walk decides.
Trusted: rings for which `ring_problem` is None. Places are of checked fixes: no NaN.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from comity.airspace.compiled import compiled
from comity.airspace.plots import (
    INSIDE,
    KIND_BITS,
    KINDS,
    LEVEL_BITS,
    LEVELS,
    OUTSIDE,
    STEP_M,
    UNCERTAIN,
    Integers,
    Plots,
    Shorts,
    plots_of,
)
from comity.airspace.sphere import Floats
from comity.model.geometry import ring_box
from comity.model.volume import HALF_TURN_E7, Ring

__all__ = ["INSIDE", "OUTSIDE", "UNCERTAIN", "Fence", "Presence", "Room", "fence_around", "presence"]

QUARTER_TURN_E7 = HALF_TURN_E7 // 2
REACH_M = 5_000.0


@dataclass(frozen=True, slots=True)
class Room:
    """One area as the fence takes it: a ring, and the edges of its floor and ceiling (2, 2) by datum: least, greatest.

    A bound that is known in one datum only is uncertain in the other: its least is below its greatest. No bound: inf.
    """

    ring: Ring
    floor_m: tuple[tuple[float, float], tuple[float, float]]
    ceiling_m: tuple[tuple[float, float], tuple[float, float]]
    from_s: float = -math.inf
    until_s: float = math.inf


@dataclass(frozen=True, slots=True)
class Fence:
    """All areas behind one grid; made by `fence_around`.

    A ring that comes near the antimeridian lies here twice, once a turn away: `owners` says whose each ring is.
    """

    plots: Plots
    ring_starts: Integers
    points: Integers  # (points, 2) latitude, longitude
    owners: Integers
    bounds: Floats  # a row a ring: floor and ceiling (datum, 2) each in metres, then the window in seconds


@dataclass(frozen=True, slots=True)
class Presence:
    """What is not outside: track and area numbers, each pair once, tracks in order, and INSIDE or UNCERTAIN."""

    track: Integers
    area: Integers
    answer: Integers


def fence_around(rooms: Sequence[Room], reach_m: float = REACH_M) -> Fence:
    """The fence around areas; tracks that are in doubt by more than `reach_m` are answered too, slowly."""
    rings = [(owner, ring) for owner, room in enumerate(rooms) for ring in _turns(room.ring)]
    ring_starts = np.concatenate(([0], np.cumsum([len(ring) for _, ring in rings]))).astype(np.int64)
    points = np.array([point for _, ring in rings for point in ring], np.int64).reshape(-1, 2)
    bounds = [[*_flat(rooms[owner]), rooms[owner].from_s, rooms[owner].until_s] for owner, _ in rings]
    return Fence(
        plots_of(ring_starts, points, reach_m),
        ring_starts,
        points,
        np.array([owner for owner, _ in rings], np.int64),
        np.array(bounds, float).reshape(-1, 10),
    )


def presence(
    fence: Fence, places_e7: Integers, low_m: Floats, high_m: Floats, doubt_m: Floats, at_s: Floats
) -> Presence:
    """Where each of n tracks is: places (n, 2) in 1e-7 degree, heights (n, 2) by datum, doubts (n), times (n)."""
    plots = fence.plots
    room = max(256, 2 * len(places_e7))
    while True:
        found = np.empty((room, 3), np.int64)
        count = _presence(
            plots.grid, plots.levels_m, plots.starts, plots.listed, fence.ring_starts, fence.points, fence.owners,
            fence.bounds, places_e7, low_m, high_m, doubt_m, at_s, found,
        )  # fmt: skip
        if count <= room:
            found = found[:count]
            return Presence(found[:, 0], found[:, 1], found[:, 2])
        room = count


def _turns(ring: Ring) -> list[Ring]:
    """The ring, and its copy a turn away if a track beyond the antimeridian may be near it."""
    _, west, _, east = ring_box(ring)
    shifts = [0]
    if east > HALF_TURN_E7 - QUARTER_TURN_E7:
        shifts.append(-2 * HALF_TURN_E7)
    if west < QUARTER_TURN_E7 - HALF_TURN_E7:
        shifts.append(2 * HALF_TURN_E7)
    return [tuple((lat, lon + shift) for lat, lon in ring) for shift in shifts]


def _flat(room: Room) -> list[float]:
    return [each for edge in (room.floor_m, room.ceiling_m) for pair in edge for each in pair]


@compiled
def _presence(
    grid: Integers,
    levels: Floats,
    starts: Shorts,
    listed: Shorts,
    ring_starts: Integers,
    points: Integers,
    owners: Integers,
    bounds: Floats,
    places: Integers,
    low: Floats,
    high: Floats,
    doubt: Floats,
    at: Floats,
    found: Integers,
) -> int:
    """Fills in what room there is; the number of answers, which may be more."""
    count = 0
    for i in range(len(places)):
        far = doubt[i] > levels[-1]
        begin, end = (0, len(owners)) if far else _listed(places[i], grid, starts)
        since = count
        for n in range(begin, end):
            kind, clear_m, ring = UNCERTAIN, 0.0, n
            if not far:
                kind, ring = listed[n] & KINDS, listed[n] >> (KIND_BITS + LEVEL_BITS)
                clear_m = levels[(listed[n] >> KIND_BITS) & LEVELS]
            bound = bounds[ring]
            if (kind == OUTSIDE and doubt[i] <= clear_m) or at[i] < bound[8] or at[i] >= bound[9]:
                continue
            answer = _height(low[i], high[i], bound)
            if answer == OUTSIDE:
                continue
            first, last = ring_starts[ring], ring_starts[ring + 1]
            answer = min(answer, _place(places[i], doubt[i], kind, clear_m, points, first, last))
            if answer == OUTSIDE:
                continue
            if since < count <= len(found) and found[count - 1, 1] == owners[ring]:  # of its copy a turn away
                found[count - 1, 2] = min(found[count - 1, 2], answer)
                continue
            if count < len(found):
                found[count, 0], found[count, 1], found[count, 2] = i, owners[ring], answer
            count += 1
    return count


@compiled
def _listed(place: Integers, grid: Integers, starts: Shorts) -> tuple[int, int]:
    """From where to where the rings of a place's plot are listed."""
    if place[0] < grid[0] or place[1] < grid[1]:
        return 0, 0
    row, column = (place[0] - grid[0]) >> grid[2], (place[1] - grid[1]) >> grid[2]
    if row >= grid[3] or column >= grid[4]:
        return 0, 0
    return starts[row * grid[4] + column], starts[row * grid[4] + column + 1]


@compiled
def _place(place: Integers, doubt_m: float, kind: int, clear_m: float, points: Integers, first: int, last: int) -> int:
    """Whether a place is in a ring, of which its plot tells the kind and how far it is clear of the boundary."""
    if kind == UNCERTAIN:
        kind = _locate(place[0], place[1], points, first, last)
    if doubt_m > clear_m and kind != UNCERTAIN:
        return UNCERTAIN if _boundary_within(place[0], place[1], points, first, last, doubt_m) else kind
    return kind


@compiled
def _height(low: Floats, high: Floats, bound: Floats) -> int:
    """Whether a band of heights is in a room: known in any datum is known."""
    above, below = False, False
    for datum in range(2):
        if high[datum] < bound[2 * datum] or low[datum] > bound[5 + 2 * datum]:
            return OUTSIDE
        above = above or low[datum] >= bound[1 + 2 * datum]
        below = below or high[datum] <= bound[4 + 2 * datum]
    return INSIDE if above and below else UNCERTAIN


@compiled
def _locate(lat: int, lon: int, points: Integers, first: int, last: int) -> int:
    """INSIDE, OUTSIDE, or UNCERTAIN for a place on the boundary; exact: no product exceeds 63 bits."""
    inside = False
    q_lat, q_lon = points[last - 1, 0], points[last - 1, 1]
    for n in range(first, last):
        p_lat, p_lon, q_lat, q_lon = q_lat, q_lon, points[n, 0], points[n, 1]
        if (p_lat > lat) != (q_lat > lat):
            side = (q_lon - p_lon) * (lat - p_lat) - (lon - p_lon) * (q_lat - p_lat)
            if side == 0:
                return UNCERTAIN
            if (side > 0) == (q_lat > p_lat):
                inside = not inside
        elif q_lat == lat and (q_lon == lon or (p_lat == lat and (p_lon > lon) != (q_lon > lon))):
            return UNCERTAIN
    return INSIDE if inside else OUTSIDE


@compiled
def _boundary_within(lat: int, lon: int, points: Integers, first: int, last: int, distance_m: float) -> bool:
    """Whether the boundary may be as near as that, measured in a plane in which nothing is farther than it is.

    A step of longitude is counted as the least that it measures anywhere within the distance: with the cosine of the
    latitude farther from the equator by that, and, where meridians converge fast, as a chord.
    """
    reach = distance_m / STEP_M + 2.0
    angle = math.radians(reach / 1e7)
    here = math.radians(abs(lat) / 1e7)
    flat = math.sqrt(math.cos(here) * max(0.0, math.cos(min(math.pi / 2, here + angle))))
    flat = 0.0 if angle >= 2 * flat else angle / 2 / math.asin(angle / (2 * flat))
    px, py = (points[last - 1, 1] - lon) * flat, float(points[last - 1, 0] - lat)
    for n in range(first, last):
        ax, ay, px, py = px, py, (points[n, 1] - lon) * flat, float(points[n, 0] - lat)
        dx, dy = px - ax, py - ay
        length2 = dx * dx + dy * dy
        part = 0.0 if length2 == 0.0 else min(1.0, max(0.0, -(ax * dx + ay * dy) / length2))
        x, y = ax + part * dx, ay + part * dy
        if x * x + y * y <= reach * reach:
            return True
    return False
