"""Which reports from the ground may be so: of an aircraft that its source told in the air, and that can be down there.

A ground bit costs a liar nothing and would end the watch over an aircraft. So the word of a source ends only what that
source itself told, and not while another one goes on telling it in the air; and it must be where, as low and as slow as
the aircraft can be. Not trusted: reports.
"""

from __future__ import annotations

from datetime import UTC, datetime

from comity.airspace.fix import Fix
from comity.airspace.following import CLIMB_MOST_MPS, HEIGHT_NOISE_M, far_m, is_reachable
from comity.airspace.track import SOON_MS, Track

FIELD_HIGHEST_M = 5_000.0  # no airfield lies higher, whatever the pressure of the day
ROLLING_MPS = 110.0  # no aircraft touches down faster
SLOWING_MPS2 = 5.0


def shows_flight(fix: Fix) -> bool:
    """Whether the report tells more height or speed than there is on any ground, whatever its ground bit says."""
    if fix.speed_mps is not None and fix.speed_mps > ROLLING_MPS:
        return True
    return any(height is not None and height > FIELD_HIGHEST_M for height in (fix.pressure_m, fix.geometric_m))


def ground_problem(track: Track, fix: Fix) -> str | None:
    """Why a report from the ground is none of this aircraft, or None."""
    if fix.source not in track.told:
        return f"told on the ground by {fix.source}, which did not tell it in the air"
    apart_m = far_m(track, fix)
    if not is_reachable(track, fix, apart_m):
        return f"told on the ground by {fix.source} {apart_m / 1000:.1f} km from its last place"
    return _height_problem(track, fix) or _speed_problem(track, fix) or _other_word(track, fix)


def may_be_in_the_air(track: Track, fix: Fix) -> bool:
    """Whether another source told it in the air just before, and has not told it on the ground since."""
    others = (each for each in track.told.values() if each.source != fix.source)
    return any(each.source not in track.ground_ms and fix.at_ms - each.at_ms <= SOON_MS for each in others)


def _height_problem(track: Track, fix: Fix) -> str | None:
    for height_m, told_ms in zip(track.height_m, track.height_ms, strict=True):
        since_s = max(0, fix.at_ms - told_ms) / 1000
        if height_m - HEIGHT_NOISE_M - CLIMB_MOST_MPS * since_s > FIELD_HIGHEST_M:
            return f"told on the ground by {fix.source} {since_s:.0f} s after a height of {height_m:.0f} m"
    return None


def _speed_problem(track: Track, fix: Fix) -> str | None:
    since_s = max(0, fix.at_ms - track.fix.at_ms) / 1000
    if track.speed_mps - SLOWING_MPS2 * since_s > ROLLING_MPS:
        return f"told on the ground by {fix.source} {since_s:.0f} s after a speed of {track.speed_mps:.0f} m/s"
    return None


def _other_word(track: Track, fix: Fix) -> str | None:
    """What another source told of it in the air since this one told it on the ground for the first time."""
    first_ms = track.ground_ms.get(fix.source)
    for other in track.told.values():
        if first_ms is not None and other.source != fix.source and other.at_ms > first_ms:
            at = datetime.fromtimestamp(other.at_ms / 1000, UTC)
            return f"told on the ground by {fix.source}, and in the air by {other.source} at {at:%H:%M:%SZ}"
    return None
