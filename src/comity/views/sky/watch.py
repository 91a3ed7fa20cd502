"""The watch: everything known of the air, held against everything agreed, once a moment.

Pure: the picture, what the log knows and the memory are handed in. It never says "clear": it says what it knows of, how
old the oldest of it is, and from which sources.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from comity.airspace.picture import Air, Picture
from comity.airspace.sphere import FT_M
from comity.airspace.track import DATUM_NAMES, FASTEST_MPS, Mark, Track
from comity.views.sky.alerts import Finding, Heard, Kind, Memory
from comity.views.sky.inside import Corridors, answers
from comity.views.sky.known import VAGUE_M, Expected, Known
from comity.views.sky.landing import last_landing, told_down
from comity.views.sky.minima import Minima
from comity.views.sky.places import areas_entered, conformance, finding, surely_back, terminal_rows
from comity.views.sky.separation import separation
from comity.views.sky.ties import Tie, several, ties

SAID = Mark.CLAIM | Mark.TWO | Mark.FROZEN | Mark.ODD_HEIGHT | Mark.ODD_GROUND | Mark.DIFFER


@dataclass(slots=True)
class Watched:
    """What the watch remembers: since when it looks, alerts, when each expected flight was last seen by a tie, as which
    track, and which were off; of flights that an earlier watch saw landing, its words."""

    begun_ms: int = -1
    memory: Memory = field(default_factory=Memory)
    seen_ms: dict[str, int] = field(default_factory=dict)
    seen_as: dict[str, Track] = field(default_factory=dict)
    off: set[str] = field(default_factory=set)
    landing: dict[str, str] = field(default_factory=dict)

    def shift(self, by_ms: int) -> None:
        """The clock stepped by so much: what is remembered moves with it."""
        self.begun_ms += by_ms
        self.seen_ms = {name: at_ms + by_ms for name, at_ms in self.seen_ms.items()}
        self.memory.shift(by_ms)


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment of the watch: the air, who is tied to what, and the alerts; of crowds how many pairs were counted and
    not named, and how many were not even looked at."""

    air: Air
    tied: dict[int, Tie]
    heard: Heard
    counted: int = 0
    omitted: int = 0


def look(picture: Picture, known: Known, minima: Minima, held: Watched, now_ms: int) -> Moment:
    """Holds the picture against what is known at `now_ms`; moments come in order."""
    picture.old_after_s, picture.lost_after_s = minima.fresh_s, minima.forgotten_s
    air = picture.air(now_ms)
    held.begun_ms = now_ms if held.begun_ms < 0 else held.begun_ms
    held.memory.calm_s = minima.calm_s
    apart = separation(air, minima, terminal_rows(air, known.airfields, minima), held.memory.keys())
    findings = apart.findings
    tied: dict[int, Tie] = {}
    if known.areas or known.expected:
        here = answers(air, known.fence, 0.0)
        near = answers(air, known.fence, minima.near_area_m) if known.areas else here
        tied = ties(air, known, Corridors(here, len(known.areas)))
        findings.extend(areas_entered(air, known, minima, here, near, tied))
        strayed = list(conformance(air, known, minima, here, tied))
        findings.extend(strayed)
        findings.extend(_returned(air, known, minima, held, strayed, surely_back(air, known, here, tied)))
        findings.extend(_missing(air, known, minima, tied, held))
        findings.extend(_claimed_twice(air, known, minima, tied))
    findings.extend(_doubts(air, minima))
    return Moment(air, tied, held.memory.hear(findings, now_ms), apart.counted, apart.omitted)


