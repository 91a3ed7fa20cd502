"""Which tracks are in which areas: inside, outside, or uncertain.

Rings are straight between their points in latitude and longitude and closed, as in verdicts (law 24), and a place is
held against them in exact integers of 1e-7 degree. A track that may be anywhere within `doubt_m` of its place is
uncertain near a boundary; so is one whose band of heights is neither wholly in nor wholly out.
The grid: each cell lists the areas that lie over it wholly or partly; only for the latter is a ring walked.
Trusted: rings for which `ring_problem` is None. Places are of checked fixes: no NaN.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.airspace.compiled import compiled
from comity.airspace.sphere import Floats
from comity.model.volume import HALF_TURN_E7, Ring

Integers = NDArray[np.int64]

OUTSIDE, UNCERTAIN, INSIDE = 0, 1, 2
PARTLY, WHOLLY = 1, 2
CELLS_MOST = 2_000_000
SIDE_LEAST_E7 = 100_000
STEP_M = 0.011_057  # the least that 1e-7 degree of latitude measures
FLAT = 1 / 1.0056  # distances are measured short by the share in which the sphere may be wrong


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
    """All areas behind one grid; made by `fence_around`."""

    grid: Integers  # south, west, side, rows, columns
    starts: Integers  # of each cell's list, one more than cells
    listed: Integers  # area * 4 + PARTLY or WHOLLY
    ring_starts: Integers
    points: Integers  # (points, 2) latitude, longitude
    floor_m: Floats  # (areas, datum, 2)
    ceiling_m: Floats
    window_s: Floats  # (areas, 2)
    reach_m: float


@dataclass(frozen=True, slots=True)
class Presence:
    """What is not outside: track and area numbers, ordered, and INSIDE or UNCERTAIN."""

    track: Integers
    area: Integers
    answer: Integers


def fence_around(rooms: Sequence[Room], reach_m: float = 5_000.0) -> Fence:
    """The fence around areas; tracks that are in doubt by more than `reach_m` are answered too, slowly."""
    sizes = [len(room.ring) for room in rooms]
    ring_starts = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    points = np.array([point for room in rooms for point in room.ring], np.int64).reshape(-1, 2)
    grid = _grid(points, ring_starts)
    counts = np.zeros(grid[3] * grid[4] + 1, np.int64)
    _list_cells(grid, ring_starts, points, reach_m, counts, np.empty(0, np.int64), False)
    starts = np.concatenate(([0], np.cumsum(counts[:-1]))).astype(np.int64)
    listed = np.empty(starts[-1], np.int64)
    _list_cells(grid, ring_starts, points, reach_m, starts[:-1].copy(), listed, True)
    bounds = (len(rooms), 2, 2)
    return Fence(
        grid,
        starts,
        listed,
        ring_starts,
        points,
        np.array([room.floor_m for room in rooms], float).reshape(bounds),
        np.array([room.ceiling_m for room in rooms], float).reshape(bounds),
        np.array([(room.from_s, room.until_s) for room in rooms], float).reshape(-1, 2),
        reach_m,
    )


def presence(
    fence: Fence, places_e7: Integers, low_m: Floats, high_m: Floats, doubt_m: Floats, at_s: Floats
) -> Presence:
    """Where each of n tracks is: places (n, 2) in 1e-7 degree, heights (n, 2) by datum, doubts (n), times (n)."""
    room = max(256, len(places_e7))
    while True:
        found = np.empty((room, 3), np.int64)
        count = _presence(
            fence.grid, fence.starts, fence.listed, fence.ring_starts, fence.points, fence.floor_m, fence.ceiling_m,
            fence.window_s, fence.reach_m, places_e7, low_m, high_m, doubt_m, at_s, found,
        )  # fmt: skip
        if count <= room:
            found = found[:count]
            return Presence(found[:, 0], found[:, 1], found[:, 2])
        room = count


def _grid(points: Integers, ring_starts: Integers) -> Integers:
    if not len(points):
        return np.array([0, 0, SIDE_LEAST_E7, 0, 0], np.int64)
    (south, west), (north, east) = points.min(axis=0), points.max(axis=0)
    heights = [np.ptp(points[a:b, 0]) for a, b in zip(ring_starts, ring_starts[1:], strict=False)]
    side = max(SIDE_LEAST_E7, int(np.median(heights)) // 16)
    margin = 2
    while (int(north - south) // side + 2 * margin) * (int(east - west) // side + 2 * margin) > CELLS_MOST:
        side *= 2
    rows, columns = int(north - south) // side + 1 + 2 * margin, int(east - west) // side + 1 + 2 * margin
    return np.array([south - margin * side, west - margin * side, side, rows, columns], np.int64)


@compiled
def _list_cells(
    grid: Integers, ring_starts: Integers, points: Integers, reach_m: float, cursor: Integers, listed: Integers, fill: bool
) -> None:
    """Counts each cell's areas into `cursor`, or files them from `cursor` on."""
    south, west, side, rows, columns = grid[0], grid[1], grid[2], grid[3], grid[4]
    marks = np.zeros(rows * columns, np.uint8)
    north_e7 = reach_m / STEP_M + 2
    for area in range(len(ring_starts) - 1):
        ring = points[ring_starts[area] : ring_starts[area + 1]]
        rim = min(89.5, (max(-ring[:, 0].min(), ring[:, 0].max()) + north_e7) / 1e7)
        east_e7 = north_e7 / math.cos(math.radians(rim))
        first_row = max(0, int((ring[:, 0].min() - north_e7 - south) // side))
        last_row = min(rows - 1, int((ring[:, 0].max() + north_e7 - south) // side))
        first_column = max(0, int((ring[:, 1].min() - east_e7 - west) // side))
        last_column = min(columns - 1, int((ring[:, 1].max() + east_e7 - west) // side))
        for n in range(len(ring)):
            p, q = ring[n - 1], ring[n]
            low, high = min(p[0], q[0]), max(p[0], q[0])
            top = min(last_row, int((high + north_e7 - south) // side))
            for row in range(max(first_row, int((low - north_e7 - south) // side)), top + 1):
                # the part of the edge that lies in this row or within reach of it
                a = max(float(low), south + row * side - north_e7)
                b = min(float(high), south + (row + 1) * side + north_e7)
                if p[0] == q[0]:
                    x, y = float(p[1]), float(q[1])
                else:
                    slope = (q[1] - p[1]) / (q[0] - p[0])
                    x, y = p[1] + (a - p[0]) * slope, p[1] + (b - p[0]) * slope
                begin = max(first_column, int((min(x, y) - east_e7 - 1 - west) // side))
                end = min(last_column, int((max(x, y) + east_e7 + 1 - west) // side))
                for column in range(begin, end + 1):
                    marks[row * columns + column] = PARTLY
        for row in range(first_row, last_row + 1):
            known = -1
            for column in range(first_column, last_column + 1):
                cell = row * columns + column
                kind = marks[cell]
                marks[cell] = 0
                if kind == PARTLY:
                    known = -1
                else:
                    if known < 0:
                        lat, lon = south + row * side + side // 2, west + column * side + side // 2
                        known = WHOLLY if _locate(lat, lon, ring) != OUTSIDE else OUTSIDE
                    kind = known
                if kind:
                    if fill:
                        listed[cursor[cell]] = area * 4 + kind
                    cursor[cell] += 1


@compiled
def _locate(lat: int, lon: int, ring: Integers) -> int:
    """INSIDE, OUTSIDE, or UNCERTAIN for a place on the boundary; exact: no product exceeds 63 bits."""
    inside = False
    q_lat, q_lon = ring[len(ring) - 1, 0], ring[len(ring) - 1, 1]
    for n in range(len(ring)):
        p_lat, p_lon, q_lat, q_lon = q_lat, q_lon, ring[n, 0], ring[n, 1]
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
def _boundary_within(lat: int, lon: int, ring: Integers, distance_m: float) -> bool:
    """Whether the boundary may be as near as that, measured short in the plane around the place."""
    flat = math.cos(math.radians(lat / 1e7))
    reach = distance_m / STEP_M / FLAT
    for n in range(len(ring)):
        px, py = (ring[n - 1, 1] - lon) * flat, float(ring[n - 1, 0] - lat)
        dx, dy = (ring[n, 1] - lon) * flat - px, ring[n, 0] - lat - py
        length2 = dx * dx + dy * dy
        part = 0.0 if length2 == 0.0 else min(1.0, max(0.0, -(px * dx + py * dy) / length2))
        x, y = px + part * dx, py + part * dy
        if x * x + y * y <= reach * reach:
            return True
    return False


@compiled
def _presence(
    grid: Integers,
    starts: Integers,
    listed: Integers,
    ring_starts: Integers,
    points: Integers,
    floor: Floats,
    ceiling: Floats,
    window: Floats,
    reach_m: float,
    places: Integers,
    low: Floats,
    high: Floats,
    doubt: Floats,
    at: Floats,
    found: Integers,
) -> int:
    south, west, side, rows, columns = grid[0], grid[1], grid[2], grid[3], grid[4]
    count = 0
    for i in range(len(places)):
        lat, lon = places[i, 0], places[i, 1]
        far = doubt[i] > reach_m
        begin, end = 0, len(ring_starts) - 1
        if not far:
            row, column = (lat - south) // side, (lon - west) // side
            if row < 0 or row >= rows or column < 0 or column >= columns:
                continue
            begin, end = starts[row * columns + column], starts[row * columns + column + 1]
        for n in range(begin, end):
            area = n if far else listed[n] >> 2
            if at[i] < window[area, 0] or at[i] >= window[area, 1]:
                continue
            answer = _height(low[i], high[i], floor[area], ceiling[area])
            if answer == OUTSIDE:
                continue
            if far or listed[n] & 3 == PARTLY:
                ring = points[ring_starts[area] : ring_starts[area + 1]]
                where = _locate(lat, lon, ring)
                if doubt[i] > 0.0 and _boundary_within(lat, lon, ring, doubt[i]):
                    answer = UNCERTAIN
                elif where == OUTSIDE:
                    continue
            if count < len(found):
                found[count, 0], found[count, 1], found[count, 2] = i, area, answer
            count += 1
    return count


@compiled
def _height(low: Floats, high: Floats, floor: Floats, ceiling: Floats) -> int:
    """Whether a band of heights is in a room: known in any datum is known."""
    above, below = False, False
    for datum in range(2):
        if high[datum] < floor[datum, 0] or low[datum] > ceiling[datum, 1]:
            return OUTSIDE
        above = above or low[datum] >= floor[datum, 1]
        below = below or high[datum] <= ceiling[datum, 0]
    return INSIDE if above and below else UNCERTAIN
