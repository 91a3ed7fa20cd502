"""How reports move a track, and which of them do not.

A report that no aircraft could fly to is a claim: the track flies on as it did, and the claim is watched beside it
until reports bear out the one or the other, so that a spoofed jump neither moves an aircraft nor hides one. A height
that could not be reached is doubted in the same way. The same place again and again at speed is a place of the time
when it was first told; the same speed and course again and again are not believed against the places. Each source is
in an order of its own: an older report of another source bears out or contradicts, and moves nothing.
Real feeds set the numbers: of 90,000 reports over Switzerland at 10 s, one in a hundred lies 1.5 km from where the one
before it leads, one in a thousand 2.3 km. Not trusted: reports, save that `fix_problem` is None.
"""

from __future__ import annotations

import math

from comity.airspace.fix import Fix
from comity.airspace.sphere import SPHERE_M, place_m
from comity.airspace.tellers import compare
from comity.airspace.track import (
    BORNE_OUT,
    FASTEST_MPS,
    FROZEN_MPS,
    FROZEN_MS,
    NEVER_MS,
    SOON_MS,
    STANDING_MPS,
    Track,
)

STEP_M = 1_000.0  # less is noise, whatever the time between
NOISE_M = 3_000.0  # how far from where it leads to a good feed reports one in some thousand
TURN_MPS2 = 10.0  # a turn of 45 degrees of bank
HEIGHT_NOISE_M = 300.0
CLIMB_MOST_MPS = 100.0
BASE_MS = 4_000  # speeds that are not told are measured over no less
CLAIMS_MOST = 3


def begin(fix: Fix) -> Track:
    """A track of one report."""
    told = (fix.pressure_m, fix.geometric_m)
    return Track(
        fix.identity,
        fix,
        *place_m(fix.latitude_deg, fix.longitude_deg),
        fix.at_ms,
        _told(fix.speed_mps),
        _told(fix.track_deg),
        _told(fix.climb_mps),
        [_told(height) for height in told],
        [NEVER_MS if height is None else fix.at_ms for height in told],
        fix.callsign,
        fix.code,
        fix,
        fix,
        fix.source,
        {fix.source: fix},
    )


def follow(track: Track, fix: Fix) -> bool:
    """The next report of a track moves it, or a claim, or begins a claim; False if its source told a newer one, or if
    it is far vaguer than what is known: else a feed could blur an aircraft of which another tells exactly."""
    if fix.doubt_m > NOISE_M and _is_vaguer(track, fix):
        return False
    apart_m = far_m(track, fix)
    if is_reachable(track, fix, apart_m):
        return _take(track, fix)
    claim = next((each for each in track.claims if is_reachable(each, fix, far_m(each, fix))), None)
    if claim is None:
        _begin_claim(track, fix, apart_m)
        return True
    if not _take(claim, fix):
        return False
    is_borne_out = claim.fits >= BORNE_OUT and fix.at_ms - track.fix.at_ms > SOON_MS
    if is_borne_out or claim.fits > track.fits:
        _exchange(track, claim)
    return True


def agree(track: Track, fix: Fix) -> None:
    """Takes a report of the same place and time: what it adds are heights, and another source's word."""
    track.told[fix.source] = fix
    learn_heights(track, fix)


def far_m(track: Track, fix: Fix) -> float:
    """How far a report lies from the last place of a track."""
    return math.dist((track.x_m, track.y_m, track.z_m), place_m(fix.latitude_deg, fix.longitude_deg))


def same_place(fix: Fix, other: Fix) -> bool:
    """Whether both tell the same place to the last digit."""
    return fix.latitude_deg == other.latitude_deg and fix.longitude_deg == other.longitude_deg


def is_reachable(track: Track, fix: Fix, apart_m: float) -> bool:
    """Whether an aircraft could have flown there, from its last place and about as it flew."""
    noise_m = fix.doubt_m + track.fix.doubt_m
    if apart_m <= STEP_M + noise_m:
        return True
    seconds = abs(fix.at_ms - track.placed_ms) / 1000
    if apart_m > NOISE_M + noise_m + FASTEST_MPS * seconds:
        return False
    bend_m = TURN_MPS2 / 2 * seconds * seconds
    if not track.is_led or bend_m > (FASTEST_MPS + track.speed_mps) * seconds:
        return True
    return _off_m(track, fix) <= NOISE_M + noise_m + bend_m


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
    if fix.climb_mps is not None and fix.at_ms >= track.fix.at_ms:
        track.climb_mps = fix.climb_mps


def _take(track: Track, fix: Fix) -> bool:
    """Moves the track, unless a newer report did; False if one of the same source did."""
    before = track.told.get(fix.source)
    if before is not None and fix.at_ms < before.at_ms:
        return False
    compare(track, fix)
    track.told[fix.source] = fix
    track.ground_ms.pop(fix.source, None)
    if fix.at_ms >= track.grounded_ms:
        track.grounded = 0
    if fix.at_ms >= track.fix.at_ms:
        _move(track, fix)
    else:
        learn_heights(track, fix)
    track.fits += 1
    return True


def _told(value: float | None) -> float:
    return math.nan if value is None else value


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


def _is_vaguer(track: Track, fix: Fix) -> bool:
    """Whether the report knows the place far less well than where the track leads: it would only blur it."""
    seconds = max(0, fix.at_ms - track.placed_ms) / 1000
    return fix.doubt_m > track.fix.doubt_m + NOISE_M + TURN_MPS2 / 4 * seconds * seconds


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
    *("told", "differ_m", "differs", "differ_by", "ground_ms"),
)


def _off_m(track: Track, fix: Fix) -> float:
    """How far the report is from where the track leads, in the plane around it."""
    seconds = (fix.at_ms - track.placed_ms) / 1000
    north_m, east_m = _flown_m(track.fix, fix)
    if math.isnan(track.track_deg):  # it stands
        return math.hypot(north_m, east_m)
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
    repeated = same_place(fix, track.fix)
    if repeated:
        track.repeats += fix.at_ms > track.fix.at_ms
        _stand(track, fix)
    else:
        track.repeats, track.placed_ms = 1, fix.at_ms
        track.x_m, track.y_m, track.z_m = place_m(fix.latitude_deg, fix.longitude_deg)
    _learn_course(track, fix)
    learn_heights(track, fix)
    if fix.at_ms - track.anchor.at_ms >= BASE_MS and not (repeated and track.speed_mps >= STANDING_MPS):
        track.anchor = fix
    track.callsign = fix.callsign or track.callsign
    track.code = fix.code or track.code
    track.fix = fix


def _stand(track: Track, fix: Fix) -> None:
    """The same place again: whoever is told to be slow, or tells no speed at all, stands there; else it is old."""
    told_mps = track.speed_mps if fix.speed_mps is None else fix.speed_mps
    if told_mps < STANDING_MPS or math.isnan(told_mps):
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
    if fix.speed_mps is not None and fix.track_deg is not None:
        if not _is_stale(track, fix):
            track.speed_mps, track.track_deg = fix.speed_mps, fix.track_deg
            return
    elif fix.speed_mps is not None and not measured:
        track.speed_mps = fix.speed_mps
    if measured:
        north_m, east_m = _flown_m(track.anchor, fix)
        track.speed_mps = math.hypot(north_m, east_m) / seconds
        track.track_deg = math.degrees(math.atan2(east_m, north_m)) % 360
