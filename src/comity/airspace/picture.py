"""The air as the feeds tell it: one row a track, what is doubtful about it, and where it may be now.

`Picture` takes reports and keeps one `Track` for each identity; `Air` is all of them at one moment, as arrays. What is
old, frozen or of unknown height or course grows wider with its age and does not vanish before `lost_after_s`.
Pure: time comes with the reports and the questions. Not trusted: reports; `take` says what it refuses. Memory is
bounded by `tracks_most`, and no source holds more than `tracks_of_source_most` of them: when there is no room, the
oldest track of one report alone makes it, of the source that has most of those.
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
from comity.airspace.following import agree, begin, follow, same_place
from comity.airspace.grounding import ground_problem, may_be_in_the_air, shows_flight
from comity.airspace.heights import carried
from comity.airspace.pairs import Motion
from comity.airspace.sphere import Floats, places_m, velocities_mps
from comity.airspace.track import AHEAD_MS, BORNE_OUT, UNTOLD_MPS, Mark, Track, apart_ms

BANK_MPS2 = 5.0  # sideways or ahead, of a track that nobody hears: a bank of 27 degrees
GATHERED_MPS = 80.0  # the speed that it may gather meanwhile, from a hover on
CLIMB_DOUBT_MPS = 15.0  # 3,000 ft a minute, of a track that stopped telling its height while it told its place
LEVEL_DOUBT_MPS = 1.0  # of a track of which nothing is heard: it is believed to hold its level, or to end its climb
CONTESTED_M = 2_300.0  # of what is only led on: one report in a thousand lies so far from where its track leads
HEIGHT_KNOWN_S = 60.0  # a height that is older is no height
GROUND_REPORTS = 2
LEFT_OUT_MOST = 10_000  # identities that are counted apart; of more it is said that there are at least so many


@dataclass(frozen=True, slots=True)
class Air:
    """Every track at one moment: `nominal` where each is if it flies on, `wide` where it may be; rows in one order.

    `placed_ms` is when each place was first told, `age_s` how long ago that is, `heard_s` how long ago the newest
    report was; they differ where a place is repeated. A place is `contested` if the newest report, or another source,
    told another. In `nominal` nothing is in doubt; who flies nobody knows how stands still in it.
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
    """All tracks of all feeds. `refused` reports could not be believed, `left_out` ones found no room."""

    tracks_most: int = 50_000
    tracks_of_source_most: int = 20_000
    lost_after_s: float = 120.0
    claim_lost_after_s: float = 30.0
    old_after_s: float = 25.0
    late: int = 0
    doubled: int = 0
    refused: int = 0
    left_out: int = 0
    _tracks: dict[str, Track] = field(default_factory=dict)
    _begun: Counter[str] = field(default_factory=Counter)
    _once: dict[str, dict[str, None]] = field(default_factory=dict)  # by source, tracks of one report, oldest first
    _unheld: dict[str, int] = field(default_factory=dict)

    def take(self, fix: Fix) -> str | None:
        """Takes a report, or says why it is refused."""
        problem = fix_problem(fix)
        if problem is None:
            if 0 < fix.arrived_ms < fix.at_ms:  # who sends it has a fast clock; it is no report of the future
                fix = msgspec.structs.replace(fix, at_ms=fix.arrived_ms)
            held = self._tracks.get(fix.identity)
            if not fix.on_ground:
                return self._take(held, fix)
            if shows_flight(fix):
                return self._take_as_flying(held, fix)
            problem = None if held is None else self._land(held, fix)
        self.refused += problem is not None
        return problem

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

    def unheld(self) -> int:
        """How many identities told of within `lost_after_s` are not held, for want of room; at least, if it is many."""
        return len(self._unheld)

    def shift(self, by_ms: int) -> None:
        """The clock stepped by so much: every time moves with it, so that each age is what it was."""
        for each in self._tracks.values():
            each.shift(by_ms)
        self._unheld = {name: at_ms + by_ms for name, at_ms in self._unheld.items()}

    def __len__(self) -> int:
        return len(self._tracks)

    def _take(self, held: Track | None, fix: Fix) -> str | None:
        if held is None:
            return self._begin(fix)
        self._once.get(held.first_source, {}).pop(fix.identity, None)
        if fix.at_ms == held.fix.at_ms and same_place(fix, held.fix):
            self.doubled += 1
            agree(held, fix)
        elif not follow(held, fix):
            self.late += 1
        return None

    def _take_as_flying(self, held: Track | None, fix: Fix) -> str | None:
        """The ground bit of a report that shows flight is not believed; the rest of it is a report like any other."""
        problem = self._take(held, msgspec.structs.replace(fix, on_ground=False))
        track = self._tracks.get(fix.identity)
        if track is not None:
            track.odd_ground, track.odd_ground_ms = f"told on the ground by {fix.source}, in flight", fix.at_ms
        return problem

    def _begin(self, fix: Fix) -> str | None:
        of_source = self._begun[fix.source] >= self.tracks_of_source_most
        if (of_source or len(self._tracks) >= self.tracks_most) and not self._make_room(fix, of_source):
            self._leave_out(fix.identity, fix.at_ms)
            return "more tracks than are held; the newest is left out"
        self._tracks[fix.identity] = begin(fix)
        self._begun[fix.source] += 1
        self._once.setdefault(fix.source, {})[fix.identity] = None
        self._unheld.pop(fix.identity, None)
        return None

    def _make_room(self, fix: Fix, of_source: bool) -> bool:
        """Lets a track of one report go, of the same source if that has too many, else of who has most such tracks."""
        source = fix.source if of_source else max(self._once, key=lambda each: len(self._once[each]), default="")
        name = next(iter(self._once.get(source, ())), None)
        if name is None:
            return False
        self._leave_out(name, self._tracks[name].fix.at_ms)
        self._drop(name)
        return True

    def _leave_out(self, name: str, at_ms: int) -> None:
        self.left_out += 1
        if len(self._unheld) < LEFT_OUT_MOST or name in self._unheld:
            self._unheld[name] = at_ms

    def _land(self, held: Track, fix: Fix) -> str | None:
        """One report from the ground may be an error; the second ends the track, if its aircraft can be down there."""
        problem = ground_problem(held, fix)
        if problem is not None:
            held.odd_ground, held.odd_ground_ms = problem, fix.at_ms
            return problem
        if fix.at_ms < held.told[fix.source].at_ms:
            return None
        held.ground_ms.setdefault(fix.source, fix.at_ms)
        if not may_be_in_the_air(held, fix):
            held.grounded, held.grounded_ms = held.grounded + 1, fix.at_ms
        if held.grounded >= GROUND_REPORTS:
            self._drop(fix.identity)
        return None

    def _forget(self, now_ms: int) -> None:
        dead_ms = self.lost_after_s * 1000
        for name in [name for name, each in self._tracks.items() if apart_ms(now_ms, each.fix.at_ms) > dead_ms]:
            self._drop(name)
        for each in self._tracks.values():
            if each.claims:
                each.claims = [
                    claim for claim in each.claims if apart_ms(now_ms, claim.fix.at_ms) <= self._kept_ms(claim)
                ]
        if self._unheld:
            self._unheld = {name: at_ms for name, at_ms in self._unheld.items() if apart_ms(now_ms, at_ms) <= dead_ms}

    def _kept_ms(self, claim: Track) -> float:
        return 1000 * (self.lost_after_s if claim.fits >= BORNE_OUT else self.claim_lost_after_s)

    def _drop(self, name: str) -> None:
        source = self._tracks.pop(name).first_source
        self._once.get(source, {}).pop(name, None)
        self._begun[source] -= 1
        if not self._begun[source]:
            del self._begun[source]
            self._once.pop(source, None)


