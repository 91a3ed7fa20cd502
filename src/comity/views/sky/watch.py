"""The watch: everything known of the air, held against everything agreed, once a moment.

Pure: the picture, what the log knows and the memory are handed in. It never says "clear": it says what it knows of, how
old the oldest of it is, and from which sources.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from comity.airspace.fence import Fence
from comity.airspace.picture import Air, Mark, Picture
from comity.views.sky.alerts import Finding, Heard, Kind, Memory
from comity.views.sky.known import Known
from comity.views.sky.minima import Minima
from comity.views.sky.places import answers, areas_entered, conformance, finding, terminal_rows
from comity.views.sky.separation import WORDS, separation
from comity.views.sky.ties import Tie, ties


@dataclass(slots=True)
class Watched:
    """What the watch remembers: alerts, and when each expected flight was last seen by a tie."""

    memory: Memory = field(default_factory=Memory)
    seen_ms: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment of the watch: the air, who is tied to what, and the alerts."""

    air: Air
    tied: dict[int, Tie]
    heard: Heard


def look(picture: Picture, known: Known, minima: Minima, terminal: Fence | None, held: Watched, now_ms: int) -> Moment:
    """Holds the picture against what is known at `now_ms`; moments come in order."""
    air = picture.air(now_ms)
    held.memory.calm_s = minima.calm_s
    findings = list(separation(air, minima, terminal_rows(air, terminal)))
    tied: dict[int, Tie] = {}
    if known.areas or known.expected:
        here = answers(air, known.fence, 0.0)
        near = answers(air, known.fence, minima.near_area_m) if known.areas else here
        count = len(known.areas)
        tied = ties(air, known, {(row, room - count) for row, room in here if room >= count})
        findings.extend(areas_entered(air, known, minima, here, near, tied))
        findings.extend(conformance(air, known, minima, here, tied))
        findings.extend(_missing(air, known, minima, tied, held))
    findings.extend(_doubts(air, minima))
    return Moment(air, tied, held.memory.hear(findings, now_ms))


def said(air: Air, conflicts: int) -> str:
    """The sentence that stands where others say "clear"."""
    sources = sorted({track.fix.source for track in air.tracks})
    oldest_s = float(np.max(air.age_s)) if len(air.tracks) else 0.0
    known = "no conflict known" if not conflicts else f"{conflicts} conflict{'s' * (conflicts > 1)} known"
    return f"{known} among {len(air.tracks)} tracks, oldest {oldest_s:.0f} s, sources {', '.join(sources) or 'none'}"


def _missing(air: Air, known: Known, minima: Minima, tied: dict[int, Tie], held: Watched) -> Iterator[Finding]:
    """Flights that were seen and are not any more, and flights past their window."""
    for row, tie in tied.items():
        flight = known.expected[tie.flight]
        held.seen_ms[flight.id] = max(held.seen_ms.get(flight.id, 0), air.tracks[row].fix.at_ms)
    for flight in known.expected:
        seen_ms = held.seen_ms.get(flight.id)
        name = (flight.address or flight.callsign or flight.name,)
        if seen_ms is not None and air.at_ms - seen_ms > minima.lost_s * 1000:
            reason = (
                f"{flight.name} has not been seen for {(air.at_ms - seen_ms) / 1000:.0f} s; it may be anywhere ahead"
            )
            yield Finding("lost", name, seen_ms, reason, minima.clause("lost"), flight.id)
        if air.at_ms / 1000 > flight.until_s:
            late_s = air.at_ms / 1000 - flight.until_s
            reason = f"{flight.name} is {late_s / 60:.0f} min past its window and not closed; it still has its air"
            yield Finding("overdue", name, air.at_ms, reason, minima.clause("overdue"), flight.id)


def _doubts(air: Air, minima: Minima) -> Iterator[Finding]:
    for row, mark in enumerate(air.marks):
        for doubt in (Mark.CLAIM, Mark.FROZEN, Mark.TWO):
            if mark & doubt:
                kind: Kind = "identity" if doubt is Mark.TWO else "implausible"
                reason = f"{air.tracks[row].identity} tells {WORDS[doubt]}"
                yield finding(air, row, kind, reason, minima.clause(kind), doubt.name or "")
