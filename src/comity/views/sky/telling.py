"""Makes the plain report of a moment from what the watch holds. Loads compiled arithmetic."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

import msgspec
import numpy as np

from comity.airspace.picture import Air
from comity.airspace.sphere import places_deg
from comity.airspace.track import DATUM_NAMES
from comity.views.sky.alerts import Alert
from comity.views.sky.kept import Kept, standing
from comity.views.sky.known import Known
from comity.views.sky.pair_words import WORDS
from comity.views.sky.report import ALERTS_MOST, GRAVITY, TRACKS_MOST, About, AirReport, AlertRow, TrackRow
from comity.views.sky.shown import shown
from comity.views.sky.watch import Moment, said

Places = tuple[tuple[float, float], ...]
JUST_BEGUN_S = 60.0


@dataclass(frozen=True, slots=True)
class Numbered:
    """An alert with its number, and where what it rests on is."""

    number: int
    alert: Alert
    places: Places


@dataclass(slots=True)
class Numbers:
    """The number of each alert that stands, and where it was when it was last found; a number is given once."""

    given: int = 0
    _told: dict[tuple[str, ...], tuple[int, Places]] = field(default_factory=dict)

    def go_on(self, kept: Kept, now_ms: int) -> None:
        """From what an earlier watch has given: what still stands keeps its number."""
        self.given = kept.given
        self._told = {each.alert.finding.key: (each.number, each.places) for each in standing(kept, now_ms)}

    def of(self, alerts: Iterable[Alert], air: Air) -> list[Numbered]:
        """The alerts with their numbers; those that stand no more are forgotten."""
        before, self._told, found = self._told, {}, []
        listed = list(alerts)
        for alert, now in zip(listed, _places(listed, air), strict=True):
            number, places = before.get(alert.finding.key, (0, ()))
            if not number:
                self.given += 1
                number = self.given
            self._told[alert.finding.key] = number, now if now is not None else places
            found.append(Numbered(number, alert, self._told[alert.finding.key][1]))
        return found


def report(moment: Moment, known: Known, numbers: Numbers, refused: int = 0) -> AirReport:
    """The moment, the gravest alerts and the tracks that they name first; sources are added by who reads them."""
    air, about = moment.air, _about(known)
    standing = sorted(
        numbers.of(moment.heard.standing, air), key=lambda each: (GRAVITY[each.alert.severity], each.number)
    )
    sources = {track.identity: track.fix.source for track in air.tracks}
    alerts = [standing[at] for at in shown([each.alert for each in standing], sources, ALERTS_MOST)]
    named = {name for each in alerts for name in each.alert.finding.identities}
    rows = sorted(
        range(len(air.tracks)), key=lambda row: (air.tracks[row].identity not in named, row not in moment.tied)
    )
    return AirReport(
        at_ms=air.at_ms,
        said=said(moment),
        tracks=_tracks(moment, known, rows[:TRACKS_MOST]),
        tracks_left_out=max(0, len(rows) - TRACKS_MOST),
        alerts=tuple(_alert(each, about) for each in alerts),
        alerts_left_out=len(standing) - len(alerts),
        refused=refused,
        unwatched=known.unwatched,
    )


def just_begun(report: AirReport, begun_s: float) -> AirReport:
    """The report; while the watch has looked for less than a minute, its sentence says so."""
    if begun_s >= JUST_BEGUN_S:
        return report
    words = f"; the watch began {begun_s:.0f} s ago, and knows of nothing that it has not heard since"
    return msgspec.structs.replace(report, said=report.said + words)


def _places(alerts: list[Alert], air: Air) -> list[Places | None]:
    """Where the rows of each alert are, in the order of their names; None of one that was not found at this moment."""

    def named(row: int) -> str:
        return air.tracks[row].identity

    fresh = [sorted(alert.finding.rows, key=named) if alert.at_ms == air.at_ms else None for alert in alerts]
    rows = [row for each in fresh for row in each or ()]
    if not rows:
        return [None if each is None else () for each in fresh]
    found = iter(np.round(places_deg(air.nominal.place_m[rows]), 5).tolist())
    return [None if each is None else tuple((lat, lon) for lat, lon in islice(found, len(each))) for each in fresh]


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
        speed_mps=_told(track.speed_mps),
        track_deg=_told(track.track_deg),
        climb_mps=_told(track.climb_mps),
        doubts=tuple(words for mark, words in WORDS.items() if air.marks[row] & mark),
        flight="" if tie is None else known.expected[tie.flight].name,
        tied_by="" if tie is None else tie.strength,
    )


def _told(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 1)


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


def _alert(numbered: Numbered, about: Mapping[str, About]) -> AlertRow:
    alert, finding = numbered.alert, numbered.alert.finding
    return AlertRow(
        number=numbered.number,
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
        places=numbered.places,
        near=finding.near,
    )