def _column(rows: Sequence[Track], of: Callable[[Track], float]) -> Floats:
    return np.fromiter(map(of, rows), float, len(rows))


def _age_s(now_ms: int, told_ms: Floats) -> Floats:
    """As `apart_ms`."""
    age_ms = now_ms - told_ms
    return np.where(age_ms >= 0, age_ms, np.where(age_ms >= -AHEAD_MS, 0.0, -age_ms)) / 1000


def _air(now_ms: int, rows: list[Track], marks: NDArray[np.int64]) -> Air:
    count = len(rows)
    latitude, longitude = (
        _column(rows, lambda row: row.fix.latitude_deg),
        _column(rows, lambda row: row.fix.longitude_deg),
    )
    speed, course = _column(rows, lambda row: row.speed_mps), _column(rows, lambda row: row.track_deg)
    placed_ms = _column(rows, lambda row: row.placed_ms)
    age = _age_s(now_ms, placed_ms)
    is_led = ~np.isnan(speed + course)
    velocity = velocities_mps(latitude, longitude, np.where(is_led, course, 0.0), np.where(is_led, speed, 0.0))
    place = places_m(latitude, longitude) + velocity * age[:, None]
    is_contested = np.fromiter((row.is_contested for row in rows), bool, count)
    differ_m = _column(rows, lambda row: row.differ_m)
    told = _column(rows, lambda row: row.fix.doubt_m)
    doubt = told + _flown_m(speed, course, age) + CONTESTED_M * is_contested + differ_m
    climb = np.nan_to_num(_column(rows, lambda row: row.climb_mps))
    nominal, wide = _heights(now_ms, rows, marks)
    return Air(
        now_ms,
        rows,
        marks,
        placed_ms,
        age,
        _age_s(now_ms, _column(rows, lambda row: row.fix.at_ms)),
        is_contested | (differ_m > 0),
        Motion(place, velocity, *nominal, climb, np.zeros(count)),
        Motion(place, velocity, *wide, climb, doubt),
    )


