"""Where tracks are that should be elsewhere: areas entered or neared, flights off their corridor or out of their time.

Inside, outside or uncertain, never a guess: what is uncertain is said as such and is no alarm.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from comity.airspace.fence import INSIDE, Fence, presence
from comity.airspace.picture import Air, Mark
from comity.airspace.sphere import places_deg
from comity.views.sky.alerts import Finding, Kind
from comity.views.sky.known import Expected, Known, WatchedArea
from comity.views.sky.minima import Minima
from comity.views.sky.ties import Tie

Answers = Mapping[tuple[int, int], int]


def answers(air: Air, fence: Fence, added_m: float) -> Answers:
    """(row, room) -> INSIDE or UNCERTAIN, for all that are not outside, each track `added_m` wider than it is."""
    where = np.round(places_deg(air.wide.place_m) * 1e7).astype(np.int64)
    at_s = np.full(len(air.tracks), air.at_ms / 1000)
    found = presence(fence, where, air.wide.low_m, air.wide.high_m, air.wide.doubt_m + added_m, at_s)
    return dict(zip(zip(found.track.tolist(), found.area.tolist(), strict=True), found.answer.tolist(), strict=True))


def areas_entered(
    air: Air, known: Known, minima: Minima, here: Answers, near: Answers, tied: Mapping[int, Tie]
) -> Iterator[Finding]:
    """Tracks in or near an area that keeps them out, with the exemption that fails to cover them, if any."""
    for (row, room), _ in near.items():
        if room >= len(known.areas):
            continue
        area, tie = known.areas[room], tied.get(row)
        flight = known.expected[tie.flight] if tie is not None else None
        if not _kept_out(area, flight) or _covers(air, known, here, row, tie):
            continue
        answer = here.get((row, room))
        certain = answer == INSIDE and not air.marks[row] & Mark.CLAIM
        kind: Kind = "near-area" if not certain else "area" if area.lets_in == "exemption" else "undeclared"
        words = (
            "in" if certain else "perhaps in" if answer is not None else f"within {minima.near_area_m / 1000:g} km of"
        )
        reason = f"{air.tracks[row].identity} is {words} {area.id}; {_why(area, flight)}"
        yield finding(air, row, kind, reason, area.clause or minima.clause(kind), area.id)


def conformance(air: Air, known: Known, minima: Minima, here: Answers, tied: Mapping[int, Tie]) -> Iterator[Finding]:
    """Expected flights that are surely off their corridor or band, or fly before their window."""
    for row, tie in tied.items():
        flight = known.expected[tie.flight]
        told = f"{air.tracks[row].identity}, tied to {flight.name} by its {tie.strength},"
        if (row, len(known.areas) + tie.flight) not in here:
            reason = f"{told} is off its corridor or band"
            yield finding(air, row, "deviation", reason, minima.clause("deviation"), flight.id)
        elif air.at_ms / 1000 < flight.from_s:
            reason = f"{told} flies {flight.from_s - air.at_ms / 1000:.0f} s before its window"
            yield finding(air, row, "deviation", reason, minima.clause("deviation"), flight.id)


def terminal_rows(air: Air, fence: Fence | None) -> NDArray[np.bool_]:
    """Which rows are surely inside a terminal area."""
    rows = np.zeros(len(air.tracks), bool)
    if fence is not None:
        for (row, _), answer in answers(air, fence, 0.0).items():
            rows[row] |= answer == INSIDE
    return rows


def finding(air: Air, row: int, kind: Kind, reason: str, clause: str, thing: str) -> Finding:
    """A finding about one track."""
    track = air.tracks[row]
    return Finding(kind, (track.identity,), track.fix.at_ms, reason, clause, thing, age_s=float(air.age_s[row]))


def _kept_out(area: WatchedArea, flight: Expected | None) -> bool:
    if area.keeps_out is None or flight is None:
        return True  # of a flight that nobody declared the operator is not known
    return flight.operator in area.keeps_out


def _covers(air: Air, known: Known, here: Answers, row: int, tie: Tie | None) -> bool:
    """Whether the track is the flight that has leave, in its corridor and not before its window."""
    if tie is None:
        return False
    flight = known.expected[tie.flight]
    in_corridor = (row, len(known.areas) + tie.flight) in here
    return flight.is_exempt and in_corridor and air.at_ms / 1000 >= flight.from_s


def _why(area: WatchedArea, flight: Expected | None) -> str:
    if flight is None:
        return f"no {area.lets_in} is known that covers it"
    return f"{flight.name} does not cover it there" if math.isfinite(flight.until_s) else f"{flight.name} has no end"
