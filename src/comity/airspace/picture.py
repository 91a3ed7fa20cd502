"""The air as the feeds tell it: one row a track, what is doubtful about it, and where it may be now.

A report that no aircraft could fly to from the last one is a claim: the track flies on as it did, and the claim is
watched beside it until reports bear out the one or the other, so that a spoofed jump neither moves an aircraft nor
hides one. What is old, frozen or of unknown height grows wider with its age and never vanishes before `lost_after_s`.
Nothing here finds a breach: marks are words about reports. Pure: time comes with the reports and the questions.
Not trusted: reports; `take` counts and names what it refuses. Memory is bounded by `tracks_most`.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from enum import IntFlag

import numpy as np

from comity.airspace.fix import Fix, fix_problem
from comity.airspace.pairs import DATUMS, Motion
from comity.airspace.sphere import SPHERE_M

FASTEST_MPS = 420.0  # over ground, faster than any transport with the strongest wind behind it
JUMP_M = 1_000.0  # less is noise, whatever the time between
TURN_MPS2 = 5.0  # sideways, a bank of 27 degrees
CLIMB_DOUBT_MPS = 8.0
FROZEN_S = 20.0
FROZEN_REPORTS = 3
FROZEN_MPS = 30.0
BORNE_OUT = 3
CLIMB_S_MOST = 60.0


class Mark(IntFlag):
    """What is doubtful about a track."""

    NONE = 0
    CLAIM = 1  # a place that its aircraft could not have reached
    FROZEN = 2  # the same place again and again at speed
    TWO = 4  # two aircraft seem to use one identity
    NO_HEIGHT = 8  # no height has been told for a while
    OLD = 16  # no report for longer than the feeds' usual pause


@dataclass(slots=True)
class Track:
    """One row: its newest plausible report, and since when it says what it says."""

    identity: str
    fix: Fix
    x_m: float
    y_m: float
    z_m: float
    speed_mps: float
    track_deg: float
    climb_mps: float
    height_m: list[float]  # by datum, NaN if never told
    height_at_ms: list[int]
    moved_ms: int
    same_reports: int = 1
    marks: Mark = Mark.NONE
    claim: Track | None = None
    borne_out: int = 0


@dataclass(frozen=True, slots=True)
class Air:
    """Every track at one moment: `nominal` where each is if it flies on, `wide` where it may be; rows in one order."""

    at_ms: int
    tracks: list[Track]
    marks: list[Mark]
    age_s: np.ndarray
    nominal: Motion
    wide: Motion


@dataclass(slots=True)
class Picture:
    """All tracks of all feeds."""

    tracks_most: int = 50_000
    lost_after_s: float = 120.0
    old_after_s: float = 25.0
    refused: Counter[str] = field(default_factory=Counter)
    late: int = 0
    doubled: int = 0
    _tracks: dict[str, Track] = field(default_factory=dict)

    def take(self, fix: Fix) -> str | None:
        """Takes a report, or says why it is refused."""
        problem = fix_problem(fix)
        if problem is not None:
            self.refused[problem] += 1
            return problem
        if fix.on_ground:
            self._tracks.pop(fix.identity, None)
            return None
        held = self._tracks.get(fix.identity)
        if held is None:
            if len(self._tracks) >= self.tracks_most:
                return "more tracks than are held; the newest is left out"
            self._tracks[fix.identity] = _begin(fix)
        elif fix.at_ms < held.fix.at_ms:
            self.late += 1
        elif fix.at_ms == held.fix.at_ms and _same_place(fix, held.fix):
            self.doubled += 1
        else:
            _continue(held, fix)
        return None

    def air(self, now_ms: int) -> Air:
        """Every track as of now; those lost for too long are left out and forgotten."""
        gone = [name for name, each in self._tracks.items() if now_ms - each.fix.at_ms > self.lost_after_s * 1000]
        for name in gone:
            del self._tracks[name]
        rows: list[Track] = []
        marks: list[Mark] = []
        for each in self._tracks.values():
            rows.append(each)
            marks.append(self._marks(each, now_ms))
            if each.claim is not None:
                rows.append(each.claim)
                marks.append(self._marks(each.claim, now_ms) | Mark.CLAIM)
        return _air(now_ms, rows, marks)

    def __len__(self) -> int:
        return len(self._tracks)

    def _marks(self, track: Track, now_ms: int) -> Mark:
        marks = track.marks
        if now_ms - track.fix.at_ms > self.old_after_s * 1000:
            marks |= Mark.OLD
        if all(track.fix.at_ms - at_ms > CLIMB_S_MOST * 1000 for at_ms in track.height_at_ms):
            marks |= Mark.NO_HEIGHT
        return marks


def _begin(fix: Fix) -> Track:
    x, y, z = _place(fix)
    told = (fix.pressure_m, fix.geometric_m)
    return Track(
        fix.identity,
        fix,
        x,
        y,
        z,
        fix.speed_mps or 0.0,
        fix.track_deg or 0.0,
        fix.climb_mps or 0.0,
        [math.nan if height is None else height for height in told],
        [-(10**15) if height is None else fix.at_ms for height in told],
        fix.at_ms,
    )


def _continue(track: Track, fix: Fix) -> None:
    """The next report of a track: it moves the track, or its claim, or begins a claim."""
    if _reachable(track, fix):
        _move(track, fix)
        claim = track.claim
        if claim is not None and fix.at_ms - claim.fix.at_ms > FROZEN_S * 1000:
            track.claim = None
            track.marks &= ~Mark.TWO
        elif claim is not None:
            track.marks |= Mark.TWO if claim.borne_out else Mark.NONE
        return
    claim = track.claim
    if claim is None or not _reachable(claim, fix):
        track.claim = _begin(fix)
        return
    _move(claim, fix)
    claim.borne_out += 1
    if claim.borne_out >= BORNE_OUT and fix.at_ms - track.fix.at_ms > FROZEN_S * 1000:
        _replace(track, claim)


def _replace(track: Track, claim: Track) -> None:
    """The claim was borne out and nothing was heard of the track since: it is the track."""
    for name in ("fix", "x_m", "y_m", "z_m", "speed_mps", "track_deg", "climb_mps", "height_m", "height_at_ms"):
        setattr(track, name, getattr(claim, name))
    track.moved_ms, track.same_reports = claim.moved_ms, claim.same_reports
    track.claim, track.marks = None, Mark.NONE


def _reachable(track: Track, fix: Fix) -> bool:
    x, y, z = _place(fix)
    apart_m = math.sqrt((x - track.x_m) ** 2 + (y - track.y_m) ** 2 + (z - track.z_m) ** 2)
    seconds = max(0, fix.at_ms - track.fix.at_ms) / 1000
    return apart_m <= JUMP_M + fix.doubt_m + track.fix.doubt_m + FASTEST_MPS * seconds


def _move(track: Track, fix: Fix) -> None:
    x, y, z = _place(fix)
    seconds = (fix.at_ms - track.fix.at_ms) / 1000
    if _same_place(fix, track.fix):
        track.same_reports += 1
        if track.same_reports >= FROZEN_REPORTS and (fix.at_ms - track.moved_ms) >= FROZEN_S * 1000:
            track.marks |= Mark.FROZEN if track.speed_mps >= FROZEN_MPS else Mark.NONE
    else:
        track.same_reports, track.moved_ms = 1, fix.at_ms
        track.marks &= ~Mark.FROZEN
        if (fix.speed_mps is None or fix.track_deg is None) and seconds > 0:
            track.speed_mps, track.track_deg = _course(track, fix, seconds)
    if fix.speed_mps is not None and fix.track_deg is not None:
        track.speed_mps, track.track_deg = fix.speed_mps, fix.track_deg
    for datum, height in enumerate((fix.pressure_m, fix.geometric_m)):
        if height is not None:
            since_s = (fix.at_ms - track.height_at_ms[datum]) / 1000
            if fix.climb_mps is None and 0 < since_s <= CLIMB_S_MOST:
                track.climb_mps = (height - track.height_m[datum]) / since_s
            track.height_m[datum], track.height_at_ms[datum] = height, fix.at_ms
    if fix.climb_mps is not None:
        track.climb_mps = fix.climb_mps
    track.fix, track.x_m, track.y_m, track.z_m = fix, x, y, z


def _course(track: Track, fix: Fix, seconds: float) -> tuple[float, float]:
    """Speed and track over ground from two places, in the plane around them."""
    north = math.radians(fix.latitude_deg - track.fix.latitude_deg)
    east = math.radians(math.remainder(fix.longitude_deg - track.fix.longitude_deg, 360.0))
    east *= math.cos(math.radians(fix.latitude_deg))
    return SPHERE_M * math.hypot(north, east) / seconds, math.degrees(math.atan2(east, north)) % 360


def _place(fix: Fix) -> tuple[float, float, float]:
    lat, lon = math.radians(fix.latitude_deg), math.radians(fix.longitude_deg)
    flat = SPHERE_M * math.cos(lat)
    return flat * math.cos(lon), flat * math.sin(lon), SPHERE_M * math.sin(lat)


def _same_place(fix: Fix, other: Fix) -> bool:
    return fix.latitude_deg == other.latitude_deg and fix.longitude_deg == other.longitude_deg


def _air(now_ms: int, rows: list[Track], marks: list[Mark]) -> Air:
    count = len(rows)
    lat = np.radians(np.fromiter((row.fix.latitude_deg for row in rows), float, count))
    lon = np.radians(np.fromiter((row.fix.longitude_deg for row in rows), float, count))
    speed = np.fromiter((row.speed_mps for row in rows), float, count)
    course = np.radians(np.fromiter((row.track_deg for row in rows), float, count))
    climb = np.fromiter((row.climb_mps for row in rows), float, count)
    told = np.fromiter((row.fix.doubt_m for row in rows), float, count)
    frozen = np.fromiter((bool(mark & Mark.FROZEN) for mark in marks), bool, count)
    since = np.fromiter(
        (row.moved_ms if mark & Mark.FROZEN else row.fix.at_ms for row, mark in zip(rows, marks, strict=True)),
        float,
        count,
    )
    age = np.maximum(0.0, (now_ms - since) / 1000)
    north, east = speed * np.cos(course), speed * np.sin(course)
    place = np.empty((count, 3))
    velocity = np.empty((count, 3))
    place[:, 0], place[:, 1], place[:, 2] = np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)
    place *= SPHERE_M
    velocity[:, 0] = -north * np.sin(lat) * np.cos(lon) - east * np.sin(lon)
    velocity[:, 1] = -north * np.sin(lat) * np.sin(lon) + east * np.cos(lon)
    velocity[:, 2] = north * np.cos(lat)
    place += velocity * age[:, None]
    doubt = told + np.minimum(speed * age, TURN_MPS2 / 2 * age * age)
    heights = np.array([row.height_m for row in rows]).reshape(-1, DATUMS)
    height_age = (now_ms - np.array([row.height_at_ms for row in rows], float).reshape(-1, DATUMS)) / 1000
    del frozen
    return _bands(now_ms, rows, marks, age, place, velocity, climb, doubt, heights, height_age)


def _bands(
    now_ms: int, rows: list[Track], marks: list[Mark], age: np.ndarray, place: np.ndarray, velocity: np.ndarray,
    climb: np.ndarray, doubt: np.ndarray, heights: np.ndarray, height_age: np.ndarray,
) -> Air:  # fmt: skip
    known = ~np.isnan(heights)
    flown = np.clip(height_age, 0.0, CLIMB_S_MOST)
    nominal = np.where(known, heights + climb[:, None] * flown, 0.0)
    spread = CLIMB_DOUBT_MPS * np.maximum(height_age, 0.0)
    fresh = known & (height_age <= CLIMB_S_MOST)
    low = np.where(fresh, nominal, -np.inf)
    high = np.where(fresh, nominal, np.inf)
    wide_low = np.where(known, nominal - spread, -np.inf)
    wide_high = np.where(known, nominal + spread, np.inf)
    zero = np.zeros(len(rows))
    return Air(
        now_ms,
        rows,
        marks,
        age,
        Motion(place, velocity, low, high, climb, zero),
        Motion(place, velocity, wide_low, wide_high, climb, doubt),
    )
