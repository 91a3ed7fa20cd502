"""Losses of separation between tracks that fly on as they do: who comes too near to whom, when, for how long.

Separation is lost while the distance over ground is below the one minimum and the vertical distance below the other:
exactly at a minimum it is kept. A track is not a point: it may be anywhere within its `doubt_m` of its place, and at
any height of its band, in each datum in which it has one; a band without bounds is an unknown height, and meets all.
Two tracks are apart in height if they are apart in any datum. Each answer is symmetric in the two tracks.
Straight on is straight in space: after 300 s at 250 m/s a track is 440 m off the sphere, which makes 5 NM to one that
stands still 10 m longer, and less to one that flies; look ahead for minutes, not for hours.
Few tracks are compared all with all. Many are sorted into cells, in slots of time, and within a cell by height; cells
only propose, and the one test `_pair` decides. Work and memory are bounded: what `most` cuts off is counted, and of a
crowd as many partners are looked for as `Crowds` asks for, so that many in one place cost what they are and not the
square of it.
Not trusted: nothing here guards against NaN; `Motion` is made of checked fixes only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from comity.airspace.cells import (
    AXIS_BITS,
    BOTTOM,
    CLIMB,
    DATUMS,
    DOUBT,
    HIGH,
    HIGHEST,
    LOW,
    NEVER,
    NUMBER,
    REACH,
    TOP,
    Integers,
    X,
    occupied,
    slot_of,
    slots_for,
)
from comity.airspace.compiled import compiled
from comity.airspace.sphere import SPHERE_M, Floats

__all__ = ["DATUMS", "Crowds", "Losses", "Motion", "losses", "losses_two_by_two"]

PLAIN_UP_TO = 200
MOST = 1_000_000
ROUNDING_M = 1e-6  # of feet and degrees written as metres: at exactly the minimum separation is kept
FROM, UNTIL = 3, 4  # of what is asked: the slot of time, beside the minima and the look-ahead
EVERY_PARTNER = (1 << 31) - 1
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
class Crowds:
    """To which group each track belongs, and of how many partners from each group every track is sure.

    A pair is left out once both of its tracks have `partners_most` partners from the group of the other. So nobody is
    crowded out by tracks of other groups than those it is near.
    """

    groups: Integers
    partners_most: int


@dataclass(frozen=True, slots=True)
class Losses:
    """Pairs (first < second, ordered), and from when to when separation is lost, seconds from now; 0 is already.

    `partners` counts those of each track by group. `omitted` counts the pairs left out: losses beyond the number asked
    for, and pairs of a crowd at which nobody looked, of which not each need be a loss.
    """

    first: Integers
    second: Integers
    from_s: Floats
    until_s: Floats
    partners: Integers
    omitted: int = 0


def losses(
    motion: Motion,
    horizontal_m: float,
    vertical_m: float,
    ahead_s: float,
    most: int = MOST,
    crowds: Crowds | None = None,
) -> Losses:
    """Every loss within `ahead_s`, now included; past `most` pairs the rest is only counted."""
    tracks, asked = _table(motion), _asked(horizontal_m, vertical_m, ahead_s)
    room = min(most, max(64, 2 * len(tracks)))
    while True:
        noted, ledger = np.empty((room, 4)), _ledger(len(tracks), crowds)
        (_all_pairs if len(tracks) <= PLAIN_UP_TO else _by_cells)(tracks, asked, noted, ledger)
        found, skipped = ledger[-1, :2].tolist()
        if found <= room or room == most:
            noted = noted[: min(found, room)]
            noted = noted[np.lexsort((noted[:, 1], noted[:, 0]))]
            first, second = noted[:, 0].astype(np.int64), noted[:, 1].astype(np.int64)
            return Losses(first, second, noted[:, 2], noted[:, 3], ledger[:-1, 1:], found - len(noted) + skipped)
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
    return np.array([straight_m - ROUNDING_M, vertical_m - ROUNDING_M, ahead_s, 0.0, NEVER])


def _ledger(tracks: int, crowds: Crowds | None) -> Integers:
    """A row a track: its group, and how many partners from each group are noted; at the end what is counted of all.

    That is how many losses are noted, how many pairs were not looked at, and how many partners are enough.
    """
    groups = 1 if crowds is None else 1 + int(crowds.groups.max(initial=0))
    ledger = np.zeros((tracks + 1, max(3, 1 + groups)), np.int64)
    ledger[:-1, 0] = 0 if crowds is None else crowds.groups
    ledger[-1, 2] = EVERY_PARTNER if crowds is None else crowds.partners_most
    return ledger


def _by_cells(tracks: Floats, asked: Floats, noted: Floats, ledger: Integers) -> None:
    """As `_all_pairs`, by neighbouring cells in each slot; the tracks that no cell holds are compared with all."""
    datum = int(np.isfinite(tracks[:, LOW:HIGH]).sum(axis=0).argmax())
    whole = slot_of(tracks, asked, datum, 1, 0)
    slots = slots_for(whole, asked)
    for number in range(slots):
        slot = whole if slots == 1 else slot_of(tracks, asked, datum, slots, number)
        in_slot = np.array([*asked[:3], slot.from_s, slot.until_s])
        cells, starts = occupied(slot.keys, slot.filed)
        _sweep(tracks, in_slot, cells, starts, slot.filed, noted, ledger)
        _with_far(tracks, in_slot, slot.far, noted, ledger)


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
def _is_enough(ledger: Integers, one: int, two: int) -> bool:
    """Whether both have partners enough from the group of the other."""
    enough = ledger[len(ledger) - 1, 2]
    return bool(ledger[one, 1 + ledger[two, 0]] >= enough and ledger[two, 1 + ledger[one, 0]] >= enough)


@compiled
def _meet(tracks: Floats, asked: Floats, one: int, two: int, noted: Floats, ledger: Integers) -> None:
    """Notes the loss of a pair (one < two), if it begins in the slot."""
    t_in, t_out = _pair(tracks, one, two, asked)
    if not asked[FROM] <= t_in < asked[UNTIL]:
        return
    found = ledger[-1, 0]
    if found < len(noted):
        noted[found, 0], noted[found, 1], noted[found, 2], noted[found, 3] = one, two, t_in, t_out
    ledger[-1, 0] += 1
    ledger[one, 1 + ledger[two, 0]] += 1
    ledger[two, 1 + ledger[one, 0]] += 1


@compiled
def _all_pairs(tracks: Floats, asked: Floats, noted: Floats, ledger: Integers) -> None:
    """Notes what losses there is room for, and counts them."""
    for i in range(len(tracks)):
        for j in range(i + 1, len(tracks)):
            if _is_enough(ledger, i, j):
                ledger[len(ledger) - 1, 1] += 1
            else:
                _meet(tracks, asked, i, j, noted, ledger)


@compiled
def _with_far(tracks: Floats, asked: Floats, far: Integers, noted: Floats, ledger: Integers) -> None:
    """Adds the losses that begin in the slot, of those tracks that no cell holds."""
    for n in range(len(far)):
        passed = 0  # how many far tracks came before j: their pairs with this one are done
        for j in range(len(tracks)):
            if passed < len(far) and far[passed] == j:
                passed += 1
                if passed <= n + 1:
                    continue
            if _is_enough(ledger, far[n], j):
                ledger[len(ledger) - 1, 1] += 1
            else:
                _meet(tracks, asked, min(far[n], j), max(far[n], j), noted, ledger)


@compiled
def _sweep(
    tracks: Floats, asked: Floats, cells: Integers, starts: Integers, filed: Floats, noted: Floats, ledger: Integers
) -> None:
    """Adds the losses that begin in the slot, among the tracks that cells hold.

    Each cell meets itself and those cells that follow it: the next of its row, and three of each of four rows. As
    cells come in order, so do their neighbours, and each row is walked once.
    """
    up, north = 1 << 2 * AXIS_BITS, 1 << AXIS_BITS
    for row in (0, north, up - north, up, up + north):
        first = 0
        for home in range(len(cells)):
            while first < len(cells) and cells[first] < cells[home] + row - (1 if row else 0):
                first += 1
            there = first
            while there < len(cells) and cells[there] <= cells[home] + row + 1:
                _between(tracks, asked, starts, home, there, filed, noted, ledger)
                there += 1


@compiled
def _between(
    tracks: Floats,
    asked: Floats,
    starts: Integers,
    home: int,
    there: int,
    filed: Floats,
    noted: Floats,
    ledger: Integers,
) -> None:
    """Adds the losses between two cells, or within one; both are in order of height, so each looks at few."""
    gap = float(int(asked[1]) + 2)
    start, last = starts[there], starts[there + 1]
    for i in range(starts[home], starts[home + 1]):
        under, over, reach_m = filed[i, BOTTOM] - gap, filed[i, TOP] + gap, filed[i, REACH]
        here_x, here_y, here_z = filed[i, X], filed[i, X + 1], filed[i, X + 2]
        while start < last and filed[start, HIGHEST] <= under:
            start += 1
        for j in range(i + 1 if there == home else start, last):
            if filed[j, BOTTOM] >= over:
                break
            x, y, z = filed[j, X] - here_x, filed[j, X + 1] - here_y, filed[j, X + 2] - here_z
            wide = filed[j, REACH] + reach_m
            if filed[j, TOP] <= under or x * x + y * y + z * z > wide * wide * 1.000001:
                continue
            one, two = int(filed[i, NUMBER]), int(filed[j, NUMBER])
            if _is_enough(ledger, one, two):
                ledger[len(ledger) - 1, 1] += 1
            else:
                _meet(tracks, asked, min(one, two), max(one, two), noted, ledger)