def _flown_m(speed: Floats, course: Floats, age: Floats) -> Floats:
    """How far from where it leads each may be by now: by turns and changes of speed, or because nobody knows either."""
    turned = np.minimum((np.nan_to_num(speed) + GATHERED_MPS) * age, BANK_MPS2 / 2 * age * age)
    unled = np.where(np.isnan(speed), UNTOLD_MPS, speed) * age
    return np.where(np.isnan(speed), unled, np.where(np.isnan(course), unled + turned, turned))


Edges = tuple[Floats, Floats]


def _heights(now_ms: int, rows: list[Track], marks: NDArray[np.int64]) -> tuple[Edges, Edges]:
    """Bands by datum: as each height leads on, and as wide as it may be, carried into the other datum if need be."""
    count = len(rows)
    height = np.array([row.height_m for row in rows], float).reshape(count, DATUMS)
    height_ms = np.array([row.height_ms for row in rows], float).reshape(count, DATUMS)
    climb = _column(rows, lambda row: row.climb_mps)[:, None]
    heard_ms = _column(rows, lambda row: row.fix.at_ms)[:, None]
    doubt = _column(rows, lambda row: row.fix.height_doubt_m)[:, None] * np.array([0.0, 1.0])
    age = _age_s(now_ms, height_ms)
    known = ~np.isnan(height) & (age <= HEIGHT_KNOWN_S)
    height = np.where(known, height, 0.0)
    led = height + np.nan_to_num(climb) * np.where(known, age, 0.0)
    is_held = (height_ms >= heard_ms) & ~np.isnan(climb)
    spread = np.where(is_held, LEVEL_DOUBT_MPS, CLIMB_DOUBT_MPS) * age + doubt
    low, high = np.minimum(led, height) - spread, np.maximum(led, height) + spread
    for row in np.flatnonzero(marks & Mark.ODD_HEIGHT):
        odd = rows[row].odd
        if odd is not None:
            low[row, odd[0]], high[row, odd[0]] = min(low[row, odd[0]], odd[1]), max(high[row, odd[0]], odd[1])
    return (np.where(known, led, -np.inf), np.where(known, led, np.inf)), carried(known, low, high)
