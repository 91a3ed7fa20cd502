"""Files tracks under cells of space, slots of time and heights, so that only neighbours are compared.

In a slot a track stays within its reach of where it is at the slot's middle; two that meet are no farther apart than
their reaches, so they lie in neighbouring cells as wide as the two greatest. Tracks of greater reach than the rest are
set apart. Cells are cubes: no pole, no antimeridian. They only propose: `pairs` decides.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.airspace.compiled import compiled
from comity.airspace.sphere import Floats

Integers = NDArray[np.int64]

# Columns of the table in which the compiled code reads tracks: place and velocity first, low and high edges by datum.
LOW, HIGH, CLIMB, DOUBT = 6, 8, 10, 11
DATUMS = 2  # pressure, then geometric height

# Columns of a slot's table: whose row it is, the middle of its box and its reach, the whole metres between which it
# stays, and the greatest of those in its cell up to it.
NUMBER, X, REACH, BOTTOM, TOP, HIGHEST = 0, 1, 4, 5, 6, 7
COLUMNS = 8

NEVER = math.inf
SLOTS_MOST = 16
RARE = 100  # one track of so many may be compared with all
FEW = 4  # so many are, if they are faster than the rest
SLOT_COST = 64.0  # of sorting a track once more, in tracks of its cell looked at
SIDE_LEAST_M = 1_000.0
HEIGHT_BITS = 16
AXIS_BITS = 15
FAR_KEY = 1 << 62


@dataclass(frozen=True, slots=True)
class Slot:
    """Tracks sorted by key, in a table; `far` are those that no cell holds."""

    from_s: float
    until_s: float
    side_m: float
    keys: Integers
    filed: Floats
    far: Integers


def slot_of(tracks: Floats, asked: Floats, datum: int, slots: int, number: int) -> Slot:
    """The tracks of one slot of so many, in the order of their cells and heights."""
    slot_s = asked[2] / slots
    span = np.array([number * slot_s, NEVER if number == slots - 1 else (number + 1) * slot_s])
    reach = np.sqrt(np.einsum("ij,ij->i", tracks[:, 3:6], tracks[:, 3:6])) * (slot_s / 2)
    reach += tracks[:, DOUBT] + asked[0] / 2
    rare, few = len(reach) - 1 - len(reach) // RARE, max(0, len(reach) - 1 - FEW)
    greatest = np.partition(reach, (rare, few))
    usual = min(1.5 * greatest[rare], greatest[few])
    side_m = max(SIDE_LEAST_M, 2 * usual * 1.000001 + 1.0)
    filed, keys = _filed(tracks, reach, usual, side_m, datum, span, asked[2])
    order = np.argsort(keys)
    return Slot(span[0], span[1], side_m, keys[order], filed[order], np.nonzero(reach > usual)[0])


def slots_for(whole: Slot, asked: Floats) -> int:
    """How many slots cost least, reckoned from how crowded the cells of a single slot are."""
    _, starts = occupied(whole.keys, whole.filed)
    crowd = float((np.diff(starts).astype(float) ** 2).sum()) / max(1, len(whole.keys))
    grown_m = whole.side_m - asked[0]

    def cost(slots: int) -> float:
        return float(slots * (SLOT_COST + crowd * ((grown_m / slots + asked[0]) / whole.side_m) ** 2))

    return min(range(1, SLOTS_MOST + 1), key=cost)


@compiled
def _filed(
    tracks: Floats, reach: Floats, usual: float, side_m: float, datum: int, span: Floats, ahead_s: float
) -> tuple[Floats, Integers]:
    """For one slot: the table, and keys to sort it by.

    A key is the cell (z, y, x) and below it the height, so that cells in one row follow one another. Heights are cut
    to what a key holds: two that are apart after it are apart before it.
    """
    until = min(span[1], ahead_s)
    middle = (span[0] + until) / 2
    filed = np.zeros((len(tracks), COLUMNS))
    keys = np.empty(len(tracks), np.int64)
    top = float((1 << HEIGHT_BITS) - 1)
    for i in range(len(tracks)):
        p = tracks[i]
        drift_0, drift_1 = p[CLIMB] * span[0], p[CLIMB] * until
        low = p[LOW + datum] + min(drift_0, drift_1) + SIDE_LEAST_M
        high = p[HIGH + datum] + max(drift_0, drift_1) + SIDE_LEAST_M
        filed[i, NUMBER], filed[i, REACH] = i, reach[i]
        filed[i, BOTTOM] = math.floor(min(top, max(0.0, low)))
        filed[i, TOP] = math.ceil(min(top, max(0.0, high)))
        key = 0
        for axis in range(2, -1, -1):
            filed[i, X + axis] = p[axis] + p[3 + axis] * middle
            key = (key << AXIS_BITS) + math.floor(filed[i, X + axis] / side_m) + (1 << (AXIS_BITS - 1))
        keys[i] = FAR_KEY if reach[i] > usual else (key << HEIGHT_BITS) + int(filed[i, BOTTOM])
    return filed, keys


@compiled
def occupied(keys: Integers, filed: Floats) -> tuple[Integers, Integers]:
    """The cells that hold tracks, and where each begins; writes the greatest heights into the table."""
    count, held = 0, 0
    cells, starts = np.empty(len(keys), np.int64), np.empty(len(keys) + 1, np.int64)
    while count < len(keys) and keys[count] < FAR_KEY:
        cell = keys[count] >> HEIGHT_BITS
        filed[count, HIGHEST] = filed[count, TOP]
        if held and cells[held - 1] == cell:
            filed[count, HIGHEST] = max(filed[count, HIGHEST], filed[count - 1, HIGHEST])
        else:
            cells[held], starts[held] = cell, count
            held += 1
        count += 1
    starts[held] = count
    return cells[:held], starts[: held + 1]
