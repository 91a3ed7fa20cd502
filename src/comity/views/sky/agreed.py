"""What the agreement knows of the air, read from the records of the log: plain values, that can be sent and drawn.

Pure, and without arithmetic on tracks: `rooms.py` makes rooms of it where tracks are watched. Areas in force keep out
the operators that a signatory answers for, distances from a line the classes that keep them; air in which an operation
is under way, or of which a flight was notified, is for declared flights. Expected are exempt flights cleared or under
way, and declared flights that are not closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from comity.model.acts.movements import FlightNotice, MovementDepart
from comity.model.history import View
from comity.model.known import party_of
from comity.model.records.change import is_lifted, terms_to_judge_by
from comity.model.records.flights import Flight, flights
from comity.model.records.movements import Movement, movement
from comity.model.records.operations import operation
from comity.model.records.tracks import ties_said
from comity.model.spans import HOUR_MS
from comity.model.terms import Airfield, Distance, Terms
from comity.model.volume import Band, Point, Volume, Window
from comity.views.agreement import areas_in_force
from comity.views.sky.minima import Minima, minima_of

_NAMED = re.compile(r"\b(address|icao24|callsign|code|squawk)\b[\s:=]*([0-9A-Za-z]+)", re.IGNORECASE)
_MEANS = {"icao24": "address", "squawk": "code"}
_FORMS = {"address": re.compile("[0-9a-f]{6}"), "callsign": re.compile("[A-Z0-9]{2,8}"), "code": re.compile("[0-7]{4}")}


class AgreedArea(msgspec.Struct, frozen=True):
    """Air that keeps some out: all, only these operators, or (a distance from `line`) only these classes, save flights
    in `lets_through`, which are of an exempt category and were declared in time."""

    id: str
    volume: Volume
    clause: str
    lets_in: Literal["exemption", "declaration"]
    keeps_out: tuple[str, ...] | None = None
    classes: tuple[str, ...] | None = None
    lets_through: tuple[str, ...] = ()
    line: str = ""


class AgreedFlight(msgspec.Struct, frozen=True):
    """A flight that is expected; `id` is the hash of its request or declaration, `chapter` which of the two; `ends` is
    the last point of its route; `departed_ms` is when a movement was said to have departed, or flew as an emergency."""

    id: str
    name: str
    chapter: Literal["movement", "flight"]
    operator: str
    volume: Volume
    address: str = ""
    callsign: str = ""
    code: str = ""
    aircraft_class: str = ""
    ends: Point | None = None
    departed_ms: int | None = None

    @property
    def is_exempt(self) -> bool:
        """Whether it may be where others may not."""
        return self.chapter == "movement"


class Agreed(msgspec.Struct, frozen=True):
    """All of it, with the minima of the terms in force; `made` and `broken` are own officers' words on ties, (identity,
    flight's id). `unwatched` are the parts of the agreement that no track is held against."""

    areas: tuple[AgreedArea, ...] = ()
    flights: tuple[AgreedFlight, ...] = ()
    made: frozenset[tuple[str, str]] = frozenset()
    broken: frozenset[tuple[str, str]] = frozenset()
    minima: Minima = Minima()
    airfields: tuple[Airfield, ...] = ()
    unwatched: tuple[str, ...] = ()


def agreed_of(view: View, now_ms: int, party: str) -> Agreed:
    """What the view knows of the air, and what the officers of that party said of ties; what ended over an hour before
    `now_ms` and says so itself is left out."""
    terms = terms_to_judge_by(view)
    declared = flights(view)
    areas = (*_designated(view, terms), *_distances(terms, declared), *_under_way(view, terms))
    expected = (*map(_exempt, _movements(view)), *map(_declared, declared))
    said = ties_said(view, party)
    whole = (*areas, *_notified(view, terms, now_ms))
    unwatched = tuple(_unwatched(terms))
    return Agreed(whole, expected, said.made, said.broken, minima_of(terms), terms.airfield, unwatched)


def agreed_by(terms: Terms) -> Agreed:
    """What stands in the terms alone, before anything is signed under them."""
    areas, unwatched = tuple(_distances(terms, ())), tuple(_unwatched(terms))
    return Agreed(areas=areas, minima=minima_of(terms), airfields=terms.airfield, unwatched=unwatched)


def means_in(text: str) -> dict[str, str]:
    """The means of identification that a note tells: `address 4b1234 callsign AMB1 code 7001`, each at most once."""
    found: dict[str, str] = {}
    for match in _NAMED.finditer(text):
        name = _MEANS.get(match[1].lower(), match[1].lower())
        value = match[2].lower() if name == "address" else match[2].upper()
        if _FORMS[name].fullmatch(value):
            found.setdefault(name, value)
    return found


