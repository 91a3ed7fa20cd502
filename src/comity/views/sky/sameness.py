"""Which pairs of rows may be one aircraft: told by two feeds under two names, or one that is followed too closely."""

from __future__ import annotations

import numpy as np

from comity.airspace.cells import DATUMS
from comity.airspace.picture import Air
from comity.views.sky.near import Flags, Rows, Sky

LINKED_M = 3_000.0  # feeds whose clocks differ by some seconds tell one aircraft so far apart
LINKED_MPS = 30.0
SAME_M = 150.0
SAME_MPS = 5.0
SAME_HEIGHT_M = 60.0


def may_be_one(sky: Sky, i: Rows, j: Rows) -> Flags:
    """Of which pairs nothing speaks against their being one aircraft, and names or sources speak for it.

    That is the same callsign under two identities; or an address under one of them only, from another source.
    """
    one, other = sky.callsign[i], sky.callsign[j]
    is_named = (one > 0) & (other > 0)
    is_other_feed = (~sky.addressed[i] | ~sky.addressed[j]) & (sky.source[i] != sky.source[j])
    is_linked = np.where(is_named, one == other, is_other_feed)
    return np.asarray(is_linked & _together(sky.air, i, j, LINKED_M, LINKED_MPS))


def fly_as_one(sky: Sky, i: Rows, j: Rows) -> Flags:
    """Which pairs are so near to each other that they may be one aircraft, whatever their names."""
    return _together(sky.air, i, j, SAME_M, SAME_MPS)


def _together(air: Air, i: Rows, j: Rows, near_m: float, alike_mps: float) -> Flags:
    motion = air.nominal
    found = np.linalg.norm(motion.place_m[i] - motion.place_m[j], axis=1) <= near_m
    found &= np.linalg.norm(motion.velocity_mps[i] - motion.velocity_mps[j], axis=1) <= alike_mps
    for datum in range(DATUMS):
        a, b = motion.low_m[i, datum], motion.low_m[j, datum]
        known = np.isfinite(a) & np.isfinite(b)
        found &= ~known | (np.abs(np.where(known, a, 0.0) - np.where(known, b, 0.0)) <= SAME_HEIGHT_M)
    return np.asarray(found)
