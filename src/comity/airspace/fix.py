"""One report of one aircraft as a feed gave it, in SI units; what makes it unusable, and by what it goes.

Identity on the air is a claim. Heights keep their datum: pressure is what a transponder measures against 1013.25 hPa,
geometric is above the WGS84 ellipsoid or the sea, as a satellite receiver measures it. None is unknown, never zero.
Not trusted: every field; `fix_problem` answers for any values, NaN and infinities included.
"""

from __future__ import annotations

import math

import msgspec

from comity.model.volume import TIME_MAX_MS

SPEED_MPS_MAX = 1_500.0
CLIMB_MPS_MAX = 400.0
HEIGHT_M_MIN = -1_000.0
HEIGHT_M_MAX = 30_000.0  # above all level flight there has been; what is told beyond it is a garbled answer
DOUBT_M_MAX = 500_000.0
NAME_MAX = 64


class Fix(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A place, a time and what else was told.

    `at_ms` is the source's time and `arrived_ms` ours, milliseconds UTC. `address` is the 24-bit address in six hex
    digits, lower case, `code` the transponder's four octal digits, `name` what the source calls the track if it has no
    address; each "" if not told. `doubt_m` is the radius in which the source says the place may be wrong,
    `height_doubt_m` how far its geometric height may be; 0 if it says nothing of that.
    """

    source: str
    at_ms: int
    arrived_ms: int
    latitude_deg: float
    longitude_deg: float
    address: str = ""
    callsign: str = ""
    code: str = ""
    name: str = ""
    pressure_m: float | None = None
    geometric_m: float | None = None
    speed_mps: float | None = None
    track_deg: float | None = None
    climb_mps: float | None = None
    on_ground: bool = False
    doubt_m: float = 0.0
    height_doubt_m: float = 0.0

    @property
    def identity(self) -> str:
        """What the track goes by: its address, or else its callsign, or else its source's name for it."""
        return self.address or self.callsign or f"{self.source}/{self.name}"


class Rejected(msgspec.Struct, frozen=True, gc=False):
    """A record that a feed gave and nobody can use: its number in the feed, counted from 1, and why."""

    line: int
    reason: str


Report = Fix | Rejected


def fix_problem(fix: Fix) -> str | None:
    """Say what makes the report unusable, or None. A height beyond all aircraft is a problem of the report."""
    return _identity_problem(fix) or _place_problem(fix) or _height_problem(fix) or _motion_problem(fix)


def _identity_problem(fix: Fix) -> str | None:
    told = fix.address + fix.callsign + fix.code + fix.name
    if not (fix.address or fix.callsign or fix.name):
        return "the report names no aircraft"
    if len(told) > NAME_MAX and max(map(len, (fix.address, fix.callsign, fix.code, fix.name))) > NAME_MAX:
        return f"an identity of more than {NAME_MAX} characters"
    if not told.isprintable():
        return "an identity with characters that cannot be shown"
    return None


def _place_problem(fix: Fix) -> str | None:
    if not 0 <= fix.at_ms <= TIME_MAX_MS:
        return "the time is outside the years 1970 to 9999"
    if not -90.0 <= fix.latitude_deg <= 90.0 or not -180.0 <= fix.longitude_deg <= 180.0:
        return f"no such place: latitude {fix.latitude_deg}, longitude {fix.longitude_deg}"
    if not 0.0 <= fix.doubt_m <= DOUBT_M_MAX:
        return f"a doubt of {fix.doubt_m} m about the place"
    if not 0.0 <= fix.height_doubt_m <= DOUBT_M_MAX:
        return f"a doubt of {fix.height_doubt_m} m about the height"
    return None


def _height_problem(fix: Fix) -> str | None:
    if fix.pressure_m is not None and not HEIGHT_M_MIN <= fix.pressure_m <= HEIGHT_M_MAX:
        return _no_height("pressure altitude", fix.pressure_m)
    if fix.geometric_m is not None and not HEIGHT_M_MIN <= fix.geometric_m <= HEIGHT_M_MAX:
        return _no_height("height", fix.geometric_m)
    return None


def _no_height(name: str, height_m: float) -> str:
    return f"a {name} of {_rounded(height_m)} m; aircraft fly between {HEIGHT_M_MIN:.0f} and {HEIGHT_M_MAX:.0f} m"


def _motion_problem(fix: Fix) -> str | None:
    if fix.speed_mps is not None and not 0.0 <= fix.speed_mps <= SPEED_MPS_MAX:
        return f"a speed of {_rounded(fix.speed_mps)} m/s"
    if fix.track_deg is not None and not 0.0 <= fix.track_deg <= 360.0:
        return f"a track of {fix.track_deg} degrees"
    if fix.climb_mps is not None and not -CLIMB_MPS_MAX <= fix.climb_mps <= CLIMB_MPS_MAX:
        return f"a climb of {_rounded(fix.climb_mps)} m/s"
    return None


def _rounded(value: float) -> str:
    return f"{value:.0f}" if math.isfinite(value) else str(value)