def _unwatched(terms: Terms) -> Iterator[str]:
    """What of the agreement is about air, and is not watched."""
    if terms.clause_for("notice.grounding") is None:
        yield "designated areas, for no clause of the agreement keeps anybody out of them (notice.grounding)"
    if terms.distance and terms.clause_for("flight.distance") is None:
        yield "its distances, for no clause of the agreement asks that they be kept (flight.distance)"
        return
    for each in terms.distance:
        if not each.ring:
            yield f"the distance {each.id}, for its ring is not drawn (comity agreement rings)"


def _designated(view: View, terms: Terms) -> Iterator[AgreedArea]:
    clause = terms.clause_for("notice.grounding")
    if clause is None:
        return
    operators = tuple(each.id for each in terms.operator)
    for area in areas_in_force(view):
        yield AgreedArea(area.act.area, area.act.volume, clause, "exemption", operators)


def _distances(terms: Terms, declared: Sequence[Flight]) -> Iterator[AgreedArea]:
    """The distances whose rings are drawn, with the declared flights that may be nearer, as conflicts have them."""
    if terms.clause_for("flight.distance") is None:
        return
    for each in terms.distance:
        if each.ring:
            exempt = tuple(flight.id for flight in declared if _may_be_nearer(terms, flight, each))
            volume = Volume(ring=each.ring, band=Band(floor=None, ceiling=None), window=Window(0, None))
            name = f"the distance {each.id}"
            yield AgreedArea(name, volume, each.clause, "exemption", None, each.classes, exempt, each.line)


def _may_be_nearer(terms: Terms, record: Flight, distance: Distance) -> bool:
    """Whether the flight is of an exempt category and was declared in time, so that it has no such conflict."""
    told_ms = record.act.volume.window.from_ms - terms.span_ms("distance_notice_h")
    return record.act.category in distance.exempt and record.version.entry.at_ms <= told_ms


def _under_way(view: View, terms: Terms) -> Iterator[AgreedArea]:
    """Air in which something has started and has not ended, late or not."""
    found = {getattr(taken.entry.act, "request", ""): None for taken in view.running("starts")}
    for request in found:
        record = operation(view, request)
        if record is not None and record.starts and not record.ended:
            window = Window(from_ms=record.volume.window.from_ms, until_ms=None)
            volume = Volume(ring=record.volume.ring, band=record.volume.band, window=window)
            yield AgreedArea(
                f"operation {record.act.operation}", volume, terms.clause_for("flight") or "", "declaration"
            )


def _notified(view: View, terms: Terms, now_ms: int) -> Iterator[AgreedArea]:
    for taken in view.about("notices"):
        act = taken.entry.act
        if isinstance(act, FlightNotice) and not _is_past(act.volume, now_ms):
            name = f"the notice {taken.entry.id[:8]} of {party_of(taken.entry.origin)}"
            yield AgreedArea(name, act.volume, terms.clause_for("notice") or "", "declaration")


def _movements(view: View) -> Iterator[Movement]:
    """Exempt flights that are cleared, under way or an emergency, and not over."""
    found = {getattr(taken.entry.act, "request", taken.entry.id): None for taken in view.running("passages")}
    for request in found:
        record = movement(view, request)
        if record is not None and record.under_way and record.act.kind == "flight" and not is_lifted(view, request):
            yield record


def _exempt(record: Movement) -> AgreedFlight:
    act = record.act
    means = means_in(act.identification)
    departed_ms = [each.entry.at_ms for each in record.acts if isinstance(each.entry.act, MovementDepart)]
    return AgreedFlight(
        record.request.entry.id,
        act.movement,
        "movement",
        act.operator,
        record.volume,
        means.get("address", ""),
        means.get("callsign", ""),
        means.get("code", ""),
        ends=act.route[-1],
        departed_ms=min(departed_ms, default=record.request.entry.at_ms if record.emergency else None),
    )


def _declared(record: Flight) -> AgreedFlight:
    act = record.act
    ends = act.route[-1] if act.route else None
    return AgreedFlight(
        record.id,
        act.flight,
        "flight",
        act.operator,
        act.volume,
        act.address,
        act.callsign,
        act.code,
        act.aircraft_class,
        ends,
    )


def _is_past(volume: Volume, now_ms: int) -> bool:
    return volume.window.until_ms is not None and volume.window.until_ms < now_ms - HOUR_MS
