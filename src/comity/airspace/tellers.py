"""What several sources make of one identity: whether their places agree, within what each is in doubt.

Who of them is wrong nobody here can know. The track goes by the newest report; as long as two differ it is as wide as
they lie apart, and it is said. Not trusted: either of them.
"""

from __future__ import annotations

import math

from comity.airspace.fix import Fix
from comity.airspace.sphere import place_m, velocity_mps
from comity.airspace.track import SOON_MS, UNTOLD_MPS, Track

CLOCKS_M = 1_000.0  # feeds whose clocks differ by four seconds tell an airliner so far apart
BEND_MPS2 = 10.0  # a turn of 45 degrees of bank
TELLERS_MOST = 32


def compare(track: Track, fix: Fix) -> None:
    """Holds a report against the newest ones of other sources, each led on as the track flies."""
    others = [each for name, each in track.told.items() if name != fix.source]
    if not others:
        return
    near = [each for each in others if abs(fix.at_ms - each.at_ms) <= SOON_MS]
    widest_m, by = 0.0, ("", "")
    for other in near:
        apart_m, allowed_m = _apart_m(track, other, fix)
        if apart_m > max(allowed_m, widest_m):
            widest_m, by = apart_m, (other.source, fix.source)
    track.differs = track.differs + 1 if widest_m else 0
    track.differ_m, track.differ_by = widest_m, by
    if len(others) >= TELLERS_MOST:
        del track.told[min(others, key=lambda each: each.at_ms).source]


def _apart_m(track: Track, one: Fix, other: Fix) -> tuple[float, float]:
    """How far two reports lie apart, the one led on to the time of the other, and how far they may."""
    seconds = (other.at_ms - one.at_ms) / 1000
    allowed_m = CLOCKS_M + one.doubt_m + other.doubt_m + BEND_MPS2 / 2 * seconds * seconds
    here = place_m(one.latitude_deg, one.longitude_deg)
    if track.is_led and not math.isnan(track.track_deg):
        speed = velocity_mps(one.latitude_deg, one.longitude_deg, track.track_deg, track.speed_mps)
        x, y, z = (at + by * seconds for at, by in zip(here, speed, strict=True))
        here = x, y, z
    elif not track.is_led:
        allowed_m += UNTOLD_MPS * abs(seconds)
    return math.dist(here, place_m(other.latitude_deg, other.longitude_deg)), allowed_m
