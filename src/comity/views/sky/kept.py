"""What a watch that is started anew goes on with: what the one before it said, and which flights it had seen when.

No place of any track is in it but those of alerts. It comes from a process that reads hostile feeds: whoever takes it
trusts its form and no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

import msgspec

from comity.model.spans import MINUTE_MS
from comity.views.sky.alerts import Alert, Finding, Kind
from comity.views.sky.report import AirReport, AlertRow

SAME_MS = 5 * MINUTE_MS  # after a longer pause what is found is another alert, which nobody has seen
KINDS: Mapping[str, Kind] = {kind: kind for kind in get_args(Kind)}


class Kept(msgspec.Struct, frozen=True):
    """A report with what people are not shown of it: how many numbers are given, when each flight was last seen (by
    its hash), and which were off their corridor."""

    report: AirReport = AirReport()
    given: int = 0
    seen_ms: dict[str, int] = {}
    off: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """An alert that stood, with its number."""

    number: int
    alert: Alert
    places: tuple[tuple[float, float], ...]


def standing(kept: Kept, now_ms: int) -> Iterator[Standing]:
    """What still stands of it, if the pause was short."""
    if not 0 <= now_ms - kept.report.at_ms <= SAME_MS:
        return
    for row in kept.report.alerts:
        if row.kind in KINDS and 0 < row.number <= kept.given:
            yield Standing(row.number, Alert(_finding(row, KINDS[row.kind]), row.since_ms, row.at_ms), row.places)


def landing(kept: Kept) -> dict[str, str]:
    """Of the flights that were said to be landing, the words."""
    return {row.thing: row.reason for row in kept.report.alerts if row.kind == "landing"}


def _finding(row: AlertRow, kind: Kind) -> Finding:
    return Finding(
        kind=kind,
        identities=row.identities,
        reported_ms=row.at_ms,
        words=row.reason,
        clause=row.clause,
        thing=row.thing,
        horizontal_m=row.horizontal_m,
        vertical_m=row.vertical_m,
        in_s=row.in_s,
        age_s=row.age_s,
        doubts=row.doubts,
        strength=row.tied_by,
    )