def said(moment: Moment) -> str:
    """The sentence that stands where others say "clear": what stands, among how many tracks, how old, from where."""
    air = moment.air
    sources = sorted({track.fix.source for track in air.tracks})
    tracks = len({track.identity for track in air.tracks})
    oldest_s = float(np.max(air.age_s)) if tracks else 0.0
    known = conflicts_text(alert.finding.kind for alert in moment.heard.standing)
    among = f"{tracks} track{'s' * (tracks != 1)}, oldest {oldest_s:.0f} s, sources {', '.join(sources) or 'none'}"
    crowds = f"; {crowds_text(moment.counted, moment.omitted)}" if moment.counted else ""
    return f"{known} among {among}{crowds}"


def crowds_text(counted: int, omitted: int) -> str:
    """What of crowds was left out, in words."""
    return f"of crowds {counted:,} pairs counted and not named" + (f" and {omitted:,} not looked at" if omitted else "")


def conflicts_text(kinds: Iterable[Kind], known: str = "known") -> str:
    """Conflicts between tracks by what is sure of them; what is only possible or predicted is never left out."""
    counts = Counter(kinds)
    losses = counts["loss"]
    sure = f"{losses} conflict{'s' * (losses > 1)} {known}" if losses else f"no conflict {known}"
    others = (("possible", counts["possible-loss"]), ("predicted", counts["predicted-loss"]))
    return ", ".join([sure, *(f"{count} {word}" for word, count in others if count)])


def _returned(
    air: Air, known: Known, minima: Minima, held: Watched, strayed: list[Finding], back: dict[str, int]
) -> Iterator[Finding]:
    """Flights that were off, and are surely back."""
    held.off.intersection_update(flight.id for flight in known.expected)
    now_off = {each.thing for each in strayed}
    for flight in known.expected:
        if flight.id in held.off and flight.id in back and flight.id not in now_off:
            held.off.discard(flight.id)
            row = back[flight.id]
            reason = f"{air.tracks[row].identity}, tied to {flight.name}, is back in its corridor, band and window"
            yield finding(air, row, "back", reason, minima.clause("deviation"), flight.id)
    held.off |= now_off


def _missing(air: Air, known: Known, minima: Minima, tied: dict[int, Tie], held: Watched) -> Iterator[Finding]:
    """Flights that were seen and are not any more, and flights past their window."""
    ids = {flight.id for flight in known.expected}
    held.seen_ms = {name: at_ms for name, at_ms in held.seen_ms.items() if name in ids}
    held.seen_as = {name: track for name, track in held.seen_as.items() if name in ids}
    for row, number in ((row, number) for row, tie in tied.items() for number in (tie.flight, *tie.also)):
        name = known.expected[number].id
        if int(air.placed_ms[row]) >= held.seen_ms.get(name, 0):
            held.seen_ms[name], held.seen_as[name] = int(air.placed_ms[row]), air.tracks[row]
    for flight in known.expected:
        seen_ms = held.seen_ms.get(flight.id)
        name = flight.address or flight.callsign or flight.name
        yield from _silent(air, known, minima, flight, name, held)
        if air.at_ms / 1000 > flight.until_s:
            late_s = air.at_ms / 1000 - flight.until_s
            never = " and was never seen" if seen_ms is None else ""
            reason = f"{flight.name} is {late_s / 60:.0f} min past its window, not closed{never}; it still has its air"
            yield Finding("overdue", (name,), air.at_ms, reason, minima.clause("overdue"), flight.id)


