"""The grid under the fence: for each plot of ground the rings that lie over it or near it.

For each ring near a plot it says whether the ring's boundary may cross the plot, or else whether the plot lies inside
or outside, and how far it is clear of the boundary at least: what is less in doubt than that needs no walk.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.airspace.compiled import compiled
from comity.airspace.sphere import Floats

Integers = NDArray[np.int64]
Shorts = NDArray[np.int32]

OUTSIDE, UNCERTAIN, INSIDE = 0, 1, 2
STEP_M = 0.011_057  # the least that 1e-7 degree measures, of latitude, or of longitude times its cosine
CLEAR = (0.0, 0.05, 0.2, 1.0)  # the levels of being clear of a boundary, in shares of the reach
KIND_BITS, LEVEL_BITS = 2, 2
KINDS, LEVELS = 3, 3
PLOTS_MOST = 2_000_000
SIDE_LEAST_E7 = 1 << 18
PLOTS_A_RING = 8


@dataclass(frozen=True, slots=True)
class Plots:
    """`listed[starts[plot] : starts[plot + 1]]` are a plot's rings: number, level and kind in one integer."""

    grid: Integers  # south, west, the bits of a side, rows, columns
    levels_m: Floats
    starts: Shorts
    listed: Shorts


def plots_of(ring_starts: Integers, points: Integers, reach_m: float) -> Plots:
    """The grid over rings: ring n is `points[ring_starts[n] : ring_starts[n + 1]]`."""
    levels_m = reach_m * np.array(CLEAR)
    if not len(points):
        return Plots(np.zeros(5, np.int64), levels_m, np.zeros(1, np.int32), np.empty(0, np.int32))
    grid = _grid(ring_starts, points, reach_m)
    counts = np.zeros(grid[3] * grid[4] + 1, np.int32)
    _list(grid, levels_m, ring_starts, points, counts, np.empty(0, np.int32), False)
    starts = np.concatenate(([0], np.cumsum(counts[:-1]))).astype(np.int32)
    listed = np.empty(starts[-1], np.int32)
    _list(grid, levels_m, ring_starts, points, starts.copy(), listed, True)
    return Plots(grid, levels_m, starts, listed)


def _grid(ring_starts: Integers, points: Integers, reach_m: float) -> Integers:
    (south, west), (north, east) = points.min(axis=0), points.max(axis=0)
    north_e7 = int(reach_m / STEP_M) + 2
    east_e7 = int(north_e7 / _cosine(max(abs(south), abs(north)) + north_e7)) + 2
    tallest = np.maximum.reduceat(points[:, 0], ring_starts[:-1]) - np.minimum.reduceat(points[:, 0], ring_starts[:-1])
    bits = max(SIDE_LEAST_E7, int(np.median(tallest)) // PLOTS_A_RING).bit_length() - 1
    height, width = int(north - south) + 2 * north_e7, int(east - west) + 2 * east_e7
    while ((height >> bits) + 1) * ((width >> bits) + 1) > PLOTS_MOST:
        bits += 1
    return np.array([south - north_e7, west - east_e7, bits, (height >> bits) + 1, (width >> bits) + 1], np.int64)


def _cosine(latitude_e7: int) -> float:
    return max(1e-3, math.cos(math.radians(min(90.0, latitude_e7 / 1e7))))


@compiled
def _list(
    grid: Integers,
    levels: Floats,
    ring_starts: Integers,
    points: Integers,
    cursor: Shorts,
    listed: Shorts,
    fill: bool,
) -> None:
    """Counts each plot's rings into `cursor`, or files them from `cursor` on."""
    side, columns = 1 << grid[2], grid[4]
    marks = np.zeros(grid[3] * columns, np.uint8)
    for ring in range(len(ring_starts) - 1):
        first, last = ring_starts[ring], ring_starts[ring + 1]
        top, left, bottom, right = _mark(grid, levels, points, first, last, marks)
        for row in range(bottom, top + 1):
            known = UNCERTAIN
            for column in range(left, right + 1):
                plot = row * columns + column
                mark = marks[plot]
                marks[plot] = 0
                if mark == 1:
                    known, kind = UNCERTAIN, UNCERTAIN
                else:
                    if known == UNCERTAIN:
                        lat, lon = grid[0] + row * side + side // 2, grid[1] + column * side + side // 2
                        known = _inside(lat, lon, points, first, last)
                    kind = known
                if kind != OUTSIDE or mark:
                    if fill:
                        level = mark - 2 if mark > 1 else (0 if mark else len(levels) - 1)
                        listed[cursor[plot]] = (((ring << LEVEL_BITS) + level) << KIND_BITS) + kind
                    cursor[plot] += 1


@compiled
def _mark(
    grid: Integers, levels: Floats, points: Integers, first: int, last: int, marks: NDArray[np.uint8]
) -> tuple[int, int, int, int]:
    """Marks plots with 1 where the boundary may be, with n + 1 within level n of it; the box that holds all marks."""
    south, west, side, rows, columns = grid[0], grid[1], float(1 << grid[2]), grid[3], grid[4]
    rim = 0
    for n in range(first, last):
        rim = max(rim, abs(points[n, 0]))
    top, left, bottom, right = 0, columns - 1, rows - 1, 0
    for level in range(len(levels) - 1, -1, -1):
        north_e7 = levels[level] / STEP_M + 1.0
        east_e7 = north_e7 / max(1e-3, math.cos(math.radians(min(90.0, (rim + north_e7) / 1e7)))) + 1.0
        for n in range(first, last):
            p, q = points[n], points[n - 1 if n > first else last - 1]
            low, high = min(p[0], q[0]), max(p[0], q[0])
            slope = (q[1] - p[1]) / (q[0] - p[0]) if p[0] != q[0] else 0.0
            begin_row = max(0, math.floor((low - north_e7 - south) / side))
            end_row = min(rows - 1, math.floor((high + north_e7 - south) / side))
            bottom, top = min(bottom, begin_row), max(top, end_row)
            for row in range(begin_row, end_row + 1):
                # the part of the edge that lies in this row or within reach of it
                a = p[1] + (max(float(low), south + row * side - north_e7) - p[0]) * slope
                b = p[1] + (min(float(high), south + (row + 1) * side + north_e7) - p[0]) * slope
                if p[0] == q[0]:
                    a, b = float(p[1]), float(q[1])
                begin = max(0, math.floor((min(a, b) - east_e7 - west) / side))
                end = min(columns - 1, math.floor((max(a, b) + east_e7 - west) / side))
                left, right = min(left, begin), max(right, end)
                for column in range(begin, end + 1):
                    marks[row * columns + column] = level + 1
    return top, left, bottom, right


@compiled
def _inside(lat: int, lon: int, points: Integers, first: int, last: int) -> int:
    """INSIDE or OUTSIDE for a place that is not on the boundary; as the fence, which is compiled in its own file."""
    inside = False
    for n in range(first, last):
        p, q = points[n], points[n - 1 if n > first else last - 1]
        if (p[0] > lat) != (q[0] > lat):
            side = (q[1] - p[1]) * (lat - p[0]) - (lon - p[1]) * (q[0] - p[0])
            inside = inside != ((side > 0) == (q[0] > p[0]))
    return INSIDE if inside else OUTSIDE
