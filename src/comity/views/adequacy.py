"""Notice adequacy: whether a notice leaves the slowest declared flight that it affects the time to leave (Il-20).

A warning with its arithmetic, never a refusal. The time that a flight has runs from the notice to the first moment at
which both may be there; the way out is the farthest that it may have to the nearest edge.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from comity.airspace.leaving import NM_M, at_most_m, leave_m
from comity.model.history import View
from comity.model.records.flights import Flight, flights_in
from comity.model.spans import HOUR_MS, MINUTE_MS
from comity.model.terms import Terms
from comity.model.volume import Volume

MEASURED_MOST = 50


@dataclass(frozen=True, slots=True)
class Adequacy:
    """The time that a notice leaves a flight, and the time that the flight needs, with what that is made of."""

    flight: Flight
    lead_ms: int
    way_m: float
    speed_kt: int

    @property
    def needs_ms(self) -> int:
        """The time to fly the way out."""
        return round(self.way_m / NM_M / self.speed_kt * HOUR_MS)

    @property
    def enough(self) -> bool:
        """Whether the flight can be out in time."""
        return self.lead_ms >= self.needs_ms

    @property
    def text(self) -> str:
        """The arithmetic in words."""
        verdict = "in time" if self.enough else "too short"
        return (
            f"notice {verdict}: flight {self.flight.act.flight} of {self.flight.party} needs {_minutes(self.needs_ms)} "
            f"to leave ({self.way_m / NM_M:.1f} NM at {self.speed_kt} kt), notice leaves {_minutes(self.lead_ms)}"
        )


def notice_to(terms: Terms, one: Flight, volume: Volume, told_ms: int) -> Adequacy:
    """What a notice of a volume at that moment leaves a flight."""
    return _measured(_bound(terms, one, volume, told_ms), volume)


def surely_enough(terms: Terms, one: Flight, volume: Volume, told_ms: int) -> bool:
    """Whether a notice leaves a flight the time to leave even at the worst, found without measuring."""
    return _bound(terms, one, volume, told_ms).enough


def adequacy(view: View, terms: Terms, volume: Volume, party: str, told_ms: int) -> Adequacy | None:
    """What a notice by that party leaves the flight of another that is worst off, of those that may be worst by their
    boxes; None if it affects none."""
    if not terms.governed("flight.notice"):
        return None
    affected = (each for each in flights_in(view, volume, told_ms) if each.party != party)
    bounds = sorted((_bound(terms, each, volume, told_ms) for each in affected), key=_slack)
    found: list[Adequacy] = []
    for bound in bounds[:MEASURED_MOST]:
        if found and _slack(min(found, key=_slack)) <= _slack(bound):
            break
        found.append(_measured(bound, volume))
    return min(found, key=_slack, default=None)


def _slack(one: Adequacy) -> tuple[int, tuple[int, str, int, bytes]]:
    return one.lead_ms - one.needs_ms, one.flight.declaration.order


def _measured(bound: Adequacy, volume: Volume) -> Adequacy:
    return replace(bound, way_m=leave_m(bound.flight.act.volume.ring, volume.ring))


def _bound(terms: Terms, one: Flight, volume: Volume, told_ms: int) -> Adequacy:
    begins_ms = max(volume.window.from_ms, one.act.volume.window.from_ms)
    speed_kt = one.act.speed_kt or terms.number("leave_speed_kt")
    return Adequacy(one, max(0, begins_ms - told_ms), at_most_m(volume.ring), speed_kt)


def _minutes(span_ms: int) -> str:
    return f"{span_ms / MINUTE_MS:.1f} min"
