"""Makes the plain report of a moment from what the watch holds. Loads compiled arithmetic."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from comity.airspace.picture import Air
from comity.airspace.sphere import places_deg
from comity.airspace.track import DATUM_NAMES
from comity.views.sky.alerts import Alert
from comity.views.sky.known import Known
from comity.views.sky.report import ALERTS_MOST, GRAVITY, TRACKS_MOST, About, AirReport, AlertRow, TrackRow
from comity.views.sky.separation import WORDS
from comity.views.sky.watch import Moment, said


@dataclass(slots=True)
class Numbers:
    """The number of each alert that stands; a number is given once."""

    _numbers: dict[tuple[str, ...], int] = field(default_factory=dict)
    _given: int = 0

    def of(self, alerts: Iterable[Alert]) -> list[tuple[int, Alert]]:
        """The alerts with their numbers; those that stand no more are forgotten."""
        before, self._numbers, found = self._numbers, {}, []
        for alert in alerts:
            number = before.get(alert.finding.key)
            if number is None:
                self._given += 1
                number = self._given
            self._numbers[alert.finding.key] = number
            found.append((number, alert))
        return found


def report(moment: Moment, known: Known, numbers: Numbers, refused: int = 0) -> AirReport:
    """The moment, the gravest alerts and the tracks that they name first; sources are added by who reads them."""
    alerts = sorted(numbers.of(moment.heard.standing), key=lambda each: (GRAVITY[each[1].severity], each[0]))
    about = _about(known)
    losses = sum(alert.finding.kind == "loss" for _, alert in alerts)
    named = {name for _, alert in alerts for name in alert.finding.identities}
    air = moment.air
    rows = sorted(
        range(len(air.tracks)), key=lambda row: (air.tracks[row].identity not in named, row not in moment.tied)
    )
    return AirReport(
        at_ms=air.at_ms,
        said=said(air, losses),
        tracks=_tracks(moment, known, rows[:TRACKS_MOST]),
        tracks_left_out=max(0, len(rows) - TRACKS_MOST),
        alerts=tuple(_alert(number, alert, about) for number, alert in alerts[:ALERTS_MOST]),
        alerts_left_out=max(0, len(alerts) - ALERTS_MOST),
        refused=refused,
    )


def _tracks(moment: Moment, known: Known, rows: list[int]) -> tuple[TrackRow, ...]:
    air = moment.air
    places = places_deg(air.nominal.place_m[rows]).tolist() if rows else []
    return tuple(_track(moment, known, row, place) for row, place in zip(rows, places, strict=True))


def _track(moment: Moment, known: Known, row: int, place: list[float]) -> TrackRow:
    air, tie = moment.air, moment.tied.get(row)
    track = air.tracks[row]
    height_m, datum = _height(air, row)
    return TrackRow(
        identity=track.identity,
        source=track.fix.source,
        latitude_deg=round(place[0], 5),
        longitude_deg=round(place[1], 5),
        age_s=round(float(air.age_s[row]), 1),
        callsign=track.callsign,
        code=track.code,
        height_m=height_m,
        datum=datum,
        speed_mps=round(track.speed_mps, 1),
        track_deg=round(track.track_deg, 1),
        climb_mps=round(track.climb_mps, 1),
        doubts=tuple(words for mark, words in WORDS.items() if air.marks[row] & mark),
        flight="" if tie is None else known.expected[tie.flight].name,
        tied_by="" if tie is None else tie.strength,
    )


def _height(air: Air, row: int) -> tuple[float | None, str]:
    """The height in the first datum in which it is known."""
    for datum, name in enumerate(DATUM_NAMES):
        height_m = float(air.nominal.low_m[row, datum])
        if math.isfinite(height_m):
            return round(height_m, 1), name
    return None, ""


def _about(known: Known) -> Mapping[str, About]:
    """What each thing is that an alert can name."""
    found: dict[str, About] = {area.id: "area" for area in known.areas}
    return found | {flight.id: "movement" if flight.is_exempt else "flight" for flight in known.expected}


def _alert(number: int, alert: Alert, about: Mapping[str, About]) -> AlertRow:
    finding = alert.finding
    return AlertRow(
        number=number,
        kind=finding.kind,
        severity=alert.severity,
        since_ms=alert.since_ms,
        at_ms=alert.at_ms,
        identities=finding.identities,
        reason=finding.reason,
        clause=finding.clause,
        age_s=round(finding.age_s, 1),
        thing=finding.thing,
        about=about.get(finding.thing, ""),
        doubts=finding.doubts,
        tied_by=finding.strength,
        horizontal_m=finding.horizontal_m,
        vertical_m=finding.vertical_m,
        in_s=finding.in_s,
    )
