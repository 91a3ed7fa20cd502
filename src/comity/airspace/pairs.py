"""Losses of separation between tracks that fly on as they do: who comes too near to whom, when, for how long.

Separation is lost while the horizontal distance is below the one minimum and the vertical distance below the other:
exactly at a minimum it is kept. A track is not a point: it may be anywhere within its `doubt_m` of its place, and at
any height of its band, in each datum in which it has one; a band without bounds is an unknown height, and meets all.
Two tracks are apart in height if they are apart in any datum. Each answer is symmetric in the two tracks.
Not trusted: nothing here guards against NaN; `Motion` is made of checked fixes only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.airspace.compiled import compiled
from comity.airspace.sphere import Floats

DATUMS = 2  # pressure, then geometric height
SLOTS = 4
NEVER = math.inf
PLAIN_UP_TO = 200
ROUNDING_M = 1e-6  # of feet written as metres: at exactly the minimum separation is kept
FAST_MPS = 350.0


@dataclass(frozen=True, slots=True)
class Motion:
    """n tracks: places and velocities (n, 3) on the sphere, heights (n, 2) of band edges by datum, climbs and doubts (n).

    Heights in metres, -inf and inf where nothing is known; `climb_mps` positive upwards.
    """

    place_m: Floats
    velocity_mps: Floats
    low_m: Floats
    high_m: Floats
    climb_mps: Floats
    doubt_m: Floats


@dataclass(frozen=True, slots=True)
class Losses:
    """Pairs (first < second, ordered), and from when to when separation is lost, seconds from now; 0 is already."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    from_s: Floats
    until_s: Floats


def losses(motion: Motion, horizontal_m: float, vertical_m: float, ahead_s: float) -> Losses:
    """Every loss within `ahead_s`: all pairs compared, or those that a sweep by cells finds, with equal answers."""
    count = len(motion.climb_mps)
    room = max(64, 4 * count)
    vertical_m -= ROUNDING_M
    find = _all_pairs if count <= PLAIN_UP_TO else _by_cells
    while True:
        first, second = np.empty(room, np.int64), np.empty(room, np.int64)
        begin, end = np.empty(room), np.empty(room)
        found = find(
            motion.place_m,
            motion.velocity_mps,
            motion.low_m,
            motion.high_m,
            motion.climb_mps,
            motion.doubt_m,
            horizontal_m,
            vertical_m,
            ahead_s,
            first,
            second,
            begin,
            end,
        )
        if found <= room:
            order = np.lexsort((second[:found], first[:found]))
            return Losses(first[order], second[order], begin[order], end[order])
        room = found


@compiled
def _pair(
    place: Floats,
    velocity: Floats,
    low: Floats,
    high: Floats,
    climb: Floats,
    i: int,
    j: int,
    horizontal_m: float,
    vertical_m: float,
    ahead_s: float,
) -> tuple[float, float]:
    """From when to when separation is lost, or (NEVER, NEVER). `horizontal_m` holds the doubts of both."""
    sx, sy, sz = place[j, 0] - place[i, 0], place[j, 1] - place[i, 1], place[j, 2] - place[i, 2]
    vx, vy, vz = (
        velocity[j, 0] - velocity[i, 0],
        velocity[j, 1] - velocity[i, 1],
        velocity[j, 2] - velocity[i, 2],
    )
    speed2 = vx * vx + vy * vy + vz * vz
    closing = sx * vx + sy * vy + sz * vz
    over = sx * sx + sy * sy + sz * sz - horizontal_m * horizontal_m
    if over >= 0.0 and closing >= 0.0:
        return NEVER, NEVER
    begin, end = 0.0, ahead_s
    if speed2 > 0.0:
        root = closing * closing - speed2 * over
        if root <= 0.0:
            return NEVER, NEVER
        root = math.sqrt(root)
        begin = max(begin, (-closing - root) / speed2)
        end = min(end, (-closing + root) / speed2)
    rate = climb[j] - climb[i]
    for datum in range(DATUMS):
        above = low[j, datum] - high[i, datum] - vertical_m
        below = high[j, datum] - low[i, datum] + vertical_m
        # lost while above + rate t < 0 < below + rate t
        if rate > 0.0:
            begin, end = max(begin, -below / rate), min(end, -above / rate)
        elif rate < 0.0:
            begin, end = max(begin, -above / rate), min(end, -below / rate)
        elif above >= 0.0 or below <= 0.0:
            return NEVER, NEVER
    if begin < end:
        return begin, end
    return NEVER, NEVER