def _silent(air: Air, known: Known, minima: Minima, flight: Expected, name: str, held: Watched) -> Iterator[Finding]:
    """A flight that was seen and is not any more, or has departed and was never seen: down, landing when it was last
    heard, or lost. A watch that has begun anew says so once it has listened for as long, or if it was said before."""
    seen_ms, track = held.seen_ms.get(flight.id), held.seen_as.get(flight.id)
    if seen_ms is None and flight.departed_ms is None:
        return
    since_ms = max(flight.departed_ms or 0, held.begun_ms) if seen_ms is None else seen_ms
    silent_s = (air.at_ms - since_ms) / 1000
    has_listened = air.at_ms - held.begun_ms > minima.lost_s * 1000
    is_said = any(held.memory.stands((kind, flight.id, name)) for kind in ("lost", "landing"))
    down = None if track is None else told_down(track, flight, known.airfields)
    if down is not None:
        yield Finding("landing", (name,), air.at_ms, down, minima.clause("landing"), flight.id, age_s=silent_s)
    elif silent_s > minima.lost_s and (has_listened or is_said):
        landing = held.landing.get(flight.id)
        if track is not None:
            landing = last_landing(track, flight, known.airfields, minima)
        kind: Kind = "lost" if landing is None else "landing"
        never = " departed and" if seen_ms is None else ""
        why = landing or f"{flight.name} has{never} not been seen for {silent_s:.0f} s; it may be anywhere ahead"
        yield Finding(kind, (name,), air.at_ms, why, minima.clause(kind), flight.id, age_s=silent_s)


def _claimed_twice(air: Air, known: Known, minima: Minima, tied: dict[int, Tie]) -> Iterator[Finding]:
    for number, rows in several(air, tied):
        names = tuple(sorted({air.tracks[row].identity for row in rows}))
        flight = known.expected[number]
        reason = f"{' and '.join(names)} both go as {flight.name}, by {tied[rows[0]].strength}"
        reported_ms = max(air.tracks[row].fix.at_ms for row in rows)
        yield Finding("identity", names, reported_ms, reason, minima.clause("identity"), flight.id, rows=rows)


def _doubts(air: Air, minima: Minima) -> Iterator[Finding]:
    for row in np.flatnonzero((air.wide.doubt_m > VAGUE_M) & (air.heard_s <= minima.lost_s)).tolist():
        far_km = air.wide.doubt_m[row] / 1000
        reason = f"{air.tracks[row].identity} tells its place to no better than {far_km:.0f} km: held against nothing"
        yield finding(air, row, "implausible", reason, minima.clause("implausible"), "doubt")
    for row in np.flatnonzero(air.marks & SAID).tolist():
        mark, track = int(air.marks[row]), air.tracks[row]
        if mark & Mark.CLAIM:
            reason = (
                f"{track.identity} tells a place {track.jump_m / 1000:.1f} km from its last one {track.jump_s:.0f} s "
                f"before; nothing flies over {FASTEST_MPS:.0f} m/s, or so suddenly aside"
            )
            yield finding(air, row, "implausible", reason, minima.clause("implausible"), "place")
        if mark & Mark.TWO and not mark & Mark.OLD:
            reason = f"{track.identity} is told at two places by turns: two aircraft under one identity, or a lie"
            yield finding(air, row, "identity", reason, minima.clause("identity"), "two")
        if mark & Mark.FROZEN:
            reason = (
                f"{track.identity} tells one place for {air.age_s[row]:.0f} s and {track.speed_mps:.0f} m/s; "
                "it is watched as if it flew on"
            )
            yield finding(air, row, "implausible", reason, minima.clause("implausible"), "frozen")
        if mark & Mark.ODD_HEIGHT and track.odd is not None:
            datum, height_m, _ = track.odd
            reason = (
                f"{track.identity} tells a {DATUM_NAMES[datum]} of {height_m / FT_M:.0f} ft after "
                f"{track.height_m[datum] / FT_M:.0f} ft; nothing climbs so fast"
            )
            yield finding(air, row, "implausible", reason, minima.clause("implausible"), "height")
        if mark & Mark.ODD_GROUND:
            reason = f"{track.identity} is {track.odd_ground}; it is watched as in the air"
            yield finding(air, row, "implausible", reason, minima.clause("implausible"), "ground")
        if mark & Mark.DIFFER and not mark & Mark.OLD:
            reason = (
                f"{' and '.join(sorted(track.differ_by))} tell {track.identity} at places {track.differ_m / 1000:.1f} "
                "km apart, more than they are in doubt: a source is wrong, or there are two"
            )
            yield finding(air, row, "identity", reason, minima.clause("identity"), "sources")
