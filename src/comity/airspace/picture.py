"""The air as the feeds tell it: one row a track, what is doubtful about it, and where it may be now.

`Picture` takes reports and keeps one `Track` for each identity; `Air` is all of them at one moment, as arrays. What is
old, frozen or of unknown height grows wider with its age and does not vanish before `lost_after_s`.
Pure: time comes with the reports and the questions. Not trusted: reports; `take` says what it refuses. Memory is
bounded by `tracks_most`, and no source holds more than `tracks_of_source_most` of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec
import numpy as np
from numpy.typing import NDArray

from comity.airspace.cells import DATUMS
from comity.airspace.fix import Fix, fix_problem
from comity.airspace.heights import AIR_SHARE, GEOID_M, PRESSURE_DOUBT_M, pressure_m
from comity.airspace.pairs import Motion
from comity.airspace.sphere import SPHERE_M, Floats
from comity.airspace.track import (
    BORNE_OUT,
    GEOMETRIC,
    PRESSURE,
    Mark,
    Track,
    begin,
    follow,
    ground_problem,
    learn_heights,
    same_place,
)

BANK_MPS2 = 5.0  # sideways, of a track that nobody hears: a bank of 27 degrees
CLIMB_DOUBT_MPS = 15.0  # 3,000 ft a minute, of a track that stopped telling its height while it told its place
LEVEL_DOUBT_MPS = 1.0  # of a track of which nothing is heard: it is believed to hold its level, or to end its climb
CONTESTED_M = 2_300.0  # of what is only led on: one report in a thousand lies so far from where its track leads
HEIGHT_KNOWN_S = 60.0  # a height that is older is no height
GROUND_REPORTS = 2


@dataclass(frozen=True, slots=True)
class Air:
    """Every track at one moment: `nominal` where each is if it flies on, `wide` where it may be; rows in one order.

    `placed_ms` is when each place was first told, `age_s` how long ago that is, `heard_s` how long ago the newest
    report was; they differ where a place is repeated. A place is `contested` if the newest report told another. In
    `nominal` nothing is in doubt.
    """

    at_ms: int
    tracks: list[Track]
    marks: NDArray[np.int64]
    placed_ms: Floats
    age_s: Floats
    heard_s: Floats
    contested: NDArray[np.bool_]
    nominal: Motion
    wide: Motion


@dataclass(slots=True)
class Picture:
    """All tracks of all feeds."""

    tracks_most: int = 50_000
    tracks_of_source_most: int = 20_000
    lost_after_s: float = 120.0
    claim_lost_after_s: float = 30.0
    old_after_s: float = 25.0
    late: int = 0
    doubled: int = 0
    left_out: int = 0
    _tracks: dict[str, Track] = field(default_factory=dict)
    _begun: Counter[str] = field(default_factory=Counter)

    def take(self, fix: Fix) -> str | None:
        """Takes a report, or says why it is refused."""
        problem = fix_problem(fix)
        if problem is not None:
            return problem
        if 0 < fix.arrived_ms < fix.at_ms:  # who sends it has a fast clock; it is no report of the future
            fix = msgspec.structs.replace(fix, at_ms=fix.arrived_ms)
        held = self._tracks.get(fix.identity)
        if held is None:
            return None if fix.on_ground else self._begin(fix)
        if fix.on_ground:
            return self._land(held, fix)
        if fix.at_ms == held.fix.at_ms and same_place(fix, held.fix):
            self.doubled += 1
            learn_heights(held, fix)
        elif not follow(held, fix):
            self.late += 1
        return None

    def air(self, now_ms: int) -> Air:
        """Every track as of now; those lost for too long are left out and forgotten."""
        self._forget(now_ms)
        rows: list[Track] = []
        marks: list[int] = []
        for each in self._tracks.values():
            rows.append(each)
            marks.append(each.marks(now_ms, self.old_after_s))
            for claim in each.claims:
                rows.append(claim)
                own = claim.marks(now_ms, self.old_after_s)
                marks.append(own | (Mark.TWO if claim.fits >= BORNE_OUT else Mark.CLAIM))
        return _air(now_ms, rows, np.array(marks, np.int64))

    def __len__(self) -> int:
        return len(self._tracks)

    def _begin(self, fix: Fix) -> str | None:
        if len(self._tracks) >= self.tracks_most or self._begun[fix.source] >= self.tracks_of_source_most:
            self.left_out += 1
            return "more tracks than are held; the newest is left out"
        self._tracks[fix.identity] = begin(fix)
        self._begun[fix.source] += 1
        return None

    def _land(self, held: Track, fix: Fix) -> str | None:
        """One report from the ground may be an error; the second ends the track, if its aircraft can be down there."""
        problem = ground_problem(held, fix)
        if problem is None and fix.at_ms >= held.fix.at_ms:
            held.grounded, held.grounded_ms = held.grounded + 1, fix.at_ms
        if held.grounded >= GROUND_REPORTS:
            self._drop(fix.identity)
        return problem

    def _forget(self, now_ms: int) -> None:
        dead_ms = now_ms - self.lost_after_s * 1000
        for name in [name for name, each in self._tracks.items() if each.fix.at_ms < dead_ms]:
            self._drop(name)
        for each in self._tracks.values():
            if each.claims:
                each.claims = [claim for claim in each.claims if claim.fix.at_ms >= now_ms - self._kept_ms(claim)]

    def _kept_ms(self, claim: Track) -> float:
        return 1000 * (self.lost_after_s if claim.fits >= BORNE_OUT else self.claim_lost_after_s)

    def _drop(self, name: str) -> None:
        source = self._tracks.pop(name).first_source
        self._begun[source] -= 1
        if not self._begun[source]:
            del self._begun[source]


def _column(rows: Sequence[Track], of: Callable[[Track], float]) -> Floats:
    return np.fromiter(map(of, rows), float, len(rows))


def _air(now_ms: int, rows: list[Track], marks: NDArray[np.int64]) -> Air:
    count = len(rows)
    place = np.array([(row.x_m, row.y_m, row.z_m) for row in rows], float).reshape(count, 3)
    speed, course = _column(rows, lambda row: row.speed_mps), np.radians(_column(rows, lambda row: row.track_deg))
    told = _column(rows, lambda row: row.fix.doubt_m)
    placed_ms = _column(rows, lambda row: row.placed_ms)
    age = np.maximum(0.0, (now_ms - placed_ms) / 1000)
    velocity = _velocity(place, speed, course)
    place += velocity * age[:, None]
    contested = np.fromiter((row.is_contested for row in rows), bool, count)
    doubt = told + np.minimum(speed * age, BANK_MPS2 / 2 * age * age) + CONTESTED_M * contested
    nominal, wide = _heights(now_ms, rows, marks)
    climb, still = _column(rows, lambda row: row.climb_mps), np.zeros(count)
    return Air(
        now_ms,
        rows,
        marks,
        placed_ms,
        age,
        np.maximum(0.0, (now_ms - _column(rows, lambda row: row.fix.at_ms)) / 1000),
        contested,
        Motion(place, velocity, *nominal, climb, still),
        Motion(place, velocity, *wide, climb, doubt),
    )


def _velocity(place: Floats, speed: Floats, course: Floats) -> Floats:
    """From speed and course at a place: the directions north and east come from the place itself."""
    x, y, z = place[:, 0], place[:, 1], place[:, 2]
    flat = np.maximum(np.hypot(x, y), 1e-9)
    north, east = speed * np.cos(course), speed * np.sin(course)
    tilt = north * z / (SPHERE_M * flat)
    return np.stack((-tilt * x - east * y / flat, -tilt * y + east * x / flat, north * flat / SPHERE_M), axis=-1)


Edges = tuple[Floats, Floats]


def _heights(now_ms: int, rows: list[Track], marks: NDArray[np.int64]) -> tuple[Edges, Edges]:
    """Bands by datum: as each height leads on, and as wide as it may be, carried into the other datum if need be."""
    count = len(rows)
    height = np.array([row.height_m for row in rows], float).reshape(count, DATUMS)
    height_ms = np.array([row.height_ms for row in rows], float).reshape(count, DATUMS)
    climb = _column(rows, lambda row: row.climb_mps)[:, None]
    heard_ms = _column(rows, lambda row: row.fix.at_ms)[:, None]
    doubt = _column(rows, lambda row: row.fix.height_doubt_m + GEOID_M)[:, None] * np.array([0.0, 1.0])
    age = np.maximum(0.0, (now_ms - height_ms) / 1000)
    known = ~np.isnan(height) & (age <= HEIGHT_KNOWN_S)
    height = np.where(known, height, 0.0)
    led = height + climb * np.where(known, age, 0.0)
    spread = np.where(height_ms < heard_ms, CLIMB_DOUBT_MPS, LEVEL_DOUBT_MPS) * age + doubt
    low, high = np.minimum(led, height) - spread, np.maximum(led, height) + spread
    for row in np.flatnonzero(marks & Mark.ODD_HEIGHT):
        odd = rows[row].odd
        if odd is not None:
            low[row, odd[0]], high[row, odd[0]] = min(low[row, odd[0]], odd[1]), max(high[row, odd[0]], odd[1])
    low, high = np.where(known, low, -np.inf), np.where(known, high, np.inf)
    _carry(known, low, high)
    return (np.where(known, led, -np.inf), np.where(known, led, np.inf)), (low, high)


def _carry(known: NDArray[np.bool_], low: Floats, high: Floats) -> None:
    """Fills in what is known in one datum only, as wide as it is in the other."""
    only = known[:, PRESSURE] & ~known[:, GEOMETRIC]
    least, most = low[only, PRESSURE], high[only, PRESSURE]
    low[only, GEOMETRIC] = least - AIR_SHARE * np.abs(least) - PRESSURE_DOUBT_M
    high[only, GEOMETRIC] = most + AIR_SHARE * np.abs(most) + PRESSURE_DOUBT_M
    for row in np.flatnonzero(known[:, GEOMETRIC] & ~known[:, PRESSURE]):
        low[row, PRESSURE], high[row, PRESSURE] = pressure_m((low[row, GEOMETRIC], high[row, GEOMETRIC]))