@compiled
def _all_pairs(
    place: Floats,
    velocity: Floats,
    low: Floats,
    high: Floats,
    climb: Floats,
    doubt: Floats,
    horizontal_m: float,
    vertical_m: float,
    ahead_s: float,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    begin: Floats,
    end: Floats,
) -> int:
    """Fills in what room there is; the number of losses, which may be more."""
    found = 0
    for i in range(len(climb)):
        for j in range(i + 1, len(climb)):
            t_in, t_out = _pair(
                place, velocity, low, high, climb, i, j, horizontal_m + doubt[i] + doubt[j], vertical_m, ahead_s
            )
            if t_in < NEVER:
                if found < len(first):
                    first[found], second[found], begin[found], end[found] = i, j, t_in, t_out
                found += 1
    return found


@compiled
def _by_cells(
    place: Floats,
    velocity: Floats,
    low: Floats,
    high: Floats,
    climb: Floats,
    doubt: Floats,
    horizontal_m: float,
    vertical_m: float,
    ahead_s: float,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    begin: Floats,
    end: Floats,
) -> int:
    """As `_all_pairs`, by cells of space and slots of time.

    In each slot a track stays within its reach of where it is at the slot's middle; two that meet are no farther apart
    than their reaches, so they lie in neighbouring cells as wide as the two greatest. Tracks of greater reach than the
    rest are compared with all.
    """
    count = len(climb)
    slot = ahead_s / SLOTS
    speed = np.sqrt((velocity * velocity).sum(axis=1))
    reach = speed * (slot / 2) + doubt + horizontal_m / 2
    usual = min(reach.max(), FAST_MPS * slot / 2 + horizontal_m / 2)
    side = 2 * usual * 1.000001 + 1.0
    table_size = 4
    while table_size < 2 * count:
        table_size *= 2
    heads = np.empty(table_size, np.int64)
    keys = np.empty(table_size, np.int64)
    following = np.empty(count, np.int64)
    cell = np.empty((count, 3), np.int64)
    far = np.nonzero(reach > usual)[0]
    found = 0
    for each in range(SLOTS):
        since, until = each * slot, (each + 1) * slot
        if each == SLOTS - 1:
            until = NEVER
        middle = place + velocity * ((each + 0.5) * slot)
        heads[:] = -1
        for i in range(count):
            if reach[i] > usual:
                continue
            for axis in range(3):
                cell[i, axis] = math.floor(middle[i, axis] / side)
            home = _find(keys, heads, _key(cell[i, 0], cell[i, 1], cell[i, 2]))
            # whoever came before i, in this cell and around it
            for dx in range(-1, 2):
                for dy in range(-1, 2):
                    for dz in range(-1, 2):
                        key = _key(cell[i, 0] + dx, cell[i, 1] + dy, cell[i, 2] + dz)
                        j = heads[_find(keys, heads, key)]
                        while j >= 0:
                            gap = vertical_m
                            apart = False
                            for datum in range(DATUMS):
                                rate = climb[j] - climb[i]
                                above = low[j, datum] - high[i, datum] - gap
                                below = high[j, datum] - low[i, datum] + gap
                                early, late = rate * since, rate * min(until, ahead_s)
                                if above + min(early, late) >= 0.0 or below + max(early, late) <= 0.0:
                                    apart = True
                            if not apart:
                                wide = reach[i] + reach[j]
                                x = middle[i, 0] - middle[j, 0]
                                y = middle[i, 1] - middle[j, 1]
                                z = middle[i, 2] - middle[j, 2]
                                if x * x + y * y + z * z <= wide * wide:
                                    t_in, t_out = _pair(
                                        place, velocity, low, high, climb, j, i,
                                        horizontal_m + doubt[i] + doubt[j], vertical_m, ahead_s,
                                    )
                                    if since <= t_in < until and t_in < NEVER:
                                        if found < len(first):
                                            first[found], second[found] = j, i
                                            begin[found], end[found] = t_in, t_out
                                        found += 1
                            j = following[j]
            keys[home] = _key(cell[i, 0], cell[i, 1], cell[i, 2])
            following[i] = heads[home]
            heads[home] = i
    for i in far:
        for j in range(count):
            if j == i or (reach[j] > usual and j < i):
                continue
            t_in, t_out = _pair(
                place, velocity, low, high, climb, i, j, horizontal_m + doubt[i] + doubt[j], vertical_m, ahead_s
            )
            if t_in < NEVER:
                if found < len(first):
                    first[found], second[found] = min(i, j), max(i, j)
                    begin[found], end[found] = t_in, t_out
                found += 1
    return found


@compiled
def _key(x: int, y: int, z: int) -> int:
    """One number for a cell: coordinates of this planet in cells of a kilometre or more fit 21 bits each."""
    return ((x + 1_048_576) << 42) | ((y + 1_048_576) << 21) | (z + 1_048_576)


@compiled
def _find(keys: NDArray[np.int64], heads: NDArray[np.int64], key: int) -> int:
    """The place of a key in the table, or the free place where it would stand."""
    mask = len(keys) - 1
    place = ((key * 0x9E3779B97F4A7C1) >> 20) & mask
    while heads[place] >= 0 and keys[place] != key:
        place = (place + 1) & mask
    return place
