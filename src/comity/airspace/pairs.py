"""Losses of separation between tracks that fly on as they do: who comes too near to whom, when, for how long.

Separation is lost while the distance over ground is below the one minimum and the vertical distance below the other:
exactly at a minimum it is kept. A track is not a point: it may be anywhere within its `doubt_m` of its place, and at
any height of its band, in each datum in which it has one; a band without bounds is an unknown height, and meets all.
Two tracks are apart in height if they are apart in any datum. Each answer is symmetric in the two tracks.
Straight on is straight in space: after 300 s at 250 m/s a track is 440 m off the sphere, which makes 5 NM to one that
stands still 10 m longer, and less to one that flies; look ahead for minutes, not for hours.
Few tracks are compared all with all. Many are sorted into cells, in slots of time, and within a cell by height; cells
only propose, and the one test `_pair` decides. Work and memory are bounded: what `most` cuts off is counted.
Not trusted: nothing here guards against NaN; `Motion` is made of checked fixes only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from comity.airspace.cells import (
    AXIS_BITS,
    CLIMB,
    DATUMS,
    DOUBT,
    HIGH,
    LOW,
    NEVER,
    Heights,
    Integers,
    occupied,
    slot_of,
    slots_for,
)
from comity.airspace.compiled import compiled
from comity.airspace.sphere import SPHERE_M, Floats

__all__ = ["DATUMS", "Losses", "Motion", "losses", "losses_two_by_two"]

PLAIN_UP_TO = 200
MOST = 1_000_000
ROUNDING_M = 1e-6  # of feet and degrees written as metres: at exactly the minimum separation is kept
STILL_M2PS2 = 1e-24  # the square of a speed at which nothing moves a millimetre in a year


@dataclass(frozen=True, slots=True)
class Motion:
    """n tracks: places and velocities (n, 3) on the sphere, band edges by datum (n, 2), climbs and doubts (n).

    Heights in metres, -inf and inf where nothing is known; `climb_mps` is positive upwards.
    """

    place_m: Floats
    velocity_mps: Floats
    low_m: Floats
    high_m: Floats
    climb_mps: Floats
    doubt_m: Floats


@dataclass(frozen=True, slots=True)
class Losses:
    """Pairs (first < second, ordered), and from when to when separation is lost, seconds from now; 0 is already.

    `omitted` counts the pairs left out because there were more than asked for.
    """

    first: Integers
    second: Integers
    from_s: Floats
    until_s: Floats
    omitted: int = 0


def losses(motion: Motion, horizontal_m: float, vertical_m: float, ahead_s: float, most: int = MOST) -> Losses:
    """Every loss within `ahead_s`, now included; past `most` pairs the rest is only counted."""
    tracks, asked = _table(motion), _asked(horizontal_m, vertical_m, ahead_s)
    room = min(most, max(64, 2 * len(tracks)))
    while True:
        pairs, times = np.empty((room, 2), np.int64), np.empty((room, 2))
        found = (_all_pairs if len(tracks) <= PLAIN_UP_TO else _by_cells)(tracks, asked, pairs, times)
        if found <= room or room == most:
            listed = min(found, room)
            order = np.lexsort((pairs[:listed, 1], pairs[:listed, 0]))
            pairs, times = pairs[order], times[order]
            return Losses(pairs[:, 0], pairs[:, 1], times[:, 0], times[:, 1], found - listed)
        room = min(most, found)


def losses_two_by_two(motion: Motion, horizontal_m: float, vertical_m: float, ahead_s: float) -> Floats:
    """Of track 2k and track 2k + 1, for each k, from when to when separation is lost, (k, 2); inf where it is not."""
    times = np.empty((len(motion.climb_mps) // 2, 2))
    _two_by_two(_table(motion), _asked(horizontal_m, vertical_m, ahead_s), times)
    return times


def _table(motion: Motion) -> Floats:
    columns = (motion.place_m, motion.velocity_mps, motion.low_m, motion.high_m, motion.climb_mps, motion.doubt_m)
    return np.ascontiguousarray(np.column_stack(columns))


def _asked(horizontal_m: float, vertical_m: float, ahead_s: float) -> Floats:
    straight_m = 2 * SPHERE_M * math.sin(min(math.pi, horizontal_m / SPHERE_M) / 2)
    return np.array([straight_m - ROUNDING_M, vertical_m - ROUNDING_M, ahead_s])


def _by_cells(tracks: Floats, asked: Floats, pairs: Integers, times: Floats) -> int:
    """As `_all_pairs`, by neighbouring cells in each slot; the tracks that no cell holds are compared with all."""
    datum = int(np.isfinite(tracks[:, LOW:HIGH]).sum(axis=0).argmax())
    whole = slot_of(tracks, asked, datum, 1, 0)
    slots = slots_for(whole, asked)
    found = 0
    for number in range(slots):
        slot = whole if slots == 1 else slot_of(tracks, asked, datum, slots, number)
        span = np.array([slot.from_s, slot.until_s])
        found = _sweep(tracks, asked, span, slot.keys, slot.order, slot.boxes, slot.heights, pairs, times, found)
        found = _with_far(tracks, asked, span, slot.far, pairs, times, found)
    return found


@compiled
def _pair(tracks: Floats, i: int, j: int, asked: Floats) -> tuple[float, float]:
    """From when to when separation is lost, or (NEVER, NEVER)."""
    p, q = tracks[i], tracks[j]
    horizontal_m, vertical_m, ahead_s = asked[0] + p[DOUBT] + q[DOUBT], asked[1], asked[2]
    sx, sy, sz = q[0] - p[0], q[1] - p[1], q[2] - p[2]
    vx, vy, vz = q[3] - p[3], q[4] - p[4], q[5] - p[5]
    speed2 = vx * vx + vy * vy + vz * vz
    closing = sx * vx + sy * vy + sz * vz
    over = sx * sx + sy * sy + sz * sz - horizontal_m * horizontal_m
    if over >= 0.0 and closing >= 0.0:
        return NEVER, NEVER
    begin, end = -NEVER, NEVER
    if speed2 > STILL_M2PS2:
        under = closing * closing - speed2 * over
        if under <= 0.0:
            return NEVER, NEVER
        far = math.sqrt(under) + abs(closing)  # the root that no subtraction spoils; the other by Vieta
        begin, end = (over / far, far / speed2) if closing < 0.0 else (-far / speed2, -over / far)
    elif over >= 0.0:
        return NEVER, NEVER
    rate = q[CLIMB] - p[CLIMB]
    for datum in range(DATUMS):
        # lost while above + rate t < 0 < below + rate t
        above = q[LOW + datum] - p[HIGH + datum] - vertical_m
        below = q[HIGH + datum] - p[LOW + datum] + vertical_m
        if rate > 0.0:
            begin, end = max(begin, -below / rate), min(end, -above / rate)
        elif rate < 0.0:
            begin, end = max(begin, -above / rate), min(end, -below / rate)
        elif above >= 0.0 or below <= 0.0:
            return NEVER, NEVER
    if begin < end and end > 0.0 and (begin < ahead_s or begin < 0.0):
        return max(0.0, begin), min(end, ahead_s)
    return NEVER, NEVER


@compiled
def _two_by_two(tracks: Floats, asked: Floats, times: Floats) -> None:
    for k in range(len(times)):
        times[k, 0], times[k, 1] = _pair(tracks, 2 * k, 2 * k + 1, asked)


@compiled
def _all_pairs(tracks: Floats, asked: Floats, pairs: Integers, times: Floats) -> int:
    """Fills in what room there is; the number of losses, which may be more."""
    found = 0
    for i in range(len(tracks)):
        for j in range(i + 1, len(tracks)):
            t_in, t_out = _pair(tracks, i, j, asked)
            if t_in < NEVER:
                if found < len(pairs):
                    pairs[found, 0], pairs[found, 1], times[found, 0], times[found, 1] = i, j, t_in, t_out
                found += 1
    return found


@compiled
def _with_far(
    tracks: Floats, asked: Floats, span: Floats, far: Integers, pairs: Integers, times: Floats, found: int
) -> int:
    """Adds the losses that begin in the slot, of those tracks that no cell holds."""
    for n in range(len(far)):
        passed = 0  # how many far tracks came before j: their pairs with this one are done
        for j in range(len(tracks)):
            if passed < len(far) and far[passed] == j:
                passed += 1
                if passed <= n + 1:
                    continue
            one, two = min(far[n], j), max(far[n], j)
            t_in, t_out = _pair(tracks, one, two, asked)
            if span[0] <= t_in < span[1]:
                if found < len(pairs):
                    pairs[found, 0], pairs[found, 1], times[found, 0], times[found, 1] = one, two, t_in, t_out
                found += 1
    return found


@compiled
def _sweep(
    tracks: Floats,
    asked: Floats,
    span: Floats,
    keys: Integers,
    order: Integers,
    boxes: Floats,
    heights: Heights,
    pairs: Integers,
    times: Floats,
    found: int,
) -> int:
    """Adds the losses that begin in the slot; keys, order, boxes and heights come sorted by key.

    Each cell meets itself and those cells that follow it: the next of its row, and three of each of four rows. As
    cells come in order, so do their neighbours, and each row is walked once.
    """
    cells, starts, tops = occupied(keys, heights)
    up, north = 1 << 2 * AXIS_BITS, 1 << AXIS_BITS
    for row in (0, north, up - north, up, up + north):
        first = 0
        for home in range(len(cells)):
            while first < len(cells) and cells[first] < cells[home] + row - (1 if row else 0):
                first += 1
            there = first
            while there < len(cells) and cells[there] <= cells[home] + row + 1:
                found = _between(
                    tracks, asked, span, order, boxes, heights, tops, starts, home, there, pairs, times, found
                )
                there += 1
    return found


@compiled
def _between(
    tracks: Floats,
    asked: Floats,
    span: Floats,
    order: Integers,
    boxes: Floats,
    heights: Heights,
    tops: Heights,
    starts: Integers,
    home: int,
    there: int,
    pairs: Integers,
    times: Floats,
    found: int,
) -> int:
    """Adds the losses between two cells, or within one; both are in order of height, so each looks at few."""
    gap = int(asked[1]) + 2
    start, last = starts[there], starts[there + 1]
    for i in range(starts[home], starts[home + 1]):
        under, over = heights[i, 0] - gap, heights[i, 1] + gap
        while start < last and tops[start] <= under:
            start += 1
        for j in range(i + 1 if there == home else start, last):
            if heights[j, 0] >= over:
                break
            x, y, z = boxes[j, 0] - boxes[i, 0], boxes[j, 1] - boxes[i, 1], boxes[j, 2] - boxes[i, 2]
            wide = boxes[i, 3] + boxes[j, 3]
            if heights[j, 1] <= under or x * x + y * y + z * z > wide * wide * 1.000001:
                continue
            one, two = min(order[i], order[j]), max(order[i], order[j])
            t_in, t_out = _pair(tracks, one, two, asked)
            if span[0] <= t_in < span[1]:
                if found < len(pairs):
                    pairs[found, 0], pairs[found, 1], times[found, 0], times[found, 1] = one, two, t_in, t_out
                found += 1
    return found
