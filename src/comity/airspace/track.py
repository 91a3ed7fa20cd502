"""One aircraft as its reports tell it, and what of them is hard to believe.

A report that no aircraft could fly to is a claim: the track flies on as it did, and the claim is watched beside it
until reports bear out the one or the other, so that a spoofed jump neither moves an aircraft nor hides one. A height
that could not be reached is doubted in the same way. The same place again and again at speed is a place of the time
when it was first told; the same speed and course again and again are not believed against the places. Real feeds set
the numbers: of 90,000 reports over Switzerland at 10 s, one in a hundred lies 1.5 km from where the one before it
leads, one in a thousand 2.3 km.
Marks are words about reports, never findings of a breach. Not trusted: reports, save that `fix_problem` is None.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

from comity.airspace.fix import Fix
from comity.airspace.sphere import SPHERE_M

FASTEST_MPS = 420.0  # over ground, faster than any transport with the strongest wind behind it
STEP_M = 1_000.0  # less is noise, whatever the time between
NOISE_M = 3_000.0  # how far from where it leads to a good feed reports one in some thousand
TURN_MPS2 = 10.0  # a turn of 45 degrees of bank
HEIGHT_NOISE_M = 300.0
CLIMB_MOST_MPS = 100.0
BASE_MS = 4_000  # speeds that are not told are measured over no less
FROZEN_MS = 45_000
FROZEN_REPORTS = 3
FROZEN_MPS = 30.0
STANDING_MPS = 5.0
FIELD_HIGHEST_M = 5_000.0  # no airfield lies higher, whatever the pressure of the day
CLAIMS_MOST = 3
BORNE_OUT = 3  # so many reports that fit a claim make it as good as a track
SOON_MS = 20_000
NEVER_MS = -(10**15)
PRESSURE, GEOMETRIC = 0, 1
DATUM_NAMES = ("pressure altitude", "height")


class Mark:
    """What is doubtful about a row of the air: bits of one number, plain for speed."""

    NONE: Final = 0
    CLAIM: Final = 1  # a place that its aircraft could not have reached
    FROZEN: Final = 2  # the same place again and again at speed
    TWO: Final = 4  # two aircraft seem to use one identity
    NO_HEIGHT: Final = 8  # the newest reports tell no height
    OLD: Final = 16  # no report for longer than the feeds' usual pause
    ODD_HEIGHT: Final = 32  # a height that its aircraft could not have reached


@dataclass(slots=True)
class Track:
    """One row of the air: its newest plausible report, and since when it says what it says."""

    identity: str
    fix: Fix
    x_m: float
    y_m: float
    z_m: float
    placed_ms: int  # when its place was first told
    speed_mps: float
    track_deg: float
    climb_mps: float
    height_m: list[float]  # by datum, NaN if never told
    height_ms: list[int]
    callsign: str
    code: str
    anchor: Fix
    steered: Fix  # the first report of the newest speed and course
    first_source: str
    repeats: int = 1
    odd: tuple[int, float, int] | None = None  # datum, metres and time of a height that could not be reached
    grounded: int = 0  # reports from the ground since the last one from the air
    grounded_ms: int = NEVER_MS
    claims: list[Track] = field(default_factory=list)
    fits: int = 0  # how many reports have borne this row out
    jump_m: float = 0.0
    jump_s: float = 0.0

    def marks(self, now_ms: int, old_after_s: float) -> int:
        """What is doubtful about the row itself, but for its being a claim."""
        marks: int = Mark.NONE
        if now_ms - self.placed_ms > old_after_s * 1000:
            marks |= Mark.OLD
        if self.repeats >= FROZEN_REPORTS and self.speed_mps >= FROZEN_MPS:
            marks |= Mark.FROZEN if self.fix.at_ms - self.placed_ms >= FROZEN_MS else Mark.NONE
        if self.fix.at_ms > max(self.height_ms):
            marks |= Mark.NO_HEIGHT
        if self.odd is not None:
            marks |= Mark.ODD_HEIGHT
        if self.claims and any(each.fits >= BORNE_OUT and self._are_both_told(each) for each in self.claims):
            marks |= Mark.TWO
        return marks

    @property
    def is_contested(self) -> bool:
        """Whether the newest report told another place than where the track leads."""
        return bool(self.claims) and any(each.fix.at_ms > self.fix.at_ms for each in self.claims)

    def _are_both_told(self, claim: Track) -> bool:
        return abs(claim.fix.at_ms - self.fix.at_ms) <= SOON_MS


def begin(fix: Fix) -> Track:
    """A track of one report."""
    x, y, z = place(fix)
    told = (fix.pressure_m, fix.geometric_m)
    return Track(
        fix.identity,
        fix,
        x,
        y,
        z,
        fix.at_ms,
        fix.speed_mps or 0.0,
        fix.track_deg or 0.0,
        fix.climb_mps or 0.0,
        [math.nan if height is None else height for height in told],
        [NEVER_MS if height is None else fix.at_ms for height in told],
        fix.callsign,
        fix.code,
        fix,
        fix,
        fix.source,
    )


def follow(track: Track, fix: Fix) -> bool:
    """The next report of a track moves it, or a claim, or begins a claim; False if it is older than what it fits."""
    apart_m = _apart_m(track, fix)
    if _reachable(track, fix, apart_m):
        if fix.at_ms < track.fix.at_ms:
            return False
        _move(track, fix)
        track.fits += 1
        return True
    claim = next((each for each in track.claims if _reachable(each, fix, _apart_m(each, fix))), None)
    if claim is None:
        _begin_claim(track, fix, apart_m)
        return True
    if fix.at_ms < claim.fix.at_ms:
        return False
    _move(claim, fix)
    claim.fits += 1
    is_borne_out = claim.fits >= BORNE_OUT and fix.at_ms - track.fix.at_ms > SOON_MS
    if is_borne_out or claim.fits > track.fits:
        _exchange(track, claim)
    return True


def ground_problem(track: Track, fix: Fix) -> str | None:
    """Why a report from the ground is none of this aircraft: too far away, or too far below where it just was."""
    far_m = _apart_m(track, fix)
    if not _reachable(track, fix, far_m):
        return f"told on the ground {far_m / 1000:.1f} km from its last place"
    for height_m, told_ms in zip(track.height_m, track.height_ms, strict=True):
        low_m = height_m - HEIGHT_NOISE_M - CLIMB_MOST_MPS * max(0, fix.at_ms - told_ms) / 1000
        if low_m > FIELD_HIGHEST_M:
            return f"told on the ground {(fix.at_ms - told_ms) / 1000:.0f} s after a height of {height_m:.0f} m"
    return None


def place(fix: Fix) -> tuple[float, float, float]:
    """Where the report is on the sphere, metres."""
    lat, lon = math.radians(fix.latitude_deg), math.radians(fix.longitude_deg)
    flat = SPHERE_M * math.cos(lat)
    return flat * math.cos(lon), flat * math.sin(lon), SPHERE_M * math.sin(lat)


def same_place(fix: Fix, other: Fix) -> bool:
    """Whether both tell the same place to the last digit."""
    return fix.latitude_deg == other.latitude_deg and fix.longitude_deg == other.longitude_deg


def learn_heights(track: Track, fix: Fix) -> None:
    """Takes over what heights the report tells, unless they could not be reached."""
    climb_told = fix.climb_mps is not None
    for datum, height_m in enumerate((fix.pressure_m, fix.geometric_m)):
        if height_m is None or fix.at_ms < track.height_ms[datum] or _is_odd(track, datum, height_m, fix.at_ms):
            continue
        base = (track.anchor.pressure_m, track.anchor.geometric_m)[datum]
        base_s = (fix.at_ms - track.anchor.at_ms) / 1000
        if not climb_told and base is not None and base_s * 1000 >= BASE_MS:
            track.climb_mps, climb_told = (height_m - base) / base_s, True
        track.height_m[datum], track.height_ms[datum] = height_m, fix.at_ms
    if fix.climb_mps is not None:
        track.climb_mps = fix.climb_mps


def _is_odd(track: Track, datum: int, height_m: float, at_ms: int) -> bool:
    """Whether the height could not be reached; if it is told again it is believed."""
    before_m, since_s = track.height_m[datum], (at_ms - track.height_ms[datum]) / 1000
    if math.isnan(before_m) or abs(height_m - before_m) <= HEIGHT_NOISE_M + CLIMB_MOST_MPS * since_s:
        if track.odd is not None and track.odd[0] == datum:
            track.odd = None
        return False
    odd = track.odd
    if odd is not None and odd[0] == datum and odd[2] < at_ms:
        reach_m = HEIGHT_NOISE_M + CLIMB_MOST_MPS * (at_ms - odd[2]) / 1000
        if abs(height_m - odd[1]) <= reach_m:
            track.odd = None
            return False
    track.odd = (datum, height_m, at_ms)
    return True


def _begin_claim(track: Track, fix: Fix, apart_m: float) -> None:
    claim = begin(fix)
    claim.jump_m, claim.jump_s = apart_m, (fix.at_ms - track.placed_ms) / 1000
    if len(track.claims) >= CLAIMS_MOST:
        track.claims.remove(min(track.claims, key=lambda each: (each.fits, each.fix.at_ms)))
    track.claims.append(claim)


def _exchange(track: Track, claim: Track) -> None:
    """The claim is believed more than the track, of which nothing is heard: each becomes the other."""
    for name in _MOVING:
        mine, its = getattr(track, name), getattr(claim, name)
        setattr(track, name, its)
        setattr(claim, name, mine)


_MOVING = (
    *("fix", "x_m", "y_m", "z_m", "placed_ms", "speed_mps", "track_deg", "climb_mps", "height_m", "height_ms"),
    *("callsign", "code", "anchor", "steered", "repeats", "odd", "fits"),
)


def _apart_m(track: Track, fix: Fix) -> float:
    x, y, z = place(fix)
    return math.sqrt((x - track.x_m) ** 2 + (y - track.y_m) ** 2 + (z - track.z_m) ** 2)


def _reachable(track: Track, fix: Fix, apart_m: float) -> bool:
    """Whether an aircraft could have flown there, from its last place and about as it flew."""
    noise_m = fix.doubt_m + track.fix.doubt_m
    if apart_m <= STEP_M + noise_m:
        return True
    seconds = abs(fix.at_ms - track.placed_ms) / 1000
    if apart_m > NOISE_M + noise_m + FASTEST_MPS * seconds:
        return False
    bend_m = TURN_MPS2 / 2 * seconds * seconds
    if bend_m > (FASTEST_MPS + track.speed_mps) * seconds:
        return True
    return _off_m(track, fix) <= NOISE_M + noise_m + bend_m


def _off_m(track: Track, fix: Fix) -> float:
    """How far the report is from where the track leads, in the plane around it."""
    seconds = (fix.at_ms - track.placed_ms) / 1000
    north_m, east_m = _flown_m(track.fix, fix)
    course = math.radians(track.track_deg)
    flown_m = track.speed_mps * seconds
    return math.hypot(north_m - flown_m * math.cos(course), east_m - flown_m * math.sin(course))


def _flown_m(one: Fix, other: Fix) -> tuple[float, float]:
    """North and east from one report to another, in the plane around them."""
    north = math.radians(other.latitude_deg - one.latitude_deg)
    east = math.radians(math.remainder(other.longitude_deg - one.longitude_deg, 360.0))
    east *= math.cos(math.radians((one.latitude_deg + other.latitude_deg) / 2))
    return SPHERE_M * north, SPHERE_M * east


def _move(track: Track, fix: Fix) -> None:
    track.grounded = 0
    repeated = same_place(fix, track.fix)
    if repeated:
        track.repeats += fix.at_ms > track.fix.at_ms
        _stand(track, fix)
    else:
        track.repeats, track.placed_ms = 1, fix.at_ms
        track.x_m, track.y_m, track.z_m = place(fix)
    _learn_course(track, fix)
    learn_heights(track, fix)
    if fix.at_ms - track.anchor.at_ms >= BASE_MS and not (repeated and track.speed_mps >= STANDING_MPS):
        track.anchor = fix
    track.callsign = fix.callsign or track.callsign
    track.code = fix.code or track.code
    track.fix = fix


def _stand(track: Track, fix: Fix) -> None:
    """The same place again: whoever is told to be slow stands there; else the place is as old as it was."""
    told_mps = track.speed_mps if fix.speed_mps is None else fix.speed_mps
    if told_mps < STANDING_MPS:
        track.placed_ms = fix.at_ms
    elif fix.speed_mps is None and fix.at_ms - track.placed_ms >= FROZEN_MS:
        track.speed_mps, track.placed_ms = 0.0, fix.at_ms


def _is_stale(track: Track, fix: Fix) -> bool:
    """Whether its speed and course have been told to the last digit for so long that the places speak against them."""
    first = track.steered
    if (fix.speed_mps, fix.track_deg) != (first.speed_mps, first.track_deg):
        track.steered = fix
        return False
    seconds = (fix.at_ms - first.at_ms) / 1000
    if seconds * 1000 < FROZEN_MS:
        return False
    north_m, east_m = _flown_m(first, fix)
    course, told_m = math.radians(fix.track_deg or 0.0), (fix.speed_mps or 0.0) * seconds
    off_m = math.hypot(north_m - told_m * math.cos(course), east_m - told_m * math.sin(course))
    return off_m > max(FROZEN_MPS * seconds, NOISE_M)


def _learn_course(track: Track, fix: Fix) -> None:
    seconds = (fix.at_ms - track.anchor.at_ms) / 1000
    measured = seconds * 1000 >= BASE_MS and not same_place(fix, track.fix)
    if fix.speed_mps is not None and fix.track_deg is not None and not _is_stale(track, fix):
        track.speed_mps, track.track_deg = fix.speed_mps, fix.track_deg
    elif measured:
        north_m, east_m = _flown_m(track.anchor, fix)
        track.speed_mps = math.hypot(north_m, east_m) / seconds
        track.track_deg = math.degrees(math.atan2(east_m, north_m)) % 360
