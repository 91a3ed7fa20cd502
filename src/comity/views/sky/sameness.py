"""Which two rows may be one aircraft: told by two feeds under two names, or one that is followed too closely."""

from __future__ import annotations

import math

from comity.airspace.cells import DATUMS
from comity.airspace.picture import Air
from comity.airspace.track import Track

LINKED_M = 3_000.0  # feeds whose clocks differ by some seconds tell one aircraft so far apart
LINKED_MPS = 30.0
SAME_M = 150.0
SAME_MPS = 5.0
SAME_HEIGHT_M = 60.0


def may_be_one(air: Air, i: int, j: int) -> bool:
    """Whether nothing speaks against the two being one aircraft, and its names or sources speak for it."""
    return _linked(air.tracks[i], air.tracks[j]) and _together(air, i, j, LINKED_M, LINKED_MPS)


def fly_as_one(air: Air, i: int, j: int) -> bool:
    """Whether the two are so near to each other that they may be one aircraft, whatever their names."""
    return _together(air, i, j, SAME_M, SAME_MPS)


def _linked(one: Track, other: Track) -> bool:
    """The same callsign under two identities; or an address under one of them only, from another source."""
    if one.callsign and other.callsign:
        return one.callsign == other.callsign
    return (not one.fix.address or not other.fix.address) and one.fix.source != other.fix.source


def _together(air: Air, i: int, j: int, near_m: float, alike_mps: float) -> bool:
    motion = air.nominal
    if math.dist(motion.place_m[i], motion.place_m[j]) > near_m:
        return False
    if math.dist(motion.velocity_mps[i], motion.velocity_mps[j]) > alike_mps:
        return False
    for datum in range(DATUMS):
        a, b = float(motion.low_m[i, datum]), float(motion.low_m[j, datum])
        if math.isfinite(a) and math.isfinite(b) and abs(a - b) > SAME_HEIGHT_M:
            return False
    return True
