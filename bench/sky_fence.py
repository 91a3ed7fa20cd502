"""Tracks against areas: the fence beside shapely's tree, answers equal before anything is timed."""

from __future__ import annotations

import math
import time
from importlib import import_module
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.table import Table
from comity.airspace.fence import INSIDE, Fence, Room, fence_around, presence
from comity.model.volume import DEG_E7, Ring

POINTS, AREAS, ROUNDS = 100_000, 1_000, 9
SOUTH, NORTH, WEST, EAST = 32.0, 37.5, 35.5, 42.5
DOUBT_M = 100.0
BYTES_A_POINT = 100
BANDWIDTH_BYTES = 17e9

Floats = NDArray[np.float64]


def fence(table: Table, folder: Path, entries: int) -> None:
    """100,000 points against 1,000 areas of 8 to 64 points, each with floor, ceiling and window."""
    dice = np.random.default_rng(7)
    rooms = [_area(dice) for _ in range(AREAS)]
    fence_around(rooms[:1])
    begin = time.perf_counter()
    around = fence_around(rooms)
    built_s = time.perf_counter() - begin
    places = np.stack((dice.uniform(SOUTH, NORTH, POINTS), dice.uniform(WEST, EAST, POINTS)), axis=1)
    places_e7 = np.round(places * DEG_E7).astype(np.int64)
    height = dice.uniform(0, 12_000, POINTS)
    low, high = np.full((POINTS, 2), -math.inf), np.full((POINTS, 2), math.inf)
    low[:, 0] = high[:, 0] = height
    at = dice.uniform(0, 86_400, POINTS)
    ours_s = _timed(around, places_e7, low, high, np.zeros(POINTS), at)
    doubt_s = _timed(around, places_e7, low, high, np.full(POINTS, DOUBT_M), at)
    found = presence(around, places_e7, low, high, np.zeros(POINTS), at)
    assert (found.answer == INSIDE).all()
    ours = set(zip(found.track.tolist(), found.area.tolist(), strict=True))
    what = f"fence, {POINTS:,} points, {AREAS:,} areas"
    limit = BANDWIDTH_BYTES / BYTES_A_POINT
    table.add(
        what,
        f"{POINTS / ours_s / 1e6:.1f} M points/s on one thread, {len(ours):,} answers; with {DOUBT_M:.0f} m of doubt "
        f"{POINTS / doubt_s / 1e6:.1f} M/s; grid made in {built_s:.2f} s; memory alone would allow "
        f"{limit / 1e6:.0f} M/s: factor {limit * ours_s / POINTS:.0f} left",
        "10 M/s",
    )
    table.add("  the same, one point", _one(around, places_e7, low, high, at))
    _beside_shapely(table, rooms, places, places_e7, height, at, ours, ours_s)


def _area(dice: np.random.Generator) -> Room:
    count = int(dice.integers(8, 65))
    lat, lon = dice.uniform(SOUTH, NORTH), dice.uniform(WEST, EAST)
    reach = dice.uniform(0.03, 0.2) * dice.uniform(0.6, 1.0, count)
    turn = np.sort(dice.uniform(0, 2 * math.pi, count))
    ring: Ring = tuple(
        dict.fromkeys(
            (round((lat + r * math.sin(a)) * DEG_E7), round((lon + 1.2 * r * math.cos(a)) * DEG_E7))
            for r, a in zip(reach.tolist(), turn.tolist(), strict=True)
        )
    )
    floor, since = dice.uniform(0, 6_000), dice.uniform(0, 72_000)
    ceiling, until = floor + dice.uniform(300, 6_000), since + dice.uniform(600, 14_400)
    below, above = (-math.inf, -math.inf), (math.inf, math.inf)
    return Room(ring, ((floor, floor), below), ((ceiling, ceiling), above), since, until)


def _timed(around: Fence, places: NDArray[np.int64], low: Floats, high: Floats, doubt: Floats, at: Floats) -> float:
    best = math.inf
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        presence(around, places, low, high, doubt, at)
        best = min(best, time.perf_counter() - begin)
    return best


def _one(around: Fence, places: NDArray[np.int64], low: Floats, high: Floats, at: Floats) -> str:
    took = []
    for n in range(2_000):
        begin = time.perf_counter()
        presence(around, places[n : n + 1], low[n : n + 1], high[n : n + 1], np.zeros(1), at[n : n + 1])
        took.append(time.perf_counter() - begin)
    took.sort()
    return f"p50 {took[1_000] * 1e6:.0f} us, p99 {took[1_980] * 1e6:.0f} us"


def _beside_shapely(
    table: Table,
    rooms: list[Room],
    places: Floats,
    places_e7: NDArray[np.int64],
    height: Floats,
    at: Floats,
    ours: set[tuple[int, int]],
    ours_s: float,
) -> None:
    try:
        shapely = import_module("shapely")
    except ImportError:
        table.add("  beside shapely's tree", "skipped: shapely is not installed")
        return
    polygons = [shapely.Polygon([(lon, lat) for lat, lon in room.ring]) for room in rooms]
    points = shapely.points(places_e7[:, 1].astype(float), places_e7[:, 0].astype(float))
    floor = np.array([room.floor_m[0][0] for room in rooms])
    ceiling = np.array([room.ceiling_m[0][0] for room in rooms])
    since, until = np.array([room.from_s for room in rooms]), np.array([room.until_s for room in rooms])
    tree = shapely.STRtree(polygons)
    begin = time.perf_counter()
    point, area = tree.query(points, predicate="within")
    keep = (height[point] >= floor[area]) & (height[point] <= ceiling[area])
    keep &= (at[point] >= since[area]) & (at[point] < until[area])
    theirs_s = time.perf_counter() - begin
    theirs = set(zip(point[keep].tolist(), area[keep].tolist(), strict=True))
    assert theirs == ours, f"{len(theirs ^ ours)} answers differ"
    table.add(
        "  beside shapely's tree",
        f"{POINTS / theirs_s / 1e6:.2f} M points/s, the same answers: ours is {theirs_s / ours_s:.0f} times as fast",
    )
