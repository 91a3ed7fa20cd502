"""One aircraft as its reports tell it, and what of them is hard to believe.

What moves it stands in `following`, what several sources make of it in `tellers`, what ends it on the ground in
`grounding`. A speed, course or climb that nobody has told or measured is NaN, never zero.
Marks are words about reports, never findings of a breach.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

import msgspec

from comity.airspace.fix import Fix

FASTEST_MPS = 420.0  # over ground, faster than any transport with the strongest wind behind it
UNTOLD_MPS = 300.0  # an airliner's speed, for what does not tell its own
FROZEN_MS = 45_000
FROZEN_REPORTS = 3
FROZEN_MPS = 30.0
STANDING_MPS = 5.0
BORNE_OUT = 3  # so many reports that fit a claim make it as good as a track
SOON_MS = 20_000
AHEAD_MS = 2_000  # what is told of a later time than so long after now was told by another clock: it is old
UNLED_MS = 1_000  # for so long a place without a speed and course is of now
ODD_GROUND_MS = 60_000
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
    ODD_GROUND: Final = 64  # told on the ground, where or when it cannot be
    DIFFER: Final = 128  # two sources tell places that lie farther apart than they are in doubt
    NO_COURSE: Final = 256  # where it has flown since it was told is not known


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
    told: dict[str, Fix]  # by source, its newest report of it in the air
    repeats: int = 1
    odd: tuple[int, float, int] | None = None  # datum, metres and time of a height that could not be reached
    differ_m: float = 0.0  # how far the newest reports of two sources lie apart, if too far
    differs: int = 0  # how many reports have differed so, one after the other
    differ_by: tuple[str, str] = ("", "")
    ground_ms: dict[str, int] = field(default_factory=dict)  # by source, its first report from the ground since
    grounded: int = 0  # reports from the ground that may be so, since the last one from the air
    grounded_ms: int = NEVER_MS
    odd_ground: str = ""
    odd_ground_ms: int = NEVER_MS
    claims: list[Track] = field(default_factory=list)
    fits: int = 0  # how many reports have borne this row out
    jump_m: float = 0.0
    jump_s: float = 0.0

    def marks(self, now_ms: int, old_after_s: float) -> int:
        """What is doubtful about the row itself, but for its being a claim."""
        marks: int = Mark.NONE
        age_ms = apart_ms(now_ms, self.placed_ms)
        if age_ms > old_after_s * 1000:
            marks |= Mark.OLD
        if self.repeats >= FROZEN_REPORTS and self.speed_mps >= FROZEN_MPS:
            marks |= Mark.FROZEN if self.fix.at_ms - self.placed_ms >= FROZEN_MS else Mark.NONE
        if self.fix.at_ms > max(self.height_ms):
            marks |= Mark.NO_HEIGHT
        if self.odd is not None:
            marks |= Mark.ODD_HEIGHT
        if abs(now_ms - self.odd_ground_ms) <= ODD_GROUND_MS:
            marks |= Mark.ODD_GROUND
        if self.differs >= BORNE_OUT:
            marks |= Mark.DIFFER
        if age_ms > UNLED_MS and not self.is_led:
            marks |= Mark.NO_COURSE
        if self.claims and any(each.fits >= BORNE_OUT and self._are_both_told(each) for each in self.claims):
            marks |= Mark.TWO
        return marks

    @property
    def is_led(self) -> bool:
        """Whether it is known how it flies, or that it stands."""
        return self.speed_mps < STANDING_MPS or not math.isnan(self.speed_mps + self.track_deg)

    @property
    def is_contested(self) -> bool:
        """Whether the newest report told another place than where the track leads."""
        return bool(self.claims) and any(each.fix.at_ms > self.fix.at_ms for each in self.claims)

    def shift(self, by_ms: int) -> None:
        """Moves all its times, and those of its claims, to a clock that stepped by so much."""

        def moved(fix: Fix) -> Fix:
            return msgspec.structs.replace(fix, at_ms=fix.at_ms + by_ms, arrived_ms=fix.arrived_ms + by_ms)

        self.fix, self.anchor, self.steered = moved(self.fix), moved(self.anchor), moved(self.steered)
        self.placed_ms += by_ms
        self.height_ms = [each + by_ms for each in self.height_ms]
        self.told = {source: moved(fix) for source, fix in self.told.items()}
        self.ground_ms = {source: at_ms + by_ms for source, at_ms in self.ground_ms.items()}
        self.grounded_ms += by_ms
        self.odd_ground_ms += by_ms
        if self.odd is not None:
            self.odd = (*self.odd[:2], self.odd[2] + by_ms)
        for claim in self.claims:
            claim.shift(by_ms)

    def _are_both_told(self, claim: Track) -> bool:
        return abs(claim.fix.at_ms - self.fix.at_ms) <= SOON_MS


def apart_ms(now_ms: int, told_ms: int) -> int:
    """How old what was told then is: what is far ahead of now was told by another clock, and is old, not new."""
    age_ms = now_ms - told_ms
    return age_ms if age_ms >= 0 else 0 if age_ms >= -AHEAD_MS else -age_ms
