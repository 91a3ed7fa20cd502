"""Where tracks are that should be elsewhere: areas entered or neared, flights off their corridor or out of their time.

Inside, outside or uncertain, never a guess: what is uncertain is said as such and is no alarm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from comity.airspace.fence import INSIDE
from comity.airspace.picture import Air
from comity.airspace.sphere import places_deg
from comity.airspace.track import PRESSURE, Mark
from comity.views.sky.alerts import Finding, Kind
from comity.views.sky.inside import Answers
from comity.views.sky.known import VAGUE_M, Expected, Known, WatchedAirfield, WatchedArea
from comity.views.sky.minima import Minima
from comity.views.sky.off import off
from comity.views.sky.ties import Tie

AREAS_NAMED = 3  # of those that a track may be in, or is near, and of each kind
SEVERAL = "several areas"


def areas_entered(
    air: Air, known: Known, minima: Minima, here: Answers, near: Answers, tied: Mapping[int, Tie]
) -> Iterator[Finding]:
    """Tracks in or near an area that keeps them out, with the exemption that fails to cover them, if any.

    What a track is surely in is named one by one; what it only may be in, or is near, as far as it is not too much.
    """
    for row, numbers, more in near.areas(len(known.areas), here):
        unclassed: dict[str, list[WatchedArea]] = {}
        unsure: dict[Kind, list[Finding]] = {}
        for number in numbers:
            area, tie = known.areas[number], tied.get(row)
            flight = known.expected[tie.flight] if tie is not None else None
            answer = here.get((row, number))
            if not _kept_out(area, flight) or _covers(air, known, area, here, row, tie):
                continue
            if area.classes is not None and (flight is None or not flight.aircraft_class):
                if answer is not None:
                    unclassed.setdefault(area.line, []).append(area)
                continue
            found = _entered(air, minima, area, row, answer, tie, flight)
            if answer == INSIDE and found.kind != "possible-area":
                yield found
            else:
                unsure.setdefault(found.kind, []).append(found)
        for each in unsure.values():
            yield from each if len(each) <= AREAS_NAMED else (_several(air, row, each, more),)
        for line, areas in unclassed.items():
            yield _of_unknown_class(air, minima, row, line, areas)


def conformance(air: Air, known: Known, minima: Minima, here: Answers, tied: Mapping[int, Tie]) -> Iterator[Finding]:
    """Expected flights that are surely off their corridor or band, or fly before their window."""
    for row, tie in tied.items():
        flight = known.expected[tie.flight]
        told = f"{air.tracks[row].identity}, tied to {flight.name} by its {tie.strength},"
        if air.wide.doubt_m[row] > VAGUE_M:
            continue
        if (row, len(known.areas) + tie.flight) not in here:
            yield _deviation(air, minima, row, flight, told, tie)
        elif air.at_ms / 1000 < flight.from_s:
            reason = f"{told} flies {flight.from_s - air.at_ms / 1000:.0f} s before its window"
            yield finding(air, row, "deviation", reason, minima.clause("deviation"), flight.id, tie.strength)


def surely_back(air: Air, known: Known, here: Answers, tied: Mapping[int, Tie]) -> dict[str, int]:
    """By expected flight the row that is surely in its corridor, band and window."""
    return {
        known.expected[tie.flight].id: row
        for row, tie in tied.items()
        if here.get((row, len(known.areas) + tie.flight)) == INSIDE
        and air.at_ms / 1000 >= known.expected[tie.flight].from_s
    }


def terminal_rows(air: Air, airfields: Sequence[WatchedAirfield], minima: Minima) -> NDArray[np.bool_]:
    """Which rows are surely inside a terminal area: a disc around an airfield, up to so much above it."""
    rows = np.zeros(len(air.tracks), bool)
    high_m = air.wide.high_m[:, PRESSURE]
    for airfield in airfields:
        far_m = np.linalg.norm(air.wide.place_m - np.array(airfield.place_m), axis=1) + air.wide.doubt_m
        rows |= (far_m < minima.terminal_radius_m) & (high_m < airfield.elevation_m + minima.terminal_ceiling_m)
    return rows


def finding(air: Air, row: int, kind: Kind, reason: str, clause: str, thing: str, strength: str = "") -> Finding:
    """A finding about one track."""
    track = air.tracks[row]
    age_s, needs = float(air.age_s[row]), 2 if kind == "near-area" else 1
    name = (track.identity,)
    return Finding(
        kind, name, track.fix.at_ms, reason, clause, thing, age_s=age_s, strength=strength, needs=needs, rows=(row,)
    )


def _entered(
    air: Air, minima: Minima, area: WatchedArea, row: int, answer: int | None, tie: Tie | None, flight: Expected | None
) -> Finding:
    kind, words = _presence(air, minima, area, row, answer)
    reason = f"{air.tracks[row].identity} is {words} {area.id}; {_why(area, flight)}"
    strength = tie.strength if tie is not None else ""
    return finding(air, row, kind, reason, area.clause or minima.clause(kind), area.id, strength)


def _several(air: Air, row: int, found: Sequence[Finding], more: int) -> Finding:
    """One finding for many areas of one track, as vague as it is."""
    names = ", ".join(each.thing for each in found[:AREAS_NAMED])
    others = f"{len(found) - AREAS_NAMED + more} more"
    where = "near" if found[0].kind == "near-area" else "perhaps in"
    doubt = f"; its place is known to {air.wide.doubt_m[row] / 1000:.1f} km"
    reason = f"{air.tracks[row].identity} is {where} {names} and {others}{doubt}"
    return finding(air, row, found[0].kind, reason, found[0].clause, SEVERAL, found[0].strength)


def _presence(air: Air, minima: Minima, area: WatchedArea, row: int, answer: int | None) -> tuple[Kind, str]:
    if answer is None:
        return "near-area", f"within {minima.near_area_m / 1000:g} km of"
    if answer == INSIDE and not air.marks[row] & Mark.CLAIM:
        return "area" if area.lets_in == "exemption" else "undeclared", "in"
    doubt_m = float(air.wide.doubt_m[row])
    place = f", its place being known to {doubt_m / 1000:.1f} km," if doubt_m >= 100 else ""
    height = ", its height being unknown," if not np.isfinite(air.wide.low_m[row]).any() else ""
    return "possible-area", f"perhaps{place}{height} in"


def _of_unknown_class(air: Air, minima: Minima, row: int, line: str, areas: Sequence[WatchedArea]) -> Finding:
    """A track where some classes may not be, and nobody told of what class it is: one word for all of one line."""
    classes = " and ".join(sorted({name for area in areas for name in area.classes or ()}))
    doubt_m = float(air.wide.doubt_m[row])
    place = f", and its place to {doubt_m / 1000:.1f} km" if doubt_m >= 100 else ""
    reason = (
        f"{air.tracks[row].identity} is, or may be, nearer to the line {line} than {classes} may be; "
        f"its class is not known{place}; no exemption is known that covers it"
    )
    clause = areas[0].clause or minima.clause("possible-area")
    made = finding(air, row, "possible-area", reason, clause, f"distances from the line {line}")
    return replace(made, doubts=("its class is not known",))


def _deviation(air: Air, minima: Minima, row: int, flight: Expected, told: str, tie: Tie) -> Finding:
    lat, lon = np.round(places_deg(air.wide.place_m[row : row + 1])[0] * 1e7).astype(int).tolist()
    aside_m, above_m = off(flight.room, (lat, lon), air.wide.low_m[row].tolist(), air.wide.high_m[row].tolist())
    words = []
    if aside_m:
        far = f"{aside_m / 1000:.1f} km" if aside_m >= 950 else f"{aside_m:.0f} m"
        words.append(f"{far} off its corridor")
    if above_m:
        words.append(f"{abs(above_m):.0f} m {'above' if above_m > 0 else 'below'} its band")
    reason = f"{told} is {' and '.join(words) or 'off its corridor or band'}"
    made = finding(air, row, "deviation", reason, minima.clause("deviation"), flight.id, tie.strength)
    return replace(made, horizontal_m=aside_m, vertical_m=above_m)


def _kept_out(area: WatchedArea, flight: Expected | None) -> bool:
    if flight is None:
        return True  # of a flight that nobody declared neither operator nor class is known
    if area.classes is not None and flight.aircraft_class:
        return flight.aircraft_class in area.classes
    return area.keeps_out is None or flight.operator in area.keeps_out


def _covers(air: Air, known: Known, area: WatchedArea, here: Answers, row: int, tie: Tie | None) -> bool:
    """Whether the track is the flight that has leave, in its corridor and not before its window."""
    if tie is None:
        return False
    flight = known.expected[tie.flight]
    if not _has_leave(area, flight):
        return False
    in_corridor = (row, len(known.areas) + tie.flight) in here
    return in_corridor and air.at_ms / 1000 >= flight.from_s


def _has_leave(area: WatchedArea, flight: Expected) -> bool:
    return area.lets_in == "declaration" or flight.is_exempt or flight.id in area.lets_through


def _why(area: WatchedArea, flight: Expected | None) -> str:
    if flight is None:
        return f"no {area.lets_in} is known that covers it"
    if not _has_leave(area, flight):
        as_what = f" as {flight.aircraft_class}" if area.classes is not None else ""
        return f"{flight.name} is declared{as_what}, not exempt"
    return f"{flight.name} does not cover it there and then"
